"""What happened to things: the five events of EPCIS 2.0 (clause 7.4), each checking itself (`supply_checks`).

Rule: wire names live in `codec` and `foreign` only. `biz_step`, `disposition` and types are bare words when
the Core Business Vocabulary has them, else the URI as written. `extensions` holds every foreign field of the
event by its wire name, so that nothing that arrived is lost: also `recordTime`, the prefixes (`@context`),
and what else stood inside `readPoint` and `bizLocation` beside the id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.events.checks import put, refusal
from ledger.events.parts import (
    BizTransaction,
    Destination,
    ErrorDeclaration,
    PersistentDisposition,
    Quantity,
    Source,
    json_object,
)
from ledger.events.supply_checks import (
    check_common,
    check_family,
    check_optional_id,
    check_things,
    nothing_named,
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
        check_common(self)
        check_things(self, ("epc_list",), ("quantity_list",))
        if not (self.epc_list or self.quantity_list or self.sensor_element_list):
            raise nothing_named(
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
        check_common(self)
        check_family(self)
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
        check_common(self)
        check_family(self)
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
        check_common(self)
        check_things(self, ("epc_list",), ("quantity_list",))
        check_optional_id(self, "parent_id")
        if not self.biz_transaction_list:
            raise refusal(
                "no business document named",
                "biz_transaction_list",
                "transaction-missing",
                "nothing",
                "at least one business transaction",
            )
        if not (self.epc_list or self.quantity_list or self.parent_id or self.action == "DELETE"):
            raise nothing_named("epc_list", "epc_list, quantity_list or parent_id")


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
        check_common(self)
        check_things(
            self, ("input_epc_list", "output_epc_list"), ("input_quantity_list", "output_quantity_list")
        )
        check_optional_id(self, "transformation_id")
        put(self, "ilmd", json_object(self.ilmd, "ilmd"))
        inputs, outputs = (
            self.input_epc_list or self.input_quantity_list,
            self.output_epc_list or self.output_quantity_list,
        )
        if not inputs and not (self.transformation_id and outputs):
            raise nothing_named("input_quantity_list", "at least one input, or a transformation_id")
        if not outputs and not self.transformation_id:
            raise nothing_named("output_quantity_list", "at least one output, or a transformation_id")


SupplyEvent = ObjectEvent | AggregationEvent | AssociationEvent | TransactionEvent | TransformationEvent
