"""One foreign event to one of ours: normalise first, then validate with our own checks.

Rule: only these changes are made, and no others. Instants become UTC with at most microseconds; names of
the Core Business Vocabulary lose their prefix (`urn:epcglobal:cbv:bizstep:shipping`, `cbv:BizStep-shipping`
and `https://ref.gs1.org/cbv/BizStep-shipping` are `shipping`); numbers written as text become numbers;
empty lists, empty texts and nulls in standard fields are left out; prefixes nobody uses are dropped. Every
field with a prefix is kept as it is. Source: EPCIS 2.0 chapters 7 to 9, CBV 2.0 chapter 7.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ledger.errors import EventInvalid
from ledger.events import codec
from ledger.events.checks import identifier, refusal
from ledger.events.gs1.links import CANONICAL_STEM, parse_link
from ledger.events.instants import instant_text, parse_instant
from ledger.events.sensors import sensor_elements
from ledger.events.supply import SupplyEvent
from ledger.events.values import decimal_text, freeze, tidy_decimal

Wire = Mapping[str, object]
EVENT_TYPES = (
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
)
_TYPE = re.compile(r"(?:epcis:|https?://(?:ref|ns)\.gs1\.org/epcis/)?(\w+)")
_OFFSET = re.compile(r"([+-]\d\d):?(\d\d)", re.ASCII)
# Vocabulary name -> its URN part and its part after cbv: or https://ref.gs1.org/cbv/
_VOCABULARIES = {
    "bizStep": ("bizstep", "BizStep"),
    "disposition": ("disp", "Disp"),
    "transaction": ("btt", "BTT"),
    "place": ("sdt", "SDT"),
    "reason": ("er", "ER"),
}


def event_from_wire(raw: object, prefixes: Mapping[str, str]) -> SupplyEvent:
    """Return the event a JSON object of EPCIS 2.0 says.

    Args:
        raw: the parsed object.
        prefixes: what the document's @context says of prefixes; the event's own come on top.

    Raises:
        EventInvalid: `field` is the path in the foreign object, such as `quantityList[0].quantity`.
    """
    wire = _object(raw, "event")
    word = _event_type(wire)
    known = codec.wire_fields(word)
    document: dict[str, object] = {"type": word}
    extensions: dict[str, object] = {}
    _refuse_missing(wire, word)
    for name, value in wire.items():
        if name in _ASIDE:
            continue
        if name in known:
            if not _empty(value):
                document[name] = _READERS.get(name, _text)(value, name)
        elif name == "recordTime":
            extensions[name] = _instant(value, name)
        elif ":" in name:
            extensions[name] = value
        else:
            raise unknown_field(name, word)
    _keep_place_fields(wire, extensions)
    _keep_prefixes(wire, prefixes, extensions)
    document["extensions"] = codec.json_document(freeze(extensions, field="event"))
    return _decode({name: value for name, value in document.items() if not _empty(value)})


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


def bare_word(value: object, vocabulary_name: str) -> object:
    """Return the bare word of a CBV name however it is prefixed; anything else as it is."""
    urn, name = _VOCABULARIES[vocabulary_name]
    if isinstance(value, str):
        for start in (
            f"urn:epcglobal:cbv:{urn}:",
            f"cbv:{name}-",
            f"https://ref.gs1.org/cbv/{name}-",
            f"https://ns.gs1.org/cbv/{name}-",
            f"http://ns.gs1.org/cbv/{name}-",
        ):
            if value.startswith(start):
                return value[len(start) :]
    return value


def unknown_field(name: str, kind: str) -> EventInvalid:
    """Make the refusal of a field that is neither the standard's nor somebody's own with a prefix."""
    return refusal(
        f"{kind} has no such field",
        name,
        "field-unknown",
        name,
        "a field of the standard, or one of your own with a prefix such as example:colour",
    )


def _event_type(wire: Wire) -> str:
    match = _TYPE.fullmatch(str(wire.get("type", wire.get("isA", ""))))
    if match and match[1] in EVENT_TYPES:
        return match[1]
    raise refusal(
        "not a kind of event", "type", "event-type-unknown", wire.get("type"), " | ".join(EVENT_TYPES)
    )


def _refuse_missing(wire: Wire, word: str) -> None:
    needed = ["eventTime", "eventTimeZoneOffset", *(["action"] if word != "TransformationEvent" else [])]
    missing = [name for name in needed if _empty(wire.get(name))]
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


def _object(value: object, field: str) -> Wire:
    if isinstance(value, Mapping):
        return value
    raise refusal("not an object", field, "not-an-object", value, "an object of names and values")


def _empty(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _text(value: object, field: str) -> object:
    if isinstance(value, str):
        return value.strip()
    raise refusal("not text", field, "not-text", value, "text")


def _instant(value: object, field: str) -> object:
    return instant_text(parse_instant(value, field))


def _offset(value: object, field: str) -> object:
    if value in ("Z", "z"):
        return "+00:00"
    match = _OFFSET.fullmatch(value) if isinstance(value, str) else None
    return f"{match[1]}:{match[2]}" if match else _text(value, field)


def _word(name: str) -> Callable[[object, str], object]:
    return lambda value, field: bare_word(_text(value, field), name)


def _list(read: Callable[[object, str], object]) -> Callable[[object, str], object]:
    def read_all(value: object, field: str) -> object:
        if not isinstance(value, list):
            raise refusal("not a list", field, "not-a-list", value, "a list")
        return [read(item, f"{field}[{place}]") for place, item in enumerate(value)]

    return read_all


def _thing(value: object, field: str) -> object:
    """Read the id of a thing; what claims to be on GS1's own resolver must be a link GS1 would accept."""
    code = identifier(_text(value, field), field)
    if code.lower().startswith(CANONICAL_STEM + "/"):
        try:
            parse_link(code)
        except EventInvalid as error:
            raise refusal(error.what, field, error.code, code, error.expected) from error
    return code


def _quantity(value: object, field: str) -> object:
    wire = _object(value, field)
    for name in wire:
        if name not in ("epcClass", "quantity", "uom"):
            raise unknown_field(f"{field}.{name}", "quantityElement")
    read: dict[str, object] = {"epcClass": _thing(wire.get("epcClass", ""), f"{field}.epcClass")}
    if not _empty(wire.get("quantity")):
        amount = wire["quantity"]
        text = amount.strip() if isinstance(amount, str) else amount
        read["quantity"] = decimal_text(tidy_decimal(text, field=f"{field}.quantity"))
    if not _empty(wire.get("uom")):
        read["uom"] = _text(wire["uom"], f"{field}.uom")
    return read


def _typed(name: str, vocabulary_name: str) -> Callable[[object, str], object]:
    """Return a reader of {type, name}: a business transaction, a source or a destination."""

    def read(value: object, field: str) -> object:
        wire = _object(value, field)
        for key in wire:
            if key not in ("type", name):
                raise unknown_field(f"{field}.{key}", name)
        made: dict[str, object] = {"id": _text(wire.get(name, ""), f"{field}.{name}")}
        if not _empty(wire.get("type")):
            made["type"] = bare_word(_text(wire["type"], f"{field}.type"), vocabulary_name)
        return made

    return read


def _place(value: object, field: str) -> object:
    if isinstance(value, str):
        return value.strip()
    return _text(_object(value, field).get("id", ""), f"{field}.id")


def _dispositions(value: object, field: str) -> object:
    wire = _object(value, field)
    for name in wire:
        if name not in ("set", "unset"):
            raise unknown_field(f"{field}.{name}", field)
    read = _list(_word("disposition"))
    return {name: read(item, f"{field}.{name}") for name, item in wire.items() if not _empty(item)}


def _error_declaration(value: object, field: str) -> object:
    wire = _object(value, field)
    made: dict[str, object] = {}
    extensions: dict[str, object] = {}
    for name, item in wire.items():
        path = f"{field}.{name}"
        if name == "declarationTime":
            made[name] = _instant(item, path)
        elif name == "reason":
            made[name] = bare_word(_text(item, path), "reason")
        elif name == "correctiveEventIDs":
            made[name] = item
        elif ":" in name:
            extensions[name] = item
        else:
            raise unknown_field(path, field)
    if extensions:
        made["extensions"] = codec.json_document(freeze(extensions, field=field))
    return {name: item for name, item in made.items() if not _empty(item)}


def _ilmd(value: object, field: str) -> object:
    wire = _object(value, field)
    for name in wire:
        if ":" not in name:
            raise unknown_field(f"{field}.{name}", field)
    return codec.json_document(freeze(wire, field=field))


def _sensors(value: object, field: str) -> object:
    return [codec.json_document(freeze(element, field=field)) for element in sensor_elements(value, field)]


def _certification(value: object, field: str) -> object:
    return _list(_text)(value, field) if isinstance(value, list) else _text(value, field)


_ASIDE = ("type", "isA", "@context")
_READERS: Mapping[str, Callable[[object, str], object]] = {
    "eventTime": _instant,
    "eventTimeZoneOffset": _offset,
    "bizStep": _word("bizStep"),
    "disposition": _word("disposition"),
    "persistentDisposition": _dispositions,
    "readPoint": _place,
    "bizLocation": _place,
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _list(_thing)),
    **dict.fromkeys(
        ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _list(_quantity)
    ),
    "bizTransactionList": _list(_typed("bizTransaction", "transaction")),
    "sourceList": _list(_typed("source", "place")),
    "destinationList": _list(_typed("destination", "place")),
    "errorDeclaration": _error_declaration,
    "ilmd": _ilmd,
    "sensorElementList": _sensors,
    "certificationInfo": _certification,
}
