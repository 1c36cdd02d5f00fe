"""Inspections a story tells of: of its lots, and of whoever held the lot.

Rule: an inspection of another lot is none of this story's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.provenance.custody import CustodySpan
from models.provenance.lots import LotRow
from models.provenance.names import party_names
from models.tables import inspections as table
from models.views import batches


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection of the lot, or of a party that made or held it while it did."""

    index: int
    event_time: datetime
    subject: str
    subject_name: str
    kind: str
    critical: int
    serious: int
    minor: int
    category: str
    lot: str | None
    summary: str | None
    inspector: str
    inspector_name: str
    subject_name_en: str | None = None
    inspector_name_en: str | None = None


def inspections_of(
    connection: Connection, chain: Sequence[LotRow], spans: Sequence[CustodySpan]
) -> tuple[InspectionRow, ...]:
    """Return inspections of these lots, and of whoever held the lot, nearest in time to the end."""
    held = sorted({span.party for span in spans})
    lots = {row.lot for row in chain}
    found: dict[int, Row[*tuple[Any, ...]]] = {}
    for batch in batches(sorted(lots)):
        found |= {row.entry: row for row in connection.execute(_ABOUT, {"lots": batch, "held": held})}
    told = sorted(found.values(), key=lambda row: (row.event_time, -row.entry), reverse=True)
    rows = [row for row in told if row.lot is None or row.lot in lots]
    names = party_names(connection, (named for row in rows for named in (row.subject, row.author)))
    return tuple(
        InspectionRow(
            row.entry,
            row.event_time,
            row.subject,
            names[row.subject].name,
            row.kind,
            row.critical,
            row.serious,
            row.minor,
            row.category,
            row.lot,
            row.summary,
            row.author,
            names[row.author].name,
            names[row.subject].name_en,
            names[row.author].name_en,
        )
        for row in rows
    )


_ABOUT = select(table, table.c.index.label("entry")).where(
    table.c.lot.in_(bindparam("lots", expanding=True))
    | table.c.subject.in_(bindparam("held", expanding=True))
)
