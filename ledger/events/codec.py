"""Events to canonical bytes and back: the one place, with `foreign`, where wire names are known.

Rule: one event, one text. The bytes are RFC 8785 JSON inside a narrow profile (ASCII names, no floats,
whole numbers below 2^53, decimals as text), and reading accepts only what writing would write, so two
different texts never mean the same event. Type names are frozen words: a class may be renamed, a word not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import cast

import orjson

from ledger.errors import EventInvalid
from ledger.events.cases import CaseEvent, CaseStep, Measure
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
from ledger.events.origin import OriginStory, Photo
from ledger.events.profile import DAY, DECIMAL, INSTANT, JSON, SAME, TEXT_OR_TEXTS, TEXTS, Form, list_of
from ledger.events.quality import (
    ConformityPromise,
    LabelsPrinted,
    LabReport,
    Measured,
    QualityEvent,
    QualityGate,
)
from ledger.events.scans import ScanReceipt
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

Event = SupplyEvent | EvidenceEvent | GovernanceEvent | QualityEvent | ScanReceipt | OriginStory | CaseEvent
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
    "ConformityPromise": ConformityPromise,
    "LabReport": LabReport,
    "QualityGate": QualityGate,
    "LabelsPrinted": LabelsPrinted,
    "ScanReceipt": ScanReceipt,
    "OriginStory": OriginStory,
    "CaseStep": CaseStep,
    "Measure": Measure,
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
    return frozenset(_SHAPES[TYPES[word]].fields) - {"extensions"}


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
    fields = {name: value for name, value in source.items() if name != "type"}
    return cast(Event, _read_fields(TYPES[word], fields, ""))


def _write_fields(record: object) -> Document:
    shape = _SHAPES[type(record)]
    return {
        wire: value if write is None else write(value)
        for (wire, write), value in zip(shape.written, shape.values(record), strict=True)
        if value is not None and value != ()
    }


def _read_fields(kind: type, source: object, path: str) -> object:
    if not isinstance(source, Mapping):
        raise refusal("not a JSON object", path or "event", "not-an-object", source, "an object")
    shape = _SHAPES[kind]
    values = dict(shape.missing)
    for wire, plain in source.items():
        if wire not in shape.fields:
            raise refusal(
                "unknown field", f"{path}{wire}", "field-unknown", wire, "a field of " + kind.__name__
            )
        name, form = shape.fields[wire]
        values[name] = form.read(_present(plain, path + wire), path + wire)
    if len(values) < len(shape.fields):
        wire = next(wire for wire, (name, _) in shape.fields.items() if name not in values)
        raise refusal("a field is missing", path + wire, "field-missing", "nothing", wire)
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


def _record(kind: type) -> Form:
    return Form(_write_fields, lambda value, field: _read_fields(kind, value, field + "."))


_QUANTITIES = list_of(_record(Quantity))
_FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("event_time", "declaration_time", "effective", "as_of"), INSTANT),
    **dict.fromkeys(("valid_from", "valid_until", "sampled", "until"), DAY),
    **dict.fromkeys(("quantity", "detection_limit", "content"), DECIMAL),
    **dict.fromkeys(("extensions", "ilmd", "document", "contributions", "attributes", "shadow"), JSON),
    "sensor_element_list": list_of(JSON),
    **dict.fromkeys(("epc_list", "child_epcs", "input_epc_list", "output_epc_list"), TEXTS),
    **dict.fromkeys(("corrective_event_ids", "set", "unset", "scope", "lots", "roles", "item_path"), TEXTS),
    **dict.fromkeys(("basis", "based_on", "steps"), TEXTS),
    "results": list_of(_record(Measured)),
    "certification_info": TEXT_OR_TEXTS,
    **dict.fromkeys(
        ("quantity_list", "child_quantity_list", "input_quantity_list", "output_quantity_list"), _QUANTITIES
    ),
    "biz_transaction_list": list_of(_record(BizTransaction)),
    "source_list": list_of(_record(Source)),
    "destination_list": list_of(_record(Destination)),
    "persistent_disposition": _record(PersistentDisposition),
    "error_declaration": _record(ErrorDeclaration),
    **dict.fromkeys(("words", "complainant"), _record(Commitment)),
    "photos": list_of(_record(Photo)),
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """The fields of a dataclass by wire name, and what those mean that may be left out.

    Args:
        fields: wire name -> (attribute, how it is written and read), in the dataclass's order.
        missing: what an attribute is whose field is left out.
        values: gives all attributes of a record at once; one call in C where a loop would be eighteen.
        written: (wire name, how it is written, or None for as it is), in the same order.
    """

    fields: Mapping[str, tuple[str, Form]]
    missing: Mapping[str, object]
    values: Callable[[object], tuple[object, ...]]
    written: tuple[tuple[str, Callable[[object], object] | None], ...]


def _shape_of(kind: type) -> _Shape:
    fields = dataclasses.fields(kind)
    optional = {
        field.name: () if field.default == () else None
        for field in fields
        if field.default is None or field.default == () or "None" in str(field.type)
    }
    forms = {wire_name(field.name): (field.name, _FORMS.get(field.name, SAME)) for field in fields}
    written = tuple((wire, None if form is SAME else form.write) for wire, (_, form) in forms.items())
    return _Shape(forms, optional, attrgetter(*(field.name for field in fields)), written)


_PARTS = (
    Quantity,
    BizTransaction,
    Source,
    Destination,
    PersistentDisposition,
    ErrorDeclaration,
    Commitment,
    Measured,
    Photo,
)
_SHAPES: Mapping[type, _Shape] = {kind: _shape_of(kind) for kind in (*TYPES.values(), *_PARTS)}
