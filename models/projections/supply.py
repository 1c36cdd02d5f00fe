"""Fold supply events into lots, lineage, custody and everything a lot went through.

Rule: the rows of a lot are a pure function of all moves of the lot and its containers, computed anew
whenever one of them changes. So it never matters in how many pieces, or how late, the events came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from ledger.events.governance import Ruling
from ledger.events.supply import SupplyEvent
from models import tables
from models.projections.book import Book, base
from models.projections.codes import gtin_or_none, kind_of, lot_number, product_of
from models.projections.entries import Entry
from models.projections.history import History, history
from models.projections.moves import Item, Move, Step, moves_of, step_of
from models.projections.sensing import readings
from models.projections.shelf import contents, load_moves, load_steps
from models.views import batches, insert_rows

Rows = list[dict[str, Any]]
_PER_LOT = (tables.lots, tables.passages, tables.edges, tables.custody, tables.findings)


def fold_supply(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the rows of these entries, then the lots they touch."""
    steps: list[Step] = []
    moves: list[Move] = []
    items: list[Item] = []
    sensed: Rows = []
    rulings: Rows = []
    for entry in entries:
        if isinstance(entry.event, SupplyEvent):
            steps.append(step_of(entry.event, entry.index, entry.record_time, entry.party))
            fresh, named = moves_of(entry.event, entry.index, entry.party)
            moves += fresh
            items += named
            sensed += [_row(reading) for reading in readings(entry.event, entry.index)]
        elif isinstance(entry.event, Ruling):
            rulings.append({"about": entry.event.about, "by": entry.index, "decision": entry.event.decision})
    insert_rows(
        connection, tables.steps, [_row(step) | {"certificates": list(step.certificates)} for step in steps]
    )
    insert_rows(connection, tables.moves, [_row(move) for move in moves])
    insert_rows(connection, tables.items, [_row(item) for item in items])
    insert_rows(connection, tables.sensors, sensed)
    insert_rows(connection, tables.voids, rulings)
    touched = {move.code for move in moves} | {move.parent for move in moves if move.parent is not None}
    touched |= _taken_back(connection, steps, rulings)
    refold(connection, touched | contents(connection, touched))


def refold(connection: Connection, codes: Iterable[str]) -> None:
    """Compute the rows of these lots anew."""
    for batch in batches(sorted(codes), 2000):
        found, _ = load_moves(connection, batch)
        book = Book(*load_steps(connection, {move.index for move in found}, found))
        folded = [history(book, code) for code in batch]
        for table in _PER_LOT:
            for part in batches(batch):
                connection.execute(table.delete().where(table.c.lot.in_(part)))
        insert_rows(connection, tables.lots, [_lot_row(lot, book) for lot in folded if book.moves(lot.code)])
        insert_rows(connection, tables.passages, [row for lot in folded for row in _passage_rows(lot)])
        insert_rows(connection, tables.edges, [row for lot in folded for row in _edge_rows(lot)])
        insert_rows(connection, tables.custody, [row for lot in folded for row in _custody_rows(lot)])
        insert_rows(connection, tables.findings, [row for lot in folded for row in _finding_rows(lot)])


def _taken_back(connection: Connection, steps: Iterable[Step], rulings: Rows) -> set[str]:
    """Return the lots of entries that a declaration or a ruling of this piece takes back."""
    indexes = {row["about"] for row in rulings}
    named = sorted({step.event_id for step in steps if step.in_error and step.event_id is not None})
    for batch in batches(named):
        indexes |= set(
            connection.scalars(select(tables.steps.c.index).where(tables.steps.c.event_id.in_(batch)))
        )
    codes: set[str] = set()
    for part in batches(sorted(indexes)):
        for row in connection.execute(
            select(tables.moves.c.code, tables.moves.c.parent).where(tables.moves.c.index.in_(part))
        ):
            codes |= {code for code in row if code is not None}
    return codes


def _lot_row(lot: History, book: Book) -> dict[str, Any]:
    unit = _unit_of(lot)
    steps = [book.steps[move.index] for move in book.moves(lot.code)]
    newest = max(steps, key=lambda step: step.order)
    return {
        "lot": lot.code,
        "kind": lot.kind,
        "gtin": gtin_or_none(lot.code),
        "lot_number": lot_number(lot.code),
        "search": f"{lot_number(lot.code) or ''} {lot.code}".lower(),
        "quantity": _in_unit(lot.made, unit),
        "remaining": _in_unit(lot.remaining, unit),
        "uom": unit,
        "holder": lot.holder,
        "place": lot.place,
        "status": lot.status,
        "registered_index": None if lot.registered is None else lot.registered.index,
        "registered_time": None if lot.registered is None else lot.registered.event_time,
        "origin_party": None if lot.registered is None else lot.registered.actor,
        "origin_place": None if lot.registered is None else lot.registered.place,
        "seller": lot.seller,
        "product": product_of(lot.code),
        "expires_day": None if lot.registered is None else lot.registered.expires_day,
        "last_index": max(step.index for step in steps),
        "last_time": newest.event_time,
        "events": len(lot.passages),
    }


def _passage_rows(lot: History) -> Rows:
    return [
        {
            "lot": lot.code,
            "index": passage.step.index,
            "role": passage.role,
            "quantity": passage.quantity,
            "uom": passage.uom,
            "via": passage.via,
            "party": passage.step.actor,
        }
        for passage in lot.passages
    ]


def _edge_rows(lot: History) -> Rows:
    followed = kind_of(lot.code) != "class"
    return [
        {
            "lot": lot.code,
            "side": "in" if passage.role == "used" else "out",
            "node": passage.node,
            "index": passage.step.index,
            "kind": passage.kind or "transform",
            "quantity": passage.quantity,
            "uom": passage.uom,
            "via": passage.via,
            "followed": followed,
        }
        for passage in lot.passages
        if passage.role in ("used", "made") and passage.node is not None
    ]


def _custody_rows(lot: History) -> Rows:
    unit = _unit_of(lot)
    return [
        {
            "lot": lot.code,
            "part": part,
            "party": span.party,
            "place": span.place,
            "since": span.since,
            "until": span.until,
            "received_index": span.received,
            "shipped_index": span.shipped,
            "released_index": span.released,
            "quantity": span.amount,
            "uom": lot.unit,
            "left": None if span.until is not None else _in_unit(lot.held.get(span.party), unit),
            "signed_both": span.signed_both,
        }
        for part, span in enumerate(lot.spans)
    ]


def _finding_rows(lot: History) -> Rows:
    return [
        {
            "lot": lot.code,
            "part": part,
            "code": found.code,
            "severity": found.severity,
            "params": dict(found.params),
            "entries": list(found.entries),
        }
        for part, found in enumerate(lot.findings)
    ]


def _unit_of(lot: History) -> str | None:
    """Return the unit its maker wrote, which amounts of the lot are told in."""
    return next((p.uom for p in lot.passages if p.role == "made" and p.unit == lot.unit and p.uom), lot.unit)


def _in_unit(amount: Decimal | None, unit: str | None) -> Decimal | None:
    """Return an amount of base units in the unit its maker wrote."""
    factor, _ = base(Decimal(1), unit)
    return amount if amount is None or not factor else amount / factor


def _row(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
