"""Gather everything the ledger knows of one item: its own events, the scans of its code, its lot's serials.

Rule: what was taken back, by a declaration or a ruling, was never seen. One event imported twice is one
sighting. A lot whose serials nobody listed says nothing about a serial.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select

from models.finding import Finding
from models.projections.book import base
from models.projections.codes import Thing, serial_key
from models.projections.moves import REWORKS, SELLS, Step
from models.projections.shelf import load_steps
from models.provenance.distance import Point, blur_km, point_of
from models.provenance.names import PlaceName, party_names, place_names, with_names
from models.provenance.radar import Printed, Sighting, conflicts
from models.tables import items, moves, passages, scans, steps, voids

_BACK = frozenset({"accepting", "returning", *REWORKS})
_MOVES = frozenset({"moved", "packed", "unpacked", "used"})


@dataclass(frozen=True, slots=True)
class Scan:
    """A recorded scan of the item, for people to read."""

    index: int
    event_time: datetime
    author: str
    author_name: str
    place: str | None
    setting: str | None
    author_name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one item: its scans, how often it was seen at all, and why its code may be a copy."""

    scans: tuple[Scan, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    findings: tuple[Finding, ...] = ()


def seen(connection: Connection, thing: Thing) -> Seen:
    """Return what is known of the item; nothing for a code that names no single item."""
    if thing.item is None:
        return Seen()
    serial = serial_key(thing.item)
    told, scanned = _told(connection, serial), _scanned(connection, serial)
    places = place_names(
        connection,
        {
            *(place for _, step in told for place in (step.read_point, step.place)),
            *(r.place for r in scanned),
        },
    )
    sightings = [_of_step(role, step, places) for role, step in told]
    sightings += [_of_scan(row, places) for row in scanned]
    printed = _printed(connection, thing, told)
    found = conflicts(thing.item, sightings, printed, _travelled(connection, thing.code))
    names = party_names(connection, (row.author for row in scanned))
    listed = tuple(
        Scan(
            row.entry,
            row.event_time,
            row.author,
            names[row.author].name,
            None if row.place is None else places[row.place].name,
            row.setting,
            names[row.author].name_en,
        )
        for row in scanned
    )
    return Seen(listed, tuple(sightings), with_names(connection, found))


def lots_with_serial(connection: Connection, thing: Thing) -> tuple[str, ...]:
    """Return the lots in which this serial was recorded: a label may print the serial without its lot."""
    if thing.item is None:
        return ()
    query = select(items.c.code).where(items.c.serial == serial_key(thing.item)).distinct()
    return tuple(sorted(set(connection.scalars(query))))


def _told(connection: Connection, serial: str) -> list[tuple[str, Step]]:
    """Return the item's own events as (role, step), each event once, in order of claimed time."""
    rows = connection.execute(
        select(items.c.index.label("entry"), items.c.role).where(items.c.serial == serial).distinct()
    ).all()
    listed, _, void = load_steps(connection, {row.entry for row in rows}, [])
    by_index = {step.index: step for step in listed if step.index not in void}
    once: dict[tuple[Any, ...], tuple[str, Step]] = {}
    for row in sorted(rows, key=lambda row: row.entry):
        step = by_index.get(row.entry)
        if step is not None:
            said = (step.event_id or step.index, step.event_time, step.biz_step, row.role)
            once.setdefault(said, (row.role, step))
    return sorted(once.values(), key=lambda pair: pair[1].order)


def _scanned(connection: Connection, serial: str) -> Sequence[Row[Any]]:
    rows = connection.execute(
        select(scans, scans.c.index.label("entry"))
        .where(scans.c.serial == serial)
        .order_by(scans.c.event_time, scans.c.index)
    ).all()
    void = voided(connection, [row.entry for row in rows])
    return [row for row in rows if row.entry not in void]


def voided(connection: Connection, entries: Iterable[int]) -> set[int]:
    """Return the entries that a ruling took back."""
    query = select(voids.c.about, voids.c.decision).where(voids.c.about.in_(list(entries)))
    newest = {row.about: row.decision for row in connection.execute(query.order_by(voids.c.by))}
    return {about for about, decision in newest.items() if decision == "void"}


def _of_step(role: str, step: Step, places: dict[str, PlaceName]) -> Sighting:
    kind = "noted"
    if role == "sold" or step.biz_step in SELLS or step.disposition == "retail_sold":
        kind = "sold"
    elif step.disposition == "returned" or step.biz_step in _BACK:
        kind = "returned"
    elif role == "made":
        kind = "made"
    elif role in _MOVES:
        kind = "moved"
    named = places.get(step.read_point or "")
    if point_of(named) is None:
        named = places.get(step.place or "")
    return _sighting(step.index, step.event_time, kind, step.actor, named)


def _of_scan(row: Row[Any], places: dict[str, PlaceName]) -> Sighting:
    kind = "shelf" if row.setting == "shelf" else "scan"
    return _sighting(row.entry, row.event_time, kind, row.author, places.get(row.place or ""))


def _sighting(index: int, time: datetime, kind: str, party: str, named: PlaceName | None) -> Sighting:
    return Sighting(
        index, time, kind, party, point_of(named), blur_km(named), "" if named is None else named.name
    )


def _printed(connection: Connection, thing: Thing, told: list[tuple[str, Step]]) -> Printed | None:
    """Return whether the serial is among those its lot was registered with; `None` when nobody listed them.

    A lot may have more pieces than were listed one by one: then an unlisted serial proves nothing.
    """
    if thing.code == thing.item:
        return None  # a serial without a lot: there is no list it could be missing from
    query = select(moves.c.index.label("entry"), moves.c["items"], moves.c.quantity, moves.c.uom).where(
        moves.c.code == thing.code, moves.c.role == "made"
    )
    rows = connection.execute(query).all()
    _, _, void = load_steps(connection, {row.entry for row in rows}, [])
    rows = [row for row in rows if row.entry not in void]
    listed = sum(row[1] for row in rows)
    pieces = [base(row.quantity, row.uom) for row in rows if row.quantity is not None]
    more = any(unit == "EA" and (amount or Decimal(0)) > listed for amount, unit in pieces)
    if not listed or more:
        return None
    named = any(role == "made" for role, _ in told)
    return Printed(tuple(row.entry for row in rows if row[1]), named)


def _travelled(connection: Connection, code: str) -> list[Point]:
    """Return every point where the ledger says the lot was."""
    query = (
        select(steps.c.read_point, steps.c.place)
        .join_from(passages, steps, steps.c.index == passages.c.index)
        .where(passages.c.lot == code)
        .distinct()
    )
    named = {place for row in connection.execute(query) for place in row}
    points = (point_of(each) for each in place_names(connection, named).values())
    return [point for point in points if point is not None]
