"""How much carbon the way of a lot cost: legs x mass x factor, plus its packaging, as a range.

    leg = great-circle km x detour x tonnes x kg CO2e per tonne-km        (detour only on land)
    lot = its own legs + what its inputs brought with them, shared by mass + packaging

Rule: a leg between places nobody located is unknown and said so, never taken for nothing. Factors are dated
data with their source (`resources/factors/carbon.json`), UK values until a local table replaces them. Worked:
1,000 kg over 100 km by lorry: 100 x 1.26 x 1 x 0.10163 = 12.8 kg CO2e, between 9.05 and 17.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select

import resources
from models.projections.codes import thing_of
from models.provenance.distance import kilometres, point_of
from models.provenance.lineage import reach
from models.provenance.lots import LotRow, lots_named
from models.provenance.names import place_names
from models.provenance.shares import kilograms, shares
from models.tables import custody, passages, products, sensors, steps
from models.views import batches

Range = tuple[float, float, float]
NOTHING: Range = (0.0, 0.0, 0.0)
TABLE = "factors/carbon.json"


@dataclass(frozen=True, slots=True)
class Factors:
    """The table in force; ranges are (least, usual, most)."""

    freight: Mapping[str, Range]
    material: Mapping[str, Range]
    detour: Range
    detour_modes: frozenset[str]
    source: str
    detour_source: str
    region: str
    as_of: date


@dataclass(frozen=True, slots=True)
class CarbonLeg:
    """One handover of a lot: `km` is what was travelled; no range where a place or an amount is unknown."""

    lot: str
    entries: tuple[int, int]
    origin: str
    target: str
    mode: str
    mass_kg: float | None
    km: float | None
    kg_co2e: Range | None
    origin_en: str | None = None
    target_en: str | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the lot costs in all and for each kilogram, and what could not be counted.

    Args:
        share: how much of the legs' carbon (0 to 1) fell to this lot, by lot.
    """

    lot: str
    mass_kg: float | None
    total: Range
    per_kg: Range | None
    legs: tuple[CarbonLeg, ...]
    packaging: tuple[tuple[str, float, Range], ...]
    unknown_legs: int
    factors: Factors
    share: Mapping[str, float]


def factors(local: Mapping[str, Any] | None = None) -> Factors:
    """Return the shipped table, single rows replaced by those of a local one."""
    shipped: dict[str, Any] = resources.document(TABLE)
    mine = local or {}
    detour = {**shipped["detour"], **mine.get("detour", {})}
    source = shipped["source"] if not mine else f"{mine.get('source', 'local table')}; {shipped['source']}"
    return Factors(
        freight=_ranges({**shipped["freight"], **mine.get("freight", {})}),
        material=_ranges({**shipped["material"], **mine.get("material", {})}),
        detour=_range(detour),
        detour_modes=frozenset(detour["modes"]),
        source=source,
        detour_source=detour["source"],
        region=mine.get("region", shipped["region"]),
        as_of=date.fromisoformat(mine.get("as_of", shipped["as_of"])),
    )


def footprint(connection: Connection, code: str, table: Factors) -> Footprint | None:
    """Return the footprint of a lot and everything in it; `None` for a lot nobody knows."""
    lot = thing_of(code).code
    found = reach(connection, [lot], "back")
    rows = lots_named(connection, found.depth)
    if lot not in rows:
        return None
    legs = _legs(connection, rows, table)
    share = shares(lot, found.edges, rows)
    packed = _packaging(connection, rows[lot], table)
    total = NOTHING
    for leg in legs:
        if leg.kg_co2e is not None:
            total = _add(total, _times(leg.kg_co2e, share.get(leg.lot, 1.0)))
    for _, _, cost in packed:
        total = _add(total, cost)
    mass = kilograms(rows[lot].quantity, rows[lot].uom)
    return Footprint(
        lot=lot,
        mass_kg=mass,
        total=total,
        per_kg=_times(total, 1 / mass) if mass else None,
        legs=tuple(legs),
        packaging=packed,
        unknown_legs=sum(leg.kg_co2e is None for leg in legs),
        factors=table,
        share=share,
    )


def leg_cost(km: float, mass_kg: float, mode: str, table: Factors) -> Range:
    """Return what carrying a mass over a straight-line distance costs, in kg CO2e.

    >>> [round(cost, 2) for cost in leg_cost(100, 1000, "road", factors())]
    [9.05, 12.81, 17.54]
    """
    freight = table.freight[mode]
    detour = table.detour if mode in table.detour_modes else (1.0, 1.0, 1.0)
    least, usual, most = (km * way * mass_kg / 1000 * cost for way, cost in zip(detour, freight, strict=True))
    return least, usual, most


def _handovers(connection: Connection, lots: Iterable[str]) -> list[Row[*tuple[Any, ...]]]:
    """Return every handover of these lots: who sent it from where, who got it where."""
    sent, got = steps.alias(), steps.alias()
    query = (
        select(
            custody.c.lot,
            custody.c.quantity,
            custody.c.uom,
            custody.c.shipped_index,
            custody.c.received_index,
            sent.c.read_point.label("from_point"),
            sent.c.place.label("from_place"),
            sent.c.actor.label("sender"),
            got.c.place.label("to_place"),
            got.c.read_point.label("to_point"),
            got.c.actor.label("receiver"),
        )
        .join(sent, sent.c.index == custody.c.shipped_index)
        .join(got, got.c.index == custody.c.received_index)
        .order_by(got.c.event_time, custody.c.received_index)
    )
    found: list[Row[*tuple[Any, ...]]] = []
    for batch in batches(sorted(lots)):
        found += connection.execute(query.where(custody.c.lot.in_(batch))).all()
    return found


def _legs(connection: Connection, rows: Mapping[str, LotRow], table: Factors) -> list[CarbonLeg]:
    found = _handovers(connection, rows)
    names = place_names(
        connection,
        {each for row in found for each in (row.from_point, row.from_place, row.to_place, row.to_point)},
    )
    cold = _measured(connection, rows)
    legs = []
    for row in found:
        mode = "road-cold" if row.lot in cold else "road"
        here = point_of(names.get(row.from_point or "")) or point_of(names.get(row.from_place or ""))
        there = point_of(names.get(row.to_place or "")) or point_of(names.get(row.to_point or ""))
        mass = kilograms(row.quantity, row.uom) or kilograms(rows[row.lot].quantity, rows[row.lot].uom)
        km = None if here is None or there is None else kilometres(here, there)
        cost = None if km is None or mass is None else leg_cost(km, mass, mode, table)
        way = table.detour[1] if mode in table.detour_modes else 1.0
        legs.append(
            CarbonLeg(
                row.lot,
                (row.shipped_index, row.received_index),
                _called(names, row.from_point or row.from_place, row.sender),
                _called(names, row.to_place or row.to_point, row.receiver),
                mode,
                mass,
                None if km is None else km * way,
                cost,
                _called_in_english(names, row.from_point or row.from_place),
                _called_in_english(names, row.to_place or row.to_point),
            )
        )
    return legs


def _called(names: Mapping[str, Any], place: str | None, party: str) -> str:
    return names[place].name if place is not None and place in names else party


def _called_in_english(names: Mapping[str, Any], place: str | None) -> str | None:
    return names[place].name_en if place is not None and place in names else None


def _measured(connection: Connection, rows: Mapping[str, LotRow]) -> set[str]:
    """Return the lots that travelled with a thermometer: those went in a refrigerated lorry."""
    found: set[str] = set()
    for batch in batches(sorted(rows)):
        query = (
            select(passages.c.lot)
            .join(sensors, sensors.c.index == passages.c.index)
            .where(passages.c.lot.in_(batch), sensors.c.kind == "Temperature")
        )
        found |= set(connection.scalars(query.distinct()))
    return found


def _packaging(connection: Connection, row: LotRow, table: Factors) -> tuple[tuple[str, float, Range], ...]:
    """Return (material, kg, cost); master data give `packaging`: kg of each material per kg of product."""
    mass = kilograms(row.quantity, row.uom)
    query = select(products.c.attributes).where(products.c.gtin == row.gtin)
    attributes = connection.execute(query).scalars().first() if row.gtin else None
    listed = (attributes or {}).get("packaging")
    if not mass or not isinstance(listed, dict):
        return ()
    found = []
    for material, per_kg in sorted(listed.items()):
        try:
            kg = float(Decimal(str(per_kg))) * mass
        except ArithmeticError:
            continue  # what its maker wrote is no number: nothing is known of this material
        if material in table.material and kg > 0:
            found.append((material, kg, _times(table.material[material], kg)))
    return tuple(found)


def _ranges(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Range]:
    return {name: _range(row) for name, row in rows.items()}


def _range(row: Mapping[str, Any]) -> Range:
    usual = row["usual"]
    return float(row.get("least", usual)), float(usual), float(row.get("most", usual))


def _add(first: Range, second: Range) -> Range:
    return first[0] + second[0], first[1] + second[1], first[2] + second[2]


def _times(cost: Range, factor: float) -> Range:
    return cost[0] * factor, cost[1] * factor, cost[2] * factor
