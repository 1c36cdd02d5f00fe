"""Ledgers that grew apart exchange what they know; nothing is lost, nothing is taken twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger_world import (
    CARRIER,
    COOPERATIVE,
    MERCHANT,
    ROLES,
    WHEN,
    World,
    batch,
    found_world,
    log_key,
    pair_of,
)

from ledger import store
from ledger.audit import audit
from ledger.bundle import adopt, join, read_bundle, split, take_in, write_bundle
from ledger.desk import Desk
from ledger.envelope import open_leaf, seal, write_body
from ledger.errors import LedgerError
from ledger.events import codec
from ledger.reader import Reader
from models.carrying import two_versions

HERE, THERE = log_key(), log_key("suxin.example/there")


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    world = found_world(ledger_engine, clock)
    world.say(*[batch(number) for number in range(3)])
    return world


@pytest.fixture
def other(world: World, tmp_path: Path) -> Iterator[World]:
    """Another installation that took the whole ledger over under its own log key."""
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'other.db'}")
    report = adopt(engine, read_bundle(write_bundle(world.reader, HERE)), log_key=THERE, clock=world.clock)
    assert (report.added, report.refused) == (10, ())
    yield World(engine, Desk(engine, log_key=THERE, clock=world.clock), Reader(engine), world.clock)
    engine.dispose()


def test_an_adopted_ledger_says_the_same_under_its_own_name(world: World, other: World) -> None:
    assert [entry.leaf for entry in other.reader.entries()] == [
        entry.leaf for entry in world.reader.entries()
    ]
    assert other.reader.tree().root == world.reader.tree().root
    assert other.reader.checkpoint().startswith(THERE.name)
    assert audit(other.engine).holds


def test_two_ledgers_that_grew_apart_meet_again(world: World, other: World) -> None:
    world.say(batch(10), by=COOPERATIVE)
    other.say(batch(20), batch(21), by=CARRIER)
    there = take_in(other.desk, read_bundle(write_bundle(world.reader, HERE, 10)))
    here = take_in(world.desk, read_bundle(write_bundle(other.reader, THERE, 10)))
    assert (there.added, there.conflicts, there.refused) == (1, (), ())
    assert (here.added, here.known) == (2, 1)
    said = [{entry.entry_hash for entry in each.reader.entries()} for each in (world, other)]
    assert said[0] == said[1]
    assert audit(world.engine).holds
    assert audit(other.engine).holds


def test_taking_a_bundle_in_twice_changes_nothing(world: World, other: World) -> None:
    other.say(*[batch(number) for number in range(20, 30)], by=CARRIER, batch=True)
    bundle = read_bundle(write_bundle(other.reader, THERE))
    assert take_in(world.desk, bundle).added == 10
    before = world.reader.checkpoint()
    again = take_in(world.desk, bundle)
    assert (again.added, again.known) == (0, 20)
    assert world.reader.checkpoint() == before


def test_a_true_conflict_is_kept_as_two_versions_on_both_sides(world: World, other: World) -> None:
    world.say(batch(50), by=MERCHANT)
    other.say(batch(51), by=MERCHANT)
    other.say(batch(52), by=CARRIER)
    report = take_in(world.desk, read_bundle(write_bundle(other.reader, THERE, 10)))
    assert (report.added, len(report.conflicts), report.refused) == (1, 1, ())
    assert report.conflicts[0].index == 10
    (kept,) = world.reader.conflicts()
    assert kept.leaf == other.reader.entry(10).leaf
    take_in(other.desk, read_bundle(write_bundle(world.reader, HERE, 10)))
    assert len(other.reader.conflicts()) == 1


def test_a_stranger_in_a_bundle_is_told_not_dropped(world: World, tmp_path: Path) -> None:
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'strangers.db'}")
    strangers = found_world(engine, world.clock, origin="suxin.example/strangers")
    strangers.say(batch(1))
    key = log_key("suxin.example/strangers")
    report = take_in(world.desk, read_bundle(write_bundle(strangers.reader, key)))
    engine.dispose()
    # The same parties with the same keys: what they signed is theirs here too, except what is said twice.
    assert report.added + report.known + len(report.conflicts) + len(report.refused) == 2 + len(ROLES)


def test_a_changed_or_cut_bundle_is_refused_whole(world: World) -> None:
    data = write_bundle(world.reader, HERE)
    lines = data.split(b"\n")
    swapped = b"\n".join([lines[0], lines[2], lines[1], *lines[3:]])
    for changed in (data[:-20], swapped, data.replace(b" 0 10", b" 0 11", 1), b"\n".join(lines[:4])):
        with pytest.raises(LedgerError) as refused:
            read_bundle(changed)
        assert refused.value.code in {"bundle-altered", "bundle-malformed"}
        assert refused.value.remedy


def test_a_partial_bundle_founds_nothing(world: World, tmp_path: Path) -> None:
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'partial.db'}")
    with pytest.raises(LedgerError) as refused:
        adopt(engine, read_bundle(write_bundle(world.reader, HERE, 5)), log_key=THERE, clock=world.clock)
    engine.dispose()
    assert refused.value.code == "bundle-partial"


def test_a_bundle_travels_as_qr_texts_in_any_order(world: World) -> None:
    data = write_bundle(world.reader, HERE)
    parts = split(data, 700)
    assert max(map(len, parts)) < 800
    assert join(reversed(parts)) == (data, ())
    assert join([parts[0], parts[2]]) == (None, tuple(n for n in range(len(parts)) if n not in (0, 2)))
    with pytest.raises(LedgerError):
        join([*parts[:-1], parts[-1][:-4] + "AAAA"])
    with pytest.raises(LedgerError):
        join([parts[0], split(data + b"x", 700)[1]])


def test_the_key_in_a_bundle_is_told(world: World) -> None:
    bundle = read_bundle(write_bundle(world.reader, HERE))
    assert (bundle.origin, bundle.log_key) == (HERE.name, HERE.verifier.text)
    assert pair_of("anyone").public.hex not in bundle.log_key


def test_a_conflict_is_shown_as_two_versions_field_by_field(world: World, other: World) -> None:
    pair = pair_of(COOPERATIVE)
    world.say(batch(1, 500))
    entry = world.reader.entry(world.reader.size() - 1)
    author = open_leaf(entry.leaf).author
    rival = write_body("ObjectEvent", codec.encode(batch(1, 900)), author, WHEN)
    assert [each.status for each in world.desk.admit([seal(rival, pair)])] == ["conflict"]
    (two,) = two_versions(world.reader)
    assert (two.index, two.party) == (entry.index, COOPERATIVE)
    assert two.differences == (("quantityList[0].quantity", "500", "900"),)
