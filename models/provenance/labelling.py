"""How many labels a lot may carry, how many it carries, and why more are refused.

    printed + reprinted - spoiled, each times what one label stands for, <= what the lot plausibly yields

Rule: recording never refuses, but printing is an act of the program itself: labels over the yield, for a lot
called back, or before a closed gate are refused with the finding. A label that does not say how much it
stands for stands for one unit of the lot, and for a lot of doubtful size for no certain amount at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from sqlalchemy import Connection, select

from ledger.errors import EventInvalid
from models.finding import Finding, finding
from models.projections.book import base
from models.provenance.gates import holds
from models.provenance.lineage import reach
from models.provenance.lots import LotRow
from models.provenance.massbalance import balance_findings, plot_findings
from models.tables import labels, steps

_ONE = Decimal(1)
_COUNTED = ("index", "kind", "count", "content", "uom")


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labels of a lot.

    Args:
        live: printed and reprinted less spoiled.
        carried: what the live labels stand for, in `unit`.
        room: what they may stand for at most; none: the amount of the lot is unknown.
        doubts: findings that make the lot's own amount doubtful.
    """

    lot: str
    printed: int
    spoiled: int
    reprinted: int
    live: int
    carried: Decimal
    room: Decimal | None
    unit: str | None
    doubts: tuple[Finding, ...]
    entries: tuple[int, ...]

    def left(self, content: Decimal | None = None) -> int | None:
        """Return how many more labels of this content fit; none: nobody can say."""
        if self.room is None:
            return None
        left = max(self.room - self.carried, Decimal(0)) / (content or _ONE)
        return int(left.to_integral_value(ROUND_FLOOR))


def labelled(connection: Connection, row: LotRow) -> Labelled:
    """Return the labels of a lot as they were counted."""
    counts = {"printed": 0, "spoiled": 0, "reprinted": 0}
    carried, entries = Decimal(0), []
    query = select(*(labels.c[name] for name in _COUNTED)).where(labels.c.lot == row.lot)
    for entry, kind, count, content, uom in connection.execute(query.order_by(labels.c.index)):
        counts[kind] += count
        sign = -1 if kind == "spoiled" else 1
        carried += sign * count * (_content(content, uom)[0] or _ONE)
        entries.append(entry)
    amount, unit = base(row.quantity, row.uom)
    doubts = _doubts(connection, row, amount, unit)
    room = amount
    for doubt in doubts:
        factor = Decimal(doubt.values["bound"]) / Decimal(doubt.values["reached"])
        room = None if room is None else min(room, (amount or Decimal(0)) * factor)
    return Labelled(
        row.lot,
        counts["printed"],
        counts["spoiled"],
        counts["reprinted"],
        counts["printed"] + counts["reprinted"] - counts["spoiled"],
        carried,
        room,
        unit,
        tuple(doubt.finding for doubt in doubts),
        tuple(entries),
    )


def refusals(
    connection: Connection,
    row: LotRow,
    count: int,
    now: datetime,
    content: tuple[Decimal, str | None] | None = None,
    *,
    again: bool = False,
) -> tuple[Finding, ...]:
    """Return why so many labels of a lot must not be printed; nothing when they may.

    Args:
        content: how much one label stands for.
        again: they replace spoiled ones.

    Raises:
        EventInvalid: code `label-content-unit`: the content is in another kind of unit than the lot.
    """
    found = [*holds(connection, row, "labelling", now)]
    registered = () if row.registered_index is None else (row.registered_index,)
    if row.status == "recalled":
        found.append(finding("labels-recalled", "bad", row.lot, registered, count=count))
    state = labelled(connection, row)
    each, unit = (None, state.unit) if content is None else _content(*content)
    if state.unit is not None and unit != state.unit:
        raise EventInvalid(
            "a label cannot stand for this kind of amount",
            field="each",
            code="label-content-unit",
            found=unit,
            expected=state.unit,
            remedy="give the content in the unit of the batch, such as 5 KGM",
        )
    spoiled = state.spoiled - state.reprinted
    if again and count > spoiled:
        found.append(
            finding("labels-not-spoiled", "bad", row.lot, state.entries, count=count, spoiled=spoiled)
        )
    left = state.left(each)
    if state.doubts and content is None:
        found += state.doubts
    elif left is not None and count > left and state.room is not None:
        found.append(_above_yield(row, registered, state, count, left, state.room))
        found += state.doubts
    return tuple(found)


def _above_yield(
    row: LotRow, registered: tuple[int, ...], state: Labelled, count: int, left: int, room: Decimal
) -> Finding:
    return finding(
        "labels-above-yield",
        "bad",
        row.lot,
        (*registered, *state.entries),
        count=count,
        live=state.live,
        left=left,
        amount=_plain(room),
        uom=state.unit,
    )


@dataclass(frozen=True, slots=True)
class _Doubt:
    finding: Finding
    bound: Decimal
    reached: Decimal

    @property
    def values(self) -> dict[str, Decimal]:
        return {"bound": self.bound, "reached": self.reached}


def _doubts(
    connection: Connection, row: LotRow, amount: Decimal | None, unit: str | None
) -> Sequence[_Doubt]:
    """Return the findings that say the lot is larger than its plot or its inputs allow."""
    if row.registered_index is None or amount is None:
        return ()
    step = connection.execute(
        select(steps.c.type, steps.c.event_time).where(steps.c.index == row.registered_index)
    ).first()
    found: list[Finding] = []
    if step is not None and step.type == "ObjectEvent" and unit == "KGM":
        found += plot_findings(
            connection, row.origin_place, row.category, amount, row.registered_index, step.event_time
        )
    elif step is not None:
        edges = reach(connection, [row.lot], "back").edges
        nodes = {edge.node for edge in edges if edge.lot == row.lot and edge.side == "out"}
        here = [edge for edge in edges if edge.node in nodes]
        words = select(steps.c.index, steps.c.biz_step).where(steps.c.index.in_({e.index for e in here}))
        steps_of: dict[int, str | None] = {row[0]: row[1] for row in connection.execute(words)}
        found += balance_findings(here, steps_of, {row.lot: row.category}, connection)
    return [_doubt(each) for each in found]


def _doubt(found: Finding) -> _Doubt:
    values = found.values
    if found.code == "plot-above-yield":
        return _Doubt(found, Decimal(values["bound"]), Decimal(values["made"]))
    return _Doubt(found, Decimal(values["bound"]) * Decimal(values["used"]), Decimal(values["made"]))


def _content(content: Decimal | None, uom: str | None) -> tuple[Decimal | None, str | None]:
    return (None, None) if content is None else base(content, uom)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
