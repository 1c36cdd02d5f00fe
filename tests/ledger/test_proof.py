"""A proof holds exactly for the leaf, place, size and root it was made for; every other one is refused."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerBug
from ledger.tlog.proof import (
    Rows,
    consistency_holds,
    consistency_proof,
    inclusion_holds,
    inclusion_length,
    inclusion_proof,
    inclusion_root,
    joined_inclusion_proofs,
    tree_at,
)
from ledger.tlog.tree import leaf_hash, node_hash

MOST = 130
LEAVES = tuple(leaf_hash(i.to_bytes(2, "big")) for i in range(MOST))
ROWS = Rows.of(LEAVES)
ROOTS = tuple(tree_at(size, ROWS).root for size in range(MOST + 1))


@cache
def naive_root(start: int, stop: int) -> bytes:
    """Return MTH of the leaves [start, stop) by the recursion of RFC 9162 2.1.1."""
    if stop - start == 1:
        return LEAVES[start]
    k = 1 << (stop - start - 1).bit_length() - 1
    return node_hash(naive_root(start, start + k), naive_root(start + k, stop))


def naive_path(m: int, start: int, stop: int) -> list[bytes]:
    """Return PATH(m, D[start:stop]) by the recursion of RFC 9162 2.1.3.1."""
    if stop - start == 1:
        return []
    k = 1 << (stop - start - 1).bit_length() - 1
    if m < k:
        return [*naive_path(m, start, start + k), naive_root(start + k, stop)]
    return [*naive_path(m - k, start + k, stop), naive_root(start, start + k)]


def naive_subproof(m: int, start: int, stop: int, known: bool) -> list[bytes]:
    """Return SUBPROOF(m, D[start:stop], known) by the recursion of RFC 9162 2.1.4.1."""
    if m == stop - start:
        return [] if known else [naive_root(start, stop)]
    k = 1 << (stop - start - 1).bit_length() - 1
    if m <= k:
        return [*naive_subproof(m, start, start + k, known), naive_root(start + k, stop)]
    return [*naive_subproof(m - k, start + k, stop, False), naive_root(start, start + k)]


def test_every_inclusion_proof_up_to_130_is_the_one_of_the_definition_and_holds() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = inclusion_proof(index, size, ROWS)
            assert list(proof) == naive_path(index, 0, size)
            assert len(proof) == inclusion_length(index, size)
            assert inclusion_holds(index, size, LEAVES[index], proof, ROOTS[size])


def test_every_consistency_proof_up_to_130_is_the_one_of_the_definition_and_holds() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, ROWS)
            assert list(proof) == naive_subproof(old, 0, new, True)
            assert consistency_holds(old, new, ROOTS[old], ROOTS[new], proof)


def test_no_inclusion_proof_holds_at_any_other_index_or_size() -> None:
    for size in range(1, 34):
        for index in range(size):
            proof = inclusion_proof(index, size, ROWS)
            for other in range(-1, 40):
                assert inclusion_holds(other, size, LEAVES[index], proof, ROOTS[size]) == (other == index)
            # The same hashes can be a proof in trees of other sizes, never to the root of one of them.
            for wrong in range(40):
                if wrong != size:
                    assert not inclusion_holds(index, wrong, LEAVES[index], proof, ROOTS[wrong])


def test_no_consistency_proof_holds_between_other_trees() -> None:
    for new in range(1, 20):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, ROWS)
            for one in range(24):
                for two in range(24):
                    holds = consistency_holds(one, two, ROOTS[one], ROOTS[two], proof)
                    assert not holds or list(proof) == naive_subproof(one, 0, two, True) or one == two


@st.composite
def mutated(draw: st.DrawFn, proof: tuple[bytes, ...]) -> list[bytes]:
    """Draw a proof that differs: truncated, padded, bit-flipped, a hash cut, doubled, swapped or gone."""
    path = list(proof)
    kinds = ["pad", "pad empty", "pad front"]
    kinds += ["truncate", "flip", "cut hash", "grow hash", "double", "empty"] if path else []
    kinds += ["swap"] if len(path) > 1 else []
    kind = draw(st.sampled_from(kinds))
    place = draw(st.integers(0, max(0, len(path) - 1)))
    if kind == "pad":
        path.append(draw(st.binary(min_size=32, max_size=32)))
    elif kind == "pad empty":
        path.append(b"")
    elif kind == "pad front":
        path.insert(0, draw(st.binary(min_size=32, max_size=32)))
    elif kind == "truncate":
        del path[draw(st.sampled_from([0, -1]))]
    elif kind == "flip":
        bit = draw(st.integers(0, 255))
        path[place] = (int.from_bytes(path[place], "big") ^ 1 << bit).to_bytes(32, "big")
    elif kind == "cut hash":
        path[place] = path[place][:-1]
    elif kind == "grow hash":
        path[place] += b"\x00"
    elif kind == "double":
        path.insert(place, path[place])
    elif kind == "swap":
        path[0], path[-1] = path[-1], path[0]
    else:
        path = []
    return path


sizes = st.integers(1, MOST)


@given(st.data(), sizes)
def test_every_mutation_of_an_inclusion_proof_is_refused(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    wrong = data.draw(mutated(inclusion_proof(index, size, ROWS)))
    assert not inclusion_holds(index, size, LEAVES[index], wrong, ROOTS[size])


@given(st.data(), sizes)
def test_every_mutation_of_a_consistency_proof_is_refused(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new))
    wrong = data.draw(mutated(consistency_proof(old, new, ROWS)))
    assert not consistency_holds(old, new, ROOTS[old], ROOTS[new], wrong)


@given(st.data(), sizes, st.integers(0, 255))
def test_a_flipped_bit_in_a_leaf_or_root_is_refused(data: st.DataObject, size: int, bit: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, ROWS)
    flip = (1 << bit).to_bytes(32, "big")
    leaf = bytes(a ^ b for a, b in zip(LEAVES[index], flip, strict=True))
    root = bytes(a ^ b for a, b in zip(ROOTS[size], flip, strict=True))
    assert not inclusion_holds(index, size, leaf, proof, ROOTS[size])
    assert not inclusion_holds(index, size, LEAVES[index], proof, root)
    assert not consistency_holds(size, MOST + 1, root, ROOTS[MOST], proof)


def test_nothing_is_in_an_empty_tree_and_nothing_is_shown_from_it() -> None:
    assert not inclusion_holds(0, 0, LEAVES[0], (), ROOTS[0])
    assert not inclusion_holds(-1, 1, LEAVES[0], (), ROOTS[1])
    assert consistency_holds(0, 0, ROOTS[0], ROOTS[0], ())
    assert not consistency_holds(0, 1, ROOTS[0], ROOTS[1], ())
    assert consistency_holds(5, 5, ROOTS[5], ROOTS[5], ())
    assert not consistency_holds(5, 5, ROOTS[5], ROOTS[6], ())
    assert not consistency_holds(2, 1, ROOTS[2], ROOTS[1], ())
    assert not consistency_holds(-1, -1, b"", b"", ())
    assert consistency_proof(0, 5, ROWS) == ()


def test_a_root_of_another_length_is_no_root() -> None:
    """Without the check of lengths this would hold: the old root is the first node of the way."""
    short = LEAVES[0][:-1]
    assert not consistency_holds(1, 2, short, node_hash(short, LEAVES[1]), [LEAVES[1]])


def test_a_proof_of_the_wrong_shape_leads_nowhere() -> None:
    assert inclusion_root(0, 2, LEAVES[0], [LEAVES[1]]) == ROOTS[2]
    assert inclusion_root(0, 2, LEAVES[0], []) is None
    assert inclusion_root(2, 2, LEAVES[0], [LEAVES[1]]) is None
    assert inclusion_root(1, 1, LEAVES[0], [LEAVES[1]]) is None
    assert inclusion_root(0, 1, b"short", []) is None


def test_all_proofs_made_at_once_are_the_proofs_made_one_by_one() -> None:
    for size in range(MOST + 1):
        joined, root = joined_inclusion_proofs(size, ROWS)
        assert joined == [b"".join(inclusion_proof(index, size, ROWS)) for index in range(size)]
        assert root == ROOTS[size]


@pytest.mark.parametrize(("first", "second"), [(0, 0), (3, 3), (-1, 3)])
def test_asking_for_a_proof_of_what_is_not_there_is_our_bug(first: int, second: int) -> None:
    with pytest.raises(LedgerBug):
        inclusion_proof(first, second, ROWS)
    with pytest.raises(LedgerBug):
        consistency_proof(second + 1, second, ROWS)
