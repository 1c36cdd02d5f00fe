"""The shape of a ledger's database: rows that should not be there, values of other types, the head as it is.

Rule: what is odd is told, never mended; the head row is read without believing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ledger import schema
from ledger.errors import LedgerError

TEXTS = ("type", "party", "key_id", "record_time", "event_time")
Unexpected = tuple[int | None, str, object, object]
"""An entry, if it is about one; code, found, expected."""


def unexpected_rows(connection: sa.Connection, size: int, tiles: int) -> Iterator[Unexpected]:
    """Give what is wrong with the shape of the database: rows that should not be there, other types."""
    table = schema.entry
    outside = sa.select(table.c.entry_index).where((table.c.entry_index < 0) | (table.c.entry_index >= size))
    for index in connection.execute(outside.limit(10)).scalars():
        yield index, "entry-unexpected", f"entry {index}", f"{size} entries, as the head row says"
    for name, expected in (("entry", size), ("tile", tiles), ("head", 1)):
        count = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()
        if count != expected:
            yield None, "row-count-wrong", f"{count} rows in {name}", f"{expected} rows"
    if connection.dialect.name == "sqlite":
        yield from _sqlite_shape(connection)


def _sqlite_shape(connection: sa.Connection) -> Iterator[Unexpected]:
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield None, "database-damaged", row[0], "a database that passes its own integrity check"
    texts = " AND ".join(f"typeof({name}) = 'text'" for name in TEXTS)
    statement = f"SELECT entry_index FROM entry WHERE NOT ({texts} AND typeof(seq) = 'integer') LIMIT 10"
    for row in connection.exec_driver_sql(statement):
        yield row[0], "column-wrong", "another type of value", "texts, and a number as seq"


def head_row(connection: sa.Connection) -> dict[str, Any]:
    """Return the head row as it is, believing nothing.

    Raises:
        LedgerError: code `no-ledger` when there is no such row.
    """
    row = connection.exec_driver_sql("SELECT * FROM head").mappings().first()
    if row is None:
        raise LedgerError("there is no ledger here", code="no-ledger", remedy="check the address")
    return dict(row)
