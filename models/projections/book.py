"""The moves of a few lots and of every container they were in, ordered by claimed time.

Rule: what a lot went through is a pure function of the set of moves, not of the order in which the ledger
learned of them: events arrive late, from other ledgers, and out of order, and the views must not care.
A thing packed into a container goes through whatever the container goes through until it is taken out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from ledger.errors import EventInvalid
from ledger.events.vocabulary import to_base
from models.projections.moves import RECEIVES, SHIPS, Move, Step

_OF_THE_CONTAINER = frozenset({"parent", "made"})
_LEFT = "left"
_ECHOED = frozenset({"moved", "sold", "packed", "unpacked", "parent", "emptied"})
_NEARLY_ALL = Decimal("0.98")
DEEPEST = 32
"""Boxes in boxes in boxes: nobody packs deeper, and a loop must end somewhere."""
Order = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """One event a lot went through, by itself or inside a container (`via`).

    Args:
        amount: the quantity in the base unit of its kind; `quantity` and `uom` are as somebody wrote them.
    """

    step: Step
    role: str
    amount: Decimal | None
    unit: str | None
    quantity: Decimal | None = None
    uom: str | None = None
    items: int = 0
    via: str | None = None
    parent: str | None = None
    node: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A time a thing spent in a container: after `start`, up to and with `end`."""

    parent: str
    start: Order
    end: Order | None
    amount: Decimal | None
    unit: str | None
    items: int


class Book:
    """Steps and moves, looked up by the thing they concern. Entries taken back are left out."""

    def __init__(self, steps: Iterable[Step], moves: Iterable[Move], voided: Iterable[int] = ()) -> None:
        void = set(voided)
        self.steps: Mapping[int, Step] = {step.index: step for step in steps if step.index not in void}
        self._moves: dict[str, list[Move]] = defaultdict(list)
        self._passages: dict[str, tuple[Passage, ...]] = {}
        self._cuts = 0
        for move in moves:
            if move.index in self.steps:
                self._moves[move.code].append(move)
        for code, listed in self._moves.items():
            listed.sort(key=lambda move: (self.steps[move.index].order, move.part))
            self._moves[code] = list(self._once(listed))

    def moves(self, code: str) -> tuple[Move, ...]:
        """Return the moves of this very thing, in order of claimed time."""
        return tuple(self._moves.get(code, ()))

    def passages(self, code: str) -> tuple[Passage, ...]:
        """Return every event the thing went through, containers included, in order of claimed time."""
        return self._through(code, frozenset())

    def stays(self, code: str) -> Iterator[Stay]:
        """Return when the thing was in which container; a change of amount begins a new stay."""
        held: dict[str, Stay] = {}
        for order, move in self._comings_and_goings(code):
            parent = move.parent or ""
            now = held.pop(parent, None)
            if now is not None:
                yield replace(now, end=order)
            if move.role == "packed":
                held[parent] = _more(now, move, order)
            elif move.role == "unpacked" and now is not None:
                rest = _less(now, move, order)
                if rest is not None:
                    held[parent] = rest
            elif move.role == _LEFT:
                # Nobody wrote that it was taken out, but all of it went somewhere by itself.
                yield from (replace(stay, end=order) for stay in held.values())
                held.clear()
        yield from held.values()

    def holds_others(self, code: str) -> bool:
        """Say whether something was ever put into this thing, or taken out of it."""
        return any(move.role in ("parent", "emptied") for move in self._moves.get(code, ()))

    def _once(self, moves: Iterable[Move]) -> Iterator[Move]:
        """Leave out echoes: one event said again, under its event id, or by another party word for word."""
        first: dict[tuple[object, ...], Step] = {}
        for move in moves:
            step = self.steps[move.index]
            what = (move.code, move.role, move.quantity, move.uom, move.items, move.parent, move.kind)
            said = (step.event_time, step.biz_step, step.actor, step.source, step.destination, what)
            told = first.setdefault(said, step)
            again = step.event_id is not None and step.event_id == told.event_id
            by_another = step.provider != told.provider and move.role in _ECHOED
            if told.index == step.index or not (again or by_another):
                yield move

    def _through(self, code: str, seen: frozenset[str]) -> tuple[Passage, ...]:
        if code in self._passages:
            return self._passages[code]
        if code in seen or len(seen) > DEEPEST:
            self._cuts += 1  # a box inside itself: somebody's mistake, not ours to follow
            return ()
        cuts = self._cuts
        found = [_direct(self.steps[move.index], move) for move in self._moves.get(code, ())]
        own = {(passage.step.index, passage.role) for passage in found}
        # The pallet left, and its lots are listed as leaving: one departure, told on two levels.
        told = {(passage.step.event_time, passage.step.biz_step, passage.step.actor) for passage in found}
        for stay in self.stays(code):
            for passage in self._through(stay.parent, seen | {code}):
                inside = stay.start < passage.step.order and (
                    stay.end is None or passage.step.order <= stay.end
                )
                role = "unpacked" if passage.role == "emptied" else passage.role
                twice = (passage.step.event_time, passage.step.biz_step, passage.step.actor) in told
                if (
                    inside
                    and role not in _OF_THE_CONTAINER
                    and (passage.step.index, role) not in own
                    and not (twice and role == "moved" and passage.step.biz_step)
                ):
                    own.add((passage.step.index, role))
                    found.append(_inside(passage, role, stay))
        found.sort(key=lambda passage: passage.step.order)
        passages = tuple(found)
        # A result that was cut short is only right for the box it was asked for.
        if not seen or self._cuts == cuts:
            self._passages[code] = passages
        return passages

    def _comings_and_goings(self, code: str) -> list[tuple[Order, Move]]:
        moves = [
            move for move in self._moves.get(code, ()) if move.role in ("packed", "unpacked") and move.parent
        ]
        emptied = [
            move
            for parent in {move.parent for move in moves}
            for move in self._moves.get(parent or "", ())
            if move.role == "emptied"
        ]
        left = [replace(move, role=_LEFT) for move in self._departures(code)] if moves else []
        ordered = [
            (self.steps[move.index].order, replace(move, parent=move.parent or move.code))
            for move in moves + emptied + left
        ]
        return sorted(ordered, key=lambda pair: (pair[0], pair[1].part))

    def _departures(self, code: str) -> Iterator[Move]:
        """Give the moves by which all of a thing went on by itself, its containers not being with it."""
        moves = self._moves.get(code, ())
        whole = sum((_measure(move) or Decimal(0) for move in moves if move.role == "made"), Decimal(0))
        parents = {move.parent for move in moves if move.parent}
        together = {other.index for parent in parents for other in self._moves.get(parent or "", ())}
        for move in moves:
            goes = move.role in ("used", "sold", "gone") or (
                move.role == "moved" and self.steps[move.index].biz_step in SHIPS | RECEIVES
            )
            amount = _measure(move)
            if goes and move.index not in together and whole and amount and amount >= whole * _NEARLY_ALL:
                yield move


def _measure(move: Move) -> Decimal | None:
    """Return how much a move is of: weighed, or counted one by one."""
    amount, _ = base(move.quantity, move.uom)
    return amount if amount is not None else (Decimal(move.items) if move.items else None)


@lru_cache(maxsize=65_536)
def base(quantity: Decimal | None, uom: str | None) -> tuple[Decimal | None, str | None]:
    """Return an amount in the base unit of its kind; a unit nobody knows stays as it is."""
    if quantity is None:
        return None, None
    try:
        return to_base(quantity, uom)
    except EventInvalid:
        return quantity, uom


def _direct(step: Step, move: Move) -> Passage:
    amount, unit = base(move.quantity, move.uom)
    return Passage(
        step,
        move.role,
        amount,
        unit,
        move.quantity,
        move.uom,
        move.items,
        None,
        move.parent,
        move.node,
        move.kind,
    )


def _inside(passage: Passage, role: str, stay: Stay) -> Passage:
    return replace(
        passage,
        role=role,
        amount=stay.amount,
        unit=stay.unit,
        quantity=stay.amount,
        uom=stay.unit,
        items=stay.items,
        via=stay.parent,
    )


def _more(now: Stay | None, move: Move, order: Order) -> Stay:
    amount, unit = base(move.quantity, move.uom)
    if now is None or now.end is not None:
        return Stay(move.parent or "", order, None, amount, unit, move.items)
    same = now.amount is not None and amount is not None and now.unit == unit
    total = (now.amount or 0) + (amount or 0) if same else (amount if now.amount is None else now.amount)
    return Stay(
        now.parent,
        order,
        None,
        None if total is None else Decimal(total),
        unit or now.unit,
        now.items + move.items,
    )


def _less(now: Stay, move: Move, order: Order) -> Stay | None:
    """Return what stays in the container, or `None` when all of it came out."""
    amount, unit = base(move.quantity, move.uom)
    items = now.items - move.items
    if amount is not None and now.amount is not None and unit == now.unit and amount < now.amount:
        return replace(now, start=order, amount=now.amount - amount, items=max(items, 0))
    if amount is None and move.items and items > 0:
        return replace(now, start=order, items=items)
    return None
