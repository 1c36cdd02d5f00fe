"""What a cooperative says happens to its goods, as EPCIS events; no Qt here.

Rule: one act of a person is one event in the standard's own words (CBV 2.0): commissioning, shipping,
receiving, transforming, retail_selling. Both sides of a handover name the same two parties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gui.amounts import amount
from ledger.errors import EventInvalid
from ledger.events.identifiers import DigitalLink
from ledger.events.supply import Destination, ObjectEvent, Quantity, Source, TransformationEvent
from ledger.events.values import Json, freeze

__all__ = [
    "UNITS",
    "Act",
    "amount",
    "lot_code",
    "received",
    "registered",
    "shipped",
    "sold",
    "transformed",
]
UNITS = ("KGM", "GRM", "TNE", "LTR", "EA", "XBX")


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, where and when.

    Args:
        moment: aware; its offset from UTC is kept in the event.
        party: who signs; place: where it happens, if known.
    """

    moment: datetime
    party: str
    place: str | None = None

    @property
    def offset(self) -> str:
        """Return the moment's offset from UTC as EPCIS writes it."""
        text = self.moment.strftime("%z")
        return f"{text[:3]}:{text[3:5]}"


def lot_code(gtin: str, lot: str) -> str:
    """Return the lot's digital link; raises EventInvalid naming gtin or lot."""
    if not lot:
        raise EventInvalid(
            "the batch has no number",
            field="lot",
            code="lot-missing",
            expected="letters and digits, up to 20, such as QL-260412",
            remedy="give every batch a number of its own",
        )
    return DigitalLink(gtin=gtin, lot=lot).uri()


def registered(
    act: Act, goods: Quantity, made: date | None = None, best_before: date | None = None
) -> ObjectEvent:
    """Say that a batch came to be, with the days that stand on its label."""
    return ObjectEvent(
        event_time=act.moment,
        event_time_zone_offset=act.offset,
        action="ADD",
        biz_step="commissioning",
        disposition="active",
        quantity_list=(goods,),
        read_point=act.place,
        biz_location=act.place,
        ilmd=_days(made, best_before),
    )


def shipped(act: Act, goods: Quantity, receiver: str) -> ObjectEvent:
    """Say that goods left for another party."""
    return ObjectEvent(
        event_time=act.moment,
        event_time_zone_offset=act.offset,
        action="OBSERVE",
        biz_step="shipping",
        disposition="in_transit",
        quantity_list=(goods,),
        read_point=act.place,
        source_list=(Source(act.party, "owning_party"),),
        destination_list=(Destination(_other(receiver, act.party), "owning_party"),),
    )


def received(act: Act, goods: Quantity, sender: str) -> ObjectEvent:
    """Say that goods from another party arrived."""
    return ObjectEvent(
        event_time=act.moment,
        event_time_zone_offset=act.offset,
        action="OBSERVE",
        biz_step="receiving",
        disposition="in_progress",
        quantity_list=(goods,),
        read_point=act.place,
        biz_location=act.place,
        source_list=(Source(sender, "owning_party"),),
        destination_list=(Destination(act.party, "owning_party"),),
    )


def transformed(act: Act, inputs: Sequence[Quantity], outputs: Sequence[Quantity]) -> TransformationEvent:
    """Say that some goods became others: milled, mixed, packed, split."""
    return TransformationEvent(
        event_time=act.moment,
        event_time_zone_offset=act.offset,
        input_quantity_list=tuple(inputs),
        output_quantity_list=tuple(outputs),
        biz_step="creating_class_instance",
        disposition="active",
        read_point=act.place,
        biz_location=act.place,
    )


def sold(act: Act, goods: Quantity) -> ObjectEvent:
    """Say that goods were sold to consumers."""
    return ObjectEvent(
        event_time=act.moment,
        event_time_zone_offset=act.offset,
        action="OBSERVE",
        biz_step="retail_selling",
        disposition="retail_sold",
        quantity_list=(goods,),
        read_point=act.place,
        biz_location=act.place,
    )


def _other(receiver: str, party: str) -> str:
    if receiver and receiver != party:
        return receiver
    raise EventInvalid(
        "goods are shipped to somebody else",
        field="receiver",
        code="receiver-missing",
        found=receiver,
        expected="another enrolled party",
        remedy="choose who receives the goods",
    )


def _days(made: date | None, best_before: date | None) -> Json:
    if made is not None and best_before is not None and best_before < made:
        raise EventInvalid(
            "best before lies ahead of the day it was made",
            field="best_before",
            code="best-before-early",
            found=best_before.isoformat(),
            expected=f"{made.isoformat()} or later",
            remedy="correct one of the two days",
        )
    days = {}
    if made is not None:
        days["cbvmda:productionDate"] = made.isoformat()
    if best_before is not None:
        days["cbvmda:itemExpirationDate"] = best_before.isoformat()
    return freeze(days) if days else None
