"""What forms offer to choose from: the products and places that somebody described, and what is on its way.

Rule: nothing here is required to exist before goods may be recorded; it only saves typing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from models.provenance.lots import LotRow, lots_named
from models.tables import lots, passages, places, products, steps


@dataclass(frozen=True, slots=True)
class Product:
    """A described product; `gtin` has 14 digits, or is None where the product has none."""

    id: str
    gtin: str | None
    name: str
    name_en: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A described place and the party it belongs to, where that was said."""

    id: str
    name: str
    party: str | None
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """Goods that somebody shipped to a party that has not said yet that it received them."""

    lot: LotRow
    sender: str
    quantity: Decimal | None
    uom: str | None
    shipped: datetime
    index: int


def all_products(connection: Connection) -> tuple[Product, ...]:
    """Return the described products, by name."""
    rows = connection.execute(select(products).where(products.c.name.is_not(None)).order_by(products.c.name))
    return tuple(Product(row.product, row.gtin, row.name, row.name_en, row.category) for row in rows)


def places_of(connection: Connection, party: str | None = None) -> tuple[Place, ...]:
    """Return the described places, by name; with `party`, that party's."""
    query = select(places.c.place, places.c.name, places.c.party, places.c.name_en).where(
        places.c.name.is_not(None)
    )
    if party is not None:
        query = query.where(places.c.party == party)
    return tuple(Place(*row) for row in connection.execute(query.order_by(places.c.name)))


def arriving(connection: Connection, party: str) -> tuple[Arriving, ...]:
    """Return what was shipped to a party and not received yet, oldest first."""
    query = (
        select(
            passages.c.lot,
            passages.c.quantity,
            passages.c.uom,
            steps.c.index.label("entry"),
            steps.c.biz_step,
            steps.c.source,
            steps.c.actor,
            steps.c.event_time,
        )
        .join(steps, steps.c.index == passages.c.index)
        .join(lots, lots.c.lot == passages.c.lot)
        .where(steps.c.destination == party, steps.c.biz_step.in_(("shipping", "receiving")))
        .where(lots.c.kind == "lot")
        .order_by(steps.c.event_time, steps.c.index)
    )
    waiting: dict[str, tuple[str, Decimal | None, str | None, datetime, int]] = {}
    for row in connection.execute(query):
        if row.biz_step == "receiving":
            waiting.pop(row.lot, None)
        else:
            waiting[row.lot] = (row.source or row.actor, row.quantity, row.uom, row.event_time, row.entry)
    known = lots_named(connection, waiting)
    return tuple(Arriving(known[lot], *facts) for lot, facts in waiting.items() if lot in known)
