"""What a sheet is made of: entries, read as the ways of lots and the names of things.

Rule: pure. The same entries give the same sheet, so that whoever holds the proof of the entries can make the
sheet again and compare it cell by cell. `consulted` remembers which descriptions were used: the proof needs
those too, and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ledger.events.codec import Event
from ledger.events.governance import MasterData, PartyEnrolled, Ruling
from ledger.events.supply import SupplyEvent
from ledger.events.values import FrozenMap
from models.projections.book import Book
from models.projections.codes import name_of, product_of
from models.projections.moves import Move, Step, local, moves_of, step_of
from models.projections.withdrawn import declared_wrong

_ADDRESS = ("streetAddressOne", "streetAddressTwo", "city", "state", "postalCode", "countryCode")
_NAMES = ("name", "descriptionShort", "productName", "regulatedProductName")
_PHONES = ("phone", "telephone", "contact")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as a sheet needs it, from the ledger or out of a proof."""

    index: int
    party: str
    record_time: datetime
    leaf_hash: bytes
    event: Event


class Chain:
    """Everything some entries say together."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records: dict[int, Record] = {record.index: record for record in records}
        self.consulted: set[int] = set()
        self._described: dict[str, tuple[int, Mapping[str, object]]] = {}
        self._enrolled: dict[str, tuple[int, PartyEnrolled]] = {}
        self._moves_at: dict[int, Sequence[Move]] = {}
        steps: list[Step] = []
        moves: list[Move] = []
        for _, record in sorted(self.records.items()):
            event = record.event
            if isinstance(event, SupplyEvent):
                steps.append(step_of(event, record.index, record.record_time, record.party))
                fresh = moves_of(event, record.index, record.party)[0]
                self._moves_at[record.index] = fresh
                moves += fresh
            elif isinstance(event, MasterData):
                self._described[name_of(event.id)] = (record.index, _attributes(event))
            elif isinstance(event, PartyEnrolled):
                self._enrolled[name_of(event.party)] = (record.index, event)
        self.void = _void(steps, moves, self.records.values())
        self.codes = tuple(sorted({move.code for move in moves}))
        self.book = Book(steps, moves, self.void)
        self._used_at: dict[str, set[str]] = {}
        for move in moves:
            if move.role == "used" and move.node and move.index not in self.void:
                self._used_at.setdefault(move.node, set()).add(move.code)

    def parents(self, lot: str) -> set[str]:
        """Return what a lot was made from, one step back."""
        nodes = {move.node for move in self.book.moves(lot) if move.role == "made" and move.node}
        return {code for node in nodes for code in self._used_at.get(node, ())} - {lot}

    def used_in(self, index: int) -> list[str]:
        """Return what went into the transformation that this entry states."""
        nodes = {move.node for move in self._moves_at.get(index, ()) if move.node}
        return sorted({code for node in nodes for code in self._used_at.get(node, ())})

    def supply(self) -> Sequence[int]:
        """Return the entries that happened to things, also those that were taken back, and what did so."""
        kinds = SupplyEvent | Ruling
        return [index for index, record in self.records.items() if isinstance(record.event, kinds)]

    def attribute(self, code: str | None, *names: str) -> str:
        """Return what a description says of a thing under the first of these names, or nothing."""
        said = self._said(code)
        return next((str(said[name]) for name in names if said.get(name) not in (None, "")), "")

    def name(self, code: str | None) -> str:
        """Return what a party, place or product is called; nothing where nobody said."""
        if code is None:
            return ""
        enrolled = self._enrolled.get(name_of(code))
        if enrolled is not None:
            self.consulted.add(enrolled[0])
            return enrolled[1].name
        return self.attribute(code, *_NAMES)

    def contact(self, party: str | None) -> str:
        """Return how to reach a party, as it was described."""
        return self.attribute(party, *_PHONES)

    def product(self, lot: str) -> str:
        """Return the product of a lot: its name, and its number where nobody named it."""
        product = product_of(lot)
        size = self.attribute(product, "netContentDescription", "netContent")
        return " ".join(part for part in (self.name(product), size) if part)

    def category(self, lot: str) -> str:
        """Return the category of a lot's product, or nothing."""
        return self.attribute(product_of(lot), "category")

    def location(self, place: str | None, party: str | None = None) -> str:
        """Describe a place: business, name, address or coordinates, phone; its id where nothing is known."""
        if place is None and party is None:
            return ""
        owner = party or self.attribute(place, "party", "owning_party") or None
        parts = [self.name(owner), self.name(place)]
        parts += [self.attribute(place, part) for part in _ADDRESS]
        if not any(parts[2:]) and self.attribute(place, "latitude"):
            parts.append(f"{self.attribute(place, 'latitude')} {self.attribute(place, 'longitude')}")
        parts.append(self.contact(place) or self.contact(owner))
        parts.append(place if place is not None and not self.name(place) else "")
        kept = list(dict.fromkeys(part for part in parts if part))
        return ", ".join(kept) or str(party)

    def day(self, index: int) -> str:
        """Return the day of an event where it happened."""
        return self.moment(index)[:10]

    def moment(self, index: int) -> str:
        """Return the minute of an event where it happened."""
        event = self.records[index].event
        offset = getattr(event, "event_time_zone_offset", "+00:00")
        sign = -1 if offset[0] == "-" else 1
        shift = sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
        return event.event_time.astimezone(timezone(shift)).strftime("%Y-%m-%d %H:%M")

    def _said(self, code: str | None) -> Mapping[str, object]:
        found = None if code is None else self._described.get(name_of(code))
        if found is None:
            return {}
        self.consulted.add(found[0])
        return found[1]


def _attributes(event: MasterData) -> dict[str, object]:
    """Return the attributes by names without prefixes; a plain name wins over a prefixed one."""
    if not isinstance(event.attributes, FrozenMap):
        return {}
    plain = {name: value for name, value in event.attributes.items() if local(name) == name}
    return {**{local(name): value for name, value in event.attributes.items()}, **plain}


def _void(steps: Sequence[Step], moves: Sequence[Move], records: Iterable[Record]) -> set[int]:
    """Return the entries that count as never said: declared wrong by their author, or voided by a ruling."""
    void = {step.index for step in steps if step.in_error} | declared_wrong(steps, moves).keys()
    decided: dict[int, str] = {}
    for record in sorted(records, key=lambda each: each.index):
        if isinstance(record.event, Ruling):
            decided[record.event.about] = record.event.decision
    return void | {about for about, decision in decided.items() if decision == "void"}
