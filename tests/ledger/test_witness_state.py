"""A witness on disk remembers across processes, refuses to forget, and lets only one of two racers win."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builders_tlog import LOG, ORIGIN, WITNESS, SmallLog

from ledger.errors import LedgerError
from ledger.tlog.note_keys import SignerKey
from ledger.tlog.witness import Fork, add_checkpoint
from ledger.witness_state import WitnessFolder

TRUE = SmallLog(60)
NOW = 1_800_000_000


@pytest.fixture
def state(tmp_path: Path) -> WitnessFolder:
    folder = WitnessFolder(tmp_path / "witness")
    folder.trust(LOG.verifier)
    return folder


def ask(state: WitnessFolder, body: bytes) -> int:
    return add_checkpoint(body, state.logs(), state, WITNESS, NOW).status


def test_a_restarted_witness_remembers(state: WitnessFolder, tmp_path: Path) -> None:
    assert ask(state, TRUE.request(0, 7)) == 200
    again = WitnessFolder(tmp_path / "witness")
    assert again.latest(ORIGIN) == TRUE.signed(7)
    assert ask(again, TRUE.request(0, 9)) == 409
    assert ask(again, TRUE.request(7, 9)) == 200


def test_a_log_that_was_not_trusted_is_unknown(tmp_path: Path) -> None:
    assert ask(WitnessFolder(tmp_path / "new"), TRUE.request(0, 7)) == 404


def test_an_older_key_of_a_log_stays_trusted(state: WitnessFolder) -> None:
    newer = SignerKey(ORIGIN, b"\x08" * 32)
    state.trust(newer.verifier)
    state.trust(newer.verifier)
    state.trust(newer.verifier, origin="a log with a name of words")
    assert state.logs() == {
        ORIGIN: (LOG.verifier, newer.verifier),
        "a log with a name of words": (newer.verifier,),
    }
    with pytest.raises(LedgerError):
        state.trust(WITNESS.verifier)


def test_of_many_racing_requests_every_cosigned_size_is_a_step_of_one_history(state: WitnessFolder) -> None:
    def climb(racer: int) -> list[int]:
        won, old = [], 0
        for size in range(racer + 1, 60, 4):
            if old > size:
                continue
            answer = add_checkpoint(TRUE.request(old, size), state.logs(), state, WITNESS, NOW)
            if answer.status == 200:
                won.append(size)
                old = size
            else:
                old = int(answer.body)
        return won

    with ThreadPoolExecutor(4) as pool:
        sizes = sorted(size for won in pool.map(climb, range(4)) for size in won)
    assert sizes
    assert len(sizes) == len(set(sizes))
    assert state.latest(ORIGIN) == TRUE.signed(sizes[-1])


def test_only_who_still_knows_the_latest_may_replace_it(state: WitnessFolder) -> None:
    assert state.advance(ORIGIN, None, TRUE.signed(7))
    assert not state.advance(ORIGIN, None, TRUE.signed(8))
    assert not state.advance(ORIGIN, TRUE.signed(6), TRUE.signed(8))
    assert state.latest(ORIGIN) == TRUE.signed(7)
    assert state.advance(ORIGIN, TRUE.signed(7), TRUE.signed(8))


@pytest.mark.parametrize(
    "damage", [b"", b"\xff", b"x\n", TRUE.signed(7).encode()[:-1], TRUE.signed(7).encode() * 2]
)
def test_a_damaged_memory_stops_the_witness(state: WitnessFolder, tmp_path: Path, damage: bytes) -> None:
    assert ask(state, TRUE.request(0, 7)) == 200
    path = next((tmp_path / "witness").glob("*.checkpoint"))
    path.write_bytes(damage)
    with pytest.raises(LedgerError) as refused:
        ask(state, TRUE.request(7, 9))
    assert refused.value.code == "witness-state-unreadable"
    assert path.read_bytes() == damage


def test_both_sides_of_a_fork_stay_on_disk(state: WitnessFolder, tmp_path: Path) -> None:
    false = SmallLog(60, " forged", 3)
    assert ask(state, TRUE.request(0, 7)) == 200
    for _ in range(2):
        assert ask(state, false.request(7, 7)) == 409
        assert ask(state, false.request(7, 9)) == 422
    assert WitnessFolder(tmp_path / "witness").evidence() == (
        (ORIGIN, Fork(TRUE.signed(7), false.signed(7), proven=True)),
        (ORIGIN, Fork(TRUE.signed(7), false.signed(9), proven=False)),
    )


def test_nobody_else_reads_the_folder(state: WitnessFolder, tmp_path: Path) -> None:
    ask(state, TRUE.request(0, 7))
    if os.name != "nt":
        for path in (tmp_path / "witness").rglob("*"):
            if path.is_file():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list((tmp_path / "witness").glob(".*.new"))


def test_a_folder_that_cannot_be_written_changes_nothing(state: WitnessFolder, tmp_path: Path) -> None:
    assert ask(state, TRUE.request(0, 7)) == 200
    path = next((tmp_path / "witness").glob("*.checkpoint"))
    path.with_name(f".{path.name}.new").mkdir()  # The place of the new file is taken: writing it fails.
    with pytest.raises(LedgerError) as refused:
        ask(state, TRUE.request(7, 9))
    assert refused.value.code == "file-not-written"
    assert state.latest(ORIGIN) == TRUE.signed(7)
