"""Find every lot a recall reaches, who has it now, and nothing else.

Rule: affected is the lot named and everything made from it, to any depth; sharing a truck or a pallet with
it is not. Coverage is the share of affected goods whose holder is known, in lots and, where weighed, in mass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from models.provenance.lineage import open_recalls, reach
from models.provenance.lots import LotRow, lots_named
from models.provenance.names import PartyName, party_names
from models.provenance.trace import subjects_of
from models.tables import moves, recall_lots, recalls
from models.views import batches


@dataclass(frozen=True, slots=True)
class Affected:
    """One lot a recall reaches, `depth` transformations from the lot named.

    Args:
        where: held, shipped (on the road), sold (with consumers), used (inside another affected lot), gone.
    """

    lot: LotRow
    depth: int
    holder: PartyName | None
    where: str
    remaining: Decimal | None
    uom: str | None


@dataclass(frozen=True, slots=True)
class RecallPlan:
    """What to fetch back: affected lots, nearest first, and by whom they are held.

    Args:
        coverage: share of the affected lots whose whereabouts are known, 0 to 1.
        sold: how many of them are, in part, with consumers already.
    """

    code: str
    affected: tuple[Affected, ...]
    holders: tuple[tuple[PartyName, int], ...]
    coverage: float
    sold: int


@dataclass(frozen=True, slots=True)
class RecallNotice:
    """An open recall, and the lot of the chain by which it reaches the lot asked for."""

    index: int
    author: str
    author_name: str
    event_time: datetime
    level: str
    reason: str
    lot: str
    entries: tuple[int, ...]
    author_name_en: str | None = None


def plan(connection: Connection, code: str) -> RecallPlan:
    """Return everything a recall of this code reaches."""
    found = reach(connection, subjects_of(connection, code), "forward")
    rows = lots_named(connection, found.depth)
    names = party_names(connection, (row.holder for row in rows.values()))
    affected = [
        _affected(rows[lot], depth, names[rows[lot].holder or ""] if rows[lot].holder else None)
        for lot, depth in found.depth.items()
        if lot in rows and rows[lot].kind != "container"
    ]
    affected.sort(key=lambda each: (each.depth, each.lot.lot))
    counted: dict[str, int] = {}
    for each in affected:
        if each.holder is not None and each.where in ("held", "shipped"):
            counted[each.holder.id] = counted.get(each.holder.id, 0) + 1
    known = sum(each.holder is not None for each in affected)
    return RecallPlan(
        code=code,
        affected=tuple(affected),
        holders=tuple((names[party], counted[party]) for party in sorted(counted)),
        coverage=known / len(affected) if affected else 1.0,
        sold=sum(each.where == "sold" for each in affected),
    )


def notices(connection: Connection, lots: Sequence[str]) -> tuple[RecallNotice, ...]:
    """Return the open recalls that name one of these lots, or a container that held one of them.

    Args:
        lots: a lot and everything in it; a recall of any of them reaches the lot.
    """
    if not open_recalls(connection):
        return ()
    reached: dict[str, str] = {lot: lot for lot in lots}
    for lot, container in _containers(connection, lots):
        reached.setdefault(container, lot)
    rows: list[Row[*tuple[Any, ...]]] = []
    for batch in batches(sorted(reached)):
        rows += connection.execute(_OPENED, {"lots": batch}).all()
    names = party_names(connection, (row.author for row in rows))
    return tuple(
        RecallNotice(
            row.entry,
            row.author,
            names[row.author].name,
            row.event_time,
            row.level,
            row.reason,
            reached[row.lot],
            (row.entry,),
            names[row.author].name_en,
        )
        for row in rows
    )


def _affected(row: LotRow, depth: int, holder: PartyName | None) -> Affected:
    return Affected(row, depth, holder, _where(row), row.remaining, row.uom)


def _where(row: LotRow) -> str:
    words = {"shipped": "shipped", "sold": "sold", "consumed": "used", "destroyed": "gone"}
    return words.get(row.standing or row.status, "held")


def _containers(connection: Connection, lots: Iterable[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for batch in batches(sorted(set(lots))):
        found += [(row.code, row.parent) for row in connection.execute(_BOXED, {"lots": batch})]
    return found


_LOTS: BindParameter[Any] = bindparam("lots", expanding=True)
_OPENED = (
    select(recalls, recalls.c.index.label("entry"), recall_lots.c.lot)
    .join(recall_lots, recall_lots.c.index == recalls.c.index)
    .where(recall_lots.c.lot.in_(_LOTS), recall_lots.c.opened)
    .order_by(recalls.c.index)
)
_BOXED = (
    select(moves.c.code, moves.c.parent)
    .where(moves.c.code.in_(_LOTS), moves.c.parent.is_not(None))
    .distinct()
)
