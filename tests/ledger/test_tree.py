"""However the leaves arrive, the tree is what RFC 9162 2.1.1 says it is."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerBug
from ledger.tlog.proof import Rows, tree_at
from ledger.tlog.tree import EMPTY_ROOT, Tree, leaf_hash, node_hash, root_of

leaves = st.lists(st.binary(max_size=8), max_size=70)


def naive_root(leaves: list[bytes]) -> bytes:
    """Return MTH(D[n]) by the recursion of RFC 9162 2.1.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root == EMPTY_ROOT == sha256(b"").digest()


def test_every_size_up_to_300_has_the_root_of_the_definition() -> None:
    tree = Tree()
    data = [i.to_bytes(2, "big") for i in range(300)]
    for size, leaf in enumerate(data):
        assert tree.root == naive_root(data[:size])
        tree = tree.append(leaf)


@given(leaves, st.lists(st.integers(0, 70), max_size=5))
def test_appending_in_pieces_is_appending_at_once(data: list[bytes], cuts: list[int]) -> None:
    bounds = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    tree = Tree()
    for start, stop in pairwise(bounds):
        tree = tree.append_all(data[start:stop])
    assert tree == Tree().append_all(data)
    assert tree.root == root_of(data) == naive_root(data)


@given(leaves, st.integers(0, 70))
def test_growing_returns_exactly_the_subtrees_that_it_finished(data: list[bytes], cut: int) -> None:
    cut = min(cut, len(data))
    hashes = [leaf_hash(each) for each in data]
    whole = Rows.of(hashes)
    before = Tree().append_hashes(hashes[:cut])
    after, rows = before.grow(hashes[cut:])
    for level, row in enumerate(rows):
        first = cut >> level
        assert row == list(whole.rows[level][first : first + len(row)])
        assert first + len(row) == len(data) >> level
    assert after == tree_at(len(data), whole)


def test_a_leaf_can_never_be_read_as_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize(
    ("size", "width", "length"), [(-1, 0, 0), (-1, 1, 32), (0, 1, 32), (3, 1, 32), (1, 1, 31)]
)
def test_a_tree_of_an_impossible_shape_is_our_bug(size: int, width: int, length: int) -> None:
    with pytest.raises(LedgerBug):
        Tree(size, (bytes(length),) * width)
