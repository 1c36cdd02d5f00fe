"""Hand a ledger's goods to other systems: EPCIS 2.0 for machines, a plain table for people.

Rule: what goes out is what was recorded, in the standard's own words; the table names the entry of each row,
so that it can be proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from ledger.events.codec import Event, type_name
from ledger.events.foreign import write_epcis
from ledger.events.foreign_json import parse_json, write_json
from ledger.events.governance import MasterData
from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    ObjectEvent,
    Quantity,
    SupplyEvent,
    TransactionEvent,
    TransformationEvent,
)

SUPPLY = ("ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent", "TransformationEvent")
COLUMNS = (
    "entry", "event_time", "type", "action", "biz_step", "disposition", "side", "code", "quantity", "uom",
    "place", "signed_by", "event_id",
)  # fmt: skip


class Said(Protocol):
    """The part of an entry, or of a proven one, that is exported."""

    @property
    def index(self) -> int:
        """Its place in the ledger."""

    @property
    def party(self) -> str:
        """Whose key signed it."""

    @property
    def event(self) -> Event:
        """What it says."""


def is_goods(event: Event) -> bool:
    """Say whether the plain table has rows for this event."""
    return isinstance(event, SupplyEvent)


def is_exported(event: Event) -> bool:
    """Say whether the event stands in an EPCIS document."""
    return isinstance(event, SupplyEvent | MasterData)


def epcis_document(said: Iterable[Said], now: datetime) -> tuple[int, bytes]:
    """Return how many events there are and an EPCIS 2.0 document of them, descriptions in its header."""
    events = [each.event for each in said if isinstance(each.event, SupplyEvent | MasterData)]
    return sum(not isinstance(event, MasterData) for event in events), write_epcis(events, now)


def compare_epcis(
    said: Iterable[Said], data: bytes, name: str
) -> tuple[int, list[tuple[int, str, str, str]]]:
    """Return how many events a document has, and where it differs from what these entries say."""
    found = parse_json(data, name)
    expected = parse_json(epcis_document(said, datetime(2000, 1, 1, tzinfo=UTC))[1], name)
    ours, theirs = _body(expected), _body(found)
    problems = [
        (number, "event", write_json(their, indent="")[:200], write_json(our, indent="")[:200])
        for number, (our, their) in enumerate(zip(ours, theirs, strict=False), start=1)
        if our != their
    ]
    if len(ours) != len(theirs):
        problems.append((len(ours) + 1, "events", str(len(theirs)), str(len(ours))))
    if _header(expected) != _header(found):
        problems.append((0, "epcisHeader", "another description", "the proven descriptions"))
    return len(theirs), problems[:200]


def _body(document: object) -> list[object]:
    body = document.get("epcisBody") if isinstance(document, dict) else None
    events = body.get("eventList") if isinstance(body, dict) else None
    return events if isinstance(events, list) else []


def _header(document: object) -> object:
    kept = document if isinstance(document, dict) else {}
    return kept.get("epcisHeader"), kept.get("@context")


def rows_of(entry: Said) -> Iterator[tuple[str, ...]]:
    """Give one row for each lot an event touches."""
    event = entry.event
    if not isinstance(event, SupplyEvent):
        return
    for side, code, quantity, uom in _goods(event):
        yield (
            str(entry.index),
            event.event_time.isoformat(),
            type_name(event),
            str(getattr(event, "action", "") or ""),
            event.biz_step or "",
            event.disposition or "",
            side,
            code,
            quantity,
            uom,
            str(event.read_point or event.biz_location or ""),
            entry.party,
            event.event_id or "",
        )


def _goods(event: SupplyEvent) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(event, TransformationEvent):
        yield from _side("in", event.input_epc_list, event.input_quantity_list)
        yield from _side("out", event.output_epc_list, event.output_quantity_list)
    elif isinstance(event, AggregationEvent | AssociationEvent):
        if event.parent_id:
            yield "parent", event.parent_id, "", ""
        yield from _side("child", event.child_epcs, event.child_quantity_list)
    elif isinstance(event, ObjectEvent | TransactionEvent):
        yield from _side("self", event.epc_list, event.quantity_list)


def _side(
    side: str, epcs: Iterable[str], quantities: Iterable[Quantity]
) -> Iterator[tuple[str, str, str, str]]:
    for epc in epcs:
        yield side, epc, "", ""
    for goods in quantities:
        amount = "" if goods.quantity is None else format(goods.quantity, "f")
        yield side, goods.epc_class, amount, goods.uom or ""
