"""Everything some lots went through, read once for all who look at it.

Rule: one query for any number of lots, each row one lot in one event, in order of claimed time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from models.tables import passages, steps
from models.views import batches

AT_ONCE = 4000


class Passed(NamedTuple):
    """One lot in one event: how it took part, and what the event says of when, where and by whom."""

    lot: str
    entry: int
    role: str
    quantity: Decimal | None
    uom: str | None
    via: str | None
    event_time: datetime
    type: str
    biz_step: str | None
    disposition: str | None
    actor: str
    place: str | None
    read_point: str | None
    made_day: date | None

    @property
    def order(self) -> tuple[datetime, int]:
        """Return its place in the story: claimed time first, then ledger order."""
        return (self.event_time, self.entry)


def passed_by(connection: Connection, lots: Iterable[str]) -> dict[str, list[Passed]]:
    """Return what each of these lots went through, in order."""
    found: dict[str, list[Passed]] = defaultdict(list)
    for batch in batches(sorted(lots), AT_ONCE):
        for row in map(Passed._make, connection.execute(_PASSED, {"lots": batch}).all()):
            found[row.lot].append(row)
    return found


_PASSED = (
    select(
        *(passages.c[name] for name in ("lot", "index", "role", "quantity", "uom", "via")),
        *(steps.c[name] for name in ("event_time", "type", "biz_step", "disposition", "actor", "place")),
        steps.c.read_point,
        steps.c.made_day,
    )
    .join_from(passages, steps, steps.c.index == passages.c.index)
    .where(passages.c.lot.in_(bindparam("lots", expanding=True)))
    .order_by(steps.c.event_time, passages.c.index)
)
