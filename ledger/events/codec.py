"""Events to canonical bytes and back: the one place, with `foreign`, where wire names are known.

Rule: one event, one text. The bytes are RFC 8785 JSON inside a narrow profile (ASCII names, no floats,
whole numbers below 2^53, decimals as text), and reading accepts only what writing would write, so two
different texts never mean the same event. Type names are frozen words: a class may be renamed, a word not.
Foreign JSON keeps its fractions as {"@decimal": "1.5"} and names outside the profile as
{"@entries": [[name, value], ...]}, in order of name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import cast

import orjson

from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.evidence import (
    Certificate,
    ClaimFinding,
    Commitment,
    Complaint,
    EvidenceEvent,
    Inspection,
    Recall,
    Review,
)
from ledger.events.governance import (
    Erased,
    GovernanceEvent,
    KeyAdded,
    KeyRevoked,
    MasterData,
    PartyEnrolled,
    PolicyAdopted,
    Ruling,
    ScorePublished,
)
from ledger.events.instants import instant_text
from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    BizTransaction,
    Destination,
    ErrorDeclaration,
    ObjectEvent,
    PersistentDisposition,
    Quantity,
    Source,
    SupplyEvent,
    TransactionEvent,
    TransformationEvent,
)
from ledger.events.values import LARGEST_INT, FrozenMap, Json, clean_text, decimal_text

Event = SupplyEvent | EvidenceEvent | GovernanceEvent
Document = dict[str, object]

TYPES: Mapping[str, type[Event]] = {
    "ObjectEvent": ObjectEvent,
    "AggregationEvent": AggregationEvent,
    "AssociationEvent": AssociationEvent,
    "TransactionEvent": TransactionEvent,
    "TransformationEvent": TransformationEvent,
    "Inspection": Inspection,
    "Certificate": Certificate,
    "Complaint": Complaint,
    "Review": Review,
    "Recall": Recall,
    "ClaimFinding": ClaimFinding,
    "PartyEnrolled": PartyEnrolled,
    "KeyAdded": KeyAdded,
    "KeyRevoked": KeyRevoked,
    "PolicyAdopted": PolicyAdopted,
    "ScorePublished": ScorePublished,
    "Ruling": Ruling,
    "Erased": Erased,
    "MasterData": MasterData,
}
_WORDS = {kind: word for word, kind in TYPES.items()}
_CAPITALS = {"epc": "EPC", "epcs": "EPCs", "id": "ID", "ids": "IDs"}


def type_name(event: Event) -> str:
    """Return the frozen word for the kind of this event."""
    return _WORDS[type(event)]


def encode(event: Event) -> bytes:
    """Return the canonical bytes of an event."""
    return orjson.dumps(document(event), option=orjson.OPT_SORT_KEYS)


def document(event: Event) -> Document:
    """Return the event as plain JSON values, ready to be part of a larger canonical text."""
    return {"type": type_name(event), **_write_fields(event)}


def decode(source: bytes | Mapping[str, object]) -> Event:
    """Return the event these canonical bytes, or this parsed document, say.

    Raises:
        EventInvalid: not JSON, an unknown type or field, a value the event refuses, or a text that
            `encode` would have written differently.
    """
    if not isinstance(source, bytes):
        return _read_document(source)
    try:
        parsed = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise refusal("not JSON", "event", "json-malformed", str(error), "one JSON object") from error
    event = _read_document(parsed)
    if encode(event) != source:
        raise refusal(
            "not the canonical text of this event",
            "event",
            "event-not-canonical",
            source[:100].decode("utf-8", "replace"),
            encode(event)[:100].decode(),
        )
    return event


def wire_name(attribute: str) -> str:
    """Return the standard's spelling of an attribute: `child_epcs` is `childEPCs` on the wire.

    >>> wire_name("input_epc_list"), wire_name("biz_step"), wire_name("event_id")
    ('inputEPCList', 'bizStep', 'eventID')
    """
    first, *rest = attribute.split("_")
    return first + "".join(_CAPITALS.get(word, word.capitalize()) for word in rest)


def wire_fields(word: str) -> frozenset[str]:
    """Return the standard field names of one kind of event."""
    return frozenset(wire for wire, _, _, _ in _shape(TYPES[word])) - {"extensions"}


def json_document(value: Json) -> object:
    """Return frozen JSON as the plain values of the canonical profile."""
    if isinstance(value, Decimal):
        return {"@decimal": decimal_text(value)}
    if isinstance(value, tuple):
        return [json_document(item) for item in value]
    if not isinstance(value, FrozenMap):
        return value
    if all(_plain_name(name) for name in value):
        return {name: json_document(item) for name, item in value.items()}
    return {"@entries": [[name, json_document(value[name])] for name in sorted(value)]}


def json_value(plain: object, field: str) -> Json:
    """Return the frozen JSON that `json_document` wrote as these plain values."""
    if plain is None or isinstance(plain, bool):
        return plain
    if isinstance(plain, str):
        return clean_text(plain, field=field)
    if isinstance(plain, int) and abs(plain) <= LARGEST_INT:
        return plain
    if isinstance(plain, list):
        return tuple(json_value(item, field) for item in plain)
    if isinstance(plain, dict):
        return _read_object(plain, field)
    raise refusal(
        "a number outside the canonical profile",
        field,
        "number-not-canonical",
        plain,
        'a whole number below 2^53, or {"@decimal": "1.5"}',
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """How one attribute is written and read."""

    write: Callable[[object], object]
    read: Callable[[object, str], object]


def _read_document(source: object) -> Event:
    if not isinstance(source, Mapping):
        raise refusal("not a JSON object", "event", "not-an-object", source, "one JSON object")
    word = source.get("type")
    if not isinstance(word, str) or word not in TYPES:
        raise refusal(
            "unknown kind of event",
            "type",
            "event-type-unknown",
            word,
            " | ".join(TYPES),
            "read this ledger with a newer version of the program",
        )
    return cast(
        Event,
        _read_fields(TYPES[word], {name: value for name, value in source.items() if name != "type"}, ""),
    )


def _write_fields(record: object) -> Document:
    written: Document = {}
    for wire, name, form, _ in _shape(type(record)):
        value = getattr(record, name)
        if value is not None and value != ():
            written[wire] = form.write(value)
    return written


def _read_fields(kind: type, source: object, path: str) -> object:
    if not isinstance(source, Mapping):
        raise refusal("not a JSON object", path or "event", "not-an-object", source, "an object")
    shape = _shape(kind)
    unknown = set(source) - {wire for wire, _, _, _ in shape}
    if unknown:
        raise refusal(
            "unknown field", path + min(unknown), "field-unknown", min(unknown), "a field of " + kind.__name__
        )
    values: dict[str, object] = {}
    for wire, name, form, missing in shape:
        if wire in source:
            values[name] = form.read(_present(source[wire], path + wire), path + wire)
        elif missing is _REQUIRED:
            raise refusal("a field is missing", path + wire, "field-missing", "nothing", wire)
        else:
            values[name] = missing
    return _build(kind, values, path)


def _build(kind: type, values: dict[str, object], path: str) -> object:
    try:
        return kind(**values)
    except EventInvalid as error:
        raise EventInvalid(
            error.what,
            field=path + wire_name(error.field),
            code=error.code,
            found=error.found,
            expected=error.expected,
            remedy=error.remedy,
        ) from error


def _present(value: object, field: str) -> object:
    if value is None or value == []:
        raise refusal("an empty field is left out", field, "field-empty", value, "no such field")
    return value


def _read_object(plain: Mapping[str, object], field: str) -> Json:
    if set(plain) == {"@decimal"}:
        number = _read_decimal(plain["@decimal"], field)
        if number == number.to_integral_value() and abs(number) <= LARGEST_INT:
            raise refusal(
                "a whole number written as a decimal", field, "number-not-canonical", str(number), str(number)
            )
        return number
    if set(plain) == {"@entries"}:
        return _read_entries(plain["@entries"], field)
    if not all(_plain_name(name) for name in plain):
        raise refusal(
            "a name outside the canonical profile", field, "name-not-canonical", str(plain), '{"@entries"}'
        )
    return FrozenMap({name: json_value(item, f"{field}.{name}") for name, item in plain.items()})


def _read_entries(plain: object, field: str) -> FrozenMap:
    pairs = plain if isinstance(plain, list) else []
    names = [
        pair[0] for pair in pairs if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)
    ]
    if len(names) != len(pairs) or names != sorted(set(names)) or all(_plain_name(name) for name in names):
        raise refusal(
            "entries out of order or not needed",
            field,
            "entries-not-canonical",
            str(plain),
            "pairs in order of name, one name outside the profile at least",
        )
    return FrozenMap(
        {clean_text(name, field=field): json_value(item, f"{field}.{name}") for name, item in pairs}
    )


def _plain_name(name: str) -> bool:
    return name.isascii() and name.isprintable() and name not in ("@decimal", "@entries")


def _same(value: object) -> object:
    return value


def _read_same(value: object, _: str) -> object:
    return value


def _write_instant(value: object) -> str:
    return instant_text(cast(datetime, value))


def _read_instant(value: object, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(cast(str, value)).astimezone(UTC)
        if _write_instant(moment) == value:
            return moment
    except (ValueError, TypeError, OverflowError):
        pass
    raise refusal("not a canonical instant", field, "instant-not-canonical", value, "2026-07-22T04:45:00Z")


def _read_day(value: object, field: str) -> date:
    try:
        found = date.fromisoformat(cast(str, value))
        if found.isoformat() == value:
            return found
    except (ValueError, TypeError):
        pass
    raise refusal("not a canonical date", field, "date-not-canonical", value, "2026-07-22")


def _read_decimal(value: object, field: str) -> Decimal:
    try:
        number = Decimal(cast(str, value))
        if number.is_finite() and decimal_text(number) == value:
            return number
    except (InvalidOperation, TypeError, ValueError):
        pass
    raise refusal("not a canonical decimal", field, "decimal-not-canonical", value, '"12.5"')


def _list_of(form: _Form) -> _Form:
    def read(value: object, field: str) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise refusal("not a list", field, "not-a-list", value, "a list")
        return tuple(form.read(item, f"{field}[{index}]") for index, item in enumerate(value))

    return _Form(lambda value: [form.write(item) for item in cast(tuple[object, ...], value)], read)


def _record(kind: type) -> _Form:
    return _Form(_write_fields, lambda value, field: _read_fields(kind, value, field + "."))


_SAME = _Form(_same, _read_same)
_INSTANT = _Form(_write_instant, _read_instant)
_DAY = _Form(lambda value: cast(date, value).isoformat(), _read_day)
_DECIMAL = _Form(lambda value: decimal_text(cast(Decimal, value)), _read_decimal)
_JSON = _Form(lambda value: json_document(cast(Json, value)), json_value)
_TEXTS = _list_of(_SAME)
_TEXT_OR_TEXTS = _Form(
    lambda value: list(value) if isinstance(value, tuple) else value,
    lambda value, _: tuple(value) if isinstance(value, list) else value,
)
_QUANTITIES = _list_of(_record(Quantity))
_FORMS: Mapping[str, _Form] = {
    **dict.fromkeys(("event_time", "declaration_time", "effective", "as_of"), _INSTANT),
    **dict.fromkeys(("valid_from", "valid_until"), _DAY),
    "quantity": _DECIMAL,
    **dict.fromkeys(("extensions", "ilmd", "document", "contributions", "attributes"), _JSON),
    "sensor_element_list": _list_of(_JSON),
    **dict.fromkeys(("epc_list", "child_epcs", "input_epc_list", "output_epc_list"), _TEXTS),
    **dict.fromkeys(("corrective_event_ids", "set", "unset", "scope", "lots", "roles", "item_path"), _TEXTS),
    "certification_info": _TEXT_OR_TEXTS,
    **dict.fromkeys(
        ("quantity_list", "child_quantity_list", "input_quantity_list", "output_quantity_list"), _QUANTITIES
    ),
    "biz_transaction_list": _list_of(_record(BizTransaction)),
    "source_list": _list_of(_record(Source)),
    "destination_list": _list_of(_record(Destination)),
    "persistent_disposition": _record(PersistentDisposition),
    "error_declaration": _record(ErrorDeclaration),
    "words": _record(Commitment),
}
_REQUIRED = object()
_Shape = tuple[tuple[str, str, _Form, object], ...]


def _shape_of(kind: type) -> _Shape:
    """Return wire name, attribute, form, and what a missing field means, for each field of a dataclass."""
    rows = []
    for field in dataclasses.fields(kind):
        optional = field.default is None or "None" in str(field.type)
        missing = () if field.default == () else None if optional else _REQUIRED
        rows.append((wire_name(field.name), field.name, _FORMS.get(field.name, _SAME), missing))
    return tuple(rows)


_PARTS = (Quantity, BizTransaction, Source, Destination, PersistentDisposition, ErrorDeclaration, Commitment)
_SHAPES: Mapping[type, _Shape] = {kind: _shape_of(kind) for kind in (*TYPES.values(), *_PARTS)}


def _shape(kind: type) -> _Shape:
    return _SHAPES[kind]
