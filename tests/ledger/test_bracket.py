"""An entry was written after its anchor was witnessed and before a witness first saw it; clocks claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from ledger_world import COOPERATIVE, World, batch, found_world, log_key, pair_of

from ledger.bracket import Bracket, brackets
from ledger.desk import Desk
from ledger.keys import KeyPair
from ledger.tlog.note import parse_note
from models.provenance.bracketing import SLACK, of_entry, timing_findings

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
FIRST, SECOND = (KeyPair(bytes([n]) * 32, "witness").witness_signer(f"w{n}.example") for n in (1, 2))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    return found_world(ledger_engine, clock)


def standing(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


def witness(world: World, when: datetime, signer: object = FIRST) -> None:
    note = parse_note(world.reader.checkpoint())
    line = signer.cosign(note.text, int(when.timestamp()))  # type: ignore[attr-defined]
    world.desk.add_cosigned(note.with_signatures([line]).format(), [FIRST.verifier, SECOND.verifier])


def bracket_of(world: World, index: int, *known: object) -> Bracket:
    keys = [each.verifier for each in known or (FIRST, SECOND)]  # type: ignore[attr-defined]
    return brackets(world.reader, [world.reader.entry(index)], keys)[0]


def test_an_entry_lies_between_its_anchor_and_the_first_witness_who_saw_it(world: World) -> None:
    one, two, three = (NOON + timedelta(hours=hour) for hour in (1, 2, 3))
    assert bracket_of(world, 3) == Bracket()
    witness(world, one)
    (receipt,) = world.say(batch(1))
    assert bracket_of(world, receipt.index) == Bracket(one, None)
    witness(world, three)
    assert bracket_of(world, receipt.index) == Bracket(one, three)
    witness(world, two, SECOND)
    assert bracket_of(world, receipt.index) == Bracket(one, two), "the earliest of several"
    assert bracket_of(world, receipt.index, FIRST) == Bracket(one, three), "only witnesses we know"
    assert bracket_of(world, 3) == Bracket(None, one)
    world.say(batch(2))
    witness(world, three + timedelta(hours=1))
    assert bracket_of(world, receipt.index) == Bracket(one, two), "later trees say nothing new"


def test_a_clock_set_back_or_ahead_is_a_finding_and_an_honest_one_is_not(world: World) -> None:
    known = [FIRST.verifier]
    witness(world, NOON)
    for said in (NOON - timedelta(days=30), NOON + timedelta(minutes=5), NOON + timedelta(days=2)):
        desk = Desk(world.engine, log_key=log_key(), clock=standing(said))
        desk.append(batch(said.day), pair_of(COOPERATIVE))
    indexes = range(7, 10)
    assert [found.code for found in timing_findings(world.reader, indexes, known)] == [
        "recorded-before-anchor"
    ]
    witness(world, NOON + timedelta(hours=1))
    found = timing_findings(world.reader, indexes, known)
    assert [(each.code, each.entries) for each in found] == [
        ("recorded-before-anchor", (7,)),
        ("recorded-after-witness", (9,)),
    ]


def test_only_what_no_honest_clock_explains_is_doubted(world: World) -> None:
    entry = world.reader.entry(1)
    said = entry.record_time
    for bracket in (Bracket(said + SLACK, None), Bracket(None, said - SLACK), Bracket(said, said)):
        assert of_entry(entry, bracket) == []
    late = replace(entry, event_time=said + timedelta(days=1))
    assert [each.code for each in of_entry(late, Bracket(None, said))] == ["recorded-after-witness"]
    long_ago = replace(entry, event_time=said - timedelta(days=400))
    assert of_entry(long_ago, Bracket(said, said)) == [], "written down late is no lie"
