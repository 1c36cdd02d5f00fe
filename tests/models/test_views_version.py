"""Views that were kept under other tables are thrown away: their version is raised with every change."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from models import tables
from models.views import prepare, writing

KEPT = (8, "2f190aebe490b7be")


def fingerprint() -> str:
    """Return a digest of everything that makes the tables what they are."""
    made: list[str] = []
    for table in sorted(tables.metadata.tables.values(), key=lambda each: each.name):
        made.append(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        indexes = sorted(table.indexes, key=lambda each: str(each.name))
        made += [str(CreateIndex(each).compile(dialect=sqlite.dialect())) for each in indexes]
    return sha256("\n".join(made).encode()).hexdigest()[:16]


def test_the_version_is_raised_with_the_tables() -> None:
    """Whoever changes a table raises VIEWS_VERSION by one and writes both here."""
    assert (tables.VIEWS_VERSION, fingerprint()) == KEPT


def test_views_of_another_version_are_made_anew(views_engine: sa.Engine) -> None:
    prepare(views_engine)
    with writing(views_engine) as connection:
        tables.board_order.drop(connection)
        connection.execute(sa.update(tables.meta).values(value="6").where(tables.meta.c.name == "version"))
    assert prepare(views_engine)  # it says that all must be folded again
    assert not prepare(views_engine)
    with writing(views_engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.board_order)).scalar() == 0
