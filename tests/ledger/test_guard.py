"""A machine remembers how far it signed, and never signs a second history under the same name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger_world import COOPERATIVE, ORIGIN, World, batch, found_world, log_key, pair_of

from ledger import store
from ledger.audit import audit
from ledger.desk import Desk
from ledger.errors import LedgerError
from ledger.guard import MOST_CHECKPOINTS, SignedGuard, TrustedCheckpoints
from ledger.tlog.checkpoint import Checkpoint

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    return found_world(ledger_engine, clock)


def guarded(world: World, engine: sa.Engine, path: Path) -> Desk:
    return Desk(engine, log_key=log_key(), clock=world.clock, guard=SignedGuard(path))


def test_a_restored_backup_is_not_signed_over(world: World, tmp_path: Path) -> None:
    path = tmp_path / "home" / "signed"
    guarded(world, world.engine, path).append(batch(1), pair_of(COOPERATIVE))
    with store.reading(world.engine) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "ledger.db", tmp_path / "backup.db")
    guarded(world, world.engine, path).append(batch(2), pair_of(COOPERATIVE))
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'backup.db'}")
    with pytest.raises(LedgerError) as refused:
        guarded(world, engine, path).append(batch(3), pair_of(COOPERATIVE))
    engine.dispose()
    assert refused.value.code == "ledger-rolled-back"
    assert guarded(world, world.engine, path).append(batch(3), pair_of(COOPERATIVE))[0].index == 9


def test_another_history_of_the_same_length_is_not_signed_over(world: World, tmp_path: Path) -> None:
    path = tmp_path / "signed"
    SignedGuard(path).remember(ORIGIN, 5, bytes(32))
    with pytest.raises(LedgerError) as refused:
        guarded(world, world.engine, path).append(batch(1), pair_of(COOPERATIVE))
    assert refused.value.code == "ledger-rolled-back"


def test_a_guard_that_lags_or_is_empty_locks_nobody_out(world: World, tmp_path: Path) -> None:
    path = tmp_path / "signed"
    path.touch()
    guarded(world, world.engine, path).append(batch(1), pair_of(COOPERATIVE))
    assert SignedGuard(path).last(ORIGIN) == (8, world.reader.tree().root)
    world.say(batch(2))
    assert guarded(world, world.engine, path).append(batch(3), pair_of(COOPERATIVE))[0].index == 9


def test_a_damaged_guard_is_told(tmp_path: Path, engine_name: str) -> None:
    guard = SignedGuard(tmp_path / "signed")
    guard.remember(ORIGIN, 1_000_000, bytes(32))
    guard.remember(ORIGIN, 7, bytes(32))
    assert guard.last(ORIGIN) == (7, bytes(32))
    for data in (b"8" + (tmp_path / "signed").read_bytes()[1:], b"\xff\xfe", b"one two"):
        (tmp_path / "signed").write_bytes(data)
        with pytest.raises(LedgerError) as refused:
            guard.last(ORIGIN)
        assert refused.value.code == "guard-unreadable"


def test_checkpoints_seen_are_kept_and_thinned(world: World, tmp_path: Path) -> None:
    trusted = TrustedCheckpoints(tmp_path / "trusted")
    for number in range(80):
        world.say(batch(number))
        trusted.keep(world.reader.checkpoint())
    kept = trusted.all(ORIGIN)
    assert len(kept) == MOST_CHECKPOINTS
    assert kept[-1] == world.reader.checkpoint()
    assert trusted.all("another") == ()
    assert audit(world.engine, kept).holds


def test_two_roots_of_one_size_are_both_kept(tmp_path: Path, engine_name: str) -> None:
    trusted = TrustedCheckpoints(tmp_path / "trusted")
    for root in (bytes(32), b"\x01" * 32):
        for size in range(5, 75):
            trusted.keep(Checkpoint(ORIGIN, size, root).sign(log_key()))
    kept = trusted.all(ORIGIN)
    assert sum(note.split("\n")[1] == kept[-1].split("\n")[1] for note in kept) == 2


def test_what_is_no_checkpoint_is_not_kept(tmp_path: Path, engine_name: str) -> None:
    with pytest.raises(LedgerError):
        TrustedCheckpoints(tmp_path / "trusted").keep("hello")
