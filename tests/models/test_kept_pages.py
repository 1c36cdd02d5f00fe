"""A connection keeps much of the views' file while it folds, and little while it only reads or waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from models.views import FOLDING_KIB, READING_KIB, create_views_engine, reading, writing


@pytest.fixture
def views(tmp_path: Path) -> Iterator[Engine]:
    engine = create_views_engine(f"sqlite:///{tmp_path / 'views.db'}")
    yield engine
    engine.dispose()


def kept_kib(connection: Connection) -> int:
    kept: int = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    return -kept


def test_who_reads_keeps_little_also_on_a_connection_that_folded(views: Engine) -> None:
    with reading(views) as connection:
        assert kept_kib(connection) == READING_KIB
    with writing(views) as connection:
        assert kept_kib(connection) == FOLDING_KIB
    # The pool hands the same connection out again: a thread that waits holds nothing it will not read.
    with reading(views) as connection:
        assert kept_kib(connection) == READING_KIB
    assert READING_KIB * 4 < FOLDING_KIB
