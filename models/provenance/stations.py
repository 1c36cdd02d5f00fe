"""Stations in four levels (县镇村组): what came to each place, and to everything below it.

Rule: a station's figures are its own plus its children's; a loop in the master data is cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, select

from models.projections.book import base
from models.projections.moves import RECEIVES, SHIPS
from models.tables import lots, passages, places, steps

Amounts = dict[str, Decimal]
LEVELS = ("county", "town", "village", "group")


@dataclass(frozen=True, slots=True)
class Station:
    """One of the four levels of stations (县镇村组); `own` is its place's part, `all` with its children's."""

    place: str
    name: str
    level: str
    parent: str | None
    own: tuple[tuple[str, Decimal], ...]
    total: tuple[tuple[str, Decimal], ...]


def roll_up(
    own: Mapping[str, Mapping[str, Decimal]], parents: Mapping[str, str | None]
) -> dict[str, Amounts]:
    """Return each station's own amounts plus those of everything below it; a loop is cut.

    Args:
        parents: the station above each one, `None` at the top.
    """
    total: dict[str, Amounts] = {place: defaultdict(Decimal, own.get(place, {})) for place in parents}
    for place in parents:
        above, seen = parents.get(place), {place}
        while above is not None and above in total and above not in seen:
            seen.add(above)
            for unit, amount in own.get(place, {}).items():
                total[above][unit] += amount
            above = parents.get(above)
    return total


FLOWS = (
    select(
        passages.c.lot,
        passages.c.role,
        passages.c.quantity,
        passages.c.uom,
        steps.c.biz_step,
        steps.c.actor,
        steps.c.place,
        steps.c.source,
    )
    .join_from(passages, steps, steps.c.index == passages.c.index)
    .join(lots, lots.c.lot == passages.c.lot)
    .where(lots.c.kind != "container")
)
"""What every event did to every lot, and who did it where."""


def direction(role: str, biz_step: str | None) -> int:
    """Return 1 for what comes to the actor, -1 for what leaves it, 0 for what does neither."""
    if role == "made" or (role == "moved" and biz_step in RECEIVES):
        return 1
    if role in ("used", "sold", "gone") or (role == "moved" and biz_step in SHIPS):
        return -1
    return 0


def stations_of(connection: Connection) -> tuple[Station, ...]:
    """Return the places whose master data name their `level` (and the `parent` above), with roll-ups."""
    rows = {
        row.place: row
        for row in connection.execute(select(places))
        if str((row.attributes or {}).get("level", "")) in LEVELS
    }
    if not rows:
        return ()
    own: dict[str, Amounts] = defaultdict(lambda: defaultdict(Decimal))
    for row in connection.execute(FLOWS.where(steps.c.place.in_(sorted(rows)))).all():
        amount, unit = base(row.quantity, row.uom)
        if direction(row.role, row.biz_step) > 0 and amount is not None and unit is not None:
            own[row.place][unit] += amount
    parents = {place: (row.attributes or {}).get("parent") for place, row in rows.items()}
    total = roll_up(own, parents)
    listed = [
        Station(
            place,
            row.name or place,
            str(row.attributes["level"]),
            parents[place],
            tuple(sorted(own[place].items())),
            tuple(sorted(total[place].items())),
        )
        for place, row in rows.items()
    ]
    return tuple(sorted(listed, key=lambda station: (LEVELS.index(station.level), station.place)))
