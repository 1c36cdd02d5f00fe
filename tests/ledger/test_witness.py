"""A witness vouches for one history only, however requests race, and keeps what contradicts it."""

from __future__ import annotations

import pytest
from builders_tlog import LOG, ORIGIN, SECOND_WITNESS, WITNESS, MemoryState, SmallLog
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.note import Note, Signature, parse_note
from ledger.tlog.note_keys import COSIGNATURE, VerifierKey
from ledger.tlog.witness import (
    SIZE_TYPE,
    Answer,
    Fork,
    Quorum,
    Request,
    add_checkpoint,
    find_fork,
    parse_request,
    with_cosignatures,
)

LOGS = {ORIGIN: [LOG.verifier]}
TRUE = SmallLog(40)
FALSE = SmallLog(40, " forged", 3)
NOW = 1_800_000_000


def ask(state: MemoryState, body: bytes, time: int = NOW) -> Answer:
    return add_checkpoint(body, LOGS, state, WITNESS, time)


def witnessed(*sizes: int) -> MemoryState:
    """Return the memory of a witness that cosigned the true log at these sizes."""
    state, old = MemoryState(), 0
    for size in sizes:
        assert ask(state, TRUE.request(old, size)).status == 200
        old = size
    return state


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6).map(sorted))
def test_every_honest_growth_is_cosigned_and_verifies(sizes: list[int]) -> None:
    state, old = MemoryState(), 0
    for number, size in enumerate(sizes):
        answer = ask(state, TRUE.request(old, size), NOW + number)
        assert answer.status == 200
        note = with_cosignatures(TRUE.signed(size), answer.body, [WITNESS.verifier])
        opened = open_checkpoint(note, LOG.verifier, [WITNESS.verifier])
        assert opened.witnessed
        assert opened.cosignatures[0].time == NOW + number
        assert opened.checkpoint == TRUE.checkpoint(size)
        old = size


def test_a_checkpoint_cosigned_twice_carries_the_newer_time_once() -> None:
    state = witnessed(7)
    note = TRUE.signed(7)
    for time in (NOW, NOW + 60):
        note = with_cosignatures(note, ask(state, TRUE.request(7, 7), time).body, [WITNESS.verifier])
    assert [each.time for each in parse_note(note).signatures[1:]] == [NOW + 60]


@pytest.mark.parametrize("size", [7, 12])
def test_another_history_is_refused_and_both_checkpoints_are_kept(size: int) -> None:
    state = witnessed(7)
    answer = ask(state, FALSE.request(7, size))
    assert answer.status == (409 if size == 7 else 422)
    assert answer.fork == Fork(TRUE.signed(7), FALSE.signed(size), proven=size == 7)
    assert state.forks == [answer.fork]
    assert state.notes[ORIGIN] == TRUE.signed(7)


def test_a_fork_of_the_same_size_is_kept_even_when_the_old_size_is_wrong() -> None:
    state = witnessed(7)
    answer = ask(state, FALSE.request(0, 7))
    assert (answer.status, answer.body) == (409, "7\n")
    assert state.forks[0].proven


def test_a_rolled_back_log_is_told_the_size_it_once_had() -> None:
    state = witnessed(7, 20)
    answer = ask(state, TRUE.request(7, 12))
    assert (answer.status, answer.body, answer.content_type) == (409, "20\n", SIZE_TYPE)
    assert ask(state, TRUE.request(20, 20)).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 1", 400),
        (TRUE.request(0, 7).replace(b"old 0", b"old 00"), 400),
        (TRUE.request(0, 7).replace(b"old 0", b"old +0"), 400),
        (TRUE.request(0, 7).replace(b"old 0", b"0"), 400),
        (TRUE.request(0, 7).replace(b"old 0", b"new 0"), 400),
        (TRUE.request(0, 7).partition(b"\n\n")[0], 400),
        (TRUE.request(0, 7).partition(b"\n\n")[0] + b"\n\n", 400),
        (TRUE.request(0, 7).replace(b"old 0", b"old  0"), 400),
        (TRUE.request(0, 7).replace(b"old 0\n", b"old 0\r\n"), 400),
        (TRUE.request(0, 7).replace(b"old 0\n", b"old 0\nAAAA\n"), 400),
        (TRUE.request(0, 7)[:-1], 403),
        (TRUE.request(0, 7) + b"\n", 400),
        (TRUE.request(0, 7).replace(b"old 0", b"old 8"), 400),
        (TRUE.request(0, 7).replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64), 400),
        (TRUE.request(0, 7).replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 2), 422),
        (TRUE.request(0, 7).replace(b"\n7\n", b"\n8\n"), 403),
        (TRUE.request(0, 7).replace(ORIGIN.encode(), b"other.example/log"), 404),
    ],
)
def test_what_is_not_a_proper_request_changes_nothing(body: bytes, status: int) -> None:
    state = MemoryState()
    assert ask(state, body).status == status
    assert not state.notes


def test_a_checkpoint_signed_by_somebody_else_is_forbidden() -> None:
    stranger = type(LOG)(ORIGIN, b"\x09" * 32)
    assert ask(MemoryState(), Request(0, (), SmallLog(7, key=stranger).signed(7)).format()).status == 403


def test_the_same_tree_with_more_lines_leaves_the_memory_as_it_is() -> None:
    state = witnessed(7)
    note = parse_note(TRUE.signed(7))
    padded = note.with_signatures([Signature("nobody.example", b"abcd", bytes(900))]).format()
    assert ask(state, Request(7, (), padded).format()).status == 200
    assert state.notes[ORIGIN] == TRUE.signed(7)


def test_the_bounds_of_a_request_are_the_specification_s() -> None:
    most = Request((1 << 63) - 1, (bytes(32),) * 63, TRUE.signed(7))
    assert parse_request(most.format()) == most
    for old, lines in ((1 << 63, 0), (-1, 0), (0, 64)):
        with pytest.raises(LedgerError):
            Request(old, (bytes(32),) * lines, TRUE.signed(7))
    with pytest.raises(LedgerError):
        Request(0, (bytes(31),), TRUE.signed(7))


def test_an_empty_tree_has_only_one_root() -> None:
    state = witnessed(0)
    assert ask(state, TRUE.request(0, 7)).status == 200
    wrong = Checkpoint(ORIGIN, 0, bytes(32)).sign(LOG)
    assert ask(MemoryState(), Request(0, (), wrong).format()).status == 422


def test_a_request_that_loses_a_race_is_told_and_vouches_for_nothing() -> None:
    class Overtaken(MemoryState):
        def advance(self, origin: str, before: str | None, after: str) -> bool:
            self.notes[origin] = TRUE.signed(20)  # Another request came between.
            return super().advance(origin, before, after)

    state = Overtaken(dict(witnessed(7).notes))
    answer = ask(state, TRUE.request(7, 12))
    assert (answer.status, answer.body) == (409, "20\n")
    assert state.notes[ORIGIN] == TRUE.signed(20)


@given(st.integers(0, 10**6), st.binary(max_size=3))
def test_no_changed_request_is_cosigned(place: int, change: bytes) -> None:
    body = TRUE.request(5, 12)
    place %= len(body)
    changed = body[:place] + change + body[place + 1 :]
    try:
        parsed = parse_request(changed)
    except LedgerError:
        return
    assert parsed.format() == changed
    if changed != body:
        assert ask(witnessed(5), changed).status != 200


def test_a_quorum_counts_keys_and_not_names() -> None:
    same_key = VerifierKey("another.example/name", WITNESS.verifier.public, COSIGNATURE)
    note = parse_note(TRUE.signed(7))
    both = note.with_signatures([WITNESS.cosign(note.text, NOW), SECOND_WITNESS.cosign(note.text, NOW)])
    keys = (WITNESS.verifier, SECOND_WITNESS.verifier)
    assert Quorum(2, keys).met_by(open_checkpoint(both.format(), LOG.verifier, keys))
    one = Note(note.text, both.signatures[:2])
    assert not Quorum(2, keys).met_by(open_checkpoint(one.format(), LOG.verifier, keys))
    assert Quorum(0, keys).met_by(open_checkpoint(note.format(), LOG.verifier, keys))
    with pytest.raises(LedgerError) as refused:
        Quorum(2, (WITNESS.verifier, same_key))
    assert refused.value.code == "quorum-impossible"
    with pytest.raises(LedgerError):
        Quorum(1, (LOG.verifier,))


def test_an_answer_is_taken_only_from_witnesses_we_know() -> None:
    answer = ask(MemoryState(), TRUE.request(0, 7)).body
    with pytest.raises(LedgerError) as unknown:
        with_cosignatures(TRUE.signed(7), answer, [SECOND_WITNESS.verifier])
    assert unknown.value.code == "note-unverified"
    with pytest.raises(LedgerError) as wrong:
        with_cosignatures(TRUE.signed(8), answer, [WITNESS.verifier])
    assert wrong.value.code == "note-signature-invalid"
    with pytest.raises(LedgerError):
        with_cosignatures(TRUE.signed(7), answer[:-1], [WITNESS.verifier])


def test_two_checkpoints_of_one_size_and_two_roots_prove_the_fork() -> None:
    assert find_fork(TRUE.signed(7), FALSE.signed(7), LOG.verifier) is not None
    assert find_fork(TRUE.signed(2), FALSE.signed(2), LOG.verifier) is None
    assert find_fork(TRUE.signed(7), FALSE.signed(8), LOG.verifier) is None
