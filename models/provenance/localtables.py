"""Tables of one's own beside the shipped ones: limits for laboratory sheets, yields, and growth bounds.

Rule: rows of a file in the home folder come before the shipped rows, a row for a region before one for
everywhere. A file with a bad row is refused whole, with the row and field; until it is corrected the shipped
table holds for reading, and what would decide by the table (a sheet, a label) is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

import resources
from ledger.errors import EventInvalid

STANDARDS = "quality/standards.json"
YIELDS = "factors/yields.json"
OPTION = "local_tables"
Document = dict[str, Any]
Check = Callable[[object], bool]


class Field(NamedTuple):
    """What a row must or may say."""

    check: Check
    expected: str
    needed: bool = True


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    # A number stands as text, so that two machines read the same digits; a plain JSON number is taken too.
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and number > 0


TEXT = Field(_is_text, "a text that is not empty")
NUMBER = Field(_is_number, 'a number above 0, such as "0.2"')
WORDS = Field(_is_text, "a text that is not empty", needed=False)
ROWS: Mapping[str, Mapping[str, Mapping[str, Field]]] = {
    STANDARDS: {
        "limits": {
            "category": TEXT,
            "substance": TEXT,
            "most": NUMBER,
            "unit": TEXT,
            "source": TEXT,
            "standard": WORDS,
            "clause": WORDS,
        }
    },
    YIELDS: {
        "steps": {"biz_step": TEXT, "category": TEXT, "most": NUMBER, "source": TEXT, "region": WORDS},
        "plots": {
            "category": TEXT,
            "usual_kg_per_mu": NUMBER,
            "most_kg_per_mu": NUMBER,
            "source": TEXT,
            "region": WORDS,
        },
    },
}


class LocalTables:
    """The tables in force for one home folder; a changed file is read again when it is next asked for."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[tuple[int, int], Document | EventInvalid]] = {}

    def rows(self, table: str, part: str) -> tuple[dict[str, str], ...]:
        """Return one's own rows, then the shipped ones; of a refused file nothing is used."""
        mine = self._local(table)
        own = [] if isinstance(mine, EventInvalid) else mine.get(part, [])
        return (*own, *_shipped(table, part))

    def check(self, table: str) -> None:
        """Refuse to go on while a local table is wrong.

        Raises:
            EventInvalid: code `local-table`, with the file, the row and the field.
        """
        found = self._local(table)
        if isinstance(found, EventInvalid):
            raise found

    def _local(self, table: str) -> Document | EventInvalid:
        path = None if self._folder is None else self._folder / table
        if path is None or not path.is_file():
            return {}
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        known = self._seen.get(table)
        if known is None or known[0] != stamp:
            try:
                read: Document | EventInvalid = read_table(path.read_bytes(), table)
            except EventInvalid as error:
                read = error
            self._seen[table] = known = (stamp, read)
        return known[1]


def read_table(data: bytes, table: str) -> Document:
    """Return a local table's rows, every one of them checked.

    Raises:
        EventInvalid: code `local-table`.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _refused(table, "file", str(error), "whole JSON in UTF-8") from error
    kinds = ROWS[table]
    if not isinstance(document, dict):
        raise _refused(table, "file", type(document).__name__, "an object with " + ", ".join(kinds))
    found: Document = {}
    for part, fields in kinds.items():
        rows = document.get(part, [])
        if not isinstance(rows, list):
            raise _refused(table, part, type(rows).__name__, "a list of rows")
        found[part] = [_row(row, f"{table}, {part}, row {n}", fields) for n, row in enumerate(rows, 1)]
    if not any(found.values()):
        raise _refused(
            table, "file", ", ".join(map(str, document)) or "nothing", "rows under " + ", ".join(kinds)
        )
    _check_plots(found.get("plots", ()), table)
    return found


def _row(row: object, where: str, fields: Mapping[str, Field]) -> dict[str, str]:
    if not isinstance(row, dict):
        raise _refused(where, "row", str(row), "an object with " + ", ".join(fields))
    for name, field in fields.items():
        value = row.get(name)
        if (field.needed or value is not None) and not field.check(value):
            raise _refused(where, name, "nothing" if value in (None, "") else str(value), field.expected)
    return {name: str(row[name]) for name in fields if row.get(name) is not None}


def _check_plots(rows: Any, table: str) -> None:
    for number, row in enumerate(rows, 1):
        if Decimal(row["usual_kg_per_mu"]) > Decimal(row["most_kg_per_mu"]):
            raise _refused(
                f"{table}, plots, row {number}",
                "most_kg_per_mu",
                row["most_kg_per_mu"],
                f"at least usual_kg_per_mu, {row['usual_kg_per_mu']}",
            )


def _refused(where: str, field: str, found: str, expected: str) -> EventInvalid:
    return EventInvalid(
        "a local table cannot be used",
        field=field,
        code="local-table",
        found=found[:200],
        expected=expected,
        where=where,
        remedy="correct this row in the home folder, or remove the file: the shipped table then holds",
    )


def with_tables(views: Engine, tables: LocalTables) -> Engine:
    """Return the views with these tables: whoever reads through it judges by them."""
    return views.execution_options(**{OPTION: tables})


def tables_of(connection: Connection) -> LocalTables:
    """Return the tables that ride with a connection; without any, the shipped ones."""
    found = connection.get_execution_options().get(OPTION)
    return found if isinstance(found, LocalTables) else LocalTables(None)


@lru_cache(maxsize=8)
def _shipped(table: str, part: str) -> tuple[dict[str, str], ...]:
    return tuple(resources.document(table)[part])


def regional(row: Mapping[str, str], regions: tuple[str, ...]) -> int | None:
    """Return how closely a row fits a place: the length of its region, 0 for everywhere, None for elsewhere.

    Args:
        regions: the place's id and its names; a row's region is how one of them begins.

    >>> regional({"region": "黑龙江"}, ("urn:place:1", "黑龙江五常一号田")), regional({}, ())
    (3, 0)
    """
    region = row.get("region", "")
    return len(region) if not region or any(each.startswith(region) for each in regions) else None
