"""Events as others write them: EPCIS 2.0 JSON-LD in and out, EPCIS XML 1.2 and 2.0 in.

Rule: normalise, then validate; each refused row says where, which field, what was found and expected, and
nothing else in the file is lost. A file that cannot be read at all is refused as a whole. Pure: bytes in,
values out. Sources: EPCIS 2.0 chapters 9 and 10; EPCIS 1.2 chapter 9 (XML).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.errors import EventInvalid, LedgerBug
from ledger.events import codec
from ledger.events.checks import refusal
from ledger.events.foreign_json import parse_json, write_json
from ledger.events.foreign_master import master_data_from_wire, wire_of_master_data
from ledger.events.foreign_write import wire_of
from ledger.events.foreign_xml import document_from_xml
from ledger.events.governance import MasterData
from ledger.events.instants import instant_text, parse_instant
from ledger.events.normalise import event_from_wire, prefixes_of
from ledger.events.supply import SupplyEvent
from ledger.events.values import FrozenMap, Json, freeze, thaw

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
DOCUMENT_TYPES = ("EPCISDocument", "EPCISQueryDocument")
# Some exporters write the nil UUID where they have no id; all their events would be one.
_NO_ID = "urn:uuid:00000000-0000-0000-0000-000000000000"
_OWN_PREFIX: Mapping[str, object] = {"suxin": "urn:suxin:"}
_BODY = ("type", "isA", "@context", "schemaVersion", "creationDate", "epcisHeader", "epcisBody")


@dataclass(frozen=True, slots=True)
class Import:
    """What a foreign file said: events with their place in it, what was refused, what stood there twice."""

    name: str
    events: tuple[tuple[str, SupplyEvent | MasterData], ...]
    refused: tuple[EventInvalid, ...] = ()
    duplicates: tuple[str, ...] = ()
    header: Json = None

    @property
    def master_data(self) -> tuple[MasterData, ...]:
        """Return the events that describe products, places and parties."""
        return tuple(event for _, event in self.events if isinstance(event, MasterData))

    @property
    def supply(self) -> tuple[SupplyEvent, ...]:
        """Return the events that happened to things."""
        return tuple(event for _, event in self.events if not isinstance(event, MasterData))


def read_epcis(data: bytes, name: str, *, now: datetime | None = None) -> Import:
    """Return everything readable in an EPCIS file, JSON or XML.

    Args:
        data: a document, a query document, one bare event, or a list of events.
        name: the file's name, for messages.
        now: when given, an event that claims to happen later is refused.

    Raises:
        EventInvalid: the file as a whole is no EPCIS.
    """
    try:
        parsed = document_from_xml(data, name) if looks_like_xml(data) else parse_json(data, name)
        return _read_document(parsed, name, now)
    except EventInvalid as error:
        raise placed(error, name) from error


def write_epcis(
    events: Iterable[SupplyEvent | MasterData], creation_date: datetime, *, header: Json = None
) -> bytes:
    """Return an EPCIS 2.0 JSON-LD document; master data goes to its header.

    Args:
        events: in the order they shall stand.
        creation_date: when the document is made.
        header: sender, receiver and other fields of the document, as `Import.header` keeps them.
    """
    kept = list(events)
    master = [event for event in kept if isinstance(event, MasterData)]
    bodies = [wire_of(event) for event in kept if not isinstance(event, MasterData)]
    document: dict[str, object] = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0"}
    document["creationDate"] = instant_text(creation_date)
    if isinstance(header, FrozenMap):
        document.update({field: thaw(value) for field, value in header.items() if field != "@context"})
    document["@context"] = [CONTEXT, *_merge_prefixes(bodies, header)]
    if master:
        document["epcisHeader"] = {"epcisMasterData": {"vocabularyList": wire_of_master_data(master)}}
    document["epcisBody"] = {"eventList": bodies}
    return (write_json(document) + "\n").encode()


def identity(event: SupplyEvent | MasterData) -> str:
    """Return what makes an imported event the same as one already here.

    Its event id where it has one (an error declaration repeats the id of the event it declares wrong, and is
    another event), else the digest of what it says, without the time another system recorded it.
    """
    if not isinstance(event, MasterData) and event.event_id not in (None, _NO_ID):
        return f"{event.event_id}" + ("#error" if event.error_declaration else "")
    return "sha256:" + hashlib.sha256(codec.encode(_unrecorded(event))).hexdigest()


def looks_like_xml(data: bytes) -> bool:
    """Return whether the first visible character is a `<`."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def placed(error: EventInvalid, where: str) -> EventInvalid:
    """Return the refusal with its place in the file put before the field."""
    inside = "" if error.where in ("", where) or error.where.startswith(where) else f": {error.where}"
    return EventInvalid(
        error.what,
        field=error.field,
        code=error.code,
        found=error.found,
        expected=error.expected,
        where=error.where if error.where.startswith(where) else where + inside,
        remedy=error.remedy,
    )


def _read_document(parsed: object, name: str, now: datetime | None) -> Import:
    if isinstance(parsed, list):
        return _collect(_Rows(name, now), parsed, {}, "event", None)
    if not isinstance(parsed, Mapping):
        raise refusal("not an EPCIS document", "type", "document-unknown", parsed, " | ".join(DOCUMENT_TYPES))
    if parsed.get("type", parsed.get("isA")) not in DOCUMENT_TYPES:
        events = parsed.get("eventList", [parsed])
        prefixes = prefixes_of(parsed.get("@context", {}))
        return _collect(
            _Rows(name, now), events if isinstance(events, list) else [events], prefixes, "event", None
        )
    _refuse_incomplete(parsed)
    rows = _Rows(name, now)
    created = parse_instant(parsed["creationDate"], "creationDate") if "creationDate" in parsed else now
    rows.take_master_data(parsed.get("epcisHeader"), created)
    header = {field: value for field, value in parsed.items() if field not in _BODY}
    prefixes = prefixes_of(parsed["@context"])
    kept = freeze({**header, "@context": prefixes}, field="document") if header or prefixes else None
    return _collect(rows, _event_list(parsed["epcisBody"]), prefixes, "event", kept)


def _refuse_incomplete(document: Mapping[str, object]) -> None:
    needed = ["@context", "epcisBody"]
    if document.get("type") == "EPCISDocument":
        needed = ["@context", "schemaVersion", "creationDate", "epcisBody"]
    for field in needed:
        if field not in document:
            raise refusal("the document lacks a field", field, "document-incomplete", "nothing", field)
    version = document.get("schemaVersion", "2.0")
    if not isinstance(version, str) or not version.startswith(("2.", "1.")):
        raise refusal("an unknown version of EPCIS", "schemaVersion", "document-version", version, "2.0")
    for field in document:
        if field not in (*_BODY, "id", "sender", "receiver", "instanceIdentifier") and ":" not in field:
            raise refusal(
                "a document has no such field", field, "field-unknown", field, "a field of the standard"
            )


def _event_list(body: object) -> list[object]:
    inside = body
    for step in ("queryResults", "resultsBody"):
        if isinstance(inside, Mapping) and step in inside:
            inside = inside[step]
    events = inside.get("eventList") if isinstance(inside, Mapping) else None
    if isinstance(events, list):
        return events
    raise refusal(
        "the document has no list of events",
        "epcisBody.eventList",
        "document-incomplete",
        type(events).__name__,
        "a list",
    )


class _Rows:
    """Gathers what one file yields: good events, refusals, repeats."""

    def __init__(self, name: str, now: datetime | None) -> None:
        self.name, self.now = name, now
        self.events: list[tuple[str, SupplyEvent | MasterData]] = []
        self.refused: list[EventInvalid] = []
        self.duplicates: list[str] = []
        self._seen: dict[str, SupplyEvent | MasterData] = {}

    def take_master_data(self, header: object, created: datetime | None) -> None:
        for where, made in master_data_from_wire(header, created):
            if isinstance(made, EventInvalid):
                self.refused.append(placed(made, f"{self.name}: {where}"))
            else:
                self.keep(f"{self.name}: {where}", made)

    def take(self, where: str, raw: object, prefixes: Mapping[str, str]) -> None:
        try:
            event = event_from_wire(raw, prefixes)
            _refuse_future(event, self.now)
            self.keep(where, event)
        except EventInvalid as error:
            self.refused.append(placed(error, where))

    def keep(self, where: str, event: SupplyEvent | MasterData) -> None:
        key = identity(event)
        before = self._seen.setdefault(key, event)
        if before is event:
            self.events.append((where, event))
        elif _unrecorded(before) == _unrecorded(event):
            self.duplicates.append(where)
        else:
            raise refusal(
                "two different events with one id",
                "eventID",
                "event-id-twice",
                key,
                "one id, one event",
                "give the second event an id of its own, or none",
            )


def _collect(rows: _Rows, raws: list[object], prefixes: Mapping[str, str], word: str, header: Json) -> Import:
    for number, raw in enumerate(raws, start=1):
        rows.take(f"{rows.name}: {word} {number}", raw, prefixes)
    return Import(rows.name, tuple(rows.events), tuple(rows.refused), tuple(rows.duplicates), header)


def _refuse_future(event: SupplyEvent, now: datetime | None) -> None:
    if now is not None and event.event_time > now:
        raise refusal(
            "the event lies in the future",
            "eventTime",
            "time-in-future",
            event.event_time.isoformat(),
            f"{now.isoformat(timespec='seconds')} or earlier",
            "check the date, and the clock of this computer",
        )


def _unrecorded(event: SupplyEvent | MasterData) -> SupplyEvent | MasterData:
    if isinstance(event, MasterData) or not isinstance(event.extensions, FrozenMap):
        return event
    kept = {field: value for field, value in event.extensions.items() if field != "recordTime"}
    return replace(event, extensions=FrozenMap(kept))


def _merge_prefixes(bodies: list[dict[str, object]], header: Json) -> Iterator[dict[str, object]]:
    """Move prefixes to the document; an event keeps those that mean something else there."""
    shared: dict[str, object] = {}
    if isinstance(header, FrozenMap):
        shared.update(_mapping(header.get("@context")))
    for body in bodies:
        own = _OWN_PREFIX if f'"{next(iter(_OWN_PREFIX))}:' in write_json(body.get("ilmd")) else {}
        own = {**own, **_mapping(body.pop("@context", None))}
        other = {prefix: uri for prefix, uri in own.items() if shared.setdefault(prefix, uri) != uri}
        if other:
            body["@context"] = [other]
    if shared:
        yield shared


def _mapping(value: object) -> dict[str, object]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return dict(value)
    raise LedgerBug(f"prefixes kept as {type(value).__name__}")
