"""What a projection reads: the ledger's entries, in order, from anything that has them.

The ledger's `Reader` is one such thing; a list of entries in memory is another, which is how "what would
this event show?" is answered before it is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from ledger.events.codec import Event
from ledger.events.values import FrozenMap, Json


class Entry(Protocol):
    """The part of a ledger entry that views are made of."""

    @property
    def index(self) -> int:
        """Its place in the ledger."""

    @property
    def party(self) -> str:
        """Whose key signed it."""

    @property
    def record_time(self) -> datetime:
        """When, by its author's clock."""

    @property
    def event(self) -> Event:
        """What it says."""


class EntrySource(Protocol):
    """Anything with entries in order."""

    def size(self) -> int:
        """Return how many entries there are."""

    def entries(self, start: int, stop: int) -> Iterable[Entry]:
        """Return the entries from `start` up to, not with, `stop`."""


class EntryList:
    """Entries in memory."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self.listed = list(entries)

    def size(self) -> int:
        """Return how many entries there are."""
        return len(self.listed)

    def entries(self, start: int, stop: int) -> Sequence[Entry]:
        """Return the entries from `start` up to, not with, `stop`."""
        return self.listed[start:stop]


def plain(value: Json) -> Any:
    """Return frozen JSON as a database keeps it: objects, lists, and fractions as text."""
    if isinstance(value, FrozenMap):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value
