"""Lots as people list them: what it is, how much is left, where it stands and with whom.

Rule: SQL only filters and pages; what a lot *is* was folded by the projector. A lot downstream of an open
recall is recalled, whatever its own events say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, case, func, literal, or_, select

from models.projections.codes import product_of, thing_of
from models.provenance.lineage import open_recalls, recalled_lots
from models.tables import custody, moves, products
from models.tables import lots as table
from models.views import batches, once

STATUSES = ("active", "shipped", "sold", "consumed", "destroyed", "recalled", "void")


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot. `quantity` is what was made of it and `remaining` what is left, both in `uom`, if known.

    Args:
        standing: the status by the lot's own events, where `status` says recalled.
        kind: lot, container, item, or class (a code that names a product without a lot).
        registered_index: the entry that made the lot; `None` when no entry says where it came from.
    """

    lot: str
    product_name: str | None
    gtin: str | None
    lot_number: str | None
    quantity: Decimal | None
    uom: str | None
    holder: str | None
    place: str | None
    status: str
    registered_index: int | None
    registered_time: datetime | None
    origin_party: str | None
    remaining: Decimal | None = None
    origin_place: str | None = None
    seller: str | None = None
    product_name_en: str | None = None
    category: str | None = None
    expires_day: date | None = None
    last_time: datetime | None = None
    kind: str = "lot"
    standing: str | None = None


def lots(
    connection: Connection,
    text: str = "",
    holder: str | None = None,
    status: str | None = None,
    limit: int = 200,
    offset: int = 0,
    *,
    kind: str | None = "lot",
) -> tuple[LotRow, ...]:
    """Return lots, those that changed last first; `text` is looked for in product, lot number and code.

    Args:
        holder: who had most of it, or the last of it, or has some still.
    """
    query = _filtered(connection, select(table.c.lot), text, holder, status, kind)
    ordered = query.order_by(table.c.last_time.desc(), table.c.last_index.desc(), table.c.lot)
    # Only the codes are counted off: of a lot that is passed over, nothing else is read.
    codes = connection.scalars(ordered.limit(limit).offset(offset)).all()
    known = lots_named(connection, codes)
    return tuple(known[code] for code in codes)


def in_hand(
    connection: Connection, party: str, limit: int = 200, *, recalled: bool = False
) -> tuple[LotRow, ...]:
    """Return the lots a party has some of, newest first; `remaining` is what *it* has left of each.

    Most of a lot may be with somebody else by now, or on its way there: what stayed is still here.

    Args:
        recalled: those that an open recall reaches, instead of the others.
    """
    held = select(table.c.lot, custody.c.left).join(custody, custody.c.lot == table.c.lot)
    held = held.where(_has_some(party), table.c.kind == "lot", table.c.status != "void")
    if open_recalls(connection):
        held = held.where(_RECALLED if recalled else ~_RECALLED)
    elif recalled:
        return ()
    ordered = held.order_by(table.c.last_time.desc(), table.c.last_index.desc(), table.c.lot)
    left = {row.lot: row.left for row in connection.execute(ordered.limit(limit))}
    known = lots_named(connection, left)
    return tuple(replace(known[code], remaining=amount) for code, amount in left.items())


def lot_count(
    connection: Connection,
    text: str = "",
    holder: str | None = None,
    status: str | None = None,
    *,
    kind: str | None = "lot",
) -> int:
    """Return how many lots `lots` would return without a limit."""
    query = select(func.count()).select_from(table)
    return int(connection.execute(_filtered(connection, query, text, holder, status, kind)).scalar_one())


def lot(connection: Connection, code: str) -> LotRow | None:
    """Return the lot a code belongs to, however the code is written."""
    found = lots_named(connection, [thing_of(code).code])
    return next(iter(found.values()), None)


def lots_named(connection: Connection, codes: Iterable[str]) -> dict[str, LotRow]:
    """Return the rows of these lots (codes as the views keep them), by lot."""
    wanted, known = set(codes), once(connection, "lots")
    unknown = wanted - known.keys()
    query = _RECALLING_NAMED if unknown and open_recalls(connection) else _PLAIN_NAMED
    for batch in batches(sorted(unknown), 4000):
        known.update(dict.fromkeys(batch))
        for row in connection.execute(query, {"lots": batch}).all():
            known[row.lot] = _row(row)
    return {lot: known[lot] for lot in sorted(wanted) if known[lot] is not None}


def codes_like(connection: Connection, text: str, limit: int = 20) -> tuple[str, ...]:
    """Return lots and containers whose printed number or code is `text`: what a person types from a label."""
    words = text.strip()
    query = select(table.c.lot).where(or_(table.c.lot_number == words, table.c.lot == thing_of(words).code))
    return tuple(connection.scalars(query.order_by(table.c.lot).limit(limit)))


def inside(connection: Connection, container: str) -> tuple[str, ...]:
    """Return the lots that were ever in a container, also in containers inside it."""
    found: set[str] = set()
    wanted = {thing_of(container).code}
    while wanted:
        fresh: set[str] = set()
        for batch in batches(sorted(wanted)):
            fresh |= set(connection.scalars(_INSIDE, {"parents": batch}))
        wanted = fresh - found
        found |= fresh
    return tuple(sorted(found))


def category_of(connection: Connection, code: str) -> str | None:
    """Return the category of the product a code is of, also of a lot nobody has registered yet."""
    product = product_of(thing_of(code).code)
    found = select(products.c.category).where(products.c.product == product)
    return None if product is None else connection.execute(found).scalar_one_or_none()


def _query(status: ColumnElement[str]) -> Select[Any]:
    named = select(
        table.c.lot,
        products.c.name.label("product_name"),
        table.c.gtin,
        table.c.lot_number,
        table.c.quantity,
        table.c.uom,
        table.c.holder,
        table.c.place,
        status.label("status"),
        table.c.registered_index,
        table.c.registered_time,
        table.c.origin_party,
        table.c.remaining,
        table.c.origin_place,
        table.c.seller,
        products.c.name_en.label("product_name_en"),
        products.c.category,
        table.c.expires_day,
        table.c.last_time,
        table.c.kind,
        table.c.status.label("standing"),
    )
    return named.select_from(table.outerjoin(products, products.c.product == table.c.product))


_RECALLED = table.c.lot.in_(select(recalled_lots().c.lot))
_NAMED = table.c.lot.in_(bindparam("lots", expanding=True))
_PLAIN = _query(table.c.status)
_RECALLING = _query(case((_RECALLED, literal("recalled")), else_=table.c.status))
_INSIDE = select(moves.c.code).where(moves.c.parent.in_(bindparam("parents", expanding=True))).distinct()
_PLAIN_NAMED, _RECALLING_NAMED = _PLAIN.where(_NAMED), _RECALLING.where(_NAMED)


def _filtered(
    connection: Connection,
    query: Select[Any],
    text: str,
    holder: str | None,
    status: str | None,
    kind: str | None,
) -> Select[Any]:
    if kind is not None:
        query = query.where(table.c.kind == kind)
    if holder is not None:
        # Most of a lot, or the last of it, was with its holder; some of it may still be with another.
        some = select(custody.c.lot).where(_has_some(holder))
        query = query.where((table.c.holder == thing_of(holder).code) | table.c.lot.in_(some))
    if status == "recalled":
        query = query.where(_RECALLED)
    elif status is not None:
        query = query.where(table.c.status == status)
        if open_recalls(connection):
            query = query.where(~_RECALLED)
    for word in text.split():
        # Product names are few and lots are many: look for the products first.
        product = select(products.c.product).where(
            _contains(func.lower(products.c.name), word) | _contains(func.lower(products.c.name_en), word)
        )
        query = query.where(_contains(table.c.search, word) | table.c.product.in_(product))
    return query


def _has_some(party: str) -> ColumnElement[bool]:
    return (custody.c.party == thing_of(party).code) & custody.c.until.is_(None)


def _contains(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    escaped = word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(f"%{escaped}%", escape="\\")


def _row(row: Row[Any]) -> LotRow:
    return LotRow(*tuple(row))  # the columns of the query are the fields, in their order
