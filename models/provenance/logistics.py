"""Where goods flow, lie and wait: nodes and links, late and lost parcels, joint trips.

    stock at a node = what came in (made there or received) - what went out (sent, used, sold, destroyed)

Rule: amounts are sums of what was recorded, by unit; what nobody weighed is counted in events, never guessed.
A joint plan never needs more trips than going each by itself. Bounds are data
(`resources/factors/logistics.json`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from statistics import median

from sqlalchemy import Connection, select

import resources
from models.projections.book import base
from models.provenance.names import PartyName, party_names
from models.provenance.parcels import Parcel, parcels_of
from models.provenance.stations import FLOWS, Amounts, Station, direction, stations_of
from models.tables import custody


@dataclass(slots=True)
class Node:
    """A party's place in the flow: amounts by unit, and how long goods stay with it."""

    party: str
    came: Amounts = field(default_factory=lambda: defaultdict(Decimal))
    went: Amounts = field(default_factory=lambda: defaultdict(Decimal))
    events: int = 0
    unweighed: int = 0
    stays: list[float] = field(default_factory=list)

    @property
    def stock(self) -> Amounts:
        """Return what is there now."""
        units = {*self.came, *self.went}
        return {
            unit: self.came.get(unit, Decimal(0)) - self.went.get(unit, Decimal(0)) for unit in sorted(units)
        }

    @property
    def dwell_hours(self) -> float | None:
        """Return how long goods usually stay here."""
        return median(self.stays) if self.stays else None


@dataclass(frozen=True, slots=True)
class Link:
    """All parcels from one party to another."""

    sender: str
    receiver: str
    parcels: int
    amounts: tuple[tuple[str, Decimal], ...]
    usual_hours: float | None
    limit_hours: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """A parcel that took too long (`late`), is overdue on the road, or is perhaps `lost`."""

    kind: str
    parcel: Parcel
    hours: float
    limit_hours: float


@dataclass(frozen=True, slots=True)
class Trip:
    """Parcels of one link and day taken together: how many vehicles, and how many apart."""

    sender: str
    receiver: str
    day: date
    parcels: int
    mass_kg: Decimal
    vehicles: int
    apart: int


@dataclass(frozen=True, slots=True)
class Logistics:
    """The whole view."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    alarms: tuple[Alarm, ...]
    stations: tuple[Station, ...]
    trips: tuple[Trip, ...]
    names: Mapping[str, PartyName]


def logistics(connection: Connection, now: datetime) -> Logistics:
    """Return the flow of everything the ledger knows, as of `now`."""
    nodes = _nodes(connection)
    parcels = parcels_of(connection)
    links = links_of(parcels)
    return Logistics(
        nodes=tuple(nodes[party] for party in sorted(nodes)),
        links=links,
        alarms=alarms_of(parcels, links, now),
        stations=stations_of(connection),
        trips=plan(parcels),
        names=party_names(connection, {*nodes, *(p.receiver for p in parcels), *(p.sender for p in parcels)}),
    )


@lru_cache(maxsize=1)
def bounds() -> dict[str, float]:
    """Return the bounds in force."""
    document = resources.document("factors/logistics.json")
    return {
        name: float(document[name])
        for name in ("late_times", "late_hours", "enough_legs", "usual_hours", "lost_times", "vehicle_kg")
    }


def links_of(parcels: Iterable[Parcel]) -> tuple[Link, ...]:
    """Return every link with what went over it and how long a leg may take."""
    rule = bounds()
    grouped: dict[tuple[str, str], list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        if parcel.receiver is not None:
            grouped[(parcel.sender, parcel.receiver)].append(parcel)
    found = []
    for (sender, receiver), listed in sorted(grouped.items()):
        hours = [parcel.hours for parcel in listed if parcel.hours is not None and parcel.hours >= 0]
        usual = median(hours) if len(hours) >= rule["enough_legs"] else None
        limit = (
            rule["usual_hours"]
            if usual is None
            else max(usual * rule["late_times"], usual + rule["late_hours"])
        )
        sums: Amounts = defaultdict(Decimal)
        for parcel in listed:
            if parcel.amount is not None and parcel.unit is not None:
                sums[parcel.unit] += parcel.amount
        found.append(Link(sender, receiver, len(listed), tuple(sorted(sums.items())), usual, limit))
    return tuple(found)


def alarms_of(parcels: Iterable[Parcel], links: Sequence[Link], now: datetime) -> tuple[Alarm, ...]:
    """Return the parcels that took, or take, longer than their link allows; the longest first."""
    rule = bounds()
    limits = {(link.sender, link.receiver): link.limit_hours for link in links}
    found = []
    for parcel in parcels:
        limit = limits.get((parcel.sender, parcel.receiver or ""), rule["usual_hours"])
        hours = parcel.hours
        if hours is not None and hours > limit:
            found.append(Alarm("late", parcel, hours, limit))
        elif hours is None:
            waiting = (now - parcel.left) / timedelta(hours=1)
            if waiting > limit:
                kind = "lost" if waiting > limit * rule["lost_times"] else "overdue"
                found.append(Alarm(kind, parcel, waiting, limit))
    return tuple(sorted(found, key=lambda alarm: (-alarm.hours, alarm.parcel.lot, alarm.parcel.entries)))


def plan(parcels: Iterable[Parcel], vehicle_kg: float | None = None) -> tuple[Trip, ...]:
    """Return what goes together: parcels of one link on one day, in as few vehicles as their mass needs.

    ceil(sum of masses / vehicle) <= sum of ceil(mass / vehicle), so together is never worse than apart; a
    parcel nobody weighed keeps a vehicle of its own.
    """
    capacity = Decimal(str(vehicle_kg or bounds()["vehicle_kg"]))
    grouped: dict[tuple[str, str, date], list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        if parcel.receiver is not None:
            grouped[(parcel.sender, parcel.receiver, parcel.left.date())].append(parcel)
    trips = []
    for (sender, receiver, day), listed in sorted(grouped.items()):
        weighed = [each.amount for each in listed if each.unit == "KGM" and each.amount is not None]
        apart = sum(max(1, math.ceil(mass / capacity)) for mass in weighed)
        together = max(1, math.ceil(sum(weighed, Decimal(0)) / capacity)) if weighed else 0
        alone = len(listed) - len(weighed)
        mass = sum(weighed, Decimal(0))
        trips.append(Trip(sender, receiver, day, len(listed), mass, together + alone, apart + alone))
    return tuple(trips)


def _nodes(connection: Connection) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for row in connection.execute(FLOWS).all():
        way = direction(row.role, row.biz_step)
        if not way:
            continue
        node = nodes.setdefault(row.actor, Node(row.actor))
        node.events += 1
        amount, unit = base(row.quantity, row.uom)
        if amount is None or unit is None:
            node.unweighed += 1
        else:
            (node.came if way > 0 else node.went)[unit] += amount
    spans = select(custody.c.party, custody.c.since, custody.c.until).where(custody.c.until.is_not(None))
    for party, since, until in connection.execute(spans):
        if party in nodes and until >= since:
            nodes[party].stays.append((until - since) / timedelta(hours=1))
    return nodes
