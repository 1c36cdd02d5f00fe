"""One foreign event to one of ours: normalise first, then validate with our own checks.

Rule: only these changes are made, and no others. Instants become UTC with at most microseconds; names of
the Core Business Vocabulary lose their prefix (`urn:epcglobal:cbv:bizstep:shipping`, `cbv:BizStep-shipping`
and `https://ref.gs1.org/cbv/BizStep-shipping` are `shipping`); numbers written as text become numbers;
empty lists, empty texts and nulls in standard fields are left out; prefixes nobody uses are dropped. Every
field with a prefix is kept as it is. Source: EPCIS 2.0 chapters 7 to 9, CBV 2.0 chapter 7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ledger.errors import EventInvalid
from ledger.events import codec
from ledger.events.checks import refusal
from ledger.events.profile import json_document
from ledger.events.supply import SupplyEvent
from ledger.events.values import freeze
from ledger.events.wire_fields import READERS, Wire, as_instant, as_object, as_text, empty, unknown_field

EVENT_TYPES = (
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
)
_TYPE = re.compile(r"(?:epcis:|https?://(?:ref|ns)\.gs1\.org/epcis/)?(\w+)")


def event_from_wire(raw: object, prefixes: Mapping[str, str]) -> SupplyEvent:
    """Return the event a JSON object of EPCIS 2.0 says.

    Args:
        raw: the parsed object.
        prefixes: what the document's @context says of prefixes; the event's own come on top.

    Raises:
        EventInvalid: `field` is the path in the foreign object, such as `quantityList[0].quantity`.
    """
    wire = as_object(raw, "event")
    word = _event_type(wire)
    known = codec.wire_fields(word)
    document: dict[str, object] = {"type": word}
    extensions: dict[str, object] = {}
    _refuse_missing(wire, word)
    for name, value in wire.items():
        if name in _ASIDE:
            continue
        if name in known:
            if not empty(value):
                document[name] = READERS.get(name, as_text)(value, name)
        elif name == "recordTime":
            extensions[name] = as_instant(value, name)
        elif ":" in name:
            extensions[name] = value
        else:
            raise unknown_field(name, word)
    _keep_place_fields(wire, extensions)
    _keep_prefixes(wire, prefixes, extensions)
    document["extensions"] = json_document(freeze(extensions, field="event"))
    return _decode({name: value for name, value in document.items() if not empty(value)})


def prefixes_of(context: object, field: str = "@context") -> dict[str, str]:
    """Return the prefixes a @context defines; links to contexts define only standard ones."""
    found: dict[str, str] = {}
    for part in context if isinstance(context, list | tuple) else [context]:
        if isinstance(part, Mapping):
            found.update({name: target for name, target in part.items() if isinstance(target, str)})
        elif not isinstance(part, str):
            raise refusal(
                "not a JSON-LD context", field, "context-unfit", part, "links and objects of prefixes"
            )
    return found


def _event_type(wire: Wire) -> str:
    match = _TYPE.fullmatch(str(wire.get("type", wire.get("isA", ""))))
    if match and match[1] in EVENT_TYPES:
        return match[1]
    raise refusal(
        "not a kind of event", "type", "event-type-unknown", wire.get("type"), " | ".join(EVENT_TYPES)
    )


def _refuse_missing(wire: Wire, word: str) -> None:
    needed = ["eventTime", "eventTimeZoneOffset", *(["action"] if word != "TransformationEvent" else [])]
    missing = [name for name in needed if empty(wire.get(name))]
    if missing:
        raise refusal("a field is missing", missing[0], "field-missing", "nothing", " and ".join(missing))


def _decode(document: Wire) -> SupplyEvent:
    try:
        event = codec.decode(document)
    except EventInvalid as error:
        error.field = error.where = _wire_path(error.field)
        raise
    assert isinstance(event, SupplyEvent)
    return event


def _wire_path(field: str) -> str:
    """Return where a field of ours stands in the foreign object."""
    if field in ("readPoint", "bizLocation"):
        return field + ".id"
    lists = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}
    start = field.partition("[")[0]
    return (
        field.removesuffix(".id") + "." + lists[start] if start in lists and field.endswith(".id") else field
    )


def _keep_place_fields(wire: Wire, extensions: dict[str, object]) -> None:
    for name in ("readPoint", "bizLocation"):
        place = wire.get(name)
        if isinstance(place, Mapping):
            beside = {key: value for key, value in place.items() if key != "id"}
            if any(":" not in key for key in beside):
                raise unknown_field(f"{name}.{next(key for key in beside if ':' not in key)}", name)
            if beside:
                extensions[name] = beside


def _keep_prefixes(wire: Wire, prefixes: Mapping[str, str], extensions: dict[str, object]) -> None:
    """Keep the prefixes this event uses, in names or in values, so that it can be written out alone."""
    defined = {**prefixes, **prefixes_of(wire.get("@context", {}))}
    if not defined:
        return
    used: set[str] = set()
    _collect_prefixes({name: value for name, value in wire.items() if name != "@context"}, used)
    kept = {name: defined[name] for name in sorted(used) if name in defined}
    if kept:
        extensions["@context"] = kept


def _collect_prefixes(value: object, used: set[str]) -> None:
    if isinstance(value, Mapping):
        for name, item in value.items():
            used.add(name.partition(":")[0])
            _collect_prefixes(item, used)
    elif isinstance(value, list):
        for item in value:
            _collect_prefixes(item, used)
    elif isinstance(value, str):
        used.add(value.partition(":")[0])


_ASIDE = ("type", "isA", "@context")
