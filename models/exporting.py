"""Hand a ledger's goods to other systems: EPCIS 2.0 for machines, a plain table for people.

Rule: what goes out is what was recorded, in the standard's own words; the table names the entry of each row,
so that it can be proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ledger.events.foreign import write_epcis
from ledger.events.governance import MasterData
from ledger.events.spreadsheet import csv_bytes
from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    ObjectEvent,
    Quantity,
    SupplyEvent,
    TransactionEvent,
    TransformationEvent,
)
from ledger.reader import Entry, Reader

SUPPLY = ("ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent", "TransformationEvent")
COLUMNS = (
    "entry", "event_time", "type", "action", "biz_step", "disposition", "side", "code", "quantity", "uom",
    "place", "signed_by", "event_id",
)  # fmt: skip


def export_epcis(reader: Reader, now: datetime) -> tuple[int, bytes]:
    """Return how many events there are and an EPCIS 2.0 document of them, descriptions in its header."""
    entries = list(reader.of_types((*SUPPLY, "MasterData")))
    events = [entry.event for entry in entries if isinstance(entry.event, SupplyEvent | MasterData)]
    return sum(not isinstance(event, MasterData) for event in events), write_epcis(events, now)


def export_table(reader: Reader) -> tuple[int, bytes]:
    """Return how many rows there are and a CSV of them: one row for each lot an event touches."""
    rows = [row for entry in reader.of_types(SUPPLY) for row in _rows(entry)]
    return len(rows), csv_bytes([COLUMNS, *rows])


def _rows(entry: Entry) -> Iterator[tuple[str, ...]]:
    event = entry.event
    if not isinstance(event, SupplyEvent):
        return
    for side, code, quantity, uom in _goods(event):
        yield (
            str(entry.index),
            event.event_time.isoformat(),
            entry.type,
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
