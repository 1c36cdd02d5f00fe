"""Open a ledger for writing, or, where the disk does not allow that, for reading, and say why.

The rule kept here: a full disk, a medium that cannot be written and a file without permission never keep
anybody from reading and proving. What cannot be read where it lies is read from a copy.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ledger import schema, store
from ledger.errors import LedgerError

_STILL_READABLE = ("ledger-read-only", "disk-full", "disk-failed", "ledger-locked", "ledger-unreachable")

# The shared memory beside a write-ahead log takes 32 KiB; with less, SQLite reports an error of the disk.
_LEAST_ROOM = 64 << 10
_ROOM = 1 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine on a ledger, and why it may only be read, if it may only be read."""

    engine: sa.Engine
    why: LedgerError | None = None

    @property
    def read_only(self) -> bool:
        """Say whether nothing can be recorded."""
        return self.why is not None


def open_ledger(url: str | sa.URL) -> Opened:
    """Open a ledger for writing, or, where that is not possible, for reading, and say why.

    Raises:
        LedgerError: it cannot even be read.
    """
    path = _file_of(sa.make_url(url))
    if path is not None and not path.exists():
        raise _no_ledger(path)  # asking SQLite would make an empty file
    engine = store.create_ledger_engine(url)
    try:
        with store.writing(engine) as connection:
            _probe(connection)
        return Opened(engine)
    except LedgerError as problem:
        engine.dispose()
        if problem.code not in _STILL_READABLE or (path is not None and not path.is_file()):
            raise
        return Opened(_for_reading(url, path, problem), _why(problem, path))


def scratch() -> Path:
    """Return a folder for this run alone; on a full disk, in memory where the system offers that.

    Raises:
        LedgerError: code `disk-full`.
    """
    for place in (None, "/dev/shm"):
        try:
            folder = Path(tempfile.mkdtemp(prefix="suxin-", dir=place))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            (folder / "room").write_bytes(bytes(_ROOM))
        except OSError:
            continue
        return folder
    raise _disk_full(Path(tempfile.gettempdir()), "no room for a working copy")


def _probe(connection: sa.Connection) -> None:
    """Show whether anything can be written, by a write that changes nothing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={schema.APPLICATION_ID}")
    elif connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
        raise LedgerError(
            "this ledger is open for reading only",
            code="ledger-read-only",
            where=connection.engine.url.render_as_string(),
            remedy="ask the server's owner for the right to write; reading and proving go on",
        )


def _for_reading(url: str | sa.URL, path: Path | None, problem: LedgerError) -> sa.Engine:
    """Return the first way of reading that works: as it lies, as what nobody can change, from a copy."""
    if (engine := _readable(url)) is not None:
        return engine
    if path is None:
        raise problem
    pending = Path(f"{path}-wal")
    # What is in the write-ahead log is acknowledged too: only without one is the file the whole ledger.
    if not os.access(path.parent, os.W_OK) and not (pending.exists() and pending.stat().st_size):
        engine = _readable(url, immutable=True)
    if engine is None:
        engine = _readable(f"sqlite:///{_copied(path, pending, scratch())}", writable=True)
    if engine is None:
        raise problem
    return engine


def _readable(url: str | sa.URL, *, immutable: bool = False, writable: bool = False) -> sa.Engine | None:
    engine = store.create_ledger_engine(url, read_only=not writable, immutable=immutable)
    try:
        with store.reading(engine) as connection:
            connection.execute(sa.select(sa.func.count()).select_from(schema.head))
        return engine
    except LedgerError as problem:
        engine.dispose()
        if problem.code == "no-ledger":
            raise
        return None


def _copied(path: Path, pending: Path, folder: Path) -> Path:
    copy = folder / path.name
    try:
        shutil.copyfile(path, copy)
        if pending.exists():
            shutil.copyfile(pending, f"{copy}-wal")
    except OSError as error:
        raise _disk_full(folder, error) from error
    return copy


def _disk_full(where: Path, found: object) -> LedgerError:
    return LedgerError(
        "the disk is full",
        code="disk-full",
        found=found,
        where=where,
        remedy="free some space, then try again; nothing that was acknowledged is lost",
    )


def _why(problem: LedgerError, path: Path | None) -> LedgerError:
    """Word for a person why nothing can be recorded: SQLite says the same of several causes."""
    if (
        path is not None
        and problem.code == "disk-failed"
        and shutil.disk_usage(path.parent).free < _LEAST_ROOM
    ):
        return _disk_full(path.parent, problem.found)
    if problem.code != "ledger-unreachable":
        return problem
    return LedgerError(
        "this ledger is open for reading only",
        code="ledger-read-only",
        found=problem.found,
        where=problem.where,
        remedy="open it from a place and with a user that may write there; reading and proving go on",
    )


def _file_of(address: sa.URL) -> Path | None:
    """Return the file of an embedded ledger named by a plain path, else None."""
    name = address.database or ""
    plain = address.get_backend_name() == "sqlite" and name and not name.startswith((":", "file:"))
    return Path(name) if plain else None


def _no_ledger(path: Path) -> LedgerError:
    return LedgerError(
        "there is no ledger here yet",
        code="no-ledger",
        where=path,
        remedy="make one first, for example: suxin init --name NAME --role cooperative",
    )
