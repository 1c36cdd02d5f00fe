"""What does not fit: in custody and order, between amounts, places and days, and with certificates.

Rule: a finding cites the entries that show it, and is silent where something is merely unknown. What the
projector found in each lot's custody is read; the rest is computed here from indexed rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.finding import Finding, finding
from models.projections.book import base
from models.projections.codes import name_of
from models.provenance.coldchain import limits_for
from models.provenance.distance import kilometres, point_of
from models.provenance.gates import bypassed
from models.provenance.lineage import Edge
from models.provenance.lots import LotRow
from models.provenance.massbalance import balance_findings, overgrown
from models.provenance.names import PlaceName, place_names, with_names
from models.provenance.passing import AT_ONCE, Passed
from models.provenance.sensing import sensed
from models.tables import custody, findings, passages, products
from models.views import batches

FASTEST_KMH = 900.0
"""An aeroplane. Slower limits need to know the vehicle, and would accuse honest people."""
NEAR_KM = 50.0
"""Coordinates of a county town stand for the whole county; below this nobody can be shown to be wrong."""
HARVEST_SLACK = timedelta(days=1)
_NEARLY_ALL = Decimal("0.98")
AnyRow = Row[*tuple[Any, ...]]


def findings_of(
    connection: Connection,
    rows: Mapping[str, LotRow],
    edges: Sequence[Edge],
    passages_of: Mapping[str, Sequence[Passed]],
) -> tuple[Finding, ...]:
    """Return what does not fit about the lots of `passages_of`, and the transformations between them.

    Args:
        rows: the lots' rows, and those of the other lots in `edges` as far as known.
        passages_of: what each lot went through.
    """
    lots = sorted(passages_of)
    everything = (each for lot in lots for each in passages_of[lot])
    passed = sorted(everything, key=attrgetter("event_time", "entry"))
    steps_of = {each.entry: each.biz_step for each in passed}
    categories = {lot: row.category for lot, row in rows.items()}
    found = [
        *_kept(connection, lots),
        *balance_findings(edges, steps_of, categories, connection),
        *_expired(passed, rows),
        *_before_harvest(passed),
        *_travel(connection, passed, rows),
        *excursions(connection, [(each.lot, each.entry) for each in passed], rows),
        *overgrown(connection, [rows[lot] for lot in lots if lot in rows]),
        *bypassed(
            connection,
            rows,
            ((one.lot, one.entry, one.biz_step, one.event_time) for one in passed if one.role != "noted"),
        ),
    ]
    return with_names(connection, found)


def findings_about(connection: Connection, party: str, most: int = 200) -> tuple[Finding, ...]:
    """Return what does not fit in goods a party handled and names that party, newest first.

    Read from what the projector kept; findings about amounts of a step, certificates and temperatures are in
    the story of each lot.
    """
    who = name_of(party)
    handled = select(passages.c.lot).where(passages.c.party == who).distinct()
    query = select(findings).where(findings.c.lot.in_(handled))
    named = [
        Finding(row.code, row.severity, row.lot, tuple(sorted(row.params.items())), tuple(row.entries))
        for row in connection.execute(query)
        if any(who in value.split(" · ") for value in row.params.values())
    ]
    named.sort(key=lambda found: (found.entries[-1:], found.code, found.subject), reverse=True)
    return with_names(connection, named[:most])


_FOUND = (
    select(findings)
    .where(findings.c.lot.in_(bindparam("lots", expanding=True)))
    .order_by(findings.c.lot, findings.c.part)
)
_HANDOVERS = select(custody.c.lot, custody.c.shipped_index, custody.c.received_index).where(
    custody.c.lot.in_(bindparam("lots", expanding=True)), custody.c.shipped_index.is_not(None)
)
_ATTRIBUTES = select(products.c.gtin, products.c.attributes).where(
    products.c.gtin.in_(bindparam("gtins", expanding=True))
)


def _kept(connection: Connection, lots: Sequence[str]) -> Iterator[Finding]:
    for batch in batches(lots, AT_ONCE):
        for row in connection.execute(_FOUND, {"lots": batch}).all():
            yield Finding(
                row.code, row.severity, row.lot, tuple(sorted(row.params.items())), tuple(row.entries)
            )


def _expired(passed: Iterable[Passed], rows: Mapping[str, LotRow]) -> Iterator[Finding]:
    """Used, shipped or sold after the day its maker gave."""
    for each in passed:
        row = rows.get(each.lot)
        last = None if row is None else row.expires_day
        if last is None or each.role not in ("used", "sold") or each.event_time.date() <= last:
            continue
        code = "sold-after-expiry" if each.role == "sold" else "used-after-expiry"
        entries = (
            (each.entry,)
            if row is None or row.registered_index is None
            else (row.registered_index, each.entry)
        )
        yield finding(code, "attention", each.lot, entries, expires=last, day=each.event_time.date())


def _before_harvest(passed: Iterable[Passed]) -> Iterator[Finding]:
    """Used, moved or sold before the harvest or production day written on the lot itself."""
    made = {each.lot: each for each in passed if each.role == "made" and each.made_day is not None}
    told: set[str] = set()
    for each in passed:
        origin = made.get(each.lot)
        if origin is None or origin.made_day is None or each.lot in told or each.role in ("made", "noted"):
            continue
        if (each.event_time + HARVEST_SLACK).date() < origin.made_day:
            told.add(each.lot)
            yield finding(
                "moved-before-harvest",
                "bad" if each.role == "sold" else "attention",
                each.lot,
                (origin.entry, each.entry),
                made=origin.made_day,
                day=each.event_time.date(),
                step=each.biz_step or each.role,
            )


def _travel(
    connection: Connection, passed: Sequence[Passed], rows: Mapping[str, LotRow]
) -> Iterator[Finding]:
    """In two places too far apart for the time between; only where both coordinates are known.

    Parts of a lot may be in many places at once: only events of the whole lot follow each other, and a
    receipt the shipment it answers.
    """
    named = place_names(connection, {place for each in passed for place in (each.place, each.read_point)})
    points = {place: point_of(name) for place, name in named.items()}
    visits: dict[str, list[Passed]] = {}
    for each in passed:
        if each.role != "noted" and (points.get(each.read_point or "") or points.get(each.place or "")):
            visits.setdefault(each.lot, []).append(each)
    shipments = _shipments(connection, visits)
    for lot, listed in visits.items():
        whole = [each for each in listed if _whole(each, rows.get(lot))]
        at_entry = {each.entry: each for each in listed}
        answered = [
            (at_entry[sent], at_entry[got])
            for sent, got in shipments.get(lot, ())
            if sent in at_entry and got in at_entry
        ]
        for first, second in dict.fromkeys([*pairwise(whole), *answered]):
            here = points.get(first.read_point or "") or points[first.place or ""]
            there = points.get(second.read_point or "") or points[second.place or ""]
            if here is not None and there is not None:
                yield from _too_far(first, second, kilometres(here, there), named)


def _too_far(
    first: Passed, second: Passed, distance: float, named: Mapping[str, PlaceName]
) -> Iterator[Finding]:
    hours = abs(second.event_time - first.event_time) / timedelta(hours=1)
    if distance > NEAR_KM and distance > FASTEST_KMH * hours:
        origin, target = (named.get(each.place or each.read_point or "") for each in (first, second))
        yield finding(
            "impossible-travel",
            "bad",
            first.lot,
            (first.entry, second.entry),
            km=round(distance),
            minutes=round(hours * 60),
            origin="" if origin is None else origin.name,
            target="" if target is None else target.name,
        )


def _whole(each: Passed, row: LotRow | None) -> bool:
    """Say whether an event was about the whole lot; an amount nobody stated may be a part."""
    if each.role == "made" or each.quantity is None or row is None:
        return each.role == "made"
    amount, unit = base(each.quantity, each.uom)
    total, whole = base(row.quantity, row.uom)
    return amount is not None and total is not None and unit == whole and amount >= total * _NEARLY_ALL


def _shipments(connection: Connection, lots: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for batch in batches(sorted(lots), AT_ONCE):
        for lot, sent, got in connection.execute(_HANDOVERS, {"lots": batch}):
            found.setdefault(lot, []).append((sent, got))
    return found


def excursions(
    connection: Connection, measured: Iterable[tuple[str, int]], rows: Mapping[str, LotRow]
) -> Iterator[Finding]:
    """Yield each sensor summary outside its product's limits; how long that lasted only the series can say.

    Args:
        measured: (lot, entry) pairs; those without a temperature are passed over.
        rows: the lots' rows.
    """
    attributes = product_attributes(connection, rows)
    by_entry: dict[int, list[str]] = {}
    for lot, entry in measured:
        by_entry.setdefault(entry, []).append(lot)
    for entry, readings in sensed(connection, by_entry).items():
        for value, least, most in readings:
            for lot in by_entry[entry]:
                row = rows.get(lot)
                limits = None if row is None else limits_for(row.category, attributes.get(lot))
                highest, lowest = most if most is not None else value, least if least is not None else value
                if limits is None or highest is None:
                    continue
                cold = limits.least is not None and lowest is not None and lowest < limits.least
                if highest > limits.most or cold:
                    yield finding(
                        "temperature-excursion",
                        "bad",
                        lot,
                        (entry,),
                        worst=highest if highest > limits.most else lowest,
                        limit=limits.most if highest > limits.most else limits.least,
                        source=limits.source,
                    )


def product_attributes(connection: Connection, rows: Mapping[str, LotRow]) -> dict[str, dict[str, Any]]:
    """Return what their makers said about the products of these lots, by lot."""
    gtins = {row.gtin for row in rows.values() if row.gtin}
    found: dict[str, dict[str, Any]] = {}
    for batch in batches(sorted(gtins)):
        found.update({row.gtin: row.attributes for row in connection.execute(_ATTRIBUTES, {"gtins": batch})})
    return {lot: found[row.gtin] for lot, row in rows.items() if row.gtin in found}
