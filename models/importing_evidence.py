"""Take a table of evidence into the ledger: only what is not there yet, and words only into the vault.

Rule: importing a file again changes nothing. A row is here already when an entry about the same party, of the
same instant, says the same, whoever imported it; a review also has to have the same words, where they are
still kept (words that were removed on request are not brought back by an old file).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from ledger.errors import EventInvalid, LedgerError
from ledger.events.checks import refusal
from ledger.events.codec import Event
from ledger.events.evidence import Commitment, Inspection, Review
from ledger.events.foreign_rows import placed
from ledger.events.spreadsheet import csv_bytes
from ledger.receipts import Receipt
from models.evidence.official import EvidenceTable, Taken
from models.importing import ImportReport
from models.intake import stopped
from models.tables import inspections, reviews
from models.views import batches

_INSPECTION = ("kind", "critical", "serious", "minor", "category", "summary")
_REVIEW = ("stars", "channel", "rater")
Said = tuple[object, ...]
ReadWords = Callable[[Sequence[str]], Mapping[str, str]]
Words = tuple[str, str]
"""("vault", its place) of words in the vault, or ("new", the words) of a row above in the same file."""


class Sieve:
    """Lets each row through once: not what the ledger has, and not what stood in a row before.

    Args:
        subjects: the parties the rows are about.
        read_words: opens words in the vault, many at once; those that are gone are left out.
        before: rows that went through another sieve, and come first.
    """

    def __init__(
        self,
        connection: Connection,
        subjects: set[str],
        read_words: ReadWords,
        author: str,
        before: Sieve | None = None,
    ) -> None:
        self._known = _recorded(connection, subjects)
        self._read_words, self._author, self._before = read_words, author, before
        self._opened: dict[str, str | None] = {}

    def join(self, others: Sieve) -> None:
        """Know what a sieve knows that was made for other parties."""
        self._known.update(others._known)

    def read_ahead(self, rows: Iterable[Taken]) -> None:
        """Open the words that these rows will be compared with, many at once; forget those before."""
        places = {place for row in rows for place in self._places(_said(row.event))}
        self._opened = dict.fromkeys(places)
        for batch in batches(sorted(places)):
            self._opened.update(self._read_words(batch))

    def take(self, row: Taken) -> bool:
        """Return whether the row says something new.

        Raises:
            EventInvalid: it is about its author.
        """
        if row.event.subject == self._author:
            raise placed(_about_itself(self._author), row.where)
        said, words = _said(row.event), row.text.strip()
        if any(self._same(before, words) for before in self._before_it(said)):
            return False
        self._known.setdefault(said, set()).add(("new", words))
        return True

    def _before_it(self, said: Said) -> Iterator[Words]:
        yield from self._known.get(said, ())
        if self._before is not None:
            yield from self._before._known.get(said, ())

    def _places(self, said: Said) -> Iterator[str]:
        return (text for place, text in self._before_it(said) if place == "vault")

    def _same(self, before: Words, words: str) -> bool:
        """Return whether what is here already has these words, as far as its words are still kept."""
        place, text = before
        if place != "vault":
            return text == words
        if text not in self._opened:
            self._opened[text] = self._read_words([text]).get(text)
        return self._opened[text] in (None, words)


@dataclass(frozen=True, slots=True)
class Sifted:
    """The rows of a table that are new, and refusals of what its importer says of itself."""

    rows: tuple[Taken, ...]
    about_itself: tuple[EventInvalid, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """What was recorded of the rows.

    Args:
        receipts: one for each row recorded, in their order.
        stopped_at: how many rows were recorded when somebody stopped it; None: it went to its end.
        stopped_by: the world's no to a later part, which the rows before it outlive.
    """

    sifted: Sifted
    receipts: tuple[Receipt, ...]
    stopped_at: int | None = None
    stopped_by: EventInvalid | None = None


def fresh(connection: Connection, table: EvidenceTable, read_words: ReadWords, author: str) -> Sifted:
    """Return the rows that are new."""
    sieve = Sieve(connection, {row.event.subject for row in table.rows}, read_words, author)
    new: list[Taken] = []
    refused: list[EventInvalid] = []
    for part in batches(table.rows):
        sieve.read_ahead(part)
        for row in part:
            try:
                if sieve.take(row):
                    new.append(row)
            except EventInvalid as problem:
                refused.append(problem)
    return Sifted(tuple(new), tuple(refused))


def file_rows(
    sifted: Sifted,
    size: int,
    keep: Callable[[Sequence[str]], Sequence[Commitment | None]],
    append: Callable[[Sequence[Event]], Sequence[Receipt]],
    progress: Callable[[int, int | None], None],
    wanted: Callable[[], bool],
) -> Filed:
    """Record rows, `size` at a time; each part is one transaction.

    Args:
        keep: puts the words of rows into the vault.
        wanted: asked before each part; what is recorded before it says no stays recorded.

    Raises:
        LedgerError: the first part was refused: nothing was recorded.
    """
    receipts: list[Receipt] = []
    for part in batches(sifted.rows, size):
        if not wanted():
            return Filed(sifted, tuple(receipts), len(receipts))
        try:
            receipts += append(_with_words(part, keep))
        except LedgerError as error:
            if not receipts:
                raise
            return Filed(sifted, tuple(receipts), stopped_by=stopped(error, part[0].where))
        progress(len(receipts), len(sifted.rows))
    return Filed(sifted, tuple(receipts))


def _with_words(
    rows: Sequence[Taken], keep: Callable[[Sequence[str]], Sequence[Commitment | None]]
) -> list[Event]:
    """Return the events of the rows, the words of reviews put into the vault."""
    kept = iter(keep([row.text for row in rows if isinstance(row.event, Review)]))
    return [
        replace(row.event, words=next(kept)) if isinstance(row.event, Review) else row.event for row in rows
    ]


def report(name: str, table: EvidenceTable, filed: Filed) -> ImportReport:
    """Return what became of the table."""
    entries = tuple(receipt.index for receipt in filed.receipts if not receipt.duplicate)
    sifted = filed.sifted
    refused = (*table.refused, *sifted.about_itself)
    return ImportReport(
        name=name,
        accepted=len(entries),
        described=0,
        duplicates=len(table.rows) - len(sifted.rows) - len(sifted.about_itself),
        refused=refused if filed.stopped_by is None else (*refused, filed.stopped_by),
        entries=entries,
        rejected=csv_bytes(table.rejected) if table.rejected else b"",
        stopped_at=filed.stopped_at,
    )


def _said(event: Inspection | Review) -> Said:
    names = _INSPECTION if isinstance(event, Inspection) else _REVIEW
    return (event.subject, event.event_time, *(getattr(event, name) for name in names))


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
