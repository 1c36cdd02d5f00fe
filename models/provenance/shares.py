"""Which part of what went into a lot's making stands behind that lot: shared by mass, step after step.

    share(input) += share(output) x its mass / mass of all outputs x mass used / mass there was

Rule: an output without a mass takes an equal part, an input without one is taken whole; no share exceeds 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from models.projections.book import base
from models.provenance.lineage import Edge
from models.provenance.lots import LotRow


def shares(lot: str, edges: Sequence[Edge], rows: Mapping[str, LotRow]) -> dict[str, float]:
    """Return which part of each origin's carbon came into this lot: by mass, step after step."""
    made: dict[str, list[Edge]] = defaultdict(list)
    used: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        (made if edge.side == "out" else used)[edge.node].append(edge)
    of_lot: dict[str, list[str]] = defaultdict(list)
    for node, outs in made.items():
        for edge in outs:
            of_lot[edge.lot].append(node)
    share: dict[str, float] = defaultdict(float)
    share[lot] = 1.0
    for here in _outwards(lot, of_lot, used):
        for node in of_lot[here]:
            masses = [(edge.lot, kilograms(edge.quantity, edge.uom) or 0.0) for edge in made[node]]
            mine = sum(mass for name, mass in masses if name == here)
            whole = sum(mass for _, mass in masses)
            part = mine / whole if whole else 1 / len(masses)
            for edge in used[node]:
                total = kilograms(rows[edge.lot].quantity, rows[edge.lot].uom) if edge.lot in rows else None
                amount = kilograms(edge.quantity, edge.uom)
                taken = min(1.0, amount / total) if amount and total else 1.0
                share[edge.lot] = min(1.0, share[edge.lot] + share[here] * part * taken)
    return dict(share)


def _outwards(lot: str, of_lot: Mapping[str, list[str]], used: Mapping[str, list[Edge]]) -> list[str]:
    """Return the lots so that each stands behind everything made of it; a loop is cut where it closes."""
    order: list[str] = []
    state: dict[str, int] = {}
    stack: list[tuple[str, bool]] = [(lot, False)]
    while stack:
        here, done = stack.pop()
        if done:
            order.append(here)
            continue
        if here in state:
            continue
        state[here] = 1
        stack.append((here, True))
        stack += [(edge.lot, False) for node in of_lot.get(here, ()) for edge in used.get(node, ())]
    return order[::-1]


def kilograms(quantity: Decimal | None, uom: str | None) -> float | None:
    """Return the mass of a quantity, or None when it is not weighed."""
    amount, unit = base(quantity, uom)
    return float(amount) if amount is not None and unit == "KGM" else None
