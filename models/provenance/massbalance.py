"""More cannot come out than went in, nor more from a plot than the plot yields, unless something grew.

    ratio = sum of outputs / sum of inputs, in the same base unit; a finding when ratio > bound of the step

Rule: bounds are data with a source and a date (`resources/factors/yields.json`), per step and product; where
an amount or a unit is unknown nothing is said. Worked number: 9,000 kg of paddy from 6 mu is 1,500 kg per mu,
1.25 times the bound of 1,200.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Connection, select

import resources
from models.finding import Finding, finding
from models.projections.book import base
from models.provenance.lineage import Edge
from models.provenance.lots import LotRow
from models.provenance.names import place_names
from models.tables import lots as table
from models.tables import products, steps

SEASON = timedelta(days=330)
_KILOGRAM = "KGM"


@dataclass(frozen=True, slots=True)
class Plot:
    """What one mu (1/15 hectare) of a crop usually gives in a year, and at most."""

    usual: Decimal
    most: Decimal
    source: str


def step_bound(biz_step: str | None, category: str | None) -> Decimal:
    """Return the largest plausible output per unit of input.

    >>> step_bound("urn:gdst:bizStep:farmHarvest", "seafood"), step_bound("commissioning", "rice")
    (Decimal('1000'), Decimal('1.02'))
    """
    step = (biz_step or "").rpartition(":")[2]
    for rule in _document()["steps"]:
        if rule["biz_step"] in ("*", step) and rule["category"] in ("*", category):
            return Decimal(rule["most"])
    return Decimal("Infinity")


def plot_of(category: str | None) -> Plot | None:
    """Return what a plot of this crop gives, or `None` where nobody has said."""
    for rule in _document()["plots"]:
        if rule["category"] == category:
            return Plot(Decimal(rule["usual_kg_per_mu"]), Decimal(rule["most_kg_per_mu"]), rule["source"])
    return None


def balance_findings(
    edges: Iterable[Edge], step_of: Mapping[int, str | None], categories: Mapping[str, str | None]
) -> tuple[Finding, ...]:
    """Return the transformations out of which more came than its step allows.

    Args:
        step_of: the business step of each entry.
        categories: the product category of each lot.
    """
    nodes: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        nodes[edge.node].append(edge)
    found = (_balance(listed, step_of, categories) for _, listed in sorted(nodes.items()))
    return tuple(each for each in found if each is not None)


def plot_findings(
    connection: Connection,
    place: str | None,
    category: str | None,
    extra_kg: Decimal,
    entry: int,
    at: datetime,
) -> tuple[Finding, ...]:
    """Return whether a plot would have given more in a year than its crop yields.

    Args:
        extra_kg: what is about to be registered from it, in kilograms.
        entry: the entry that registers it (the next index, when it is not yet recorded).
    """
    plot, area = plot_of(category), None if place is None else place_names(connection, [place])[place].area_mu
    if plot is None or not area or place is None:
        return ()
    grown = select(table.c.quantity, table.c.uom, table.c.registered_index)
    made = grown.join(steps, steps.c.index == table.c.registered_index).where(
        steps.c.type == "ObjectEvent",  # what a mill makes on the spot did not grow there
        table.c.origin_place == place,
        table.c.registered_time > at - SEASON,
        table.c.registered_time <= at,
        table.c.registered_index != entry,
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
    grown = [row for row in rows if row.registered_index is not None and plot_of(row.category) is not None]
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
    listed: list[Edge], step_of: Mapping[int, str | None], categories: Mapping[str, str | None]
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
    bound = max(step_bound(step, categories.get(edge.lot)) for edge in made)
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


def _round(number: Decimal, places: int = 0) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places))


@lru_cache(maxsize=1)
def _document() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = resources.document("factors/yields.json")
    return found
