"""What the columns of the views are made of, and the one `MetaData` that all their tables stand in.

Rule: the same values on both engines: instants as whole microseconds since 1970 (exact, ordered), quantities
as decimal text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, MetaData, Table, Text, TypeDecorator

SCHEMA = "views"
metadata = MetaData()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INDEX = BigInteger().with_variant(Integer, "sqlite")


def table(name: str, *columns: Column[Any] | Index) -> Table:
    """Make a table of the views."""
    return Table(name, metadata, *columns)


def evidence(name: str, *columns: Column[Any] | Index) -> Table:
    """Make a table of evidence: entry index, both times and the author, then its own columns."""
    return table(
        name,
        entry_column(),
        Column("event_time", Instant, nullable=False),
        Column("record_time", Instant, nullable=False),
        key("author"),
        *columns,
    )


def key(name: str, *, primary: bool = False, null: bool = False) -> Column[str]:
    """Make a column for a code or a name that rows are found by."""
    return Column(name, Text, primary_key=primary, nullable=null)


def entry_column() -> Column[int]:
    """Make the column of an entry's index, where an entry has one row."""
    return Column("index", _INDEX, primary_key=True, autoincrement=False)


def index_column(name: str = "index") -> Column[int]:
    """Make the column of an entry's index, where an entry may have many rows."""
    return Column(name, _INDEX, nullable=False)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, kept as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the microseconds since 1970."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Return what makes the instant; one event concerns many lots, so each is made once."""
        return _instant


class Exact(TypeDecorator[Decimal]):
    """A decimal number, kept as its text so that no engine rounds it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the digits without an exponent or trailing zeros."""
        if value is None:
            return None
        digits = format(value, "f")
        return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Return what makes the number."""
        return _exact


@lru_cache(maxsize=65_536)
def _instant(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


@lru_cache(maxsize=65_536)
def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
