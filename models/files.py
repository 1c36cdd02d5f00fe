"""Take in files of others: tables and documents of events, loggers' series, laboratories' sheets.

Rule: every good row is recorded and every other one refused by itself; what the ledger has already is not
recorded again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from ledger.events.foreign import Import
from ledger.events.foreign_lab import Asked, read_lab_sheet
from ledger.events.values import PartyId
from ledger.receipts import Receipt
from models import importing, importing_evidence
from models.evidence.official import EvidenceTable, party_finder, read_evidence
from models.importing import ImportReport
from models.intake import PART, Intake, Progress
from models.provenance.legs import Leg, event_of, leg_of
from models.provenance.localtables import STANDARDS
from models.provenance.loggers import logger_text, read_logger
from models.quality import TakenSheet
from models.recorder import Recorder
from models.views import reading


class Files:
    """Record what files say."""

    def __init__(self, recorder: Recorder, views: Engine) -> None:
        self._recorder = recorder
        self._views = views

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
        recorder = self._recorder
        columns = importing.remembered(recorder.home.root, columns)
        evidence = read_evidence(
            importing.read_bytes(path),
            path.name,
            now=recorder.clock(),
            party_of=party_finder(recorder.parties()),
            secret=recorder.home.vault_secret(),
            columns=columns,
        )
        if evidence is not None:
            return self._take_evidence(path.name, evidence, as_party)
        parts = importing.read_parts(path, recorder.clock(), columns, PART)
        append = partial(recorder.append, as_party=as_party, once=True)
        report = Intake(path.name).take(parts, self._fresh, append, progress)
        recorder.fold(partial(progress, "fold"))
        return report

    def _fresh(self, part: Import) -> tuple[tuple[importing.Foreign, ...], tuple[str, ...]]:
        with reading(self._views) as connection:
            return importing.fresh(connection, self._recorder.reader, part)

    def _take_evidence(self, name: str, table: EvidenceTable, as_party: str | None) -> ImportReport:
        """Record the rows of a table of inspections or reviews that are not here yet."""
        recorder = self._recorder
        inspectors = recorder.mine("inspector") if table.kind == "inspection" else ()
        signer = recorder.signer(as_party or next((party.id for party in inspectors), None))
        with reading(self._views) as connection:
            rows, about_itself = importing_evidence.fresh(connection, table, recorder.words_of, signer)
        said = importing_evidence.with_words(rows, recorder.words) if rows else ()
        receipts = recorder.record_all(said, as_party=signer) if said else ()
        return importing_evidence.report(name, table, receipts, about_itself)

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
