"""Record a file part by part, and add up what became of it.

Rule: each part is one transaction of the ledger, so that a crash loses nothing that was acknowledged, and a
second import of the same file adds only what is missing. The world's no to a later part (a full disk) is
told among the refusals, for the parts before it are in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ledger.errors import EventInvalid, LedgerError
from ledger.events.foreign import Import
from ledger.events.foreign_table import rejected_csv
from ledger.events.governance import MasterData
from ledger.receipts import Receipt
from models.importing import Foreign, ImportReport

PART = 4096
"""Sixteen signatures of 256 events each: a commit costs little beside them, and they fit any memory."""
Fresh = Callable[[Import], tuple[tuple[Foreign, ...], tuple[str, ...]]]
Append = Callable[[Sequence[Foreign]], Sequence[Receipt]]
Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`record` or `fold`), how many rows or entries are done, of how many if known."""
Wanted = Callable[[], bool]


@dataclass(slots=True)
class Intake:
    """The sums over the parts of one file."""

    name: str
    rows: int = 0
    described: int = 0
    repeats: int = 0
    entries: list[int] = field(default_factory=list)
    refused: list[EventInvalid] = field(default_factory=list)
    rejected: list[tuple[str, ...]] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    stopped_at: int | None = None

    def take(
        self,
        parts: Iterable[Import],
        fresh: Fresh,
        append: Append,
        progress: Progress,
        wanted: Wanted = lambda: True,
    ) -> ImportReport:
        """Record the parts one after the other and return what became of the file.

        Args:
            wanted: asked before each part; what is recorded before it says no stays recorded.

        Raises:
            LedgerError: the first part with anything new was refused: nothing was written.
            EventInvalid: the file as a whole cannot be read.
        """
        for part in parts:
            if not wanted():
                self.stopped_at = self.rows
                break
            self._note(part)
            events, shared = fresh(part)
            try:
                receipts = append(events) if events else ()
            except LedgerError as error:
                if not self.entries and not self.described:
                    raise
                self.refused.append(stopped(error, part.events[0][0] if part.events else part.name))
                break
            self._add(part, events, receipts)
            self.shared += shared
            progress("record", self.rows, None)
        return self._report()

    def _note(self, part: Import) -> None:
        self.rows += len(part.events) + len(part.refused) + len(part.duplicates)
        self.refused += part.refused
        self.rejected += part.rejected[1:] if self.rejected else part.rejected

    def _add(self, part: Import, events: Sequence[Foreign], receipts: Sequence[Receipt]) -> None:
        entries: list[int] = []
        for event, receipt in zip(events, receipts, strict=True):
            if receipt.duplicate:
                continue
            if isinstance(event, MasterData):
                self.described += 1
            else:
                entries.append(receipt.index)
        self.entries += entries
        self.repeats += len(part.supply) - len(entries) + len(part.duplicates)

    def _report(self) -> ImportReport:
        return ImportReport(
            name=self.name,
            accepted=len(self.entries),
            described=self.described,
            duplicates=self.repeats,
            refused=tuple(self.refused),
            entries=tuple(self.entries),
            shared_ids=tuple(self.shared),
            stopped_at=self.stopped_at,
            rejected=rejected_csv(self.rejected) if self.rejected else b"",
        )


def stopped(error: LedgerError, first: str) -> EventInvalid:
    """Word what stopped an import, with the place from which on the file is not in."""
    return EventInvalid(
        error.what,
        field="file",
        code=error.code,
        found=error.found,
        expected=error.expected,
        where=f"{first} and all that follow",
        remedy=f"{error.remedy}; import the same file again: what is in already is not added twice",
    )
