"""However the views were made, in pieces or at once, on either engine, the rows are the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import builders
import pytest
import sqlalchemy as sa
from histories import Oracle, entries, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.events.codec import Event
from models import tables
from models.projections.entries import Entry, EntryList
from models.projector import PROJECTIONS, Projector
from models.views import prepare, reading, writing

NOISE: tuple[tuple[str, Event], ...] = (
    (builders.COOPERATIVE, builders.party_enrolled()),
    (builders.MERCHANT, builders.inspection()),
    (builders.MERCHANT, builders.complaint()),
    (builders.CARRIER, builders.recall()),
    (builders.CARRIER, builders.recall(status="closed")),
    (builders.CARRIER, builders.ruling(about=1)),
    (builders.COOPERATIVE, builders.certificate()),
    (builders.COOPERATIVE, builders.review()),
    (builders.COOPERATIVE, builders.score_published()),
    (builders.COOPERATIVE, builders.policy_adopted()),
    (builders.COOPERATIVE, builders.key_revoked()),
)


def dump(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every view, in an order that does not depend on the engine."""
    with reading(engine) as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in tables.metadata.sorted_tables
        }


@pytest.fixture
def projector_engine(views_engine: sa.Engine) -> sa.Engine:
    return views_engine


@settings(max_examples=12)
@given(
    told=shuffled(), noise=st.lists(st.sampled_from(NOISE), max_size=4), pieces=st.lists(st.integers(1, 7))
)
def test_catching_up_in_any_pieces_equals_rebuilding(
    views_engine: sa.Engine, told: tuple[Oracle, EntryList], noise: list[tuple[str, Event]], pieces: list[int]
) -> None:
    said = noise[:2] + [(entry.party, entry.event) for entry in told[1].listed] + noise[2:]
    source = entries(said)
    growing = EntryList()
    projector = Projector(growing, views_engine)
    projector.rebuild()
    for piece in [*pieces, len(said)]:
        growing.listed[:] = source.listed[: len(growing.listed) + piece]
        projector.catch_up(chunk=3)
        assert projector.behind() == 0
    in_pieces = dump(views_engine)
    assert projector.rebuild() == len(said)
    assert dump(views_engine) == in_pieces


def test_an_entry_that_cannot_be_folded_stops_its_projection_and_no_other(views_engine: sa.Engine) -> None:
    source = entries(
        [(builders.COOPERATIVE, builders.object_event(event_id=f"urn:uuid:{n}")) for n in range(9)]
    )
    broken = {4}

    def picky(connection: sa.Connection, folded: Sequence[Entry]) -> None:
        rows = [{"about": entry.index, "by": entry.index, "decision": "seen"} for entry in folded]
        connection.execute(tables.voids.insert(), rows)
        if any(entry.index in broken for entry in folded):
            raise ValueError("entry 4 says something nobody expected")

    projector = Projector(source, views_engine, [*PROJECTIONS, ("picky", picky)])
    projector.catch_up()
    standings = {standing.projection: standing for standing in projector.standings()}
    assert (standings["supply"].behind, projector.behind()) == (0, 5)
    assert (standings["picky"].stopped_at, standings["picky"].position) == (4, 4)
    assert "nobody expected" in str(standings["picky"].reason)
    assert [row[0] for row in dump(views_engine)["voids"]] == [0, 1, 2, 3]

    broken.clear()
    assert projector.catch_up() == 5
    assert projector.behind() == 0
    assert [row[0] for row in dump(views_engine)["voids"]] == list(range(9))


def test_a_long_piece_says_how_far_it_is_while_it_is_read_and_can_be_called_off_there(
    views_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class CalledOff(Exception):
        """Somebody pressed Cancel."""

    monkeypatch.setattr("models.projector.AT_ONCE", 3)
    source = entries([(builders.COOPERATIVE, builders.object_event())] * 10)
    projector, told = Projector(source, views_engine), list[tuple[int, int]]()

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if told[2:] == [(3, 10)]:
            raise CalledOff

    with pytest.raises(CalledOff):
        projector.catch_up(progress)
    assert (told, projector.behind()) == ([(1, 10), (2, 10), (3, 10)], 10)
    assert projector.catch_up(progress) == 10
    assert told[3:] == [(1, 10), (2, 10), (3, 10), (10, 10)]
    assert projector.behind() == 0


def test_an_entry_that_cannot_be_read_is_named_and_those_before_it_are_folded(
    views_engine: sa.Engine,
) -> None:
    class Damaged(EntryList):
        def entries(self, start: int, stop: int) -> Any:
            for entry in self.listed[start:stop]:
                if entry.index == 3:
                    raise LedgerError("entry 3 is damaged", code="entry-damaged")
                yield entry

    source = Damaged(entries([(builders.COOPERATIVE, builders.object_event())] * 5).listed)
    projector = Projector(source, views_engine)
    assert projector.catch_up() == 3
    assert {(s.position, s.behind, s.stopped_at) for s in projector.standings()} == {(3, 2, 3)}


def test_two_programs_folding_at_once_fold_no_entry_twice(views_engine: sa.Engine) -> None:
    source = entries([(builders.COOPERATIVE, builders.object_event())] * 4)
    ours, theirs = Projector(source, views_engine), Projector(source, views_engine)
    theirs.catch_up()
    assert ours._fold("supply", source.listed, 0)  # it still believes the views are empty
    assert len(dump(views_engine)["moves"]) == 4


def test_views_of_another_version_are_thrown_away_and_folded_again(views_engine: sa.Engine) -> None:
    source = entries([(builders.COOPERATIVE, builders.object_event())])
    Projector(source, views_engine).catch_up()
    with writing(views_engine) as connection:
        connection.execute(tables.meta.update().values(value="0"))
        connection.execute(sa.text("CREATE TABLE forgotten (x INTEGER)"))
    assert prepare(views_engine)
    assert not prepare(views_engine)
    projector = Projector(source, views_engine)
    assert projector.behind() == 1
    assert projector.catch_up() == 1


def test_a_failure_in_the_middle_leaves_neither_rows_nor_a_moved_cursor(views_engine: sa.Engine) -> None:
    source = entries([(builders.COOPERATIVE, builders.object_event())])
    projector = Projector(source, views_engine)
    before = dump(views_engine)
    connection = views_engine.connect()
    with connection.begin() as transaction:
        PROJECTIONS[1][1](connection, source.listed)
        transaction.rollback()  # as if the machine had stopped here
    connection.close()
    assert dump(views_engine) == before
    assert projector.catch_up() == 1
