"""Which entries their own author took back by declaring them wrong.

Rule: a declaration repeats the event it takes back: its id where it has one, else all that it says, and only
its author's word counts. Without an id it takes back one event, the newest of those said before it.
Source: EPCIS 2.0 7.4.1.4 (`errorDeclaration`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from models.projections.moves import Move, Step


def declared_wrong(steps: Iterable[Step], moves: Iterable[Move]) -> Mapping[int, int]:
    """Return the entries taken back, each with the entry of the declaration that does it.

    Args:
        moves: what these steps did to the things one looks at; they tell events without an id apart.
    """
    listed = sorted(steps, key=lambda step: step.index)
    by_id: dict[tuple[str, str], int] = {}
    bare: list[Step] = []
    for step in listed:
        if step.in_error and step.event_id is not None:
            by_id.setdefault((step.event_id, step.signer), step.index)
        elif step.in_error:
            bare.append(step)
    taken = {
        step.index: by_id[step.event_id, step.signer]
        for step in listed
        if step.event_id is not None and not step.in_error and (step.event_id, step.signer) in by_id
    }
    if bare:
        taken |= _same_words(bare, listed, moves)
    return taken


def _same_words(bare: list[Step], listed: list[Step], moves: Iterable[Move]) -> dict[int, int]:
    """Match declarations without an id with what they repeat."""
    did: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for move in moves:
        node = None if move.node == str(move.index) else move.node
        what = (move.code, move.role, move.quantity, move.uom, move.items, move.parent, node)
        did[move.index].add(what)
    said: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for step in listed:
        if step.event_id is None and not step.in_error:
            said[_words(step, did)].append(step.index)
    taken: dict[int, int] = {}
    for declaration in bare:
        before = [index for index in said[_words(declaration, did)] if index < declaration.index]
        fresh = [index for index in before if index not in taken]
        if fresh:
            taken[fresh[-1]] = declaration.index
    return taken


def _words(step: Step, did: Mapping[int, set[tuple[Any, ...]]]) -> tuple[Any, ...]:
    place = (step.place, step.read_point, step.source, step.destination, step.owner)
    kind = (step.type, step.action, step.biz_step, step.disposition, step.event_time)
    return (step.signer, *kind, *place, frozenset(did.get(step.index, ())))
