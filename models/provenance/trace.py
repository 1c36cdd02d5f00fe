"""Answer on one screen: what is in it, where did it come from, where did it go.

Rule: a trace shows what concerns the lot asked for and nothing else: of an origin, what happened until it
went in; of a descendant, what happened since it came out. Everything is read from indexed rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection

from models.finding import Finding
from models.projections.codes import thing_of
from models.provenance.contradictions import findings_of
from models.provenance.lineage import Edge, Reach, reach
from models.provenance.lots import LotRow, inside, lots_named
from models.provenance.passing import Passed, passed_by

Direction = Literal["both", "back", "forward"]
Amount = tuple[str, Decimal | None, str | None]


@dataclass(frozen=True, slots=True)
class LotNode:
    """A lot in a trace: `depth` steps away, joined by the entry `joined_index`, amounts as it says."""

    lot: str
    product_name: str | None
    gtin: str | None
    lot_number: str | None
    depth: int
    kind: str
    quantity: Decimal | None
    uom: str | None
    status: str
    holder: str | None
    origin_party: str | None
    registered_index: int | None
    joined_index: int
    joined_by: str
    product_name_en: str | None = None


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One event in a trace, in order of claimed time; `lots` are those it concerns without changing them."""

    index: int
    type: str
    biz_step: str | None
    event_time: datetime
    party: str
    place: str | None
    inputs: tuple[Amount, ...]
    outputs: tuple[Amount, ...]
    lots: tuple[Amount, ...] = ()
    disposition: str | None = None
    depth: int = 0
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything a lot came from (`lots_upstream`) and went into (`lots_downstream`), nearest first.

    Args:
        subjects: the lots asked for: one, or all that were in the container asked for.
    """

    code: str
    lots_upstream: tuple[LotNode, ...]
    lots_downstream: tuple[LotNode, ...]
    events: tuple[TraceEvent, ...]
    findings: tuple[Finding, ...]
    subjects: tuple[LotRow, ...] = ()

    @property
    def known(self) -> bool:
        """Say whether any entry speaks of the code."""
        return bool(self.subjects)


def trace(connection: Connection, code: str, direction: Direction = "both") -> Trace:
    """Trace a lot, an item's lot or a container's contents, however the code is written."""
    subjects = subjects_of(connection, code)
    nothing = Reach(dict.fromkeys(subjects, 0), {}, ())
    back = nothing if direction == "forward" else reach(connection, subjects, "back")
    ahead = nothing if direction == "back" else reach(connection, subjects, "forward")
    rows = lots_named(connection, [*back.depth, *ahead.depth])
    passed = passed_by(connection, {**back.depth, **ahead.depth})
    return Trace(
        code=thing_of(code).code,
        lots_upstream=_nodes(back, rows, "in"),
        lots_downstream=_nodes(ahead, rows, "out"),
        events=_events(passed, back, ahead),
        findings=findings_of(connection, rows, back.edges, {lot: passed.get(lot, ()) for lot in back.depth}),
        subjects=tuple(rows[lot] for lot in subjects if lot in rows),
    )


def subjects_of(connection: Connection, code: str) -> tuple[str, ...]:
    """Return the lots a code stands for: itself, or with a container, all that was ever inside."""
    thing = thing_of(code)
    return tuple(sorted({thing.code, *inside(connection, thing.code)}))


def _nodes(found: Reach, rows: dict[str, LotRow], side: str) -> tuple[LotNode, ...]:
    joined: dict[tuple[str, str], Edge] = {}
    for edge in found.edges:
        if edge.side == side:
            joined.setdefault((edge.lot, edge.node), edge)
    nodes = [
        _node(lot, depth, joined[(lot, found.through[lot])], rows.get(lot))
        for lot, depth in found.depth.items()
        if depth > 0
    ]
    return tuple(sorted(nodes, key=lambda node: (node.depth, node.joined_index, node.lot)))


def _node(lot: str, depth: int, edge: Edge, row: LotRow | None) -> LotNode:
    return LotNode(
        lot=lot,
        product_name=None if row is None else row.product_name,
        gtin=None if row is None else row.gtin,
        lot_number=None if row is None else row.lot_number,
        depth=depth,
        kind="lot" if row is None else row.kind,
        quantity=edge.quantity,
        uom=edge.uom,
        status="active" if row is None else row.status,
        holder=None if row is None else row.holder,
        origin_party=None if row is None else row.origin_party,
        registered_index=None if row is None else row.registered_index,
        joined_index=edge.index,
        joined_by=edge.kind,
        product_name_en=None if row is None else row.product_name_en,
    )


def _events(passed: dict[str, list[Passed]], back: Reach, ahead: Reach) -> tuple[TraceEvent, ...]:
    depth = {**{lot: -away for lot, away in ahead.depth.items()}, **back.depth}
    uses: dict[str, set[int]] = defaultdict(set)
    for edge in back.edges:
        if edge.side == "in":
            uses[edge.lot].add(edge.index)
    seen: dict[int, list[Passed]] = defaultdict(list)
    for lot, rows in passed.items():
        for row in _until_used(rows, uses[lot]) if depth[lot] > 0 else rows:
            seen[row.entry].append(row)
    events = [_event(rows, depth) for rows in seen.values()]
    return tuple(sorted(events, key=lambda event: (event.event_time, event.index)))


def _until_used(rows: list[Passed], uses: set[int]) -> list[Passed]:
    """Return what happened to an origin until it last went into something on the way here.

    What else was made of it is left out: that went elsewhere.
    """
    last = max((row.order for row in rows if row.entry in uses), default=None)
    if last is None:
        return rows
    return [row for row in rows if row.order <= last and (row.role != "used" or row.entry in uses)]


def _event(rows: list[Passed], depth: dict[str, int]) -> TraceEvent:
    first = rows[0]
    if len(rows) > 1:
        rows = sorted(rows, key=lambda row: (row.lot, row.role, row.via or ""))
    sides: dict[str, dict[Amount, None]] = {"used": {}, "made": {}, "": {}}
    for row in rows:
        sides[row.role if row.role in ("used", "made") else ""][(row.lot, row.quantity, row.uom)] = None
    return TraceEvent(
        index=first.entry,
        type=first.type,
        biz_step=first.biz_step,
        event_time=first.event_time,
        party=first.actor,
        place=first.place,
        inputs=tuple(sides["used"]),
        outputs=tuple(sides["made"]),
        lots=tuple(sides[""]),
        disposition=first.disposition,
        depth=depth[first.lot] if len(rows) == 1 else min((depth[row.lot] for row in rows), key=abs),
        via=first.via if len(rows) == 1 else next((row.via for row in rows if row.via), None),
    )
