"""The standard fields of an event, each with how it is read from others' JSON.

Rule: a reader returns the plain value our canonical document has in that place, or refuses with the path of
the field. `normalise` says which changes are made. Source: EPCIS 2.0 7.3 and 7.4, CBV 2.0 chapter 7.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from ledger.errors import EventInvalid
from ledger.events.checks import identifier, refusal
from ledger.events.gs1.links import CANONICAL_STEM, parse_link
from ledger.events.instants import instant_text, parse_instant
from ledger.events.profile import json_document
from ledger.events.sensors import sensor_elements
from ledger.events.values import decimal_text, freeze, tidy_decimal

Wire = Mapping[str, object]
_OFFSET = re.compile(r"([+-]\d\d):?(\d\d)", re.ASCII)
# Vocabulary name -> its URN part and its part after cbv: or https://ref.gs1.org/cbv/
_VOCABULARIES = {
    "bizStep": ("bizstep", "BizStep"),
    "disposition": ("disp", "Disp"),
    "transaction": ("btt", "BTT"),
    "place": ("sdt", "SDT"),
    "reason": ("er", "ER"),
}


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


def as_object(value: object, field: str) -> Wire:
    """Return a JSON object."""
    if isinstance(value, Mapping):
        return value
    raise refusal("not an object", field, "not-an-object", value, "an object of names and values")


def empty(value: object) -> bool:
    """Return whether a standard field says nothing."""
    return value is None or value == "" or value == []


def as_text(value: object, field: str) -> object:
    """Return text without the blanks around it."""
    if isinstance(value, str):
        return value.strip()
    raise refusal("not text", field, "not-text", value, "text")


def as_instant(value: object, field: str) -> object:
    """Return the canonical text of an instant."""
    return instant_text(parse_instant(value, field))


def _offset(value: object, field: str) -> object:
    if value in ("Z", "z"):
        return "+00:00"
    match = _OFFSET.fullmatch(value) if isinstance(value, str) else None
    return f"{match[1]}:{match[2]}" if match else as_text(value, field)


def _word(name: str) -> Callable[[object, str], object]:
    return lambda value, field: bare_word(as_text(value, field), name)


def _list(read: Callable[[object, str], object]) -> Callable[[object, str], object]:
    def read_all(value: object, field: str) -> object:
        if not isinstance(value, list):
            raise refusal("not a list", field, "not-a-list", value, "a list")
        return [read(item, f"{field}[{place}]") for place, item in enumerate(value)]

    return read_all


def _thing(value: object, field: str) -> object:
    """Read the id of a thing; what claims to be on GS1's own resolver must be a link GS1 would accept."""
    code = identifier(as_text(value, field), field)
    if code.lower().startswith(CANONICAL_STEM + "/"):
        try:
            _check_link(code)
        except EventInvalid as error:
            raise refusal(error.what, field, error.code, code, error.expected) from error
    return code


@lru_cache(maxsize=4096)
def _check_link(code: str) -> None:
    """Refuse what GS1 would not accept; a file names the same lots again and again."""
    parse_link(code)


def _quantity(value: object, field: str) -> object:
    wire = as_object(value, field)
    for name in wire:
        if name not in ("epcClass", "quantity", "uom"):
            raise unknown_field(f"{field}.{name}", "quantityElement")
    read: dict[str, object] = {"epcClass": _thing(wire.get("epcClass", ""), f"{field}.epcClass")}
    if not empty(wire.get("quantity")):
        amount = wire["quantity"]
        text = amount.strip() if isinstance(amount, str) else amount
        read["quantity"] = decimal_text(tidy_decimal(text, field=f"{field}.quantity"))
    if not empty(wire.get("uom")):
        read["uom"] = as_text(wire["uom"], f"{field}.uom")
    return read


def _typed(name: str, vocabulary_name: str) -> Callable[[object, str], object]:
    """Return a reader of {type, name}: a business transaction, a source or a destination."""

    def read(value: object, field: str) -> object:
        wire = as_object(value, field)
        for key in wire:
            if key not in ("type", name):
                raise unknown_field(f"{field}.{key}", name)
        made: dict[str, object] = {"id": as_text(wire.get(name, ""), f"{field}.{name}")}
        if not empty(wire.get("type")):
            made["type"] = bare_word(as_text(wire["type"], f"{field}.type"), vocabulary_name)
        return made

    return read


def _place(value: object, field: str) -> object:
    if isinstance(value, str):
        return value.strip()
    return identifier(as_text(as_object(value, field).get("id", ""), f"{field}.id"), f"{field}.id")


def _dispositions(value: object, field: str) -> object:
    wire = as_object(value, field)
    for name in wire:
        if name not in ("set", "unset"):
            raise unknown_field(f"{field}.{name}", field)
    read = _list(_word("disposition"))
    return {name: read(item, f"{field}.{name}") for name, item in wire.items() if not empty(item)}


def _error_declaration(value: object, field: str) -> object:
    wire = as_object(value, field)
    made: dict[str, object] = {}
    extensions: dict[str, object] = {}
    for name, item in wire.items():
        path = f"{field}.{name}"
        if name == "declarationTime":
            made[name] = as_instant(item, path)
        elif name == "reason":
            made[name] = bare_word(as_text(item, path), "reason")
        elif name == "correctiveEventIDs":
            made[name] = item
        elif ":" in name:
            extensions[name] = item
        else:
            raise unknown_field(path, field)
    if extensions:
        made["extensions"] = json_document(freeze(extensions, field=field))
    return {name: item for name, item in made.items() if not empty(item)}


def _ilmd(value: object, field: str) -> object:
    wire = as_object(value, field)
    for name in wire:
        if ":" not in name:
            raise unknown_field(f"{field}.{name}", field)
    return json_document(freeze(wire, field=field))


def _sensors(value: object, field: str) -> object:
    return [json_document(freeze(element, field=field)) for element in sensor_elements(value, field)]


def _certification(value: object, field: str) -> object:
    return _list(as_text)(value, field) if isinstance(value, list) else as_text(value, field)


READERS: Mapping[str, Callable[[object, str], object]] = {
    "eventTime": as_instant,
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
