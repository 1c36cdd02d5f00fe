"""Change anything in a ledger's database and the audit names the entry; change nothing and it passes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from attacks import disarm
from ledger_world import ADMINISTRATOR, COOPERATIVE, World, batch, found_world, inspection, log_key, pair_of

from ledger import rows, schema, store
from ledger.audit import audit
from ledger.audit_report import Report
from ledger.desk import Desk
from ledger.errors import LedgerError
from ledger.keyring import Keyring
from ledger.keys import KeyPair
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.tree import leaf_hash


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    world = found_world(ledger_engine, clock)
    world.say(*[batch(number) for number in range(5)])
    world.say(*[batch(number) for number in range(5, 9)], batch=True)
    return world


def change(engine: sa.Engine, table: sa.Table, where: sa.ColumnElement[bool], **values: object) -> None:
    with store.writing(engine) as connection:
        connection.execute(sa.update(table).where(where).values(**values))


def test_an_untouched_ledger_passes(world: World) -> None:
    told: list[tuple[int, int, str]] = []
    report = audit(world.engine, progress=lambda *step: told.append(step))
    assert report.holds
    assert [step.status for step in report.steps] == ["pass"] * 6
    assert (report.entries, report.root) == (16, world.reader.tree().root)
    assert report.witnessed_to == 0
    assert told[0] == (0, 16, "entries")


def test_an_audit_stops_when_asked(world: World) -> None:
    report = audit(world.engine, cancelled=lambda: True)
    assert report.cancelled
    assert not report.holds
    assert report.problems == ()
    assert {step.status for step in report.steps} == {"cancelled"}


def test_processes_find_what_threads_find(world: World) -> None:
    disarm(world.engine)
    leaf = leaf_of(world, 12)
    flipped = leaf[:1] + bytes([leaf[1] ^ 1]) + leaf[2:]
    change(world.engine, schema.entry, schema.entry.c.entry_index == 12, leaf=flipped)
    by_threads, by_processes = audit(world.engine), audit(world.engine, processes=2)
    assert by_threads.problems == by_processes.problems
    assert "signature-wrong" in {problem.code for problem in by_processes.problems}


def leaf_of(world: World, index: int) -> bytes:
    return world.reader.entry(index).leaf


COLUMNS = [column.name for column in schema.entry.columns if column.name != "entry_index"]


@pytest.mark.parametrize("name", COLUMNS)
def test_any_changed_column_is_found_and_the_entry_named(world: World, name: str) -> None:
    disarm(world.engine)
    column = schema.entry.c[name]
    for index in (0, 7, 11, 13, 15):
        here = schema.entry.c.entry_index == index
        with store.reading(world.engine) as connection:
            value = connection.execute(sa.select(column).where(here)).scalar_one()
        changed = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else _other(value)
        change(world.engine, schema.entry, here, **{name: changed})
        report = audit(world.engine)
        assert not report.holds
        assert index in {problem.index for problem in report.problems}
        assert all(problem.remedy and problem.found != problem.expected for problem in report.problems)
        change(world.engine, schema.entry, here, **{name: value})
    assert audit(world.engine).holds


def _other(value: str | int) -> str | int:
    return value + 1000 if isinstance(value, int) else value[:-1] + chr(ord(value[-1]) ^ 1)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_byte_of_a_leaf_counts(world: World) -> None:
    disarm(world.engine)
    for index in (8, 14):
        leaf = world.reader.entry(index).leaf
        for at in range(0, len(leaf), 7):
            changed = leaf[:at] + bytes([leaf[at] ^ (1 << at % 8)]) + leaf[at + 1 :]
            change(world.engine, schema.entry, schema.entry.c.entry_index == index, leaf=changed)
            assert index in {problem.index for problem in audit(world.engine).problems}
        change(world.engine, schema.entry, schema.entry.c.entry_index == index, leaf=leaf)


@pytest.mark.parametrize("name", [column.name for column in schema.head.columns])
def test_any_changed_part_of_the_head_is_found(world: World, name: str) -> None:
    disarm(world.engine)
    with store.reading(world.engine) as connection:
        value = connection.execute(sa.select(schema.head.c[name])).scalar_one()
    if name == "id":
        with store.writing(world.engine) as connection:
            connection.exec_driver_sql("DELETE FROM head")
        with pytest.raises(LedgerError, match="no ledger"):
            audit(world.engine)
        return
    changed = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else _other(value)
    change(world.engine, schema.head, schema.head.c.id == 1, **{name: changed})
    assert not audit(world.engine).holds


def test_a_removed_entry_is_named(world: World) -> None:
    disarm(world.engine)
    with store.writing(world.engine) as connection:
        connection.execute(sa.delete(schema.entry).where(schema.entry.c.entry_index == 9))
    report = audit(world.engine)
    assert (9, "entry-missing") in {(problem.index, problem.code) for problem in report.problems}


def test_an_added_row_is_found(world: World) -> None:
    disarm(world.engine)
    with store.writing(world.engine) as connection:
        row = (
            connection.execute(sa.select(schema.entry).where(schema.entry.c.entry_index == 9))
            .mappings()
            .one()
        )
        extra = {**row, "entry_index": 99, "seq": 99, "entry_hash": b"x"}
        connection.execute(sa.insert(schema.entry), extra)
    found = {(problem.code, problem.found) for problem in audit(world.engine).problems}
    assert ("entry-unexpected", "entry 99") in found


def test_two_swapped_entries_are_named(world: World) -> None:
    disarm(world.engine)
    index = schema.entry.c.entry_index
    for before, after in ((9, 99), (10, 9), (99, 10)):
        change(world.engine, schema.entry, index == before, entry_index=after)
    assert {9, 10} <= {problem.index for problem in audit(world.engine).problems}


def test_a_changed_or_missing_tile_is_found(world: World) -> None:
    world.say(*[batch(number) for number in range(9, 300)])
    assert audit(world.engine).holds
    disarm(world.engine)
    with store.reading(world.engine) as connection:
        nodes = connection.execute(sa.select(schema.tile.c.nodes)).scalar_one()
    changed = nodes[:3200] + bytes([nodes[3200] ^ 1]) + nodes[3201:]
    change(world.engine, schema.tile, schema.tile.c.number == 0, nodes=changed)
    report = audit(world.engine)
    assert [(problem.index, problem.code) for problem in report.problems] == [(100, "tile-wrong")]
    with store.writing(world.engine) as connection:
        connection.exec_driver_sql("DELETE FROM tile")
    assert {problem.code for problem in audit(world.engine).problems} == {"tile-wrong", "row-count-wrong"}


class Owner:
    """Somebody who holds the database and every key, and rewrites history so that it verifies itself."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.events = [entry.event for entry in world.reader.entries()]
        self.authors = [entry.party for entry in world.reader.entries()]
        self.outside = world.reader.checkpoint()

    def rewrite(self, engine: sa.Engine, events: list[object], authors: Sequence[str]) -> Report:
        """Found the same ledger again with another history, all signatures good; audit it alone."""
        with store.writing(engine) as connection:
            store.create_tables(connection)
            rows.create_head(connection, log_key())
        desk = Desk(engine, log_key=log_key(), clock=self.world.clock)
        for event, author in zip(events, authors, strict=True):
            desk.append(event, pair_of(author))  # type: ignore[arg-type]
        return audit(engine)


@pytest.fixture
def second_engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'second.db'}")
    yield engine
    engine.dispose()


ATTACKS: dict[str, Callable[[list[object]], None]] = {
    "edit": lambda events: events.__setitem__(9, batch(9, kilograms=9_000)),
    "insert": lambda events: events.insert(9, batch(77)),
    "delete": lambda events: events.__delitem__(9),
    "reorder": lambda events: events.__setitem__(slice(9, 11), events[10:8:-1]),
    "truncate": lambda events: events.__delitem__(slice(10, None)),
    "rewrite all": lambda events: None,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_one_checkpoint_elsewhere_catches_the_owner_of_every_key(
    world: World, second_engine: sa.Engine, attack: str
) -> None:
    owner = Owner(world)
    events: list[object] = list(owner.events)
    ATTACKS[attack](events)
    authors = [*owner.authors, COOPERATIVE][: len(events)]
    alone = owner.rewrite(second_engine, events, authors)
    assert alone.holds, "with every key in hand, the ledger alone cannot tell"
    against = audit(second_engine, [owner.outside])
    assert not against.holds
    assert against.steps[4].status == "fail"
    expected = "rolled-back" if len(events) < len(owner.events) else "history-rewritten"
    assert [problem.code for problem in against.problems] == [expected]


def test_an_older_backup_is_a_rollback(world: World, second_engine: sa.Engine) -> None:
    owner = Owner(world)
    world.say(batch(50))
    assert owner.rewrite(second_engine, owner.events[:10], owner.authors[:10]).holds  # type: ignore[arg-type]
    report = audit(second_engine, [world.reader.checkpoint()])
    assert [(problem.index, problem.code) for problem in report.problems] == [(10, "rolled-back")]


def test_growing_on_is_consistent_with_every_older_checkpoint(world: World) -> None:
    notes = [world.reader.checkpoint()]
    for number in range(20, 24):
        world.say(batch(number))
        notes.append(world.reader.checkpoint())
    assert audit(world.engine, notes).holds


def test_a_fork_is_bracketed_by_the_last_agreeing_checkpoint(world: World) -> None:
    agreeing = Checkpoint(log_key().name, 12, world.reader.tree_at(12).root).sign(log_key())
    forked = Checkpoint(log_key().name, 15, bytes(32)).sign(log_key())
    report = audit(world.engine, [agreeing, forked])
    assert [(problem.step, problem.index) for problem in report.problems] == [(4, 12)]


def test_a_checkpoint_of_another_log_or_by_another_key_says_nothing(world: World) -> None:
    stranger = KeyPair(bytes(32), "log").log_signer(log_key().name)
    foreign = Checkpoint(log_key().name, 3, bytes(32)).sign(stranger)
    report = audit(world.engine, [foreign, "no note at all"])
    assert [problem.code for problem in report.problems] == ["checkpoint-unopened"] * 2


def test_the_witnessed_size_needs_a_witness_we_know(world: World) -> None:
    witness = KeyPair(bytes(range(32)), "witness").witness_signer("witness.example")
    note = parse_note(world.reader.checkpoint())
    cosigned = note.with_signatures([witness.cosign(note.text, 1_800_000_000)]).format()
    assert world.desk.add_cosigned(cosigned, [witness.verifier]).witnessed
    assert world.reader.witnessed_to() == 16
    assert world.reader.cosigned() == cosigned
    world.say(batch(60))
    assert audit(world.engine, witnesses=[witness.verifier]).witnessed_to == 16
    assert audit(world.engine).witnessed_to == 0
    # What is said from now on is provably not older than what was witnessed.
    anchor = world.reader.entry(16).anchor
    assert anchor is not None
    assert (anchor.size, anchor.root) == (16, world.reader.tree_at(16).root)


def test_an_entry_by_a_party_without_the_role_is_found(
    world: World, second_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing(second_engine) as connection:
        store.create_tables(connection)
        rows.create_head(connection, log_key())
    desk = Desk(second_engine, log_key=log_key(), clock=world.clock)
    genesis, *_ = (entry.event for entry in world.reader.entries(0, 1))
    desk.append(genesis, pair_of(ADMINISTRATOR))
    monkeypatch.setattr(Keyring, "authorise", lambda *_: None)
    desk.append(inspection(), pair_of(ADMINISTRATOR))
    monkeypatch.undo()
    report = audit(second_engine)
    assert [(problem.step, problem.index, problem.code) for problem in report.problems] == [
        (2, 1, "not-authorised")
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_text_that_is_no_text_is_reported_not_raised(world: World, tmp_path: Path) -> None:
    disarm(world.engine)
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute(
            "UPDATE entry SET party = CAST(x'ff' || substr(party, 2) AS TEXT) WHERE entry_index = 8"
        )
    connection.close()
    assert 8 in {problem.index for problem in audit(world.engine).problems}


def test_leaf_hashes_are_the_standards(world: World) -> None:
    entry = world.reader.entry(3)
    assert entry.leaf_hash == leaf_hash(entry.leaf)
