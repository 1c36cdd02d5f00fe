"""Look at files of events and of evidence, and record what is good in them.

Rule: what is looked at and what is recorded is read by the same reader, for the same instant, with the same
corrections; so the two can never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Engine, select

from ledger.errors import EventInvalid
from ledger.events.foreign import Import, is_document, row_parts
from ledger.events.foreign_rows import Rows
from ledger.events.spreadsheet import Body, Sheets
from ledger.events.table_headings import survey
from ledger.events.values import PartyId
from models import importing, importing_evidence
from models.evidence.official import EvidenceReader, EvidenceTable, evidence_of, open_evidence, party_finder
from models.finding import Finding
from models.importing import ImportReport
from models.importing_evidence import Sieve
from models.intake import PART, Intake, Progress, Wanted
from models.judging import EventJudge, EvidenceJudge, known_in
from models.previewing import Grown, Looked, Preview, digest_of
from models.provenance.lots import LotRow, lots_named
from models.provenance.preview import findings_for_all
from models.recorder import Recorder
from models.spooled import Spool
from models.tables import moves
from models.views import batches, reading

SMALL_PART = 1024
"""For a person who watches and may stop between two parts: a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read.

    Args:
        now: rows that claim to lie later are refused.
        columns: heading -> column, of headings nobody knows.
        corrected: row number of a table -> the cells to read in its place.
    """

    name: str
    now: datetime
    columns: Mapping[str, str]
    corrected: Mapping[int, Sequence[str]] = field(default_factory=dict)


class Filing:
    """Take in files of many rows: tables and documents of events, tables of inspections or reviews."""

    def __init__(self, recorder: Recorder, views: Engine) -> None:
        self._recorder = recorder
        self._views = views

    def take(
        self, path: Path, as_party: str | None, columns: Mapping[str, str] | None, progress: Progress
    ) -> ImportReport:
        """Record every good row of a file."""
        columns = importing.remembered(self._recorder.home.root, columns)
        data, asked = importing.read_bytes(path), Asked(path.name, self._recorder.clock(), columns)
        return self._take(data, asked, as_party, PART, progress)

    def look(
        self,
        path: Path,
        as_party: str | None,
        columns: Mapping[str, str] | None,
        progress: Progress,
        grown: Grown,
    ) -> Preview:
        """Say of each row of a file what recording it would come to."""
        told = dict(columns or {})
        columns = importing.told_before(self._recorder.home.root) | told
        data, now = importing.read_bytes(path), self._recorder.clock()
        return self._look(
            data, Looked(path, digest_of(data), "", now, told, columns, None, as_party), progress, grown
        )

    def record(self, preview: Preview, progress: Progress, wanted: Wanted) -> ImportReport:
        """Record what a preview says is good, with its corrections."""
        looked = preview.looked
        data = importing.read_bytes(looked.path)
        if digest_of(data) != looked.digest:
            raise _changed(looked.path)
        importing.remembered(self._recorder.home.root, looked.told)
        asked = Asked(preview.name, looked.now, looked.columns, preview.corrected)
        return self._take(data, asked, looked.author, SMALL_PART, progress, wanted)

    def lots(self, entries: Sequence[int], most: int) -> tuple[LotRow, ...]:
        """Return the lots that these entries are about, no more than `most`."""
        codes: dict[str, None] = {}
        with reading(self._views) as connection:
            for batch in batches(entries):
                query = select(moves.c.code).where(moves.c.index.in_(batch)).order_by(moves.c.index)
                codes.update(dict.fromkeys(connection.scalars(query)))
                if len(codes) >= most:
                    break
            return tuple(lots_named(connection, list(codes)[:most]).values())

    def _look(self, data: bytes, looked: Looked, progress: Progress, grown: Grown) -> Preview:
        spool, name = Spool(), looked.path.name
        sheets = None if is_document(data) else Sheets(data, name, flowing=True)
        found = self._open_evidence(sheets, looked.now, looked.columns)
        if found is not None:
            reader, body = found
            evidence = EvidenceJudge(reader, partial(self._sieve, reader.kind, looked.author))
            shown = Preview(replace(looked, kind=reader.kind, layout=reader.layout), spool, evidence)
            evidence.read(body, spool, progress, lambda: grown(shown))
            return shown
        known = known_in(self._views, self._recorder.reader, lambda: self._recorder.signer(looked.author))
        judge = EventJudge(Rows(name, looked.now), known)

        @cache
        def preview() -> Preview:
            layout = judge.rows.layout
            told = replace(looked, kind="document" if layout is None else "goods", layout=layout)
            return Preview(told, spool, judge, partial(self._foresee, looked))

        try:
            judge.read(data, looked.columns, spool, progress, lambda: grown(preview()), sheets)
        except EventInvalid as problem:
            if problem.code != "column-missing" or sheets is None:
                raise
            layout = survey(sheets, looked.columns)
            return Preview(replace(looked, kind="goods", layout=layout, problem=problem), spool, None)
        return preview()

    def _foresee(self, looked: Looked, events: Sequence[importing.Foreign]) -> tuple[Finding, ...]:
        if not events:
            return ()
        author = self._recorder.signer(looked.author)
        with reading(self._views) as connection:
            return findings_for_all(connection, events, author, looked.now)

    def _take(
        self,
        data: bytes,
        asked: Asked,
        as_party: str | None,
        size: int,
        progress: Progress,
        wanted: Wanted = lambda: True,
    ) -> ImportReport:
        recorder = self._recorder
        sheets = None if is_document(data) else Sheets(data, asked.name)
        found = self._open_evidence(sheets, asked.now, asked.columns)
        if found is not None:
            table = evidence_of(*found, asked.corrected)
            return self._take_evidence(asked.name, table, as_party, size, progress, wanted)
        rows = Rows(asked.name, asked.now, size)
        parts = row_parts(data, rows, asked.columns, asked.corrected, sheets)
        append = partial(recorder.append, as_party=as_party, once=True)
        report = Intake(asked.name).take(parts, self._fresh, append, progress, wanted)
        recorder.fold(partial(progress, "fold"))
        return report

    def _open_evidence(
        self, sheets: Sheets | None, now: datetime, columns: Mapping[str, str]
    ) -> tuple[EvidenceReader, Body] | None:
        if sheets is None:
            return None
        recorder = self._recorder
        secret, find = recorder.home.vault_secret(), party_finder(recorder.parties())
        return open_evidence(sheets, now=now, party_of=find, secret=secret, columns=columns)

    def _sieve(self, kind: str, as_party: str | None, subjects: set[str], before: Sieve | None) -> Sieve:
        author = self._evidence_signer(kind, as_party)
        with reading(self._views) as connection:
            return Sieve(connection, subjects, self._recorder.words_of_all, author, before)

    def _evidence_signer(self, kind: str, as_party: str | None) -> PartyId:
        """Return who signs evidence: who was named, else for inspections an inspector whose key lies here."""
        inspectors = self._recorder.mine("inspector") if kind == "inspection" else ()
        return self._recorder.signer(as_party or next((party.id for party in inspectors), None))

    def _fresh(self, part: Import) -> tuple[tuple[importing.Foreign, ...], tuple[str, ...]]:
        with reading(self._views) as connection:
            return importing.fresh(connection, self._recorder.reader, part)

    def _take_evidence(
        self,
        name: str,
        table: EvidenceTable,
        as_party: str | None,
        size: int,
        progress: Progress,
        wanted: Wanted,
    ) -> ImportReport:
        """Record the rows of a table of inspections or reviews that are not here yet, part by part."""
        recorder = self._recorder
        signer = self._evidence_signer(table.kind, as_party)
        with reading(self._views) as connection:
            sifted = importing_evidence.fresh(connection, table, recorder.words_of_all, signer)
        append = partial(recorder.append, as_party=signer)
        told = partial(progress, "record")
        filed = importing_evidence.file_rows(sifted, size, recorder.all_words, append, told, wanted)
        recorder.fold(partial(progress, "fold"))
        return importing_evidence.report(name, table, filed)


def _changed(path: Path) -> EventInvalid:
    return EventInvalid(
        "the file is not the one that was looked at",
        field="FILE",
        code="file-changed",
        found="other contents than before",
        expected="the file as it was when its rows were shown",
        where=str(path),
        remedy="look at it again",
    )
