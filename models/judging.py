"""Say of each row of a file what recording it would come to, by the code that records.

Rule: a row is read by the reader of the import itself and sifted by what the import sifts by; nothing is
decided here a second time. Corrected rows are judged as they are recorded: after all others, in the order in
which they were corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Engine

from ledger.errors import EventInvalid
from ledger.events.foreign import row_parts
from ledger.events.foreign_rows import Judged, Rows
from ledger.events.foreign_table import take_row
from ledger.events.governance import MasterData
from ledger.events.instants import instant_text
from ledger.events.spreadsheet import Body, Sheets, show
from ledger.events.supply import SupplyEvent
from ledger.events.table_headings import tidy
from ledger.events.values import FrozenMap, PartyId
from ledger.reader import Reader
from models.evidence.official import EvidenceReader, Taken
from models.importing import Foreign, standings
from models.importing_evidence import Sieve
from models.intake import PART
from models.projections.moves import moves_of
from models.spooled import GOOD, KNOWN, LEFT_OUT, REFUSED, Spool, SpooledRow
from models.views import reading

EVENT_CELLS = ("event", "time", "lot", "quantity", "place")
"""What is told of an event of a document in the place of a table row's cells."""
AT_ONCE = 512
FIRST_PART = 128
"""So many rows are judged before the first of them can be shown; each part is twice the one before."""
MOST_FORESEEN = 300
"""So many events are folded together to see what they would bring to light; a larger file is not."""
Progress = Callable[[str, int, int | None], None]
"""Told the stage, the rows done and of how many, if known; it may raise to stop the reading."""
Corrected = Mapping[int, Sequence[str]]
Read = tuple[int, list[str], Taken | EventInvalid]
Known = Callable[[Sequence[Foreign]], frozenset[int]]


class Judge(Protocol):
    """Judges rows of one file that were corrected."""

    def judge(self, corrected: Corrected) -> dict[int, SpooledRow]:
        """Return what becomes of each row, by its number."""

    def events(self, corrected: Corrected) -> Sequence[Foreign]:
        """Return the supply events that would be recorded, if they are few enough to look at together."""


def known_in(views: Engine, reader: Reader, author: Callable[[], str]) -> Known:
    """Return the search for events that the ledger has already, by their id or in the author's own words."""

    def known(events: Sequence[Foreign]) -> frozenset[int]:
        if not events:
            return frozenset()
        with reading(views) as connection:
            standing = standings(connection, reader, events)
        here = {place for place, said in enumerate(standing) if said == "known"}
        return reader.said_before(PartyId(author()), events) | here

    return known


@dataclass(frozen=True, slots=True)
class EventJudge:
    """Judges the events of a document or a table.

    Args:
        rows: what was read of the file: a corrected row may repeat one of them.
        good: the first of the events that would be recorded, one more than `MOST_FORESEEN` of them.
    """

    rows: Rows
    known: Known
    good: list[Foreign] = field(default_factory=list)

    def read(
        self,
        data: bytes,
        columns: Mapping[str, str],
        spool: Spool,
        progress: Progress,
        grown: Callable[[], object] = lambda: None,
        sheets: Sheets | None = None,
    ) -> None:
        """Judge every row of the file.

        Args:
            sheets: the file's, if it has some.
            grown: called after each part whose rows are in the spool, the last one excepted.
        """
        batch: list[Judged] = []
        self.rows.size = size = FIRST_PART

        def heard(judged: Judged) -> None:
            batch.append(judged)
            if len(batch) % AT_ONCE == 0:
                progress("read", len(spool) + len(batch), self.rows.total)

        self.rows.watch = heard
        for _ in row_parts(data, self.rows, columns, sheets=sheets):
            settled = self._settled(batch)
            self._foresee(batch, settled)
            spool.add(settled)
            batch.clear()
            progress("read", len(spool), self.rows.total)
            self.rows.size = size = min(2 * size, PART)
            if self.rows.total is None or len(spool) < self.rows.total:
                grown()
        self.rows.watch = None

    def judge(self, corrected: Corrected) -> dict[int, SpooledRow]:
        """Return what becomes of each row, by its number."""
        layout, judged = self.rows.layout, list[Judged]()
        if layout is None:
            return {}
        after = self.rows.after(judged.append)
        for number, cells in corrected.items():
            take_row(after, layout, number, [tidy(cell) for cell in cells])
        found = {row.number: row for row in self._settled(judged)}
        return {number: found.get(number) or _left_out(number, cells) for number, cells in corrected.items()}

    def events(self, corrected: Corrected) -> list[Foreign]:
        """Return the events that would be recorded, if they are few enough to look at together."""
        layout, judged = self.rows.layout, list[Judged]()
        if layout is None or not corrected or len(self.good) > MOST_FORESEEN:
            return list(self.good) if len(self.good) <= MOST_FORESEEN else []
        after = self.rows.after(judged.append)
        for number, cells in corrected.items():
            take_row(after, layout, number, [tidy(cell) for cell in cells])
        settled = zip(judged, self._settled(judged), strict=True)
        events = [*self.good, *(one.event for one, row in settled if row.state == GOOD and one.event)]
        return events if len(events) <= MOST_FORESEEN else []

    def _foresee(self, judged: Sequence[Judged], settled: Sequence[SpooledRow]) -> None:
        for one, row in zip(judged, settled, strict=True):
            if len(self.good) > MOST_FORESEEN:
                return
            if row.state == GOOD and one.event is not None:
                self.good.append(one.event)

    def _settled(self, judged: Sequence[Judged]) -> list[SpooledRow]:
        events = [one.event for one in judged if one.event is not None and not one.repeated]
        here = self.known(events)
        new = iter([place not in here for place in range(len(events))])
        return [_row(one, one.event is not None and not one.repeated and next(new)) for one in judged]


@dataclass(slots=True)
class EvidenceJudge:
    """Judges the rows of a table of inspections or reviews.

    Args:
        sieve: makes the sieve for rows about these parties that come after others.
    """

    reader: EvidenceReader
    sieve: Callable[[set[str], Sieve | None], Sieve]
    first: Sieve | None = None
    _met: set[str] = field(default_factory=set)

    def read(
        self, body: Body, spool: Spool, progress: Progress, grown: Callable[[], object] = lambda: None
    ) -> None:
        """Judge every row of the table.

        Args:
            grown: called after each part whose rows are in the spool, the last one excepted.
        """
        part: list[Read] = []
        self.first, size = self.sieve(set(), None), FIRST_PART
        for number, cells in enumerate(body, start=self.reader.layout.line + 1):
            texts = [show(cell) for cell in cells]
            found = self.reader.row(number, texts)
            if found is not None:
                part.append((number, texts, found))
            if len(part) == size:
                self._settle(part, spool, self.first)
                part, size = [], min(2 * size, AT_ONCE)
                progress("read", len(spool), body.total)
                grown()
        self._settle(part, spool, self.first)
        progress("read", len(spool), body.total)

    def _settle(self, part: Sequence[Read], spool: Spool, sieve: Sieve) -> None:
        taken = [one for _, _, one in part if isinstance(one, Taken)]
        met = {str(one.event.subject) for one in taken} - self._met
        if met:
            sieve.join(self.sieve(met, None))
            self._met |= met
        sieve.read_ahead(taken)
        spool.add(_sifted(number, texts, one, sieve) for number, texts, one in part)

    def judge(self, corrected: Corrected) -> dict[int, SpooledRow]:
        """Return what becomes of each row, by its number."""
        read = {number: self.reader.row(number, cells) for number, cells in corrected.items()}
        taken = [one for one in read.values() if isinstance(one, Taken)]
        sieve = self.sieve({str(one.event.subject) for one in taken}, self.first)
        sieve.read_ahead(taken)
        return {
            number: _left_out(number, corrected[number])
            if one is None
            else _sifted(number, corrected[number], one, sieve)
            for number, one in read.items()
        }

    def events(self, corrected: Corrected) -> Sequence[Foreign]:  # noqa: ARG002
        """Return nothing: an inspection or a review moves no goods."""
        return ()


def _sifted(number: int, cells: Sequence[str], found: Taken | EventInvalid, sieve: Sieve) -> SpooledRow:
    if isinstance(found, EventInvalid):
        return SpooledRow(number, found.where, tuple(cells), REFUSED, found)
    try:
        state = GOOD if sieve.take(found) else KNOWN
    except EventInvalid as problem:
        return SpooledRow(number, found.where, tuple(cells), REFUSED, problem)
    return SpooledRow(number, found.where, tuple(cells), state)


def _row(judged: Judged, new: bool) -> SpooledRow:
    state = REFUSED if judged.problem is not None else GOOD if new else KNOWN
    cells = judged.cells
    if not cells and judged.event is not None:
        cells = _told(judged.event)
    return SpooledRow(judged.number, judged.where, cells, state, judged.problem)


def _left_out(number: int, cells: Sequence[str]) -> SpooledRow:
    return SpooledRow(number, "", tuple(cells), LEFT_OUT)


def _told(event: SupplyEvent | MasterData) -> tuple[str, ...]:
    """Return what a document's event says, as `EVENT_CELLS`."""
    time = instant_text(event.event_time)
    if isinstance(event, MasterData):
        return ("MasterData", time, _name_of(event), "", "")
    moves, _ = moves_of(event, 0, "")
    first = moves[-1] if moves else None
    amount = "" if first is None or first.quantity is None else f"{first.quantity} {first.uom or ''}".strip()
    return (
        event.biz_step or type(event).__name__,
        time,
        "" if first is None else first.code,
        amount,
        event.read_point or event.biz_location or "",
    )


def _name_of(described: MasterData) -> str:
    known = described.attributes
    name = known.get("name") if isinstance(known, FrozenMap) else None
    return name if isinstance(name, str) and name else described.id
