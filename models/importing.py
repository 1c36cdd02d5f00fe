"""Take in other systems' files: every good event is recorded, every bad row refused by itself and reported.

Rule: nothing in the file is lost without a word. An event that is here already is counted, not recorded
again: one with an event id is known by it, any other by saying exactly the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from ledger.errors import EventInvalid
from ledger.events import codec, foreign
from ledger.events.codec import Event
from ledger.events.foreign import Import, own_id
from ledger.events.foreign_table import rejected_csv
from ledger.events.governance import MasterData
from ledger.events.supply import SupplyEvent
from ledger.reader import Reader
from ledger.receipts import Receipt
from models.tables import steps
from models.views import batches

Foreign = SupplyEvent | MasterData


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file.

    Args:
        accepted: supply events newly recorded; `entries` are their indexes, in the file's order.
        described: descriptions of products, places and parties newly recorded.
        duplicates: events that were here already, or stood in the file twice.
        rejected: a spreadsheet's refused rows with their reasons, to correct and import again; else empty.
    """

    name: str
    accepted: int
    described: int
    duplicates: int
    refused: tuple[EventInvalid, ...]
    entries: tuple[int, ...]
    rejected: bytes = b""


def read_file(path: Path, now: datetime) -> Import:
    """Return what a file says: EPCIS JSON-LD or XML, or a spreadsheet filled in as the template asks.

    Raises:
        EventInvalid: it cannot be read at all.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EventInvalid(
            "the file cannot be read",
            field="FILE",
            code="file-unreadable",
            found=error.strerror or type(error).__name__,
            expected="a readable file",
            where=str(path),
            remedy=f"check the path: ls -l {path}",
        ) from error
    return foreign.read_foreign(data, path.name, now=now)


def fresh(connection: Connection, reader: Reader, found: Import) -> tuple[tuple[Foreign, ...], Import]:
    """Return the events of a file that the ledger does not have yet, and the file with further refusals.

    An event whose id is here already is a duplicate if it says the same; if it says something else it is
    refused, because dropping it in silence would lose what somebody wrote.
    """
    known = _recorded(connection, found)
    new: list[Foreign] = []
    refused: list[EventInvalid] = []
    for where, event in found.events:
        index = known.get(own_id(event) or "")
        if index is None or getattr(event, "error_declaration", None) is not None:
            new.append(event)
        elif _substance(reader.entry(index).event) != _substance(event):
            refused.append(_conflict(where, own_id(event), index))
    described_first = tuple(sorted(new, key=lambda event: not isinstance(event, MasterData)))
    return described_first, replace(found, refused=(*found.refused, *refused))


def _recorded(connection: Connection, found: Import) -> dict[str, int]:
    """Return the entries that carry the ids of this file's events."""
    ids = {given for event in found.supply if (given := own_id(event)) is not None}
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


def _conflict(where: str, event_id: str | None, index: int) -> EventInvalid:
    return EventInvalid(
        "another event with this id is in the ledger and says something else",
        field="eventID",
        code="event-id-conflict",
        found=event_id,
        expected=f"the same as entry {index}, or an id of its own",
        where=where,
        remedy="to correct a recorded event, send it again with an errorDeclaration, then a new one",
    )


def report(found: Import, recorded: Sequence[Foreign], receipts: Sequence[Receipt]) -> ImportReport:
    """Return what became of a file after its fresh events were recorded."""
    added = [
        (event, receipt.index)
        for event, receipt in zip(recorded, receipts, strict=True)
        if not receipt.duplicate
    ]
    entries = tuple(index for event, index in added if not isinstance(event, MasterData))
    conflicts = sum(one.code == "event-id-conflict" for one in found.refused)
    supply = len(found.supply) - conflicts
    return ImportReport(
        name=found.name,
        accepted=len(entries),
        described=len(added) - len(entries),
        duplicates=supply - len(entries) + len(found.duplicates),
        refused=found.refused,
        entries=entries,
        rejected=rejected_csv(found) if found.refused and found.rejected else b"",
    )
