"""A proof text proves one entry at one place to whoever knows the log's key and its witnesses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders_tlog import LOG, WITNESS, SmallLog
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.tlog.note import parse_note
from ledger.tlog.proof import inclusion_proof
from ledger.tlog.proof_file import ProofText, check_proof, parse_proof
from ledger.tlog.tree import leaf_hash
from ledger.tlog.witness import Quorum

TREE = SmallLog(40)
NOBODY = Quorum(0, ())
ONE = Quorum(1, (WITNESS.verifier,))


def proof(index: int, size: int, *, cosigned: bool = False, extra: bytes | None = None) -> ProofText:
    note = parse_note(TREE.signed(size))
    if cosigned:
        note = note.with_signatures([WITNESS.cosign(note.text, 1_800_000_000)])
    return ProofText(index, inclusion_proof(index, size, TREE.rows), note.format(), extra)


TEXT = proof(11, 40, cosigned=True, extra=b"why").format()
LEAF = leaf_hash(TREE.leaves[11])


@given(st.integers(0, 39), st.data(), st.none() | st.binary(max_size=20))
def test_a_proof_reads_back_and_holds(index: int, data: st.DataObject, extra: bytes | None) -> None:
    made = proof(index, data.draw(st.integers(index + 1, 40)), extra=extra)
    assert parse_proof(made.format()) == made
    assert parse_proof(made.format().encode()) == made
    check_proof(parse_proof(made.format()), leaf_hash(TREE.leaves[index]), LOG.verifier, NOBODY)


def test_an_unwitnessed_proof_does_not_meet_a_quorum() -> None:
    check_proof(parse_proof(TEXT), LEAF, LOG.verifier, ONE)
    with pytest.raises(LedgerError) as refused:
        check_proof(proof(11, 40), LEAF, LOG.verifier, ONE)
    assert refused.value.code == "quorum-not-met"


def test_another_entry_or_place_is_refused() -> None:
    for wrong, leaf in ((proof(11, 40), leaf_hash(b"else")), (proof(12, 40), LEAF)):
        with pytest.raises(LedgerError) as refused:
            check_proof(wrong, leaf, LOG.verifier, NOBODY)
        assert refused.value.code == "proof-wrong"


@given(st.integers(0, len(TEXT.encode()) * 8 - 1))
def test_no_flipped_bit_leaves_the_proof_holding(bit: int) -> None:
    data = bytearray(TEXT.encode())
    data[bit // 8] ^= 1 << bit % 8
    try:
        parsed = parse_proof(bytes(data))
        check_proof(parsed, LEAF, LOG.verifier, ONE)
    except LedgerError:
        return
    # Only what nobody vouches for may change: the extra bytes.
    assert parsed.format().encode() == bytes(data)
    assert parsed.extra != b"why"
    assert replace(parsed, extra=b"why") == parse_proof(TEXT)


@given(st.integers(0, len(TEXT) - 1))
def test_no_truncated_proof_holds(cut: int) -> None:
    for part in (TEXT[:cut], TEXT[cut + 1 :]):
        with pytest.raises(LedgerError):
            check_proof(parse_proof(part), LEAF, LOG.verifier, ONE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("index 11", "index 011"),
        ("index 11", "index +11"),
        ("index 11", "index １１"),
        ("index 11", f"index {1 << 64}"),
        ("index 11\n", "index 11\r\n"),
        ("index 11\n", "index 11\nindex 11\n"),
        ("extra d2h5\n", "extra d2h5\nextra d2h5\n"),
        ("extra d2h5\n", "extra d2h6=\n"),
        ("extra d2h5\n", "extra\n"),
        ("index 11", "11"),
        ("index 11", "Index 11"),
        ("index 11\n", ""),
        ("@v1\n", "@v1"),
        ("@v1", "@v2"),
        ("c2sp", " c2sp"),
    ],
)
def test_only_the_canonical_text_is_read(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(LedgerError):
        parse_proof(TEXT.replace(old, new))


def test_an_impossible_proof_cannot_be_made() -> None:
    note = TREE.signed(7)
    ProofText((1 << 64) - 1, (bytes(32),) * 63, note)
    for index, hashes, text in (
        (-1, 0, note),
        (1 << 64, 0, note),
        (0, 64, note),
        (0, 0, note[:-1]),
        (0, 0, ""),
    ):
        with pytest.raises(LedgerError):
            ProofText(index, (bytes(32),) * hashes, text)
    with pytest.raises(LedgerError):
        ProofText(0, (bytes(31),), note)


def test_an_empty_extra_is_not_a_missing_one() -> None:
    empty = proof(0, 1, extra=b"")
    assert parse_proof(empty.format()) == empty
    assert empty.format() != proof(0, 1).format()


def test_a_proof_of_any_size_is_not_read() -> None:
    with pytest.raises(LedgerError):
        proof(0, 1, extra=bytes(2_000_001))
    largest = proof(0, 1, extra=bytes(2_000_000 - len(TREE.signed(1))))
    assert parse_proof(largest.format()) == largest
    with pytest.raises(LedgerError):
        parse_proof("x" * 4_000_001)
