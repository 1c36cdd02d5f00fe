"""Follow lots through transformations, back to their origins or forward to everything made from them.

Rule: two indexed rows join any number of inputs to any number of outputs, so that a step that mixes a
thousand lots into a thousand costs two thousand rows and not a million. Containers are no part of lineage:
lots that shared a pallet have nothing to do with each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import CTE, Connection, Select, bindparam, select

from models.tables import edges, moves, recall_lots
from models.views import batches, once

Way = Literal["back", "forward"]


@dataclass(frozen=True, slots=True)
class Edge:
    """A lot goes `in` to a transformation (`node`) or comes `out` of one, at one entry."""

    lot: str
    side: str
    node: str
    index: int
    kind: str
    quantity: Decimal | None
    uom: str | None
    via: str | None
    followed: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything reached from some lots in one direction.

    Args:
        depth: every lot reached, the start at 0, with its smallest number of steps.
        through: the transformation by which each lot was first reached.
        edges: all inputs and outputs of every transformation on the way.
    """

    depth: dict[str, int]
    through: dict[str, str]
    edges: tuple[Edge, ...]


def reach(connection: Connection, codes: Iterable[str], way: Way) -> Reach:
    """Return every lot reachable from `codes`; one query, however deep it goes."""
    start = sorted(set(codes))
    near, far = _SIDES[way]
    found: dict[tuple[str, str, str, int, str | None], Edge] = {}
    for batch in batches(start, 5000):
        for row in connection.execute(_REACH[way], {"start": batch}).all():
            edge = Edge(*row)
            found[(edge.node, edge.side, edge.lot, edge.index, edge.via)] = edge
    listed = tuple(sorted(found.values(), key=lambda edge: (edge.index, edge.side, edge.lot, edge.via or "")))
    return _measure(start, listed, near, far)


def recalled_lots() -> CTE:
    """Return, as a subquery with one column `lot`, all lots of open recalls and all lots made from them."""
    listed = recall_lots.alias()
    named = select(recall_lots.c.lot).where(recall_lots.c.opened)
    boxed = select(moves.c.code).join(listed, moves.c.parent == listed.c.lot).where(listed.c.opened)
    return closure(named.union(boxed), "forward")


def open_recalls(connection: Connection) -> bool:
    """Say whether any recall is open."""
    known = once(connection, "recalls")
    if "open" not in known:
        known["open"] = connection.execute(_OPEN).first() is not None
    return bool(known["open"])


def closure(start: Any, way: Way) -> CTE:
    """Return a recursive subquery with one column `lot`: the lots of `start` and all reached from them."""
    near, far = _SIDES[way]
    base = start.subquery()
    reached = select(base.c[0].label("lot")).cte("reached", recursive=True)
    here, there = edges.alias(), edges.alias()
    step = (
        select(there.c.lot)
        .select_from(reached.join(here, here.c.lot == reached.c.lot).join(there, there.c.node == here.c.node))
        .where(here.c.side == near, here.c.followed, there.c.side == far)
    )
    return reached.union(step)


_OPEN = select(recall_lots.c.lot).where(recall_lots.c.opened).limit(1)
_SIDES: dict[Way, tuple[str, str]] = {"back": ("out", "in"), "forward": ("in", "out")}
_EDGE = (
    edges.c.lot,
    edges.c.side,
    edges.c.node,
    edges.c.index,
    edges.c.kind,
    edges.c.quantity,
    edges.c.uom,
    edges.c.via,
    edges.c.followed,
)


def _reach_query(way: Way) -> Select[Any]:
    """Build the one query of `reach`, once: building it costs more than running it."""
    start = select(edges.c.lot).where(edges.c.lot.in_(bindparam("start", expanding=True))).distinct()
    reached = closure(start, way)
    joined = select(edges.c.node).join(reached, reached.c.lot == edges.c.lot)
    nodes = joined.where(edges.c.side == _SIDES[way][0], edges.c.followed)
    return select(*_EDGE).where(edges.c.node.in_(nodes))


_REACH: dict[Way, Select[Any]] = {"back": _reach_query("back"), "forward": _reach_query("forward")}


def _measure(start: list[str], listed: tuple[Edge, ...], near: str, far: str) -> Reach:
    """Walk outwards level by level, so that the first time a lot is met is the shortest way to it."""
    leaving: dict[str, list[str]] = defaultdict(list)
    arriving: dict[str, list[str]] = defaultdict(list)
    for edge in listed:
        if edge.side == near and edge.followed:
            leaving[edge.lot].append(edge.node)
        elif edge.side == far:
            arriving[edge.node].append(edge.lot)
    depth, through = dict.fromkeys(start, 0), {}
    frontier = start
    while frontier:
        following: list[str] = []
        for lot in frontier:
            for node in leaving[lot]:
                for other in arriving.pop(node, ()):
                    if other not in depth:
                        depth[other], through[other] = depth[lot] + 1, node
                        following.append(other)
        frontier = following
    return Reach(depth, through, listed)
