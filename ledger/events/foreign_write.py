"""One event as the JSON object EPCIS 2.0 asks for.

Rule: the reverse of `normalise`, and nothing is left out: kept foreign fields go back where they came from.
Source: EPCIS 2.0 chapter 10 (JSON/JSON-LD binding).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ledger.events import codec
from ledger.events.supply import (
    BizTransaction,
    Destination,
    ErrorDeclaration,
    Quantity,
    Source,
    SupplyEvent,
)
from ledger.events.values import FrozenMap, Json, thaw

_LISTS = {BizTransaction: "bizTransaction", Source: "source", Destination: "destination"}
_FIRST = ("type", "eventID", "eventTime", "eventTimeZoneOffset", "recordTime")


def wire_of(event: SupplyEvent) -> dict[str, object]:
    """Return the event under the standard's names, decimals as `Decimal`; prefixes it uses under @context."""
    plain = codec.document(event)
    kept = dict(event.extensions) if isinstance(event.extensions, FrozenMap) else {}
    made: dict[str, object] = {"type": plain["type"]}
    for attribute in event.__dataclass_fields__:
        value = getattr(event, attribute)
        wire = codec.wire_name(attribute)
        if attribute != "extensions" and wire in plain:
            made[wire] = _value(wire, value, plain[wire], kept)
    made.update({name: thaw(value) for name, value in kept.items()})
    return {name: made[name] for name in (*_FIRST, *made) if name in made}


def _value(wire: str, value: object, plain: object, kept: dict[str, Json]) -> object:
    if wire in ("readPoint", "bizLocation"):
        beside = kept.pop(wire, None)
        return {"id": value, **(cast(dict[str, object], thaw(beside)) if beside is not None else {})}
    if isinstance(value, ErrorDeclaration):
        declared = dict(cast(Mapping[str, object], plain))
        declared.pop("extensions", None)
        return {**declared, **(cast(dict[str, object], thaw(value.extensions)) if value.extensions else {})}
    if isinstance(value, FrozenMap):
        return thaw(value)
    if isinstance(value, tuple):
        return [_item(item) for item in value]
    return plain


def _item(item: object) -> object:
    if isinstance(item, Quantity):
        parts = (("epcClass", item.epc_class), ("quantity", item.quantity), ("uom", item.uom))
        return {name: value for name, value in parts if value is not None}
    if isinstance(item, BizTransaction | Source | Destination):
        typed = {"type": item.type} if item.type is not None else {}
        return {**typed, _LISTS[type(item)]: item.id}
    return thaw(cast(Json, item))
