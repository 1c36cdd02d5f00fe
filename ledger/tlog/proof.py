"""Build and check proofs that a leaf is in a tree and that a tree only grew.

The one rule: a proof is accepted only at its exact length, with 32-byte hashes, and only if it leads to
the root; anything longer, shorter, reordered or altered is refused (RFC 9162 2.1.3 and 2.1.4).
Building asks a `Hashes` for complete subtrees only, so that tiles, a database or a list can serve it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import LedgerBug
from ledger.tlog.tree import HASH_SIZE, Tree, fold_edge

Hashes = Callable[[int, int], bytes]
"""`hashes(level, index)`: the root of the complete subtree of `2**level` leaves from `index * 2**level`.

One that keeps many hashes in one place may also have `siblings(index, start, stop)`: the siblings of the
subtrees that hold leaf `index`, level by level, all complete; asked once for what would be twenty calls.
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The complete subtrees of a tree held in memory: a `Hashes` for batches and tests."""

    rows: tuple[tuple[bytes, ...], ...]

    @classmethod
    def of(cls, hashes: Iterable[bytes]) -> Rows:
        """Return the rows over these leaf hashes."""
        return cls(tuple(tuple(row) for row in Tree().grow(hashes)[1]))

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return len(self.rows[0]) if self.rows else 0

    def __call__(self, level: int, index: int) -> bytes:
        """Return the root of one complete subtree."""
        return self.rows[level][index]


def complete_subtrees(start: int, stop: int) -> list[tuple[int, int]]:
    """Return (level, index) of the largest complete subtrees that tile the leaves [start, stop), in order.

    Args:
        start: a multiple of the smallest power of two that is at least `stop - start`.
        stop: one past the last leaf.

    >>> complete_subtrees(0, 7)
    [(2, 0), (1, 2), (0, 6)]
    """
    found = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def range_root(start: int, stop: int, hashes: Hashes) -> bytes:
    """Return the Merkle tree hash of the leaves [start, stop); see `complete_subtrees` for `start`."""
    width = stop - start
    if width and width & (width - 1) == 0:  # one complete subtree, as most are
        level = width.bit_length() - 1
        return hashes(level, start >> level)
    return fold_edge([hashes(level, index) for level, index in complete_subtrees(start, stop)])


def tree_at(size: int, hashes: Hashes) -> Tree:
    """Return the tree head of the first `size` leaves."""
    return Tree(size, tuple(hashes(level, index) for level, index in complete_subtrees(0, size)))


def inclusion_proof(index: int, size: int, hashes: Hashes) -> tuple[bytes, ...]:
    """Return the proof that leaf `index` is in the tree of the first `size` leaves.

    >>> rows = Rows.of([bytes([i]) * 32 for i in range(7)])
    >>> len(inclusion_proof(6, 7, rows)), len(inclusion_proof(0, 7, rows))
    (2, 3)
    """
    if not 0 <= index < size:
        raise LedgerBug(f"no leaf {index} in a tree of size {size}")
    return tuple(_path(index, size, 0, hashes))


def joined_inclusion_proofs(size: int, hashes: Hashes) -> tuple[list[bytes], bytes]:
    """Return the inclusion proofs of all leaves, each joined into one text, and the tree's root.

    From the root down, so that what two leaves share is joined once: twice as many steps as leaves, where
    building each proof by itself takes a step a hash.

    >>> rows = Rows.of([bytes([i]) * 32 for i in range(7)])
    >>> proofs, root = joined_inclusion_proofs(7, rows)
    >>> proofs[6] == b"".join(inclusion_proof(6, 7, rows)), root == tree_at(7, rows).root
    (True, True)
    """
    found: list[bytes] = []
    open_nodes = [(0, size, b"")] if size else []
    while open_nodes:
        start, width, above = open_nodes.pop()
        if width == 1:
            found.append(above)
            continue
        left = 1 << ((width - 1).bit_length() - 1)
        middle, right = start + left, width - left
        open_nodes.append((middle, right, range_root(start, middle, hashes) + above))
        open_nodes.append((start, left, range_root(middle, middle + right, hashes) + above))
    return found, tree_at(size, hashes).root


def consistency_proof(old: int, new: int, hashes: Hashes) -> tuple[bytes, ...]:
    """Return the proof that the first `old` leaves of the tree of `new` leaves are the tree of `old` leaves.

    From the empty tree there is nothing to prove: the proof is empty, and the reader must know that every
    tree extends the empty one.
    """
    if not 0 <= old <= new:
        raise LedgerBug(f"no consistency proof from size {old} to size {new}")
    if old in (0, new):
        return ()
    # The old tree's last complete subtree, then the way from it to the new root.
    level = (old & -old).bit_length() - 1
    node = () if old == 1 << level else (hashes(level, (old - 1) >> level),)
    return (*node, *_path(old - 1, new, level, hashes))


def inclusion_holds(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether `proof` shows that the leaf hash `leaf` is at `index` in the tree of `size` and `root`."""
    return inclusion_root(index, size, leaf, proof) == root


def inclusion_root(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof of this exact shape leads to; None if the shape is wrong."""
    if not 0 <= index < size or len(proof) != inclusion_length(index, size) or not _are_hashes(leaf, *proof):
        return None
    return _climb(index, _inner_length(index, size), leaf, proof)


def consistency_holds(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether `proof` shows that the tree of size `new` and `new_root` begins with the older tree.

    Of two equal sizes the roots must be the same bytes and the proof empty. From size 0 nothing can be
    shown, so a proof from 0 to more is refused; whoever accepts a first tree head does so knowingly.
    """
    if old == new:
        return old >= 0 and not proof and old_root == new_root
    if not 0 < old < new:
        return False
    # RFC 9162 2.1.4.2: an old tree that is one complete subtree is its own first node.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    shift = (old & -old).bit_length() - 1
    node, size = (old - 1) >> shift, ((new - 1) >> shift) + 1
    if len(path) != 1 + inclusion_length(node, size) or not _are_hashes(*path):
        return False
    inner = _inner_length(node, size)
    old_path = [each for level, each in enumerate(path[1:]) if level >= inner or node >> level & 1]
    return fold_edge([*reversed(old_path), path[0]]) == old_root and (
        _climb(node, inner, path[0], path[1:]) == new_root
    )


def inclusion_length(index: int, size: int) -> int:
    """Return how many hashes an inclusion proof has.

    Below the level where the paths of `index` and of the last leaf meet, one a level; above it, one for
    each 1 in the rest of `index`.

    >>> inclusion_length(6, 7), inclusion_length(0, 1_000_000)
    (2, 20)
    """
    inner = _inner_length(index, size)
    return inner + (index >> inner).bit_count()


def _path(index: int, size: int, level: int, hashes: Hashes) -> list[bytes]:
    """Return the siblings on the way to the root from the subtree of `level` that holds leaf `index`."""
    inner = _inner_length(index, size)
    path = _siblings(index, level, inner - 1, hashes)
    if inner > level:
        # Here the ways of this leaf and of the last one meet: the sibling is what may be incomplete.
        path.append(range_root((index >> inner - 1 ^ 1) << inner - 1, size, hashes))
    path += [
        hashes(each, index >> each ^ 1) for each in range(inner, index.bit_length()) if index >> each & 1
    ]
    return path


def _siblings(index: int, start: int, stop: int, hashes: Hashes) -> list[bytes]:
    at_once: Callable[[int, int, int], list[bytes]] | None = getattr(hashes, "siblings", None)
    if at_once is not None:
        return at_once(index, start, stop)
    return [hashes(level, index >> level ^ 1) for level in range(start, stop)]


def _inner_length(index: int, size: int) -> int:
    return (index ^ (size - 1)).bit_length()


def _are_hashes(*hashes: bytes) -> bool:
    return set(map(len, hashes)) == {HASH_SIZE}


def _climb(index: int, inner: int, seed: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that `path` leads to from `seed`: siblings on either side, then only on the left."""
    result = seed
    for level, sibling in enumerate(path):
        if level >= inner or index >> level & 1:
            result = sha256(b"\x01" + sibling + result).digest()
        else:
            result = sha256(b"\x01" + result + sibling).digest()
    return result
