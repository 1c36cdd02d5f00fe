"""Read what others publish about merchants: official inspection results and a platform's reviews, as tables.

Rule: a row is read only from what stands in it. Headings in Chinese or English are known
(resources/vocab/evidence_table.json), others are mapped by hand. A bad row is refused with its number and
column, what was found and what expected; the others are taken. Who is meant must be enrolled: nobody is rated
by a guess. No reviewer's name reaches the ledger: it becomes a pseudonym under the installation's secret.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.evidence import Inspection, Review
from ledger.events.foreign import is_document
from ledger.events.foreign_rows import placed
from ledger.events.foreign_table import padded
from ledger.events.spreadsheet import Body, Cells, Sheets, show
from ledger.events.table_headings import HEADING_WITHIN, Layout
from ledger.events.values import PartyId
from models.evidence.official_cells import (
    category_of,
    channel_of,
    counts_of,
    kept_text,
    moment_of,
    plain_word,
    stars_of,
    visit_kind,
    vocabulary,
)

KINDS = ("inspection", "review")


class Enrolled(Protocol):
    """What is needed of an enrolled party."""

    @property
    def id(self) -> str:
        """Its identifier."""

    @property
    def name(self) -> str:
        """Its registered name."""

    @property
    def name_en(self) -> str | None:
        """Its name in English."""

    @property
    def category(self) -> str | None:
        """What it trades in."""


PartyOf = Callable[[str], Enrolled]


@dataclass(frozen=True, slots=True)
class Taken:
    """One good row: where it stands, what it says, and words that belong into the vault."""

    where: str
    event: Inspection | Review
    text: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """What a table said: which kind it is, its good rows, its refused ones, and how headings were read."""

    kind: str
    rows: tuple[Taken, ...]
    refused: tuple[EventInvalid, ...]
    columns: tuple[tuple[str, str], ...]
    rejected: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class EvidenceReader:
    """Reads one row after the other of a table whose headings are understood.

    Args:
        kind: inspection or review; name: the file's, for messages.
        now, party_of, secret: as for `read_evidence`.
    """

    kind: str
    name: str
    layout: Layout
    now: datetime
    party_of: PartyOf
    secret: bytes

    def row(self, place: int, cells: Sequence[str]) -> Taken | EventInvalid | None:
        """Return what a row says, why it cannot be taken, or None for an empty row."""
        headings = self.layout.headings
        row = {column: text for column, text in zip(headings, cells, strict=False) if column and text}
        if not row:
            return None
        where = f"{self.name}: row {place}"
        try:
            return _taken(self.kind, row, where, self.now, self.party_of, self.secret)
        except EventInvalid as error:
            return placed(error, where)


def read_evidence(
    data: bytes,
    name: str,
    *,
    now: datetime,
    party_of: PartyOf,
    secret: bytes,
    columns: Mapping[str, str] | None = None,
    corrected: Mapping[int, Sequence[str]] | None = None,
) -> EvidenceTable | None:
    """Return the evidence in a spreadsheet, or None where its headings are not those of such a table.

    Args:
        data: an XLSX workbook or CSV; name: for messages.
        now: rows that claim to lie later are refused.
        party_of: finds the enrolled party a row names, or raises EventInvalid.
        secret: makes pseudonyms of reviewers that only this installation could make.
        columns: heading -> column, for headings that are not known.
        corrected: row number -> the cells to read in its place; such rows come after all others.
    """
    if is_document(data):
        return None
    sheets = Sheets(data, name)
    found = open_evidence(sheets, now=now, party_of=party_of, secret=secret, columns=columns)
    return None if found is None else evidence_of(*found, corrected or {})


def open_evidence(
    sheets: Sheets,
    *,
    now: datetime,
    party_of: PartyOf,
    secret: bytes,
    columns: Mapping[str, str] | None = None,
) -> tuple[EvidenceReader, Body] | None:
    """Return who reads the rows of such a table, and the rows below its headings; None for another table."""
    known = columns or {}
    for place, (source, first) in enumerate(sheets.firsts(HEADING_WITHIN)):
        for line, cells in enumerate(first, start=1):
            found = _understood(cells, known)
            if found is not None:
                kind, titles, headings = found
                layout = Layout(line, titles, headings, source, place)
                reader = EvidenceReader(kind, sheets.name, layout, now, party_of, secret)
                return reader, sheets.body(place, line)
    return None


def evidence_of(
    reader: EvidenceReader, body: Iterable[Cells], corrected: Mapping[int, Sequence[str]]
) -> EvidenceTable:
    """Return what the rows say, the corrected ones after all others."""
    taken: list[Taken] = []
    refused: list[EventInvalid] = []
    rejected: list[tuple[str, ...]] = []
    layout = reader.layout
    for place, texts in _in_order(layout, body, corrected):
        found = reader.row(place, texts)
        if isinstance(found, Taken):
            taken.append(found)
        elif found is not None:
            refused.append(found)
            rejected.append((*padded(layout, texts), str(found)))
    heading = (*layout.titles, "原因 / reason")
    return EvidenceTable(
        reader.kind, tuple(taken), tuple(refused), layout.known, (heading, *rejected) if rejected else ()
    )


def _in_order(
    layout: Layout, body: Iterable[Cells], corrected: Mapping[int, Sequence[str]]
) -> Iterator[tuple[int, Sequence[str]]]:
    for place, cells in enumerate(body, start=layout.line + 1):
        if place not in corrected:
            yield place, [show(cell) for cell in cells]
    yield from corrected.items()


def party_finder(parties: Iterable[Enrolled]) -> PartyOf:
    """Return the search for the enrolled party a row names: by name in either language, GLN or id."""
    known: dict[str, dict[str, Enrolled]] = {}
    for party in parties:
        for word in (party.name, party.name_en, party.id, party.id.rsplit("/", 1)[-1]):
            if word:
                known.setdefault(plain_word(word), {})[party.id] = party

    def find(text: str) -> Enrolled:
        fits = known.get(plain_word(text), {})
        if len(fits) == 1:
            return next(iter(fits.values()))
        raise refusal(
            "several enrolled parties have this name" if fits else "no such party is enrolled",
            "subject",
            "party-ambiguous" if fits else "party-unknown",
            text or "nothing",
            ", ".join(sorted(fits)) if fits else "the name, GLN or id of an enrolled party",
            "enrol the party first, or write its GLN",
        )

    return find


def _understood(
    cells: Cells, columns: Mapping[str, str]
) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """Return which kind of table has these headings, the headings and their columns; None: neither."""
    titles = [show(cell) for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    for kind in reversed(KINDS):
        headings = _headings(kind, titles, columns)
        if any(set(headings).issuperset(needed) for needed in vocabulary()["needed"][kind]):
            return kind, tuple(titles), tuple(headings)
    return None


def _headings(kind: str, titles: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Return the column each heading means; the first heading of a column has it."""
    known = _columns(kind)
    found: list[str] = []
    for title in titles:
        column = columns.get(title) or known.get(plain_word(title).rstrip("*"), "")
        found.append("" if column in found else column)
    return found


def _taken(
    kind: str, row: Mapping[str, str], where: str, now: datetime, party_of: PartyOf, secret: bytes
) -> Taken:
    party = party_of(row.get("subject", ""))
    subject = PartyId(party.id)
    moment = moment_of(row.get("date", ""))
    if moment > now:
        raise refusal(
            "the row lies in the future",
            "date",
            "time-in-future",
            moment.isoformat(),
            f"{now.isoformat(timespec='seconds')} or earlier",
            "check the date, and the clock of this computer",
        )
    if kind == "inspection":
        return Taken(where, _inspection(row, subject, moment, party.category or ""))
    channel = channel_of(row.get("channel", ""))
    who = row.get("rater") or row.get("number")
    rater = pseudonym(secret, f"{channel}\x00{who}") if who else None
    review = Review(moment, subject, stars_of(row.get("stars", "")), channel=channel, rater=rater)
    return Taken(where, review, kept_text(row.get("text", "")))


def pseudonym(secret: bytes, name: str) -> str:
    """Return the name by which a reviewer is known in the ledger; without the secret it says nothing.

    >>> pseudonym(b"k" * 32, "app" + chr(0) + "mei")[:2], len(pseudonym(b"k" * 32, "x"))
    ('p-', 26)
    """
    return "p-" + hmac.digest(secret, b"suxin reviewer v1\x00" + name.encode(), "sha256").hex()[:24]


def _inspection(row: Mapping[str, str], subject: PartyId, moment: datetime, usual: str) -> Inspection:
    critical, serious, minor = counts_of(row)
    number = row.get("number", "")
    return Inspection(
        moment,
        subject,
        visit_kind(row.get("kind", "")),
        critical,
        serious,
        minor,
        category=category_of(row.get("category", "")) or usual or "unknown",
        summary=f"no. {number}"[:200] if number else None,
    )


@lru_cache
def _columns(kind: str) -> dict[str, str]:
    headings = vocabulary()["headings"][kind]
    return {plain_word(word): column for column, words in headings.items() for word in words}
