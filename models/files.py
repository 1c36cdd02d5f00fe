"""Take in files of others: tables and documents of events, loggers' series, laboratories' sheets.

Rule: every good row is recorded and every other one refused by itself; what the ledger has already is not
recorded again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path

from sqlalchemy import Engine

from ledger.events.foreign_lab import Asked, read_lab_sheet
from ledger.events.values import PartyId
from ledger.receipts import Receipt
from models.filing import Filing
from models.importing import ImportReport
from models.intake import Progress, Wanted
from models.previewing import Grown, Preview
from models.provenance.legs import Leg, event_of, leg_of
from models.provenance.localtables import STANDARDS
from models.provenance.loggers import logger_text, read_logger
from models.provenance.lots import LotRow
from models.quality import TakenSheet
from models.recorder import Recorder


class Files:
    """Record what files say."""

    def __init__(self, recorder: Recorder, views: Engine) -> None:
        self._recorder = recorder
        self._filing = Filing(recorder, views)

    def import_file(
        self,
        path: Path,
        *,
        as_party: str | None = None,
        columns: Mapping[str, str] | None = None,
        progress: Progress = lambda *_: None,
    ) -> ImportReport:
        """Record every good event of a file; refuse the others one by one and keep the rest.

        Args:
            columns: heading -> column of a table, where headings are not known; they are remembered.

        Raises:
            EventInvalid: the file is not one we can read at all; nothing was written.
        """
        return self._filing.take(path, as_party, columns, progress)

    def preview(
        self,
        path: Path,
        *,
        as_party: str | None = None,
        columns: Mapping[str, str] | None = None,
        progress: Progress = lambda *_: None,
        grown: Grown = lambda _: None,
    ) -> Preview:
        """Say of each row of a file what importing it would come to; nothing is recorded.

        Args:
            columns: heading -> column of a table; remembered only when the preview is recorded.
            progress: may raise to stop.
            grown: called with the preview once its first rows are judged, and whenever it has more of them.

        Raises:
            EventInvalid: the file is not one we can read at all.
        """
        return self._filing.look(path, as_party, columns, progress, grown)

    def record(
        self, preview: Preview, *, progress: Progress = lambda *_: None, wanted: Wanted = lambda: True
    ) -> ImportReport:
        """Record what a preview says is good, with its corrections.

        Args:
            wanted: asked before each part of the file; the parts before it says no stay recorded.

        Raises:
            EventInvalid: code `file-changed`: it is not the file any more that was looked at.
        """
        return self._filing.record(preview, progress, wanted)

    def lots(self, entries: Sequence[int], most: int) -> tuple[LotRow, ...]:
        """Return the lots that these entries are about, no more than `most`."""
        return self._filing.lots(entries, most)

    def take_logger(
        self,
        data: bytes,
        name: str,
        lot: str,
        *,
        zone: tzinfo,
        device: str | None = None,
        as_party: str | None = None,
    ) -> tuple[Receipt, Leg]:
        """Record one event for a logger's file and keep its series in the vault."""
        recorder = self._recorder
        row = recorder.label_words(lot)[1]
        leg = leg_of(data, read_logger(logger_text(data, name), name, zone), name, row.category)
        event = event_of(leg, row.lot, device, recorder.clock())
        recorder.keep_material(data)
        return recorder.record_all([event], as_party=as_party, once=True)[0], leg

    def take_lab_sheet(
        self,
        data: bytes,
        name: str,
        *,
        lot: str | None = None,
        number: str | None = None,
        laboratory: str | None = None,
        as_party: str | None = None,
    ) -> TakenSheet:
        """Record the reports of a laboratory sheet, each about a lot the ledger knows, and judge them."""
        recorder = self._recorder
        recorder.local_tables.check(STANDARDS)
        author = recorder.signer(as_party)
        sheet = read_lab_sheet(data, name, recorder.clock(), Asked(self._made_by, lot, number, laboratory))
        known = sheet.reports
        receipts = recorder.record_all(known, as_party=author, once=True) if known else ()
        judged = [
            (receipt, recorder.quality.judged(event.lot, receipt.index))
            for receipt, event in zip(receipts, known, strict=True)
        ]
        return TakenSheet(tuple(judged), sheet.refused)

    def _made_by(self, code: str) -> tuple[str, PartyId]:
        row = self._recorder.label_words(code)[1]
        return row.lot, PartyId(row.origin_party or row.lot)
