"""What would not fit if this event were recorded: shown before, refused never.

Rule: the event is folded in memory beside what the views know, by the same code that will fold it later, and
only what is new and cites it is returned; what it declares wrong counts no more. The entry number shown is
the next one, `entry`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from ledger.events.codec import Event
from ledger.events.supply import ObjectEvent, SupplyEvent
from models.finding import Finding, finding
from models.projections.book import Book, base
from models.projections.history import History, history
from models.projections.moves import Move, Step, moves_of, step_of
from models.projections.shelf import contents, load_moves, load_steps
from models.projections.withdrawn import declared_wrong
from models.provenance.lineage import Edge
from models.provenance.lots import LotRow, category_of, lots_named
from models.provenance.massbalance import balance_findings, plot_findings
from models.provenance.names import with_names
from models.tables import cursors, edges, steps

_KILOGRAM = "KGM"


def findings_for(connection: Connection, event: Event, author: str, now: datetime) -> tuple[Finding, ...]:
    """Return what recording this event would make visible: more shipped than held, 1.6 times the yield ...

    Args:
        author: the party that would sign it.
        now: what would be its record time.
    """
    return findings_for_all(connection, (event,), author, now)


def findings_for_all(
    connection: Connection, events: Sequence[Event], author: str, now: datetime
) -> tuple[Finding, ...]:
    """Return what recording these events one after the other would make visible.

    Args:
        author, now: as for `findings_for`.
    """
    told = _told(events, _next(connection), author, now)
    if not told:
        return ()
    moves = [move for one in told for move in one.moves]
    touched = {move.code for move in moves}
    codes = sorted(touched | contents(connection, touched))
    known, _ = load_moves(connection, {*codes, *(move.parent for move in moves if move.parent is not None)})
    listed, known, void = load_steps(connection, {move.index for move in known}, known)
    before = _histories(Book(listed, known, void), codes)
    listed, known = [*listed, *(one.step for one in told)], [*known, *moves]
    gone = declared_wrong(listed, known).keys() | {one.step.index for one in told if one.step.in_error}
    after = _histories(Book(listed, known, void | gone), codes)
    rows = lots_named(connection, codes)
    found = _new(before, after, {one.step.index for one in told})
    for one in told:
        if one.step.in_error:
            continue
        found += _balance(connection, one.step, after, one.moves, rows, gone)
        found += _plots(connection, one.event, one.step, one.moves, gone)
        found += _standing(one.step, one.moves, rows)
    return with_names(connection, found)


@dataclass(frozen=True, slots=True)
class _Told:
    event: SupplyEvent
    step: Step
    moves: tuple[Move, ...]


def _told(events: Sequence[Event], first: int, author: str, now: datetime) -> list[_Told]:
    supply = [event for event in events if isinstance(event, SupplyEvent)]
    return [
        _Told(event, step_of(event, entry, now, author), moves_of(event, entry, author)[0])
        for entry, event in enumerate(supply, first)
    ]


def _histories(book: Book, codes: list[str]) -> list[History]:
    return [history(book, code) for code in codes]


def _new(before: list[History], after: list[History], entries: set[int]) -> list[Finding]:
    old = {found for lot in before for found in lot.findings}
    shown = [found for lot in after for found in lot.findings if entries.intersection(found.entries)]
    return [found for found in shown if found not in old]


def _balance(
    connection: Connection,
    step: Step,
    after: list[History],
    moves: tuple[Move, ...],
    rows: dict[str, LotRow],
    gone: Set[int],
) -> tuple[Finding, ...]:
    nodes = {move.node for move in moves if move.node is not None}
    query = select(*(edges.c[name] for name in Edge.__slots__)).where(edges.c.node.in_(nodes))
    there = [Edge(*tuple(row)) for row in connection.execute(query)] if nodes else []
    there = [edge for edge in there if edge.index not in gone]
    here = [
        Edge(
            lot.code,
            "in" if passage.role == "used" else "out",
            passage.node,
            step.index,
            passage.kind or "transform",
            passage.quantity,
            passage.uom,
            passage.via,
            True,
        )
        for lot in after
        for passage in lot.passages
        if passage.step.index == step.index and passage.node is not None
    ]
    categories = {move.code: category_of(connection, move.code) for move in moves if move.role == "made"}
    known = {lot: row.category for lot, row in rows.items()}
    return balance_findings(
        [*there, *here],
        {step.index: step.biz_step},
        {**known, **categories},
        connection,
        {step.index: step.place},
    )


def _plots(
    connection: Connection, event: SupplyEvent, step: Step, moves: tuple[Move, ...], gone: Set[int]
) -> tuple[Finding, ...]:
    if not isinstance(event, ObjectEvent):
        return ()
    made: dict[str | None, Decimal] = {}
    for move in moves:
        amount, unit = base(move.quantity, move.uom)
        if move.role == "made" and unit == _KILOGRAM and amount is not None:
            category = category_of(connection, move.code)
            made[category] = made.get(category, Decimal(0)) + amount
    found: tuple[Finding, ...] = ()
    for category, amount in made.items():
        found += plot_findings(connection, step.place, category, amount, step.index, step.event_time, gone)
    return found


def _standing(step: Step, moves: tuple[Move, ...], rows: dict[str, LotRow]) -> list[Finding]:
    """A lot that is called back, or past its day, should not travel on."""
    found: list[Finding] = []
    for move in moves:
        row = rows.get(move.code)
        if row is None or move.role not in ("moved", "sold", "used", "packed"):
            continue
        entries = (step.index,) if row.registered_index is None else (row.registered_index, step.index)
        if row.status == "recalled":
            found.append(
                finding("recalled-lot-moved", "bad", row.lot, entries, step=step.biz_step or move.role)
            )
        if row.expires_day is not None and step.event_time.date() > row.expires_day and move.role != "packed":
            code = "sold-after-expiry" if move.role == "sold" else "used-after-expiry"
            day = step.event_time.date()
            found.append(finding(code, "attention", row.lot, entries, expires=row.expires_day, day=day))
    return found


def _next(connection: Connection) -> int:
    """Return a number above every entry the views know; the ledger decides the real one."""
    known: list[int] = list(connection.scalars(select(cursors.c.position)))
    highest = connection.scalars(select(steps.c.index).order_by(steps.c.index.desc()).limit(1)).first()
    return max([*known, 0 if highest is None else highest + 1])
