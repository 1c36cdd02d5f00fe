"""Read steps and moves back from the views: the book of a few lots, with every container they were in.

Rule: one query per table and per 500 codes, whatever the number of events.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Row, bindparam, select, tuple_

from models.projections.book import Book
from models.projections.moves import Move, Step
from models.projections.withdrawn import declared_wrong
from models.tables import moves, steps, voids
from models.views import batches

_MOVE: tuple[Column[Any], ...] = (
    moves.c.index,
    moves.c.part,
    moves.c.code,
    moves.c.role,
    moves.c.quantity,
    moves.c.uom,
    moves.c["items"],
    moves.c.parent,
    moves.c.node,
    moves.c.kind,
)
_MOVES = select(*_MOVE).where(moves.c.code.in_(bindparam("codes", expanding=True)))
_STEPS = select(*(steps.c[name] for name in Step.__slots__)).where(
    steps.c.index.in_(bindparam("indexes", expanding=True))
)


def load_book(connection: Connection, codes: Iterable[str]) -> Book:
    """Return the book of these lots and containers."""
    found, loaded = load_moves(connection, codes)
    del loaded
    return Book(*load_steps(connection, {move.index for move in found}, found))


def load_moves(connection: Connection, codes: Iterable[str]) -> tuple[list[Move], set[str]]:
    """Return the moves of these codes and of every container they were ever in, and all codes loaded."""
    found: list[Move] = []
    seen: set[str] = set()
    wanted = set(codes)
    while wanted:
        seen |= wanted
        fresh: list[Move] = []
        for batch in batches(sorted(wanted)):
            rows = connection.execute(_MOVES, {"codes": batch}).all()
            fresh += [Move(*row) for row in rows]
        found += fresh
        wanted = {move.parent for move in fresh if move.parent is not None} - seen
    return found, seen


def load_steps(
    connection: Connection, indexes: Iterable[int], found: list[Move]
) -> tuple[list[Step], list[Move], set[int]]:
    """Return the steps of these entries, the moves as given, and which of the entries count as never said."""
    listed: list[Step] = []
    void: set[int] = set()
    for batch in batches(sorted(indexes)):
        listed += [_step(row) for row in connection.execute(_STEPS, {"indexes": batch}).all()]
        decided = select(voids.c.about, voids.c.decision).where(voids.c.about.in_(batch)).order_by(voids.c.by)
        newest = {row.about: row.decision for row in connection.execute(decided)}
        void |= {about for about, decision in newest.items() if decision == "void"}
    return listed, found, void | _taken_back(connection, listed, found)


def withdrawn(connection: Connection, indexes: Iterable[int]) -> set[int]:
    """Return which of these entries count as never said, the declarations that say so among them."""
    wanted = set(indexes)
    found: list[Move] = []
    for batch in batches(sorted(wanted)):
        rows = connection.execute(select(*_MOVE).where(moves.c.index.in_(batch))).all()
        found += [Move(*row) for row in rows]
    return load_steps(connection, wanted, found)[2]


def contents(connection: Connection, containers: Iterable[str]) -> set[str]:
    """Return everything that was ever inside these containers, also inside containers inside them."""
    found: set[str] = set()
    wanted = set(containers)
    while wanted:
        inside: set[str] = set()
        for batch in batches(sorted(wanted)):
            inside |= set(
                connection.scalars(select(moves.c.code).where(moves.c.parent.in_(batch)).distinct())
            )
        wanted = inside - found
        found |= inside
    return found


def _taken_back(connection: Connection, listed: list[Step], found: list[Move]) -> set[int]:
    """Return the entries whose author declared them wrong, also in a declaration that is not listed here."""
    named = {(step.event_id, step.signer) for step in listed if step.event_id is not None}
    wrong: set[tuple[str | None, str]] = set()
    for batch in batches(sorted(named, key=str)):
        rows = connection.execute(
            select(steps.c.event_id, steps.c.signer).where(
                tuple_(steps.c.event_id, steps.c.signer).in_(batch), steps.c.in_error
            )
        )
        wrong |= {(row.event_id, row.signer) for row in rows}
    named_wrong = {step.index for step in listed if step.in_error or (step.event_id, step.signer) in wrong}
    return named_wrong | declared_wrong(listed, found).keys()


def _step(row: Row[Any]) -> Step:
    values: list[Any] = list(row)
    values[-1] = tuple(values[-1])  # certificates come last, and the database gives a list
    return Step(*values)
