"""Read what a list of entries shows, and no more: a page of a list opens no leaf.

Rule: these columns are what was written beside each leaf for finding it; the audit compares them with the
leaf. Whoever needs what an entry says, or proof of it, opens the entry itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ledger.events.instants import parse_instant
from ledger.schema import entry

_COLUMNS = (
    entry.c.entry_index,
    entry.c.type,
    entry.c.party,
    entry.c.record_time,
    entry.c.event_time,
    entry.c.leaf_hash,
)
_LINES = (
    sa.select(*_COLUMNS)
    .where(entry.c.entry_index >= sa.bindparam("start"), entry.c.entry_index < sa.bindparam("stop"))
    .order_by(entry.c.entry_index)
)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry as a list shows it."""

    index: int
    type: str
    party: str
    record_time: datetime
    event_time: datetime
    leaf_hash: bytes


def entry_lines(connection: sa.Connection, start: int, stop: int) -> tuple[EntryLine, ...]:
    """Return the lines of the entries from `start` to before `stop` that there are, in order."""
    return tuple(
        EntryLine(
            index,
            kind,
            party,
            parse_instant(recorded, "record_time"),
            parse_instant(happened, "event_time"),
            bytes(leaf_hash),
        )
        for index, kind, party, recorded, happened, leaf_hash in connection.execute(
            _LINES, {"start": start, "stop": stop}
        )
    )
