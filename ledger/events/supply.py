"""What happened to things: the five events of EPCIS 2.0 (clause 7.4), each checking itself.

Rule: wire names live in `codec` and `foreign` only. `biz_step`, `disposition` and types are bare words when
the Core Business Vocabulary has them, else the URI as written. `extensions` holds every foreign field of the
event by its wire name, so that nothing that arrived is lost: also `recordTime`, the prefixes (`@context`),
and what else stood inside `readPoint` and `bizLocation` beside the id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ledger.errors import EventInvalid
from ledger.events import checks, vocabulary
from ledger.events.checks import put, refusal
from ledger.events.parts import (
    BizTransaction,
    Destination,
    ErrorDeclaration,
    PersistentDisposition,
    Quantity,
    Source,
    json_object,
    word,
)
from ledger.events.values import Json

__all__ = [
    "AggregationEvent",
    "AssociationEvent",
    "BizTransaction",
    "Destination",
    "ErrorDeclaration",
    "ObjectEvent",
    "PersistentDisposition",
    "Quantity",
    "Source",
    "SupplyEvent",
    "TransactionEvent",
    "TransformationEvent",
]

T = TypeVar("T")
_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)")


@dataclass(frozen=True, slots=True)
class ObjectEvent:
    """Things were made, seen, or ended (EPCIS 2.0, 7.4.2)."""

    event_time: datetime
    action: str
    event_time_zone_offset: str = "+00:00"
    epc_list: tuple[str, ...] = ()
    quantity_list: tuple[Quantity, ...] = ()
    biz_step: str | None = None
    disposition: str | None = None
    persistent_disposition: PersistentDisposition | None = None
    read_point: str | None = None
    biz_location: str | None = None
    biz_transaction_list: tuple[BizTransaction, ...] = ()
    source_list: tuple[Source, ...] = ()
    destination_list: tuple[Destination, ...] = ()
    sensor_element_list: tuple[Json, ...] = ()
    ilmd: Json = None
    error_declaration: ErrorDeclaration | None = None
    event_id: str | None = None
    certification_info: str | tuple[str, ...] | None = None
    extensions: Json = None

    def __post_init__(self) -> None:
        _check_common(self)
        _check_things(self, ("epc_list",), ("quantity_list",))
        if not (self.epc_list or self.quantity_list or self.sensor_element_list):
            raise _nothing_named(
                "epc_list", "epc_list, quantity_list, or sensor_element_list with a read_point"
            )
        put(self, "ilmd", json_object(self.ilmd, "ilmd"))
        if self.ilmd is not None and self.action != "ADD":
            raise refusal(
                "only things being made carry ilmd", "ilmd", "ilmd-without-add", self.action, "action ADD"
            )


@dataclass(frozen=True, slots=True)
class AggregationEvent:
    """Things were put into, seen in, or taken out of a container (EPCIS 2.0, 7.4.3)."""

    event_time: datetime
    action: str
    parent_id: str | None = None
    child_epcs: tuple[str, ...] = ()
    child_quantity_list: tuple[Quantity, ...] = ()
    event_time_zone_offset: str = "+00:00"
    biz_step: str | None = None
    disposition: str | None = None
    persistent_disposition: PersistentDisposition | None = None
    read_point: str | None = None
    biz_location: str | None = None
    biz_transaction_list: tuple[BizTransaction, ...] = ()
    source_list: tuple[Source, ...] = ()
    destination_list: tuple[Destination, ...] = ()
    sensor_element_list: tuple[Json, ...] = ()
    error_declaration: ErrorDeclaration | None = None
    event_id: str | None = None
    certification_info: str | tuple[str, ...] | None = None
    extensions: Json = None

    def __post_init__(self) -> None:
        _check_common(self)
        _check_family(self)
        if self.parent_id is None and self.action != "OBSERVE":
            raise refusal(
                "a container is missing", "parent_id", "parent-missing", "nothing", "the container's URI"
            )


@dataclass(frozen=True, slots=True)
class AssociationEvent:
    """A thing was tied to a place, a carrier or a sensor, seen so, or untied (EPCIS 2.0, 7.4.6)."""

    event_time: datetime
    action: str
    parent_id: str | None = None
    child_epcs: tuple[str, ...] = ()
    child_quantity_list: tuple[Quantity, ...] = ()
    event_time_zone_offset: str = "+00:00"
    biz_step: str | None = None
    disposition: str | None = None
    persistent_disposition: PersistentDisposition | None = None
    read_point: str | None = None
    biz_location: str | None = None
    biz_transaction_list: tuple[BizTransaction, ...] = ()
    source_list: tuple[Source, ...] = ()
    destination_list: tuple[Destination, ...] = ()
    sensor_element_list: tuple[Json, ...] = ()
    error_declaration: ErrorDeclaration | None = None
    event_id: str | None = None
    certification_info: str | tuple[str, ...] | None = None
    extensions: Json = None

    def __post_init__(self) -> None:
        _check_common(self)
        _check_family(self)
        if self.parent_id is None:
            raise refusal("a parent is missing", "parent_id", "parent-missing", "nothing", "the parent's URI")


@dataclass(frozen=True, slots=True)
class TransactionEvent:
    """Things became part of, or left, a business document (EPCIS 2.0, 7.4.4)."""

    event_time: datetime
    action: str
    biz_transaction_list: tuple[BizTransaction, ...] = ()
    parent_id: str | None = None
    epc_list: tuple[str, ...] = ()
    quantity_list: tuple[Quantity, ...] = ()
    event_time_zone_offset: str = "+00:00"
    biz_step: str | None = None
    disposition: str | None = None
    persistent_disposition: PersistentDisposition | None = None
    read_point: str | None = None
    biz_location: str | None = None
    source_list: tuple[Source, ...] = ()
    destination_list: tuple[Destination, ...] = ()
    sensor_element_list: tuple[Json, ...] = ()
    error_declaration: ErrorDeclaration | None = None
    event_id: str | None = None
    certification_info: str | tuple[str, ...] | None = None
    extensions: Json = None

    def __post_init__(self) -> None:
        _check_common(self)
        _check_things(self, ("epc_list",), ("quantity_list",))
        _optional_id(self, "parent_id")
        if not self.biz_transaction_list:
            raise refusal(
                "no business document named",
                "biz_transaction_list",
                "transaction-missing",
                "nothing",
                "at least one business transaction",
            )
        if not (self.epc_list or self.quantity_list or self.parent_id or self.action == "DELETE"):
            raise _nothing_named("epc_list", "epc_list, quantity_list or parent_id")


@dataclass(frozen=True, slots=True)
class TransformationEvent:
    """Inputs were used up and outputs came to be (EPCIS 2.0, 7.4.5)."""

    event_time: datetime
    input_epc_list: tuple[str, ...] = ()
    input_quantity_list: tuple[Quantity, ...] = ()
    output_epc_list: tuple[str, ...] = ()
    output_quantity_list: tuple[Quantity, ...] = ()
    transformation_id: str | None = None
    event_time_zone_offset: str = "+00:00"
    biz_step: str | None = None
    disposition: str | None = None
    persistent_disposition: PersistentDisposition | None = None
    read_point: str | None = None
    biz_location: str | None = None
    biz_transaction_list: tuple[BizTransaction, ...] = ()
    source_list: tuple[Source, ...] = ()
    destination_list: tuple[Destination, ...] = ()
    sensor_element_list: tuple[Json, ...] = ()
    ilmd: Json = None
    error_declaration: ErrorDeclaration | None = None
    event_id: str | None = None
    certification_info: str | tuple[str, ...] | None = None
    extensions: Json = None

    def __post_init__(self) -> None:
        _check_common(self)
        _check_things(
            self, ("input_epc_list", "output_epc_list"), ("input_quantity_list", "output_quantity_list")
        )
        _optional_id(self, "transformation_id")
        put(self, "ilmd", json_object(self.ilmd, "ilmd"))
        inputs, outputs = (
            self.input_epc_list or self.input_quantity_list,
            self.output_epc_list or self.output_quantity_list,
        )
        if not inputs and not (self.transformation_id and outputs):
            raise _nothing_named("input_quantity_list", "at least one input, or a transformation_id")
        if not outputs and not self.transformation_id:
            raise _nothing_named("output_quantity_list", "at least one output, or a transformation_id")


SupplyEvent = ObjectEvent | AggregationEvent | AssociationEvent | TransactionEvent | TransformationEvent


def _check_common(event: SupplyEvent) -> None:
    put(event, "event_time", checks.instant(event.event_time, "event_time"))
    if not isinstance(event.event_time_zone_offset, str) or not _OFFSET.fullmatch(
        event.event_time_zone_offset
    ):
        raise refusal(
            "not a time zone offset",
            "event_time_zone_offset",
            "offset-unfit",
            event.event_time_zone_offset,
            "such as +08:00",
        )
    if not isinstance(event, TransformationEvent):
        checks.one_of(event.action, vocabulary.ACTIONS, "action", "action-unknown")
    if event.biz_step is not None:
        word(event.biz_step, vocabulary.BIZ_STEPS, "biz_step", "biz-step-unknown")
    if event.disposition is not None:
        word(event.disposition, vocabulary.DISPOSITIONS, "disposition", "disposition-unknown")
    _optional(event, "persistent_disposition", PersistentDisposition)
    _optional(event, "error_declaration", ErrorDeclaration)
    for name in ("read_point", "biz_location", "event_id"):
        _optional_id(event, name)
    _each(event, "biz_transaction_list", BizTransaction)
    _each(event, "source_list", Source)
    _each(event, "destination_list", Destination)
    _check_kept(event)


def _check_kept(event: SupplyEvent) -> None:
    sensors = checks.sequence(event.sensor_element_list, "sensor_element_list")
    put(
        event,
        "sensor_element_list",
        tuple(json_object(element, f"sensor_element_list[{index}]") for index, element in enumerate(sensors)),
    )
    info = event.certification_info
    if isinstance(info, list | tuple):
        put(event, "certification_info", checks.identifiers(info, "certification_info") or None)
    elif info is not None:
        checks.identifier(info, "certification_info")
    put(event, "extensions", json_object(event.extensions, "extensions"))


def _check_things(event: SupplyEvent, lists: tuple[str, ...], quantities: tuple[str, ...]) -> None:
    for name in lists:
        if getattr(event, name) != ():
            put(event, name, checks.identifiers(getattr(event, name), name))
    for name in quantities:
        _each(event, name, Quantity)


def _check_family(event: AggregationEvent | AssociationEvent) -> None:
    _check_things(event, ("child_epcs",), ("child_quantity_list",))
    _optional_id(event, "parent_id")
    if not (event.child_epcs or event.child_quantity_list or event.action == "DELETE"):
        raise _nothing_named("child_epcs", "child_epcs or child_quantity_list")


def _each(event: SupplyEvent, name: str, kind: type[T]) -> None:
    items = getattr(event, name)
    if items == ():
        return
    items = checks.sequence(items, name)
    for index, item in enumerate(items):
        if not isinstance(item, kind):
            raise refusal(f"not a {kind.__name__}", f"{name}[{index}]", "wrong-kind", item, kind.__name__)
    put(event, name, items)


def _optional(event: SupplyEvent, name: str, kind: type[T]) -> None:
    value = getattr(event, name)
    if value is not None and not isinstance(value, kind):
        raise refusal(f"not a {kind.__name__}", name, "wrong-kind", value, kind.__name__)


def _optional_id(event: SupplyEvent, name: str) -> None:
    if getattr(event, name) is not None:
        checks.identifier(getattr(event, name), name)


def _nothing_named(field: str, expected: str) -> EventInvalid:
    return refusal("the event names no thing it is about", field, "nothing-named", "nothing", expected)
