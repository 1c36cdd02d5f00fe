"""Take in other systems' files: every good event is recorded, every bad row refused by itself and reported.

Rule: nothing in the file is lost without a word. An event that is here already is counted, not recorded
again: one with an event id is known by it, any other by saying exactly the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from ledger.errors import EventInvalid
from ledger.events import foreign
from ledger.events.foreign import Import, own_id
from ledger.events.foreign_table import rejected_csv
from ledger.events.governance import MasterData
from ledger.events.supply import SupplyEvent
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


def fresh(connection: Connection, found: Import) -> tuple[Foreign, ...]:
    """Return the events of a file whose ids the ledger does not know yet, descriptions first."""
    events = [event for _, event in found.events]
    ids = {given for event in found.supply if (given := own_id(event)) is not None}
    known: set[str | None] = set()
    for batch in batches(sorted(ids)):
        known |= set(connection.scalars(select(steps.c.event_id).where(steps.c.event_id.in_(batch))))
    new = [
        event
        for event in events
        if isinstance(event, MasterData) or own_id(event) not in known or event.error_declaration is not None
    ]
    return tuple(sorted(new, key=lambda event: not isinstance(event, MasterData)))


def report(found: Import, recorded: Sequence[Foreign], receipts: Sequence[Receipt]) -> ImportReport:
    """Return what became of a file after its fresh events were recorded."""
    added = [
        (event, receipt.index)
        for event, receipt in zip(recorded, receipts, strict=True)
        if not receipt.duplicate
    ]
    entries = tuple(index for event, index in added if not isinstance(event, MasterData))
    supply = len(found.supply)
    return ImportReport(
        name=found.name,
        accepted=len(entries),
        described=len(added) - len(entries),
        duplicates=supply - len(entries) + len(found.duplicates),
        refused=found.refused,
        entries=entries,
        rejected=rejected_csv(found) if found.refused and found.rejected else b"",
    )
