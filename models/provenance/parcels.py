"""Parcels: what one party sent to another, found in the views, and what is still on the road.

Rule: a parcel has arrived when somebody's receipt answered it; what nobody answered is on the road.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, select

from models.projections.book import base
from models.projections.moves import RECEIVES, SHIPS
from models.tables import custody, lots, passages, steps


@dataclass(frozen=True, slots=True)
class Parcel:
    """An amount of one lot from one party to another; `arrived` is open while it is on the road."""

    lot: str
    sender: str
    receiver: str | None
    left: datetime
    arrived: datetime | None
    amount: Decimal | None
    unit: str | None
    entries: tuple[int, ...]

    @property
    def hours(self) -> float | None:
        """Return how long it was on the road."""
        return None if self.arrived is None else (self.arrived - self.left) / timedelta(hours=1)


def parcels_of(connection: Connection) -> tuple[Parcel, ...]:
    """Return every parcel the ledger knows, the one that left first before the others."""
    sent, got = steps.alias(), steps.alias()
    arrived = (
        select(
            custody.c.lot,
            sent.c.actor,
            custody.c.party,
            sent.c.event_time.label("left"),
            got.c.event_time.label("there"),
            custody.c.quantity,
            custody.c.uom,
            custody.c.shipped_index,
            custody.c.received_index,
        )
        .join(sent, sent.c.index == custody.c.shipped_index)
        .join(got, got.c.index == custody.c.received_index)
        .join(lots, lots.c.lot == custody.c.lot)
        .where(lots.c.kind != "container")
    )
    found = []
    answered = set()
    for row in connection.execute(arrived).all():
        amount, unit = base(row.quantity, row.uom)
        entries = (row.shipped_index, row.received_index)
        answered.add((row.lot, row.shipped_index))
        found.append(Parcel(row.lot, row.actor, row.party, row.left, row.there, amount, unit, entries))
    found += _on_the_road(connection, answered)
    return tuple(sorted(found, key=lambda parcel: (parcel.left, parcel.lot, parcel.entries)))


def _on_the_road(connection: Connection, answered: set[tuple[str, int]]) -> list[Parcel]:
    """Return the shipments of lots that still count as shipped, which nobody has answered."""
    query = (
        select(
            passages.c.lot,
            passages.c.quantity,
            passages.c.uom,
            steps.c.index.label("entry"),
            steps.c.event_time,
            steps.c.actor,
            steps.c.destination,
        )
        .join_from(passages, steps, steps.c.index == passages.c.index)
        .join(lots, lots.c.lot == passages.c.lot)
        .where(lots.c.kind != "container", lots.c.status == "shipped")
        .where(passages.c.role == "moved", steps.c.biz_step.in_(sorted(SHIPS)))
    )
    received = select(passages.c.lot, steps.c.actor, steps.c.event_time).join_from(
        passages, steps, steps.c.index == passages.c.index
    )
    got: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for lot, party, time in connection.execute(received.where(steps.c.biz_step.in_(sorted(RECEIVES)))):
        got[lot].append((party, time))
    found = []
    for row in connection.execute(query).all():
        there = any(party == row.destination and time >= row.event_time for party, time in got[row.lot])
        if (row.lot, row.entry) not in answered and not there:
            amount, unit = base(row.quantity, row.uom)
            entries = (row.entry,)
            found.append(
                Parcel(row.lot, row.actor, row.destination, row.event_time, None, amount, unit, entries)
            )
    return found
