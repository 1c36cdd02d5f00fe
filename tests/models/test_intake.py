"""A file of any length is recorded part by part, and comes to the same as if it were taken in at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import EventInvalid, LedgerError
from ledger.events.foreign import Import, foreign_parts, read_foreign
from ledger.events.foreign_json import parse_json
from ledger.events.foreign_stream import RawEvents, parse_document
from ledger.home import Home
from ledger.receipts import Receipt
from ledger.store import create_ledger_engine
from models.identity import new_identity
from models.importing import Foreign
from models.intake import Intake
from models.views import create_views_engine
from models.workspace import found

PRODUCT = "https://id.gs1.org/01/09521000000100"
Clock = Callable[[], datetime]
START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = st.sampled_from(["epcisBody", "eventList", "queryResults", "resultsBody", "type", "数量"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def document(count: int, bad: Sequence[int] = ()) -> bytes:
    """Return a document of `count` events, of which those at `bad` are no events."""
    events = [
        {
            "type": "ObjectEvent",
            "action": "ADD" if number not in bad else "BOGUS",
            "eventTime": (START + timedelta(minutes=number)).isoformat(),
            "eventTimeZoneOffset": "+08:00",
            "bizStep": "commissioning",
            "quantityList": [
                {
                    "epcClass": f"https://id.gs1.org/01/09521000000100/10/L{number}",
                    "quantity": 5,
                    "uom": "KGM",
                }
            ],
        }
        for number in range(count)
    ]
    events.append(events[0])
    return json.dumps(
        {
            "@context": [],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": START.isoformat(),
            "epcisBody": {"eventList": events},
        }
    ).encode()


def opened(value: object) -> object:
    """Return a parsed document with its lists of events read out."""
    if isinstance(value, RawEvents):
        return list(value)
    if isinstance(value, dict):
        return {name: opened(item) for name, item in value.items()}
    return value


def outcome(read: Callable[[], object]) -> object:
    """Return what was read, or how it was refused."""
    try:
        return read()
    except EventInvalid as error:
        return error.as_document()


@given(VALUES, st.sampled_from([None, 1, " "]), st.integers(0, 400), st.sampled_from(["", ",", "}", "\x00"]))
def test_reading_piece_by_piece_says_what_reading_at_once_says(
    value: object, indent: int | str | None, place: int, noise: str
) -> None:
    text = json.dumps(value, indent=indent)
    data = (text[:place] + noise + text[place:]).encode()
    assert outcome(lambda: opened(parse_document(data, "x", worth=0))) == outcome(
        lambda: parse_json(data, "x")
    )


def test_a_large_documents_events_are_not_parsed_until_asked_for() -> None:
    found = parse_document(document(30), "x", worth=0)["epcisBody"]["eventList"]
    assert isinstance(found, RawEvents)
    assert len(found) == 31


@pytest.mark.parametrize("size", [1, 7, 31, 1000])
def test_parts_hold_together_what_the_whole_file_holds(size: int) -> None:
    data = document(30, bad=(3, 17))
    whole, parts = read_foreign(data, "x"), list(foreign_parts(data, "x", size=size))
    assert [event for part in parts for event in part.events] == list(whole.events)
    assert [str(each) for part in parts for each in part.refused] == [str(each) for each in whole.refused]
    assert [each for part in parts for each in part.duplicates] == ["x: event 31"]
    assert len(parts) == 31 // size + 1


def test_a_table_in_parts_keeps_its_headings_once_and_every_refused_row() -> None:
    rows = "".join(
        f"register,2026-01-01 08:{minute:02},09521000000100,L{minute},{'many' if minute % 9 == 5 else 5}\n"
        for minute in range(40)
    )
    data = ("event,time,product,lot,quantity\n" + rows).encode()
    report = Intake("x.csv").take(
        foreign_parts(data, "x.csv", size=6), fresh, Taker().append, lambda *_: None
    )
    assert (report.accepted, len(report.refused)) == (36, 4)
    assert [each.where.partition(":")[2].strip().split(":")[0] for each in report.refused] == [
        f"row {row}" for row in (7, 16, 25, 34)
    ]
    assert report.rejected.decode("utf-8-sig").count("quantity,") == 1
    assert report.rejected.decode("utf-8-sig").count("many,") == 4


def test_what_stops_a_later_part_is_told_with_its_place_and_the_parts_before_it_stay() -> None:
    taker = Taker(room=20)
    report = Intake("x").take(foreign_parts(document(30), "x", size=8), fresh, taker.append, lambda *_: None)
    assert report.accepted == taker.held == 16
    assert [each.code for each in report.refused] == ["disk-full"]
    assert report.refused[0].where == "x: event 17 and all that follow"


def test_what_stops_the_first_part_is_raised_for_nothing_was_written() -> None:
    with pytest.raises(LedgerError):
        Intake("x").take(
            foreign_parts(document(30), "x", size=8), fresh, Taker(room=3).append, lambda *_: None
        )


def test_a_file_cut_off_is_refused_before_its_first_part() -> None:
    data = document(9000)[:-3]
    with pytest.raises(EventInvalid) as caught:
        next(foreign_parts(data, "x", size=100))
    assert caught.value.code == "json-malformed"


def fresh(part: Import) -> tuple[tuple[Foreign, ...], tuple[str, ...]]:
    """Take every event for new."""
    return tuple(event for _, event in part.events), ()


class Taker:
    """A disk with room for so many entries."""

    def __init__(self, room: int = 1000) -> None:
        self.room, self.held = room, 0

    def append(self, events: Sequence[Foreign]) -> list[Receipt]:
        """Write all of them, or none."""
        if self.held + len(events) > self.room:
            raise LedgerError("the disk is full", code="disk-full", remedy="free some space")
        first, self.held = self.held, self.held + len(events)
        return [Receipt(index, b"", 0, b"", "") for index in range(first, self.held)]


def test_a_ledger_gets_each_part_in_a_transaction_and_a_second_import_adds_nothing(
    ledger_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.filing.PART", 8)
    beside = f"sqlite:///{tmp_path / 'views.db'}" if ledger_url.startswith("sqlite") else ledger_url
    ledger, views = create_ledger_engine(ledger_url), create_views_engine(beside)
    numbers = count(1)
    home = Home(tmp_path / "home", lambda size: next(numbers).to_bytes(size, "big"))
    me, pair = new_identity(home, clock=clock, name="合作社", roles=("administrator", "cooperative"))
    made = found(ledger, views, home, me, pair, clock=clock)
    file, told = tmp_path / "goods.jsonld", list[tuple[str, int]]()
    file.write_bytes(document(30, bad=(3,)))
    first = made.files.import_file(file, progress=lambda stage, done, _: told.append((stage, done)))
    assert (first.accepted, first.duplicates, len(first.refused)) == (29, 1, 1)
    assert [done for stage, done in told if stage == "record"] == [8, 16, 24, 31]
    assert len(made.trace(f"{PRODUCT}/10/L29").events) == 1
    again = made.files.import_file(file)
    assert (again.accepted, again.duplicates, made.size()) == (0, 30, 30)
    for engine in (ledger, views):
        engine.dispose()
