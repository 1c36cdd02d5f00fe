"""Open a ledger's database, and do one thing at a time in it: read a snapshot, or write under the head row.

SQLite: WAL, synchronous=FULL (an acknowledged entry survives a power cut), BEGIN IMMEDIATE for
writers, secure_delete for the vault. PostgreSQL: schema `ledger`, `SELECT ... FOR UPDATE` on the head
row. The rule kept here: whatever the database says no to leaves this module as a `LedgerError` with a
code and a remedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from ledger import schema
from ledger.errors import LedgerError

BUSY_SECONDS = 10
_WRITE = "suxin_write"


def create_ledger_engine(url: str | sa.URL, *, read_only: bool = False, immutable: bool = False) -> sa.Engine:
    """Return an engine on the ledger at `url`; nothing is read or written yet.

    Args:
        url: `sqlite:///path/ledger.db` or `postgresql+psycopg://...`.
        read_only: open without the right to write; the file must exist.
        immutable: read-only, and nobody can change the file either: a medium that cannot be written.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(address, read_only or immutable, immutable)
    if address.get_backend_name() == "postgresql":
        return _postgresql_engine(address, read_only)
    raise LedgerError(
        "this kind of database is not supported",
        code="database-unsupported",
        found=address.get_backend_name(),
        expected="sqlite:///ledger.db or postgresql+psycopg://user@host/name",
        remedy="give --ledger one of the two kinds of address",
    )


def _sqlite_engine(address: sa.URL, read_only: bool, immutable: bool) -> sa.Engine:
    if read_only and address.database and not address.database.startswith("file:"):
        path = Path(address.database).resolve().as_posix()
        address = address.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})
        if immutable:
            address = address.update_query_dict({"immutable": "1"})
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; the driver would say it too late
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(address: sa.URL, read_only: bool) -> sa.Engine:
    given = address.query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} -csearch_path={schema.SCHEMA}"
    if read_only:
        options += " -cdefault_transaction_read_only=on"
    address = address.set(drivername="postgresql+psycopg")
    return sa.create_engine(address, connect_args={"options": options}, pool_pre_ping=True)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection whose reads all see one moment."""
    with telling(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give the one writer's connection; commits on leaving, rolls back on any exception."""
    with telling(engine), engine.connect() as plain:
        connection = plain.execution_options(**{_WRITE: True})
        with connection.begin():
            yield connection


def create_tables(connection: sa.Connection) -> None:
    """Make the tables and triggers that are not there yet; what is there stays as it is."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql(f"PRAGMA application_id={schema.APPLICATION_ID}")
    else:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema.SCHEMA}")
    schema.metadata.create_all(connection)
    for statement in schema.trigger_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def copy_rows(connection: sa.Connection, table: sa.Table, rows: Iterable[tuple[object, ...]]) -> None:
    """Insert whole rows through PostgreSQL's COPY BINARY, in the transaction of `connection`."""
    names = ", ".join(column.name for column in table.columns)
    kinds = [_COPY_KINDS[type(column.type)] for column in table.columns]
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(kinds)
        for row in rows:
            copy.write_row(row)


_COPY_KINDS: dict[type, str] = {
    sa.BigInteger: "int8",
    sa.Integer: "int4",
    sa.Text: "text",
    sa.LargeBinary: "bytea",
}


# What databases say, and what we say instead. The first pattern that matches wins.
_REFUSALS: tuple[tuple[str, str, str, str], ...] = (
    (
        r"database is locked|database table is locked|LockNotAvailable|lock timeout",
        "ledger-locked",
        "another program is writing to this ledger",
        "close the other program that has it open, then try again; nothing was written",
    ),
    (
        r"database or disk is full|DiskFull|No space left|could not extend file",
        "disk-full",
        "the disk is full",
        "free some space, then try again; nothing was written and nothing that was acknowledged is lost",
    ),
    (
        r"attempt to write a readonly database|ReadOnlySqlTransaction|read-only transaction",
        "ledger-read-only",
        "this ledger is open for reading only",
        "open it from a place and with a user that may write there; nothing was written",
    ),
    (
        r"append-only",
        "append-only",
        "what is written in a ledger is never changed",
        "write a new entry that corrects the earlier one",
    ),
    (
        r"file is not a database|malformed|file is encrypted|disk image|InvalidPage|DataCorrupted",
        "ledger-damaged",
        "the ledger's database is damaged",
        "keep the file, run verify on it, and restore from a backup or a bundle",
    ),
    (
        r"no such table|UndefinedTable|InvalidSchemaName",
        "no-ledger",
        "there is no ledger here yet",
        "make one first, for example: suxin init --name NAME --role cooperative",
    ),
    (
        r"unable to open database file|connection failed|connection refused|connection is closed"
        r"|server closed the connection|terminating connection",
        "ledger-unreachable",
        "the ledger's database cannot be opened",
        "check the address, that the folder or server exists, and that you may use it",
    ),
    (
        r"UNIQUE constraint failed|UniqueViolation",
        "lost-race",
        "another writer was faster",
        "try again; nothing was written",
    ),
    (
        r"disk I/O error|IoError|Input/output error",
        "disk-failed",
        "the disk reported an error",
        "check the disk; nothing that was acknowledged is lost, and the last entry may or may not be in",
    ),
)


@contextmanager
def telling(engine: sa.Engine) -> Iterator[None]:
    """Turn what the database refuses into a `LedgerError` that says what to do."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise refusal(error.orig or error, engine.url) from error
    except _copy_errors(engine) as error:  # COPY goes past SQLAlchemy, so its errors do too
        raise refusal(error, engine.url) from error
    except UnicodeDecodeError as error:  # a damaged file can name its tables in what is no text
        raise refusal(ValueError(f"malformed text: {error}"), engine.url) from error


def _copy_errors(engine: sa.Engine) -> tuple[type[Exception], ...]:
    """Return the errors of PostgreSQL's driver; an embedded ledger never loads it."""
    if engine.dialect.name != "postgresql":
        return ()
    import psycopg

    return (psycopg.Error,)


def refusal(error: BaseException, url: sa.URL) -> LedgerError:
    """Word one database error for a person."""
    text = f"{type(error).__name__}: {error}".strip()
    where = url.render_as_string(hide_password=True)
    for pattern, code, what, remedy in _REFUSALS:
        if re.search(pattern, text):
            return LedgerError(what, code=code, found=text, where=where, remedy=remedy)
    return LedgerError(
        "the ledger's database refused",
        code="database-refused",
        found=text,
        where=where,
        remedy="read what it said; nothing that was acknowledged is lost",
    )
