"""Open the views, on either engine, and throw them away when they are of another version.

Rule: reading is one snapshot, writing begins as a write (two writers wait for each other instead of failing),
and nothing here is worth saving: durability is the ledger's affair, so SQLite may be quick.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Table, create_engine, event, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from ledger.errors import LedgerError
from models.tables import SCHEMA, VIEWS_VERSION, meta, metadata

LONGEST_KEY = 400
"""A longer code is kept as its digest: PostgreSQL refuses to index long text."""
BATCH = 500
READING_KIB, FOLDING_KIB = 8 << 10, 64 << 10
"""How much of the file a connection may keep in memory, while it reads and while it folds."""
T = TypeVar("T")
_KNOWN = "views_known"


def create_views_engine(url: str) -> Engine:
    """Open the views at `url`: a SQLite file, or the schema `views` of a PostgreSQL database."""
    if make_url(url).get_backend_name() != "sqlite":
        # Only here: to put a schema before each name costs a tenth of a short query.
        server = create_engine(url, pool_pre_ping=True)
        return server.execution_options(schema_translate_map={None: SCHEMA})
    engine = create_engine(url, connect_args={"timeout": 20})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "checkin", _keep_little)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that will write; it commits at the end of the block, or leaves no trace."""
    with engine.connect().execution_options(views_write=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that only reads, so that every answer on one page is of one instant."""
    # What was looked up in this snapshot stays true as long as it does: see `once`.
    connection = _connected(engine).execution_options(**{_KNOWN: {}})
    if engine.dialect.name != "sqlite":
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with connection, connection.begin():
        yield connection


def once(connection: Connection, what: str) -> dict[Any, Any]:
    """Return where a reader keeps what it looked up, for the length of this reading transaction.

    A transaction that writes, or one not begun by `reading`, keeps nothing.
    """
    known: dict[str, dict[Any, Any]] | None = connection.get_execution_options().get(_KNOWN)
    return {} if known is None else known.setdefault(what, {})


def keeps(connection: Connection) -> bool:
    """Say whether `once` keeps anything here, so that reading ahead is worth it."""
    return connection.get_execution_options().get(_KNOWN) is not None


def prepare(engine: Engine) -> bool:
    """Make the tables if they are missing or of another version; say whether all must be folded again."""
    with writing(engine) as connection:
        if _version(connection) == str(VIEWS_VERSION):
            return False
        _drop(connection)
        metadata.create_all(connection)
        connection.execute(meta.insert(), {"name": "version", "value": str(VIEWS_VERSION)})
        return True


def empty(connection: Connection) -> None:
    """Delete every row of every view, the cursors too, inside the caller's transaction."""
    for table in reversed(metadata.sorted_tables):
        if table is not meta:
            connection.execute(table.delete())


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows at once, past the parts of SQLAlchemy that cost more than the insert itself."""
    if not rows:
        return
    statement, columns = _insertion(table, connection.dialect)
    found = [
        tuple([row.get(name) if bind is None else bind(row.get(name)) for name, bind in columns])
        for row in rows
    ]
    connection.exec_driver_sql(statement, found)


def key(code: str) -> str:
    """Return the code as the views keep it: itself, or its digest when it is very long.

    >>> key("https://id.gs1.org/01/09521234543213/10/A")
    'https://id.gs1.org/01/09521234543213/10/A'
    """
    if len(code) <= LONGEST_KEY:
        return code
    return "urn:sha256:" + hashlib.sha256(code.encode()).hexdigest()


def batches(values: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Cut values into lists short enough for one `IN (...)` on either engine."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@lru_cache(maxsize=128)
def _insertion(table: Table, dialect: Dialect) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """Return the statement that inserts one row, and how each column's value goes to the driver."""
    lite = dialect.name == "sqlite"
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join(["?" if lite else "%s"] * len(table.columns))
    target = f'"{table.name}"' if lite else f'"{SCHEMA}"."{table.name}"'
    binds = tuple(
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.columns
    )
    return f"INSERT INTO {target} ({names}) VALUES ({marks})", binds


def _connected(engine: Engine) -> Connection:
    """Connect, or say that the server is out of reach: that is the world's affair, not a mistake of ours."""
    try:
        return engine.connect()
    except OperationalError as error:
        raise LedgerError(
            "the views' database cannot be opened",
            code="ledger-unreachable",
            found=str(error.orig).splitlines()[0],
            where=engine.url.render_as_string(hide_password=True),
            remedy="check the address, that the folder or server exists, and that you may use it",
        ) from error


def _version(connection: Connection) -> str | None:
    schema = None if connection.dialect.name == "sqlite" else SCHEMA
    if not inspect(connection).has_table(meta.name, schema=schema):
        return None
    return connection.execute(select(meta.c.value).where(meta.c.name == "version")).scalar_one_or_none()


def _drop(connection: Connection) -> None:
    """Drop whatever an older or newer program left, also tables this one does not know."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        return
    for name in inspect(connection).get_table_names():
        connection.execute(text(f'DROP TABLE "{name}"'))


def _on_connect(connection: Any, record: ConnectionPoolEntry) -> None:
    # The driver must not open transactions on its own: `_on_begin` says which kind it is.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    _keep_little(connection, record)


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("views_write")
    if write:
        connection.exec_driver_sql(f"PRAGMA cache_size=-{FOLDING_KIB}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN DEFERRED")


def _keep_little(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG001
    """Let go of what a connection keeps of the file beyond what a look at it gains from.

    The system keeps the file's pages too. Every reading thread has a connection of its own, and each would
    fill as much as it is allowed: a look takes as long with 8 MiB as with 64 (measured on a million rows).
    """
    if connection is not None:
        connection.execute(f"PRAGMA cache_size=-{READING_KIB}")
