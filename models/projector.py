"""Fold the ledger into the views, piece by piece, and say how many entries behind they are.

Rule: a projection's cursor moves in the same transaction as its rows, by compare-and-swap, so that two
programs folding at once never fold an entry twice. An entry that cannot be folded stops that projection
there, and only that one: it is retried at the next catching up and never skipped.
Law, under test: catching up in any pieces gives the same rows as rebuilding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from ledger.errors import LedgerError, Problem
from ledger.progress import Progress, quiet
from models.projections.cases import fold_cases
from models.projections.entries import Entry, EntrySource
from models.projections.evidence import fold_evidence
from models.projections.quality import fold_quality
from models.projections.registry import fold_registry
from models.projections.supply import fold_supply
from models.tables import cursors
from models.views import empty, prepare, reading, writing

CHUNK = 1000
BULK = 8000
"""Far behind, larger pieces: a lot that many entries touch is then folded a few times, not a hundred."""
AT_ONCE = 500
"""So many entries are read between two words of how far it is: a large piece takes seconds."""
Fold = Callable[[Connection, Sequence[Entry]], None]
PROJECTIONS: tuple[tuple[str, Fold], ...] = (
    ("registry", fold_registry),
    ("supply", fold_supply),
    ("evidence", fold_evidence),
    ("quality", fold_quality),
    ("cases", fold_cases),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one projection stands; `stopped_at` names the entry it could not fold, `reason` why."""

    projection: str
    position: int
    behind: int
    stopped_at: int | None = None
    reason: str | None = None


class Projector:
    """Keeps the views of one ledger up to date.

    Args:
        source: the ledger's reader, or anything else with entries in order.
        engine: made by `create_views_engine`; this object does not close it.
    """

    def __init__(
        self, source: EntrySource, engine: Engine, projections: Sequence[tuple[str, Fold]] = PROJECTIONS
    ) -> None:
        self._source = source
        self._engine = engine
        self._folds = dict(projections)
        prepare(engine)
        with writing(engine) as connection:
            self._begin(connection)

    def catch_up(self, progress: Progress = quiet, chunk: int | None = None) -> int:
        """Fold what is new and return how many entries that were; a projection that stops does not raise.

        Raises:
            LedgerError: the views are busy, read-only or full; nothing of the piece was written.
        """
        size = self._source.size()
        stopped: set[str] = set()
        first = min(self._positions().values())
        while True:
            going = {name: at for name, at in self._positions().items() if name not in stopped and at < size}
            if not going:
                return max(0, min(self._positions().values()) - first)
            start = min(going.values())
            ahead = [at for at in going.values() if at > start]
            piece = chunk or (CHUNK if size - start <= BULK else BULK)
            heard = partial(_heard, progress, start, size)
            entries, unread = self._read(start, min([start + piece, size, *ahead]), heard)
            for name in (name for name, at in going.items() if at == start):
                if not self._fold(name, entries, start):
                    stopped.add(name)
                elif unread is not None:
                    self._stop(name, start + len(entries), unread)
                    stopped.add(name)
            progress(start + len(entries), size)

    def rebuild(self, progress: Progress = quiet) -> int:
        """Throw every row away, fold the whole ledger again and return how many entries that were."""
        with writing(self._engine) as connection:
            empty(connection)
            self._begin(connection)
        self.catch_up(progress)
        return min(self._positions().values())

    def behind(self) -> int:
        """Return how many entries the slowest projection has still to fold."""
        return max(standing.behind for standing in self.standings())

    def standings(self) -> tuple[Standing, ...]:
        """Return where each projection stands, and what stopped it if something did."""
        size = self._source.size()
        with reading(self._engine) as connection:
            rows = {row.projection: row for row in connection.execute(select(cursors))}
        return tuple(
            Standing(name, row.position, max(0, size - row.position), row.stopped_at, row.reason)
            for name, row in ((name, rows[name]) for name in self._folds)
        )

    def _positions(self) -> dict[str, int]:
        with reading(self._engine) as connection:
            known = {row.projection: row.position for row in connection.execute(select(cursors))}
        return {name: known[name] for name in self._folds}

    def _begin(self, connection: Connection) -> None:
        known = set(connection.scalars(select(cursors.c.projection)))
        rows = [{"projection": name, "position": 0} for name in self._folds if name not in known]
        if rows:
            connection.execute(cursors.insert(), rows)

    def _read(
        self, start: int, stop: int, heard: Callable[[int], object]
    ) -> tuple[list[Entry], Problem | None]:
        """Return the entries that can be read, and why the next one cannot if it cannot.

        Args:
            heard: told between some hundreds of them how many are read.
        """
        entries: list[Entry] = []
        try:
            for entry in self._source.entries(start, stop):
                if entries and len(entries) % AT_ONCE == 0:
                    heard(len(entries))
                entries.append(entry)
        except Problem as problem:
            return entries, problem
        return entries, None

    def _fold(self, name: str, entries: Sequence[Entry], start: int) -> bool:
        """Fold a piece; on failure halve it until the entry that cannot be folded stands alone."""
        if not entries:
            return True
        try:
            with writing(self._engine) as connection:
                if self._advance(connection, name, start, start + len(entries)):
                    self._folds[name](connection, entries)
            return True
        except OperationalError as error:
            raise _busy(error) from error
        except Exception as error:  # noqa: BLE001 - one unreadable entry must not hide the others; it is reported
            if len(entries) == 1:
                self._stop(name, entries[0].index, error)
                return False
        half = len(entries) // 2
        return self._fold(name, entries[:half], start) and self._fold(name, entries[half:], start + half)

    def _advance(self, connection: Connection, name: str, start: int, stop: int) -> bool:
        """Move the cursor if it still stands where the piece begins; say whether it did."""
        mine = (cursors.c.projection == name) & (cursors.c.position == start)
        forward = cursors.update().where(mine).values(position=stop, stopped_at=None, reason=None)
        return connection.execute(forward).rowcount == 1

    def _stop(self, name: str, index: int, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:500]
        with writing(self._engine) as connection:
            mine = cursors.c.projection == name
            connection.execute(cursors.update().where(mine).values(stopped_at=index, reason=reason))


def _heard(progress: Progress, start: int, size: int, read: int) -> None:
    # Reading them is about a third of what they cost.
    progress(start + read // 3, size)


def _busy(error: OperationalError) -> LedgerError:
    return LedgerError(
        "the views cannot be written now",
        code="views-unwritable",
        found=str(error.orig),
        expected="a views database that is not locked, not read-only, on a disk that is not full",
        remedy="close other programs that use it and try again; nothing is lost, the ledger has it all",
    )
