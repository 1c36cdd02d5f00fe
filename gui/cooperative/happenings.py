"""What a cooperative says happens to its goods, as EPCIS events; no Qt here.

Rule: one act of a person is one event in the standard's own words (CBV 2.0): commissioning, shipping,
receiving, transforming, retail_selling. Both sides of a handover name the same two parties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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


def lot_code(gtin: str, lot: str, *, field: str = "lot") -> str:
    """Return the lot's digital link; raises EventInvalid naming gtin, or the field that holds the number."""
    if not lot:
        raise EventInvalid(
            "the batch has no number",
            field=field,
            code="lot-missing",
            expected="letters and digits, up to 20, such as QL-260412",
            remedy="give every batch a number of its own",
        )
    try:
        return DigitalLink(gtin=gtin, lot=lot).uri()
    except EventInvalid as error:
        if error.field == "lot":
            error.field = field
        raise


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


def shipped(act: Act, goods: Sequence[Quantity], receiver: str) -> ObjectEvent:
    """Say that goods, one batch or several, left for another party."""
    _once(goods, "lot")
    return ObjectEvent(
        event_time=act.moment,
        event_time_zone_offset=act.offset,
        action="OBSERVE",
        biz_step="shipping",
        disposition="in_transit",
        quantity_list=tuple(goods),
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
    """Say that some goods became others: milled, mixed, packed."""
    _once(inputs, "lot")
    _once((*inputs, *outputs), "made_lot", len(inputs))
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


def split(act: Act, goods: Quantity, parts: Sequence[Quantity]) -> TransformationEvent:
    """Say that one batch was divided into several of the same product."""
    if len(parts) < 2:
        raise EventInvalid(
            "a batch is divided into at least two",
            field="made_lot2",
            code="parts-missing",
            found=str(len(parts)),
            expected="two or more new batches",
            remedy="add a second new batch, or choose Transform",
        )
    return _repacked(act, (goods,), parts)


def merged(act: Act, goods: Sequence[Quantity], whole: Quantity) -> TransformationEvent:
    """Say that several batches of one product became one."""
    if len(goods) < 2:
        raise EventInvalid(
            "at least two batches are joined",
            field="lot2",
            code="batches-missing",
            found=str(len(goods)),
            expected="two or more batches of one product",
            remedy="add a second batch, or choose Transform",
        )
    product = _product(goods[0])
    for number, each in enumerate(goods[1:], 2):
        if _product(each) != product:
            raise EventInvalid(
                "these are two products",
                field=f"lot{number}",
                code="products-differ",
                found=_product(each),
                expected=product,
                remedy="join batches of one product, or choose Transform",
            )
    return _repacked(act, goods, (whole,))


def sold(act: Act, goods: Sequence[Quantity]) -> ObjectEvent:
    """Say that goods were sold to consumers."""
    _once(goods, "lot")
    return ObjectEvent(
        event_time=act.moment,
        event_time_zone_offset=act.offset,
        action="OBSERVE",
        biz_step="retail_selling",
        disposition="retail_sold",
        quantity_list=tuple(goods),
        read_point=act.place,
        biz_location=act.place,
    )


def _once(goods: Sequence[Quantity], field: str, before: int = 0) -> None:
    """Refuse a batch that is named twice; the field of its second place is named in the refusal."""
    seen: set[str] = set()
    for number, each in enumerate(goods):
        if each.epc_class in seen:
            place = number - before + 1
            raise EventInvalid(
                "a batch stands here twice",
                field=field if place == 1 else f"{field}{place}",
                code="batch-twice",
                found=each.epc_class,
                expected="each batch once; what is made has a number of its own",
                remedy="choose another batch or another number",
            )
        seen.add(each.epc_class)


def _repacked(act: Act, inputs: Sequence[Quantity], outputs: Sequence[Quantity]) -> TransformationEvent:
    # CBV 2.0 7.1.3, repackaging: the goods stay what they are, so what comes out is bounded by what went in.
    return replace(transformed(act, inputs, outputs), biz_step="repackaging")


def _product(goods: Quantity) -> str:
    return goods.epc_class.partition("/10/")[0]


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
