"""Which lots wait at which gate, what laboratories measured, and which promises of conformity are missing.

Rule: it is the newest `limit` of each, in one transaction, judged as a single lot's page judges them; nothing
here decides anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.provenance import gates as gating
from models.provenance import lots as lot_views
from models.provenance.gates import GateState, Report
from models.provenance.lots import LotRow
from models.provenance.standards import Judged
from models.tables import lab_reports

GOING = ("active", "shipped")
"""What is neither sold, used up nor withdrawn: a gate and a promise still matter to it."""


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot before a closed gate."""

    lot: LotRow
    gate: GateState


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """One value of one report about a lot."""

    lot: LotRow
    report: Report
    judged: Judged


@dataclass(frozen=True, slots=True)
class PromiseState:
    """A lot of one's own and the promise that stands for it; `entry` is None where there is none yet."""

    lot: LotRow
    number: str = ""
    entry: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class QualityOverview:
    """What a clerk must see to before goods go."""

    gates: int
    held: tuple[HeldLot, ...]
    values: tuple[MeasuredValue, ...]
    promises: tuple[PromiseState, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the lots without a promise."""
        return tuple(each.lot.lot for each in self.promises if each.entry is None)


def overview(
    connection: Connection, mine: Collection[str], now: datetime, lot: str | None, limit: int = 200
) -> QualityOverview:
    """Return the state of one lot, or of the newest of all.

    Args:
        mine: the parties whose lots need a promise of their own.
        lot: only this one, as the views know it.
    """
    if lot is None:
        rows = lot_views.lots(connection, limit=limit)
    else:
        rows = tuple(lot_views.lots_named(connection, [lot]).values())
    held = [
        HeldLot(row, gate)
        for row in rows
        if row.status in GOING
        for gate in gating.gates_of(connection, row, now)
        if gate.standing != "open"
    ]
    return QualityOverview(
        gating.standing_gates(connection),
        tuple(held),
        _values(connection, lot, limit),
        _promises(connection, rows, mine),
    )


def _values(connection: Connection, lot: str | None, limit: int) -> tuple[MeasuredValue, ...]:
    query = select(lab_reports.c.lot).order_by(lab_reports.c.index.desc()).limit(limit)
    if lot is not None:
        query = query.where(lab_reports.c.lot == lot)
    rows = lot_views.lots_named(connection, connection.execute(query).scalars())
    found = [
        MeasuredValue(row, report, judged)
        for row in rows.values()
        for report in gating.reports_of(connection, [row.lot], row.category)
        for judged in report.results
    ]
    return tuple(sorted(found, key=lambda each: each.report.index, reverse=True))


def _promises(
    connection: Connection, rows: Collection[LotRow], mine: Collection[str]
) -> tuple[PromiseState, ...]:
    """Those that are missing come first: they are what is to be done."""
    made = [row for row in rows if row.origin_party in mine and row.registered_index is not None]
    standing: dict[str, PromiseState] = {}
    known = {row.lot: row for row in made}
    for said in gating.promised(connection, sorted(known)):
        standing[said.lot] = PromiseState(known[said.lot], said.number, said.entry, said.event_time)
    missing = [PromiseState(row) for row in made if row.lot not in standing and row.status in GOING]
    issued = sorted(standing.values(), key=lambda each: each.entry or 0, reverse=True)
    return (*missing, *issued)
