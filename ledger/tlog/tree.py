"""Grow the log's Merkle tree, keeping only its right edge.

The one rule: a tree is what RFC 9162 2.1.1 says it is, however the leaves arrived. Leaf and node hashes
carry different prefixes, so that no leaf can ever be read as a node. The right edge (the roots of the
complete subtrees that the size's binary digits name, largest first) is all that appending needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import LedgerBug

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    r"""Return the hash of one leaf: SHA-256(0x00 || leaf).

    >>> leaf_hash(b"L123456").hex()[:16]
    '395aa064aa4c29f7'
    """
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    r"""Return the hash of two subtrees: SHA-256(0x01 || left || right).

    >>> node_hash(b"N123", b"N456").hex()[:16]
    'aa217fe888e47007'
    """
    return sha256(b"\x01" + left + right).digest()


def fold_edge(edge: Sequence[bytes]) -> bytes:
    """Return the root of the subtrees in `edge`, largest (leftmost) first; of none, the empty root."""
    if not edge:
        return EMPTY_ROOT
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root


@dataclass(frozen=True, slots=True)
class Tree:
    r"""A tree head: how many leaves, and the right edge they left.

    Args:
        size: the number of leaves.
        edge: one 32-byte hash for each 1 in the binary digits of `size`, largest subtree first.

    >>> tree = Tree().append(b"").append(b"\x00").append(b"\x10")
    >>> tree.size, len(tree.edge), tree.root.hex()[:16]
    (3, 2, 'aeb6bcfe274b70a1')
    """

    size: int = 0
    edge: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.edge) != self.size.bit_count():
            raise LedgerBug(f"a tree of size {self.size} cannot have a right edge of {len(self.edge)} hashes")
        if not set(map(len, self.edge)) <= {HASH_SIZE}:
            raise LedgerBug(f"a hash in the right edge of a tree is not {HASH_SIZE} bytes long")

    @property
    def root(self) -> bytes:
        """Return the Merkle tree hash of all leaves."""
        return fold_edge(self.edge)

    def append(self, leaf: bytes) -> Tree:
        """Return the tree with one more leaf."""
        edge = list(self.edge)
        node = sha256(b"\x00" + leaf).digest()
        rest = self.size
        while rest & 1:
            node = sha256(b"\x01" + edge.pop() + node).digest()
            rest >>= 1
        edge.append(node)
        return Tree(self.size + 1, tuple(edge))

    def append_all(self, leaves: Iterable[bytes]) -> Tree:
        """Return the tree with these leaves appended in order."""
        return self.append_hashes([sha256(b"\x00" + leaf).digest() for leaf in leaves])

    def append_hashes(self, hashes: Iterable[bytes]) -> Tree:
        """Return the tree with leaves of these leaf hashes appended in order."""
        return self.grow(hashes)[0]

    def grow(self, hashes: Iterable[bytes]) -> tuple[Tree, list[list[bytes]]]:
        """Append leaf hashes and also return every complete subtree that this finished.

        Returns:
            the tree, and for each level (0 = leaves) the hashes of the newly complete subtrees in
            order; those of level `n` begin at index `size >> n` of the old size.
        """
        row = list(hashes)
        size = self.size + len(row)
        old = list(self.edge)
        edge: list[bytes] = []
        rows: list[list[bytes]] = []
        level = 0
        # Level by level, not leaf by leaf: one list comprehension a level is twice as fast as a loop a leaf.
        while row:
            rows.append(row)
            pairs = [old.pop(), *row] if (self.size >> level) & 1 else row
            if len(pairs) & 1:
                edge.append(pairs[-1])
            each = iter(pairs)
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(each, each, strict=False)]
            level += 1
        edge.reverse()
        return Tree(size, (*old, *edge)), rows


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the Merkle tree hash of these leaves."""
    return Tree().append_all(leaves).root
