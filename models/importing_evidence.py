"""Take a table of evidence into the ledger: only what is not there yet, and words only into the vault.

Rule: importing a file again changes nothing. A row is here already when an entry about the same party, of the
same instant, says the same, whoever imported it; a review also has to have the same words, where they are
still kept (words that were removed on request are not brought back by an old file).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import Connection, select

from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.evidence import Commitment, Inspection, Review
from ledger.events.foreign_rows import placed
from ledger.events.spreadsheet import csv_bytes
from ledger.receipts import Receipt
from models.evidence.official import EvidenceTable, Taken
from models.importing import ImportReport
from models.tables import inspections, reviews
from models.views import batches

_INSPECTION = ("kind", "critical", "serious", "minor", "category", "summary")
_REVIEW = ("stars", "channel", "rater")
Said = tuple[object, ...]
Words = tuple[str, str]
"""("vault", its place) of words in the vault, or ("new", the words) of a row above in the same file."""


class Sieve:
    """Lets each row through once: not what the ledger has, and not what stood in a row before.

    Args:
        subjects: the parties the rows are about.
        before: rows that went through another sieve, and come first.
    """

    def __init__(
        self,
        connection: Connection,
        subjects: set[str],
        read_words: Callable[[str], str | None],
        author: str,
        before: Sieve | None = None,
    ) -> None:
        self._known = _recorded(connection, subjects)
        self._read_words, self._author, self._before = read_words, author, before

    def take(self, row: Taken) -> bool:
        """Return whether the row says something new.

        Raises:
            EventInvalid: it is about its author.
        """
        if row.event.subject == self._author:
            raise placed(_about_itself(self._author), row.where)
        words = row.text.strip()
        if self._has(_said(row.event), words) or (
            self._before and self._before._has(_said(row.event), words)
        ):
            return False
        self._known.setdefault(_said(row.event), set()).add(("new", words))
        return True

    def _has(self, said: Said, words: str) -> bool:
        return any(_same(before, words, self._read_words) for before in self._known.get(said, ()))


def fresh(
    connection: Connection, table: EvidenceTable, read_words: Callable[[str], str | None], author: str
) -> tuple[tuple[Taken, ...], tuple[EventInvalid, ...]]:
    """Return the rows the ledger does not have yet, and refusals of what the author says about itself."""
    sieve = Sieve(connection, {row.event.subject for row in table.rows}, read_words, author)
    new: list[Taken] = []
    refused: list[EventInvalid] = []
    for row in table.rows:
        try:
            if sieve.take(row):
                new.append(row)
        except EventInvalid as problem:
            refused.append(problem)
    return tuple(new), tuple(refused)


def with_words(rows: Iterable[Taken], keep: Callable[[str], Commitment | None]) -> list[Inspection | Review]:
    """Return the events of the rows, their words put into the vault."""
    return [
        replace(row.event, words=keep(row.text)) if isinstance(row.event, Review) else row.event
        for row in rows
    ]


def report(
    name: str, table: EvidenceTable, receipts: Iterable[Receipt], about_itself: tuple[EventInvalid, ...]
) -> ImportReport:
    """Return what became of the table."""
    entries = tuple(receipt.index for receipt in receipts if not receipt.duplicate)
    return ImportReport(
        name=name,
        accepted=len(entries),
        described=0,
        duplicates=len(table.rows) - len(entries) - len(about_itself),
        refused=(*table.refused, *about_itself),
        entries=entries,
        rejected=csv_bytes(table.rejected) if table.rejected else b"",
    )


def _said(event: Inspection | Review) -> Said:
    names = _INSPECTION if isinstance(event, Inspection) else _REVIEW
    return (event.subject, event.event_time, *(getattr(event, name) for name in names))


def _same(before: Words, words: str, read_words: Callable[[str], str | None]) -> bool:
    """Return whether what is here already has these words, as far as its words are still kept."""
    place, text = before
    if place != "vault":
        return text == words
    kept = read_words(text)
    return kept is None or kept == words


def _recorded(connection: Connection, subjects: set[str]) -> dict[Said, set[Words]]:
    """Return what the ledger says about these parties, with where the words lie."""
    found: dict[Said, set[Words]] = {}
    for batch in batches(sorted(subjects)):
        for table, names in ((inspections, _INSPECTION), (reviews, _REVIEW)):
            for row in connection.execute(select(table).where(table.c.subject.in_(batch))):
                said = (row.subject, row.event_time, *(getattr(row, name) for name in names))
                vault_id = getattr(row, "vault_id", None)
                found.setdefault(said, set()).add(("vault", vault_id) if vault_id else ("new", ""))
    return found


def _about_itself(author: str) -> EventInvalid:
    return refusal(
        "nobody rates itself", "subject", "about-itself", author, "a row about somebody else than who imports"
    )
