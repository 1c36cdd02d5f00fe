"""Who held a lot, from when to when, and who answers for what happened at a moment.

Rule: a fault lies in one custody interval only if exactly one party held the lot then and the handovers at
both ends are signed; otherwise it is undetermined, and the answer says between whom.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.provenance.names import party_names, place_names
from models.tables import custody as table
from models.views import batches


@dataclass(frozen=True, slots=True)
class CustodySpan:
    """A time during which one party held the lot; `until` is open while he still does.

    Args:
        signed_both: sender and receiver each signed their half of the handover that began it.
    """

    party: str
    name: str
    place: str | None
    since: datetime
    until: datetime | None
    received_index: int
    signed_both: bool
    name_en: str | None = None
    place_name: str | None = None
    shipped_index: int | None = None
    released_index: int | None = None
    quantity: Decimal | None = None
    uom: str | None = None
    lot: str = ""
    place_name_en: str | None = None

    @property
    def entries(self) -> tuple[int, ...]:
        """Return the entries that began and ended it."""
        named = {self.received_index, self.shipped_index, self.released_index}
        return tuple(sorted(index for index in named if index is not None))


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for a moment: `party`, or nobody alone, and then `between` names who may."""

    party: str | None
    between: tuple[str, ...]
    entries: tuple[int, ...]


def custody(connection: Connection, lots: Iterable[str]) -> tuple[CustodySpan, ...]:
    """Return the custody of these lots, oldest first."""
    rows: list[Row[*tuple[Any, ...]]] = []
    for batch in batches(sorted(set(lots))):
        rows += connection.execute(_SPANS, {"lots": batch}).all()
    parties = party_names(connection, (row.party for row in rows))
    places = place_names(connection, (row.place for row in rows))
    spans = [
        CustodySpan(
            party=row.party,
            name=parties[row.party].name,
            place=row.place,
            since=row.since,
            until=row.until,
            received_index=row.received_index,
            signed_both=row.signed_both,
            name_en=parties[row.party].name_en,
            place_name=None if row.place is None else places[row.place].name,
            shipped_index=row.shipped_index,
            released_index=row.released_index,
            quantity=row.quantity,
            uom=row.uom,
            lot=row.lot,
            place_name_en=None if row.place is None else places[row.place].name_en,
        )
        for row in rows
    ]
    return tuple(sorted(spans, key=lambda span: (span.since, span.received_index, span.lot)))


def answerable(connection: Connection, lot: str, moment: datetime) -> Answerable:
    """Say who answers for what happened to a lot at a moment."""
    spans = [span for span in custody(connection, [lot]) if span.since <= moment]
    holding = [span for span in spans if span.until is None or span.until > moment]
    if len({span.party for span in holding}) == 1 and holding[0].signed_both:
        return Answerable(holding[0].party, (), holding[0].entries)
    if holding:
        before = [span for span in spans if span not in holding][-1:] if len(holding) == 1 else []
        return _undetermined([*before, *holding])
    after = [span for span in custody(connection, [lot]) if span.since > moment][:1]
    return _undetermined(spans[-1:] + after)


def _undetermined(spans: list[CustodySpan]) -> Answerable:
    between = tuple(dict.fromkeys(span.party for span in spans))
    entries = tuple(sorted({index for span in spans for index in span.entries}))
    return Answerable(None, between, entries)


_SPANS = (
    select(table)
    .where(table.c.lot.in_(bindparam("lots", expanding=True)))
    .order_by(table.c.since, table.c.lot, table.c.part)
)
