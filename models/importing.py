"""Take in other systems' files: every good event is recorded, every bad row refused by itself and reported.

Rule: nothing in the file is lost without a word. An event that is here already is counted, not recorded
again: one with an event id is known by it, any other by saying exactly the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from ledger.errors import EventInvalid, file_unreadable
from ledger.events import codec, foreign
from ledger.events.codec import Event
from ledger.events.foreign import Import, own_id
from ledger.events.governance import MasterData
from ledger.events.supply import SupplyEvent
from ledger.reader import Reader
from models.tables import steps
from models.views import batches

Foreign = SupplyEvent | MasterData
COLUMNS_FILE = "columns.json"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file.

    Args:
        accepted: supply events newly recorded; `entries` are their indexes, in the file's order.
        described: descriptions of products, places and parties newly recorded.
        duplicates: events that were here already, or stood in the file twice.
        shared_ids: event ids that another, different event in the ledger has as well; both are kept.
        stopped_at: how many rows had been taken when somebody stopped it; None: it went to its end.
        rejected: a spreadsheet's refused rows with their reasons, to correct and import again; else empty.
    """

    name: str
    accepted: int
    described: int
    duplicates: int
    refused: tuple[EventInvalid, ...]
    entries: tuple[int, ...]
    rejected: bytes = b""
    shared_ids: tuple[str, ...] = ()
    stopped_at: int | None = None


def read_parts(path: Path, now: datetime, columns: Mapping[str, str] | None, size: int) -> Iterator[Import]:
    """Give what a file says in parts: EPCIS JSON-LD or XML, or a spreadsheet filled in as the template asks.

    Args:
        columns: heading -> column of the template, for headings nobody knows.
        size: how many rows make a part.

    Raises:
        EventInvalid: it cannot be read at all.
    """
    return foreign.foreign_parts(read_bytes(path), path.name, now=now, columns=columns, size=size)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        EventInvalid: code `file-unreadable`.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise file_unreadable(path, error) from error


def remembered(folder: Path, columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return how headings are to be read: as told now, and else as told before; what is told is kept."""
    before = told_before(folder)
    known = before | dict(columns or {})
    if columns and known != before:
        kept = folder / COLUMNS_FILE
        kept.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    return known


def told_before(folder: Path) -> dict[str, str]:
    """Return how headings were to be read in earlier imports."""
    kept = folder / COLUMNS_FILE
    try:
        before = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
        return {str(title): str(column) for title, column in before.items()}
    except (OSError, ValueError, AttributeError):
        return {}  # A spoiled note costs a person one answer, not the import.


def fresh(
    connection: Connection, reader: Reader, found: Import
) -> tuple[tuple[Foreign, ...], tuple[str, ...]]:
    """Return the events of a file that the ledger does not have yet, and the ids that now have two meanings.

    An event whose id is here already is a duplicate if it says the same. If it says something else it is
    recorded too, since dropping it would lose what somebody wrote: event ids made by hashing are not unique.
    """
    events = [event for _, event in found.events]
    standing = standings(connection, reader, events)
    new = [event for event, known in zip(events, standing, strict=True) if known != "known"]
    shared = [own_id(event) or "" for event, known in zip(events, standing, strict=True) if known == "shared"]
    return tuple(sorted(new, key=lambda event: not isinstance(event, MasterData))), tuple(shared)


def standings(connection: Connection, reader: Reader, events: Sequence[Foreign]) -> list[str]:
    """Return of each event whether it is new, known by its id, or new under an id that another one has."""
    known = _recorded(connection, events)
    found: list[str] = []
    for event in events:
        index = known.get(own_id(event) or "")
        if index is None or getattr(event, "error_declaration", None) is not None:
            found.append("new")
        else:
            same = _substance(reader.entry(index).event) == _substance(event)
            found.append("known" if same else "shared")
    return found


def _recorded(connection: Connection, events: Sequence[Foreign]) -> dict[str, int]:
    """Return the entries that carry the ids of these events."""
    ids = {given for event in events if (given := own_id(event)) is not None}
    known: dict[str, int] = {}
    for batch in batches(sorted(ids)):
        query = select(steps.c.event_id, steps.c.index.label("entry")).where(steps.c.event_id.in_(batch))
        for event_id, entry in connection.execute(query.order_by(steps.c.index.desc())):
            known[event_id] = entry
    return known


def _substance(event: Event) -> dict[str, object]:
    """Return what an event says, without when another system wrote it down and which prefixes it used."""
    said = codec.document(event)
    extensions = said.get("extensions")
    if isinstance(extensions, dict):
        said["extensions"] = {
            k: v for k, v in extensions.items() if k not in ("recordTime", "@context")
        } or None
    return {name: value for name, value in said.items() if value is not None}
