"""What one foreign file yields, whatever its syntax: events, refusals, repeats.

Rule: nothing that could be read is lost because something else could not. An event that stands twice is
taken once; one id for two different events is refused. Of events handed on only digests are kept, so that a
large file never stands in memory as a whole.
"""

from __future__ import annotations

import hashlib
from collections import ChainMap
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.errors import EventInvalid
from ledger.events import codec
from ledger.events.checks import refusal
from ledger.events.governance import MasterData
from ledger.events.supply import SupplyEvent
from ledger.events.table_headings import Layout
from ledger.events.values import FrozenMap, Json

# Some exporters write the nil UUID where they have no id; all their events would be one.
_NO_ID = "urn:uuid:00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Import:
    """What a foreign file said: events with their place in it, what was refused, what stood there twice.

    `header` is what an EPCIS document says of itself. `columns` is how a spreadsheet's headings were read,
    and `rejected` holds its headings and the rows that were refused, to be corrected and read again.
    """

    name: str
    events: tuple[tuple[str, SupplyEvent | MasterData], ...]
    refused: tuple[EventInvalid, ...] = ()
    duplicates: tuple[str, ...] = ()
    header: Json = None
    columns: tuple[tuple[str, str], ...] = ()
    rejected: tuple[tuple[str, ...], ...] = ()

    @property
    def master_data(self) -> tuple[MasterData, ...]:
        """Return the events that describe products, places and parties."""
        return tuple(event for _, event in self.events if isinstance(event, MasterData))

    @property
    def supply(self) -> tuple[SupplyEvent, ...]:
        """Return the events that happened to things."""
        return tuple(event for _, event in self.events if not isinstance(event, MasterData))


@dataclass(frozen=True, slots=True)
class Judged:
    """One row and what became of it: an event (perhaps one that stood before), or why it is none.

    Args:
        number: which row of the table, or which event of the document; 0 for a description in its header.
        cells: a table row's words; empty for an event of a document.
    """

    number: int
    where: str
    cells: tuple[str, ...]
    event: SupplyEvent | MasterData | None
    problem: EventInvalid | None = None
    repeated: bool = False


class Rows:
    """Gathers what one file yields: good events, refusals, repeats.

    Args:
        name: the file's name, for messages.
        now: when given, an event that claims to happen later is refused.
        size: from so many rows on a part is `full`; None: never.
        watch: told of every row what became of it, in the file's order.

    `layout` is a table's, and `total` how many rows it has, once that is known.
    """

    def __init__(
        self,
        name: str,
        now: datetime | None,
        size: int | None = None,
        watch: Callable[[Judged], object] | None = None,
    ) -> None:
        self.name, self.now, self.size, self.watch = name, now, size, watch
        self.layout: Layout | None = None
        self.total: int | None = None
        self.events: list[tuple[str, SupplyEvent | MasterData]] = []
        self.refused: list[EventInvalid] = []
        self.duplicates: list[str] = []
        self._seen: MutableMapping[str | bytes, bytes] = {}

    @property
    def full(self) -> bool:
        """Say whether there is enough for one part."""
        held = len(self.events) + len(self.refused) + len(self.duplicates)
        return self.size is not None and held >= self.size

    def part(self, header: Json = None) -> Import:
        """Give what was gathered since the last part; what was seen stays known."""
        made = Import(self.name, tuple(self.events), tuple(self.refused), tuple(self.duplicates), header)
        self.events, self.refused, self.duplicates = [], [], []
        return made

    def after(self, watch: Callable[[Judged], object]) -> Rows:
        """Return rows that come after these: what stood here is known there, and nothing is kept here."""
        made = Rows(self.name, self.now, watch=watch)
        made.layout, made._seen = self.layout, ChainMap({}, self._seen)
        return made

    def take(
        self,
        where: str,
        read: Callable[[], SupplyEvent | MasterData],
        number: int = 0,
        cells: Sequence[str] = (),
    ) -> bool:
        """Take what `read` returns, or note why it cannot; say which."""
        try:
            event = read()
            _refuse_future(event, self.now)
            new = self.keep(where, event)
        except EventInvalid as error:
            self.refused.append(placed(error, where))
            if self.watch is not None:
                self.watch(Judged(number, where, tuple(cells), None, self.refused[-1]))
            return False
        if self.watch is not None:
            self.watch(Judged(number, where, tuple(cells), event, repeated=not new))
        return True

    def keep(self, where: str, event: SupplyEvent | MasterData) -> bool:
        """Keep an event once, and say whether it is new; refuse another event under its id."""
        said = _said(event)
        key = _own_key(event) or said
        before = self._seen.get(key)
        if before is None:
            self._seen[key] = said
            self.events.append((where, event))
            return True
        if before == said:
            self.duplicates.append(where)
            return False
        raise refusal(
            "two different events with one id",
            "eventID",
            "event-id-twice",
            _own_key(event),
            "one id, one event",
            "give the second event an id of its own, or none",
        )


def own_id(event: SupplyEvent | MasterData) -> str | None:
    """Return the event id its maker gave it; the nil UUID that some exporters write is none."""
    given = None if isinstance(event, MasterData) else event.event_id
    return None if given == _NO_ID else given


def identity(event: SupplyEvent | MasterData) -> str:
    """Return what makes an imported event the same as one already here.

    Its event id where it has one (an error declaration repeats the id of the event it declares wrong, and is
    another event), else the digest of what it says, without the time another system recorded it.
    """
    return _own_key(event) or "sha256:" + _said(event).hex()


def _own_key(event: SupplyEvent | MasterData) -> str | None:
    given = own_id(event)
    if given is None:
        return None
    return given + ("#error" if getattr(event, "error_declaration", None) else "")


def _said(event: SupplyEvent | MasterData) -> bytes:
    return hashlib.sha256(codec.encode(_unrecorded(event))).digest()


def placed(error: EventInvalid, where: str) -> EventInvalid:
    """Return the refusal with its place in the file put before the field."""
    inside = "" if error.where in ("", where) or error.where.startswith(where) else f": {error.where}"
    return EventInvalid(
        error.what,
        field=error.field,
        code=error.code,
        found=error.found,
        expected=error.expected,
        where=error.where if error.where.startswith(where) else where + inside,
        remedy=error.remedy,
    )


def _refuse_future(event: SupplyEvent | MasterData, now: datetime | None) -> None:
    if now is not None and event.event_time > now:
        raise refusal(
            "the event lies in the future",
            "eventTime",
            "time-in-future",
            event.event_time.isoformat(),
            f"{now.isoformat(timespec='seconds')} or earlier",
            "check the date, and the clock of this computer",
        )


def _unrecorded(event: SupplyEvent | MasterData) -> SupplyEvent | MasterData:
    if isinstance(event, MasterData) or not isinstance(event.extensions, FrozenMap):
        return event
    kept = {field: value for field, value in event.extensions.items() if field != "recordTime"}
    return replace(event, extensions=FrozenMap(kept))
