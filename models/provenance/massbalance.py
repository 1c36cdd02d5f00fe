"""More cannot come out than went in, nor more from a plot than the plot yields, unless something grew.

    ratio = sum of outputs / sum of inputs, in the same base unit; a finding when ratio > bound of the step

Rule: bounds are data with a source and a date (`resources/factors/yields.json`, rows of one's own first), per
step, product and region; where an amount or a unit is unknown nothing is said. Worked number: 9,000 kg of
paddy from 6 mu is 1,500 kg per mu, 1.25 times the bound of 1,200.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, select

from models.finding import Finding, finding
from models.projections.book import base
from models.provenance.lineage import Edge
from models.provenance.localtables import YIELDS, LocalTables, regional, tables_of
from models.provenance.lots import LotRow
from models.provenance.names import PlaceName, place_names
from models.tables import lots as table
from models.tables import products, steps
from models.views import batches

SEASON = timedelta(days=330)
_KILOGRAM = "KGM"


@dataclass(frozen=True, slots=True)
class Plot:
    """What one mu (1/15 hectare) of a crop usually gives in a year, and at most."""

    usual: Decimal
    most: Decimal
    source: str


def step_bound(
    biz_step: str | None,
    category: str | None,
    regions: tuple[str, ...] = (),
    rules: Sequence[Mapping[str, str]] | None = None,
) -> Decimal:
    """Return the largest plausible output per unit of input; of the rows that fit, the most specific holds.

    That is: the longest region, then a step by name, then a category by name, then the first row.

    Args:
        regions: the id and names of the place where it is done.
        rules: the rows in force; the shipped ones by default.

    >>> step_bound("urn:gdst:bizStep:farmHarvest", "seafood"), step_bound("commissioning", "rice")
    (Decimal('1000'), Decimal('1.02'))
    """
    step = (biz_step or "").rpartition(":")[2]
    best, bound = (-1, False, False), Decimal("Infinity")
    for rule in LocalTables(None).rows(YIELDS, "steps") if rules is None else rules:
        near = regional(rule, regions)
        if near is None or rule["biz_step"] not in ("*", step) or rule["category"] not in ("*", category):
            continue
        fits = (near, rule["biz_step"] != "*", rule["category"] != "*")
        if fits > best:
            best, bound = fits, Decimal(rule["most"])
    return bound


def plot_of(
    category: str | None,
    regions: tuple[str, ...] = (),
    rules: Sequence[Mapping[str, str]] | None = None,
) -> Plot | None:
    """Return what a plot of this crop gives there, or `None` where nobody has said."""
    best, found = -1, None
    for rule in LocalTables(None).rows(YIELDS, "plots") if rules is None else rules:
        near = regional(rule, regions)
        if rule["category"] == category and near is not None and near > best:
            usual, most = Decimal(rule["usual_kg_per_mu"]), Decimal(rule["most_kg_per_mu"])
            best, found = near, Plot(usual, most, rule["source"])
    return found


def balance_findings(
    edges: Iterable[Edge],
    step_of: Mapping[int, str | None],
    categories: Mapping[str, str | None],
    connection: Connection | None = None,
    place_of: Mapping[int, str | None] | None = None,
) -> tuple[Finding, ...]:
    """Return the transformations out of which more came than its step allows.

    Args:
        step_of: the business step of each entry.
        categories: the product category of each lot.
        connection: brings this installation's own rows; without it the shipped ones hold.
        place_of: where entries happened that are not in the views yet.
    """
    nodes: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        nodes[edge.node].append(edge)
    bounds = _Bounds.of(connection, step_of, place_of or {})
    found = (_balance(listed, step_of, categories, bounds) for _, listed in sorted(nodes.items()))
    return tuple(each for each in found if each is not None)


def plot_findings(
    connection: Connection,
    place: str | None,
    category: str | None,
    extra_kg: Decimal,
    entry: int,
    at: datetime,
    without: Collection[int] = (),
) -> tuple[Finding, ...]:
    """Return whether a plot would have given more in a year than its crop yields.

    Args:
        extra_kg: what is about to be registered from it, in kilograms.
        entry: the entry that registers it (the next index, when it is not yet recorded).
        without: entries that are about to be declared wrong.
    """
    known = None if place is None else place_names(connection, [place])[place]
    rules = tables_of(connection).rows(YIELDS, "plots")
    plot, area = plot_of(category, _regions(known), rules), None if known is None else known.area_mu
    if plot is None or not area or place is None:
        return ()
    grown = select(table.c.quantity, table.c.uom, table.c.registered_index)
    made = grown.join(steps, steps.c.index == table.c.registered_index).where(
        steps.c.type == "ObjectEvent",  # what a mill makes on the spot did not grow there
        table.c.origin_place == place,
        table.c.registered_time > at - SEASON,
        table.c.registered_time <= at,
        table.c.registered_index.not_in((entry, *without)),
        table.c.product.in_(select(products.c.product).where(products.c.category == category)),
    )
    rows = [(base(row.quantity, row.uom), row.registered_index) for row in connection.execute(made)]
    earlier = sum((amount for (amount, unit), _ in rows if unit == _KILOGRAM and amount), Decimal(0))
    bound, total = plot.most * area, earlier + extra_kg
    if total <= bound:
        return ()
    return (
        finding(
            "plot-above-yield",
            "attention",
            place,
            (*(index for _, index in rows), entry),
            made=_round(total),
            bound=_round(bound),
            usual=_round(plot.usual * area),
            times=_round(total / bound, 2),
            area=area,
            uom=_KILOGRAM,
        ),
    )


def overgrown(connection: Connection, rows: Iterable[LotRow]) -> list[Finding]:
    """Return which of these lots, as recorded, are more than the plots they grew on give in a year."""
    crops = {rule["category"] for rule in tables_of(connection).rows(YIELDS, "plots")}
    grown = [row for row in rows if row.registered_index is not None and row.category in crops]
    areas = place_names(connection, {row.origin_place for row in grown})
    found: dict[Finding, None] = {}
    for row in grown:
        place = None if row.origin_place is None else areas.get(row.origin_place)
        amount, unit = base(row.quantity, row.uom)
        if place is None or not place.area_mu or unit != _KILOGRAM or amount is None:
            continue
        kind = select(steps.c.type, steps.c.event_time).where(steps.c.index == row.registered_index)
        step = connection.execute(kind).first()
        if step is not None and row.registered_index is not None and step.type == "ObjectEvent":
            entry, at = row.registered_index, step.event_time
            found |= dict.fromkeys(
                plot_findings(connection, row.origin_place, row.category, amount, entry, at)
            )
    return list(found)


def _balance(
    listed: list[Edge],
    step_of: Mapping[int, str | None],
    categories: Mapping[str, str | None],
    bounds: _Bounds,
) -> Finding | None:
    inputs, outputs, units = Decimal(0), Decimal(0), set()
    made: list[Edge] = []
    known = False
    for edge in listed:
        if edge.quantity is None and edge.via is not None:
            continue  # a container that went in stands for the lots in it, which are listed too
        amount, unit = base(edge.quantity, edge.uom)
        units.add(unit)
        if edge.side == "out":
            made.append(edge)
            outputs += amount or 0
        elif amount is None:
            return None
        else:
            known = True
            inputs += amount
    if not known or not made or None in units or len(units) != 1 or not inputs:
        return None
    entries = tuple({edge.index for edge in listed})
    step = next((step_of[index] for index in sorted(entries) if step_of.get(index)), None)
    regions = next((bounds.regions[index] for index in sorted(entries) if index in bounds.regions), ())
    bound = max(step_bound(step, categories.get(edge.lot), regions, bounds.rules) for edge in made)
    if outputs <= inputs * bound:
        return None
    subject = min(edge.lot for edge in made)
    return finding(
        "yield-above-bound",
        "attention",
        subject,
        entries,
        used=inputs,
        made=outputs,
        times=_round(outputs / inputs, 2),
        bound=bound,
        uom=next(iter(units)),
        step=step or "transformation",
    )


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The rows of steps in force, and the names of the places where the entries happened."""

    rules: Sequence[Mapping[str, str]]
    regions: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(
        cls, connection: Connection | None, entries: Iterable[int], place_of: Mapping[int, str | None]
    ) -> _Bounds:
        if connection is None:
            return cls(LocalTables(None).rows(YIELDS, "steps"), {})
        rules = tables_of(connection).rows(YIELDS, "steps")
        # Looked up only where a row asks for it: the shipped table holds everywhere.
        if not any(rule.get("region") for rule in rules):
            return cls(rules, {})
        placed = dict(place_of)
        for batch in batches(sorted(set(entries) - set(placed))):
            query = select(steps.c.index, steps.c.place).where(steps.c.index.in_(batch))
            placed |= {row[0]: row[1] for row in connection.execute(query)}
        names = place_names(connection, placed.values())
        return cls(rules, {index: _regions(names[place]) for index, place in placed.items() if place})


def _regions(place: PlaceName | None) -> tuple[str, ...]:
    return () if place is None else (place.id, place.name, place.name_en or "")


def _round(number: Decimal, places: int = 0) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places))
