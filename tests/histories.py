"""Random histories of lots, told twice: as events, and as plain sums that an oracle kept while making them.

Every history is honest: nobody ships, packs, uses or sells what he does not hold, and every amount is known.
The order in which the ledger learns of the events is shuffled afterwards; their claimed times tell the truth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import builders
from hypothesis import strategies as st

from ledger.events.codec import Event
from ledger.events.identifiers import check_digit
from ledger.events.supply import (
    AggregationEvent,
    Destination,
    ObjectEvent,
    Quantity,
    Source,
    SupplyEvent,
    TransformationEvent,
)
from ledger.events.values import PartyId
from models.projections.entries import EntryList

PARTIES = (builders.COOPERATIVE, builders.MERCHANT, builders.CARRIER)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry without a ledger: enough for the views, which trust whoever hands it to them."""

    index: int
    party: PartyId
    record_time: datetime
    event: Event


@dataclass
class Oracle:
    """What must be true in the end, kept by plain sums and sets."""

    said: list[tuple[str, SupplyEvent]] = field(default_factory=list)
    loose: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    boxes: dict[str, tuple[str, dict[str, int]]] = field(default_factory=dict)
    moving: list[tuple[str, str, int]] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def remaining(self, lot: str) -> int:
        held = sum(lots.get(lot, 0) for lots in self.loose.values())
        return held + sum(box.get(lot, 0) for _, box in self.boxes.values()) + self.travelling(lot)

    def travelling(self, lot: str) -> int:
        return sum(amount for _, name, amount in self.moving if name == lot)

    def holders(self, lot: str) -> set[str]:
        loose = {party for party, lots in self.loose.items() if lots.get(lot, 0)}
        return loose | {party for party, box in self.boxes.values() if box.get(lot, 0)}

    def origins(self, lot: str) -> dict[str, int]:
        return distances(lot, lambda name: self.parents.get(name, set()))

    def descendants(self, lot: str) -> dict[str, int]:
        return distances(lot, lambda name: _children(self.parents, name))

    def now(self) -> datetime:
        return builders.AT + timedelta(hours=len(self.said))


def _children(parents: dict[str, set[str]], name: str) -> set[str]:
    return {child for child, origins in parents.items() if name in origins}


def distances(start: str, following: Callable[[str], set[str]]) -> dict[str, int]:
    """Return the smallest number of steps from `start` to everything it leads to."""
    found, frontier = {start: 0}, [start]
    for name in frontier:
        for other in sorted(following(name)):
            if other not in found:
                found[other] = found[name] + 1
                frontier.append(other)
    del found[start]
    return found


def entries(said: Sequence[tuple[str, Event]]) -> EntryList:
    """Return (party, event) pairs as entries, in this order."""
    return EntryList(
        [Recorded(i, PartyId(party), event.event_time, event) for i, (party, event) in enumerate(said)]
    )


@st.composite
def histories(draw: st.DrawFn, most: int = 14) -> Oracle:
    """Draw an honest history."""
    oracle = Oracle()
    for _ in range(draw(st.integers(1, most))):
        doing = draw(st.sampled_from((_make, _transform, _transform, _pack, _send, _unpack, _sell)))
        doing(draw, oracle)
    return oracle


@st.composite
def shuffled(draw: st.DrawFn, most: int = 14) -> tuple[Oracle, EntryList]:
    """Draw an honest history, and the order in which a ledger learnt of it."""
    oracle = draw(histories(most))
    return oracle, entries(draw(st.permutations(oracle.said)))


def _make(draw: st.DrawFn, oracle: Oracle) -> None:
    party = draw(st.sampled_from(PARTIES))
    amount = draw(st.integers(10, 100))
    lot = _new_lot(oracle, amount)
    oracle.loose[party][lot] += amount
    _say(
        oracle,
        party,
        ObjectEvent(oracle.now(), "ADD", quantity_list=(_kg(lot, amount),), biz_step="commissioning"),
    )


def _transform(draw: st.DrawFn, oracle: Oracle) -> None:
    party, lots = _holding(draw, oracle)
    if not lots:
        return _make(draw, oracle)
    used = {lot: draw(st.integers(1, oracle.loose[party][lot])) for lot in lots}
    outputs = [_new_lot(oracle, draw(st.integers(5, 60))) for _ in range(draw(st.integers(1, 3)))]
    for lot, amount in used.items():
        oracle.loose[party][lot] -= amount
    for lot in outputs:
        oracle.loose[party][lot] += oracle.made[lot]
        oracle.parents[lot] |= set(used)
    event = TransformationEvent(
        oracle.now(),
        input_quantity_list=tuple(_kg(lot, amount) for lot, amount in used.items()),
        output_quantity_list=tuple(_kg(lot, oracle.made[lot]) for lot in outputs),
        biz_step="commissioning",
    )
    return _say(oracle, party, event)


def _pack(draw: st.DrawFn, oracle: Oracle) -> None:
    party, lots = _holding(draw, oracle)
    if not lots:
        return _make(draw, oracle)
    packed = {lot: draw(st.integers(1, oracle.loose[party][lot])) for lot in lots}
    for lot, amount in packed.items():
        oracle.loose[party][lot] -= amount
    empty = [box for box, (_, inside) in sorted(oracle.boxes.items()) if not any(inside.values())]
    number = len(oracle.boxes) + 1
    box = "https://id.gs1.org/00/" + f"{number:017d}" + check_digit(f"{number:017d}")
    again: bool = draw(st.booleans())
    if empty and again:
        box = draw(st.sampled_from(empty))
    oracle.boxes[box] = (party, packed)
    children = tuple(_kg(lot, amount) for lot, amount in packed.items())
    return _say(
        oracle,
        party,
        AggregationEvent(oracle.now(), "ADD", box, child_quantity_list=children, biz_step="packing"),
    )


def _send(draw: st.DrawFn, oracle: Oracle) -> None:
    full = [box for box, (_, inside) in sorted(oracle.boxes.items()) if any(inside.values())]
    boxed: bool = draw(st.booleans())
    if full and boxed:
        box = draw(st.sampled_from(full))
        sender, inside = oracle.boxes[box]
        receiver = draw(st.sampled_from([party for party in PARTIES if party != sender]))
        oracle.boxes[box] = (receiver, inside)
        _hand_over(oracle, sender, receiver, {"epc_list": (box,)})
        return None
    sender, lots = _holding(draw, oracle)
    if not lots:
        return _make(draw, oracle)
    receiver = draw(st.sampled_from([party for party in PARTIES if party != sender]))
    sent = {lot: draw(st.integers(1, oracle.loose[sender][lot])) for lot in lots}
    for lot, amount in sent.items():
        oracle.loose[sender][lot] -= amount
        oracle.loose[receiver][lot] += amount
    things: dict[str, tuple[object, ...]] = {
        "quantity_list": tuple(_kg(lot, amount) for lot, amount in sent.items())
    }
    return _hand_over(oracle, sender, receiver, things)


def _hand_over(oracle: Oracle, sender: str, receiver: str, things: dict[str, tuple[object, ...]]) -> None:
    ends = {
        "source_list": (Source(sender, "owning_party"),),
        "destination_list": (Destination(receiver, "owning_party"),),
    }
    for party, step in ((sender, "shipping"), (receiver, "receiving")):
        _say(
            oracle,
            party,
            builders.object_event(
                event_time=oracle.now(),
                action="OBSERVE",
                biz_step=step,
                read_point=None,
                biz_location=None,
                **{"quantity_list": (), **things, **ends},
            ),
        )


def _unpack(draw: st.DrawFn, oracle: Oracle) -> None:
    full = [box for box, (_, inside) in sorted(oracle.boxes.items()) if any(inside.values())]
    if not full:
        return _make(draw, oracle)
    box = draw(st.sampled_from(full))
    party, inside = oracle.boxes[box]
    lot = draw(st.sampled_from(sorted(name for name, amount in inside.items() if amount)))
    children: tuple[Quantity, ...] = ()
    taken = dict(inside)
    if draw(st.booleans()):
        taken = {lot: draw(st.integers(1, inside[lot]))}
        children = (_kg(lot, taken[lot]),)
    for name, amount in taken.items():
        inside[name] -= amount
        oracle.loose[party][name] += amount
    event = AggregationEvent(oracle.now(), "DELETE", box, child_quantity_list=children, biz_step="unpacking")
    return _say(oracle, party, event)


def _sell(draw: st.DrawFn, oracle: Oracle) -> None:
    party, lots = _holding(draw, oracle)
    if not lots:
        return _make(draw, oracle)
    sold = draw(st.integers(1, oracle.loose[party][lots[0]]))
    oracle.loose[party][lots[0]] -= sold
    event = ObjectEvent(
        oracle.now(), "OBSERVE", quantity_list=(_kg(lots[0], sold),), biz_step="retail_selling"
    )
    return _say(oracle, party, event)


def _holding(draw: st.DrawFn, oracle: Oracle) -> tuple[str, list[str]]:
    party = draw(st.sampled_from(PARTIES))
    lots = sorted(lot for lot, amount in oracle.loose[party].items() if amount)
    if not lots:
        return party, []
    return party, draw(st.lists(st.sampled_from(lots), min_size=1, max_size=3, unique=True))


def _new_lot(oracle: Oracle, amount: int) -> str:
    lot = f"https://id.gs1.org/01/{builders.RICE}/10/H{len(oracle.made) + 1}"
    oracle.made[lot] = amount
    return lot


def _say(oracle: Oracle, party: str, event: SupplyEvent) -> None:
    oracle.said.append((party, event))


def _kg(lot: str, amount: int) -> Quantity:
    return Quantity(lot, Decimal(amount), "KGM")
