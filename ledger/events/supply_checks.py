"""What the five events of EPCIS 2.0 check alike (clause 7.4): time, words of the vocabulary, lists, parents.

Rule: a list becomes a tuple and a JSON object a frozen one here, on the event itself; what does not fit is
refused by the field's name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

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

if TYPE_CHECKING:
    from ledger.events.supply import AggregationEvent, AssociationEvent, SupplyEvent

T = TypeVar("T")
_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)")


def check_common(event: SupplyEvent) -> None:
    """Check what all five have in common; a transformation alone has no action."""
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
    if hasattr(event, "action"):
        checks.one_of(event.action, vocabulary.ACTIONS, "action", "action-unknown")
    if event.biz_step is not None:
        word(event.biz_step, vocabulary.BIZ_STEPS, "biz_step", "biz-step-unknown")
    if event.disposition is not None:
        word(event.disposition, vocabulary.DISPOSITIONS, "disposition", "disposition-unknown")
    _optional(event, "persistent_disposition", PersistentDisposition)
    _optional(event, "error_declaration", ErrorDeclaration)
    for name in ("read_point", "biz_location", "event_id"):
        check_optional_id(event, name)
    _each(event, "biz_transaction_list", BizTransaction)
    _each(event, "source_list", Source)
    _each(event, "destination_list", Destination)
    _check_kept(event)


def check_things(event: SupplyEvent, lists: tuple[str, ...], quantities: tuple[str, ...]) -> None:
    """Check the lists of identifiers and of quantities that have these names."""
    for name in lists:
        if getattr(event, name) != ():
            put(event, name, checks.identifiers(getattr(event, name), name))
    for name in quantities:
        _each(event, name, Quantity)


def check_family(event: AggregationEvent | AssociationEvent) -> None:
    """Check a parent and what belongs to it."""
    check_things(event, ("child_epcs",), ("child_quantity_list",))
    check_optional_id(event, "parent_id")
    if not (event.child_epcs or event.child_quantity_list or event.action == "DELETE"):
        raise nothing_named("child_epcs", "child_epcs or child_quantity_list")


def check_optional_id(event: SupplyEvent, name: str) -> None:
    """Check the identifier of that name, if there is one."""
    if getattr(event, name) is not None:
        checks.identifier(getattr(event, name), name)


def nothing_named(field: str, expected: str) -> EventInvalid:
    """Return the refusal of an event that is about nothing."""
    return refusal("the event names no thing it is about", field, "nothing-named", "nothing", expected)


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
