"""A file that was looked at and not recorded: what would become of each row, and rows corrected by hand.

Rule: the file on the disk is never changed. A correction puts words into cells of rows of this preview; the
rows are judged anew by the reader of the import, and recorded in this state.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

from ledger.errors import EventInvalid
from ledger.events.foreign_table import rejected_csv
from ledger.events.table_headings import Layout
from ledger.events.table_row import column_of
from ledger.events.table_words import table_words
from models.finding import Finding
from models.importing import Foreign
from models.judging import EVENT_CELLS, Judge
from models.spooled import STATES, Spool, SpooledRow

FEW = 200
"""So many corrected rows are judged again with every key that is typed into another one."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Words for cells of one row, or of several that had the same fault.

    Args:
        rows: their numbers in the table.
        cells: (place of the column, words) pairs.
    """

    rows: tuple[int, ...]
    cells: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it is shown.

    Args:
        number: which row of the table or event of the document.
        state: good, known, refused or left-out.
        fault: the place of the cell that is wrong; -1 when none is, or none of them alone.
        corrected: whether somebody put other words into it.
    """

    number: int
    where: str
    cells: tuple[str, ...]
    state: str
    problem: EventInvalid | None
    fault: int
    corrected: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is, and how it was read.

    Args:
        kind: document, goods, inspection or review.
        now: the instant it was judged for; rows that claim to lie later are refused.
        told: heading -> column, as a person said; columns: that and what was said before.
        layout: a table's; None for a document.
        author: whose key shall sign, as it was asked for.
        problem: why no row of it can be read, if so: columns are missing.
    """

    path: Path
    digest: bytes
    kind: str
    now: datetime
    told: Mapping[str, str]
    columns: Mapping[str, str]
    layout: Layout | None
    author: str | None
    problem: EventInvalid | None = None


@dataclass(slots=True)
class Preview:
    """The rows of a file and what would become of them."""

    looked: Looked
    spool: Spool
    judge: Judge | None
    foresee: Callable[[Sequence[Foreign]], tuple[Finding, ...]] = lambda _: ()
    corrections: tuple[Correction, ...] = ()
    _judged: dict[int, SpooledRow] = field(default_factory=dict)
    _order: dict[str, Sequence[int]] = field(default_factory=dict)
    _ordered: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def name(self) -> str:
        """Return the file's name."""
        return self.looked.path.name

    @property
    def titles(self) -> tuple[str, ...]:
        """Return a table's headings; a document's rows have `EVENT_CELLS`."""
        return EVENT_CELLS if self.looked.layout is None else self.looked.layout.titles

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the column each heading means, "" for one nobody knows."""
        return EVENT_CELLS if self.looked.layout is None else self.looked.layout.headings

    @property
    def corrected(self) -> dict[int, tuple[str, ...]]:
        """Return the cells of corrected rows by their number, in the order in which they are recorded."""
        return {row.number: row.cells for row in self._judged.values()}

    def close(self) -> None:
        """Give back the room that the rows take on the disk."""
        self.spool.close()

    def counts(self) -> dict[str, int]:
        """Return how many rows there are (`all`), of each state, and how many were corrected.

        `described` are those of the good rows that describe products, places or parties.
        """
        with self._lock:
            # Of one moment: rows may still be coming.
            states = bytes(self.spool.states)
            counted = {state: states.count(place) for place, state in enumerate(STATES)}
            for place, row in self._judged.items():
                counted[STATES[self.spool.states[place]]] -= 1
                counted[STATES[row.state]] += 1
            described = {state: self.spool.described(STATES.index(state)) for state in ("good", "known")}
            return {
                "all": len(states),
                **counted,
                "corrected": len(self._judged),
                "described": described["good"],
                "described-known": described["known"],
            }

    def page(self, show: str, start: int, stop: int) -> tuple[PreviewRow, ...]:
        """Return a stretch of the rows of one state, of the corrected ones, or of `all`."""
        with self._lock:
            if self._ordered != len(self.spool):
                self._order.clear()
                self._ordered = len(self.spool)
            if show not in self._order:
                self._order[show] = self._places(show)
            places = self._order[show][start:stop]
            judged = [self._judged.get(place) for place in places]
        held = self.spool.rows(places)
        return tuple(self._shown(now or row, now is not None) for now, row in zip(judged, held, strict=True))

    def row(self, number: int) -> PreviewRow:
        """Return one row of a table by its number.

        Raises:
            KeyError: no such row was read.
        """
        place = self.spool.place_of(number)
        now = self._judged.get(place)
        return self._shown(now or self.spool.rows([place])[0], now is not None)

    def original(self, number: int) -> tuple[str, ...]:
        """Return the cells of a row as they stand in the file."""
        return self._padded(self.spool.rows([self.spool.place_of(number)])[0].cells)

    def tried(self, number: int, cells: Sequence[str]) -> PreviewRow:
        """Return what would become of a row with these cells; nothing is kept."""
        if self.judge is None:
            return self.row(number)
        others = self.corrected if len(self._judged) <= FEW else {}
        found = self.judge.judge({**{n: c for n, c in others.items() if n != number}, number: tuple(cells)})
        return self._shown(found[number], True)

    def alike(self, number: int) -> tuple[int, ...]:
        """Return the numbers of the refused rows with the same words in the cell that is wrong here."""
        row = self.row(number)
        if row.fault < 0 or row.problem is None:
            return (number,)
        return tuple(other.number for other in self.refused() if _fault_of(other) == _fault_of(row))

    def correct(self, corrections: Sequence[Correction]) -> None:
        """Let these corrections hold, and no others; rows that were corrected before are as they stood."""
        cells: dict[int, list[str]] = {}
        for correction in corrections:
            for number in correction.rows:
                if number not in cells:
                    cells[number] = list(self.original(number))
                for place, text in correction.cells:
                    cells[number][place] = text
        judged = self.judge.judge(cells) if self.judge is not None and cells else {}
        with self._lock:
            self.corrections = tuple(corrections)
            self._judged = {self.spool.place_of(number): row for number, row in judged.items()}
            self._order.clear()

    def findings(self) -> tuple[Finding, ...]:
        """Return what recording it would bring to light; of a file of many rows nothing is said."""
        return self.foresee(self.judge.events(self.corrected)) if self.judge is not None else ()

    def refused(self) -> Iterator[PreviewRow]:
        """Give every refused row."""
        for start in range(0, self.counts()["refused"], 1000):
            yield from self.page("refused", start, start + 1000)

    def rejected(self) -> bytes:
        """Return a table's refused rows as they stand now, with their reasons; nothing for a document."""
        if self.looked.layout is None or not self.counts()["refused"]:
            return b""
        heading = (*self.titles, table_words("zh_CN")["table.column.reason"])
        return rejected_csv([heading, *((*row.cells, str(row.problem)) for row in self.refused())])

    def _places(self, show: str) -> Sequence[int]:
        if show == "all":
            return range(len(self.spool))
        if show == "corrected":
            return array("I", sorted(self._judged))
        states = bytearray(self.spool.states)
        for place, row in self._judged.items():
            states[place] = row.state
        wanted = STATES.index(show)
        return array("I", (place for place, state in enumerate(states) if state == wanted))

    def _shown(self, row: SpooledRow, corrected: bool) -> PreviewRow:
        cells = self._padded(row.cells)
        fault = self._fault(row.problem)
        return PreviewRow(row.number, row.where, cells, STATES[row.state], row.problem, fault, corrected)

    def _padded(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        count = len(self.titles)
        return (*cells[:count], *[""] * (count - len(cells)))

    def _fault(self, problem: EventInvalid | None) -> int:
        if problem is None or self.looked.layout is None:
            return -1
        column = column_of(problem.field)
        # A unit may stand behind the number or in its heading.
        for name in (column, "quantity" if column == "unit" else column):
            if name in self.headings:
                return self.headings.index(name)
        return -1


def _fault_of(row: PreviewRow) -> tuple[int, str, str]:
    """Return what rows with the same fault have in common: the column, what is wrong with it, its words."""
    code = "" if row.problem is None else row.problem.code
    return row.fault, code, row.cells[row.fault] if row.fault >= 0 else ""


Grown = Callable[[Preview], object]


def digest_of(data: bytes) -> bytes:
    """Return what a file's bytes are known by between looking and recording."""
    return sha256(data).digest()
