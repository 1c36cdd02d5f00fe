"""Events as others write them: EPCIS 2.0 JSON-LD in and out, EPCIS XML 1.2 and 2.0 in.

Rule: normalise, then validate; each refused row says where, which field, what was found and expected, and
nothing else in the file is lost. A file that cannot be read at all is refused as a whole. Pure: bytes in,
values out. Sources: EPCIS 2.0 chapters 9 and 10; EPCIS 1.2 chapter 9 (XML).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from ledger.errors import EventInvalid, LedgerBug
from ledger.events.checks import refusal
from ledger.events.foreign_json import write_json
from ledger.events.foreign_master import master_data_from_wire, wire_of_master_data
from ledger.events.foreign_rows import Import, Rows, identity, own_id, placed
from ledger.events.foreign_stream import RawEvents, parse_document
from ledger.events.foreign_table import read_table, table_parts
from ledger.events.foreign_write import wire_of
from ledger.events.foreign_xml import document_from_xml
from ledger.events.governance import MasterData
from ledger.events.instants import instant_text, parse_instant
from ledger.events.normalise import event_from_wire, prefixes_of
from ledger.events.spreadsheet import Sheets
from ledger.events.supply import SupplyEvent
from ledger.events.values import FrozenMap, Json, freeze, thaw

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
__all__ = [
    "Import",
    "foreign_parts",
    "identity",
    "is_document",
    "looks_like_xml",
    "own_id",
    "read_epcis",
    "read_foreign",
    "read_table",
    "row_parts",
    "write_epcis",
]

DOCUMENT_TYPES = ("EPCISDocument", "EPCISQueryDocument")
_OWN_PREFIX: Mapping[str, object] = {"suxin": "urn:suxin:"}
_VERSION = re.compile(r"[12](\.\d+)*")
_BODY = ("type", "isA", "@context", "schemaVersion", "creationDate", "epcisHeader", "epcisBody")


def read_foreign(
    data: bytes, name: str, *, now: datetime | None = None, columns: Mapping[str, str] | None = None
) -> Import:
    """Return everything readable in a foreign file, whatever it is: EPCIS JSON or XML, XLSX, CSV.

    Args:
        data: the file.
        name: its name, for messages.
        now: when given, an event that claims to happen later is refused.
        columns: for a spreadsheet, how its headings are to be read where they are not the template's.

    Raises:
        EventInvalid: the file as a whole cannot be read.
    """
    return next(foreign_parts(data, name, now=now, columns=columns))


def foreign_parts(
    data: bytes,
    name: str,
    *,
    now: datetime | None = None,
    columns: Mapping[str, str] | None = None,
    size: int | None = None,
) -> Iterator[Import]:
    """Give what `read_foreign` returns in parts of about `size` rows, the last with what is left.

    Raises:
        EventInvalid: the file as a whole cannot be read; told before the first part, or never.
    """
    return row_parts(data, Rows(name, now, size), columns)


def row_parts(
    data: bytes,
    rows: Rows,
    columns: Mapping[str, str] | None = None,
    corrected: Mapping[int, Sequence[str]] | None = None,
    sheets: Sheets | None = None,
) -> Iterator[Import]:
    """Give what `foreign_parts` gives, through rows that the caller may watch.

    Args:
        sheets: the same file, if it has been opened as a spreadsheet already.
        corrected: row number of a table -> the cells to read in its place, after all other rows.
    """
    if is_document(data):
        return _epcis_parts(data, rows)
    return table_parts(sheets or Sheets(data, rows.name), rows, columns, corrected)


def is_document(data: bytes) -> bool:
    """Return whether the first visible character begins XML or JSON; else it can only be a table."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")


def read_epcis(data: bytes, name: str, *, now: datetime | None = None) -> Import:
    """Return everything readable in an EPCIS file, JSON or XML.

    Args:
        data: a document, a query document, one bare event, or a list of events.
        name: the file's name, for messages.
        now: when given, an event that claims to happen later is refused.

    Raises:
        EventInvalid: the file as a whole is no EPCIS.
    """
    return next(_epcis_parts(data, Rows(name, now)))


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


def looks_like_xml(data: bytes) -> bool:
    """Return whether the first visible character is a `<`."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _epcis_parts(data: bytes, rows: Rows) -> Iterator[Import]:
    name = rows.name
    try:
        parsed = document_from_xml(data, name) if looks_like_xml(data) else parse_document(data, name)
        del data  # the parsed document has what is needed of it
        parts = _read_document(parsed, rows)
    except EventInvalid as error:
        raise placed(error, name) from error
    yield from parts


def _read_document(parsed: object, rows: Rows) -> Iterator[Import]:
    if isinstance(parsed, list | RawEvents):
        return _collect(rows, parsed, {}, None)
    if not isinstance(parsed, Mapping):
        raise refusal("not an EPCIS document", "type", "document-unknown", parsed, " | ".join(DOCUMENT_TYPES))
    if parsed.get("type", parsed.get("isA")) not in DOCUMENT_TYPES:
        events = parsed.get("eventList", [parsed])
        prefixes = prefixes_of(parsed.get("@context", {}))
        return _collect(rows, events if isinstance(events, list | RawEvents) else [events], prefixes, None)
    _refuse_incomplete(parsed)
    created = parse_instant(parsed["creationDate"], "creationDate") if "creationDate" in parsed else rows.now
    _take_master_data(rows, parsed.get("epcisHeader"), created)
    header = {field: value for field, value in parsed.items() if field not in _BODY}
    prefixes = prefixes_of(parsed["@context"])
    kept = freeze({**header, "@context": prefixes}, field="document") if header or prefixes else None
    return _collect(rows, _event_list(parsed["epcisBody"]), prefixes, kept)


def _refuse_incomplete(document: Mapping[str, object]) -> None:
    needed = ["@context", "epcisBody"]
    if document.get("type") == "EPCISDocument":
        needed = ["@context", "schemaVersion", "creationDate", "epcisBody"]
    for field in needed:
        if field not in document:
            raise refusal("the document lacks a field", field, "document-incomplete", "nothing", field)
    version = document.get("schemaVersion", "2.0")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise refusal("an unknown version of EPCIS", "schemaVersion", "document-version", version, "2.0")
    for field in document:
        if field not in (*_BODY, "id", "sender", "receiver", "instanceIdentifier") and ":" not in field:
            raise refusal(
                "a document has no such field", field, "field-unknown", field, "a field of the standard"
            )


def _event_list(body: object) -> list[object] | RawEvents:
    inside = body
    for step in ("queryResults", "resultsBody"):
        if isinstance(inside, Mapping) and step in inside:
            inside = inside[step]
    events = inside.get("eventList") if isinstance(inside, Mapping) else None
    if isinstance(events, list | RawEvents):
        return events
    raise refusal(
        "the document has no list of events",
        "epcisBody.eventList",
        "document-incomplete",
        type(events).__name__,
        "a list",
    )


def _collect(
    rows: Rows, raws: list[object] | RawEvents, prefixes: Mapping[str, str], header: Json
) -> Iterator[Import]:
    rows.total = len(raws)
    for number, raw in enumerate(raws, start=1):
        rows.take(f"{rows.name}: event {number}", partial(event_from_wire, raw, prefixes), number)
        if rows.full:
            yield rows.part(header)
    yield rows.part(header)


def _take_master_data(rows: Rows, header: object, created: datetime | None) -> None:
    for where, read in master_data_from_wire(header, created):
        rows.take(f"{rows.name}: {where}", read)


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
