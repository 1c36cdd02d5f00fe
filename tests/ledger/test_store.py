"""The database is opened for durability, refuses changes to what is written, and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import schema, store
from ledger.errors import LedgerError

ROW = {
    "entry_index": 0,
    "leaf": b"leaf",
    "leaf_hash": b"h",
    "chain_hash": b"c",
    "entry_hash": b"e",
    "event_hash": b"v",
    "type": "t",
    "party": "p",
    "key_id": "k",
    "seq": 0,
    "record_time": "r",
    "event_time": "e",
}
HEAD = {
    "id": 1,
    "format": 1,
    "origin": "o",
    "log_key": "k",
    "size": 1,
    "root": b"",
    "chain_hash": b"",
    "right_edge": b"",
    "checkpoint": "",
}


@pytest.fixture
def written(ledger_engine: sa.Engine) -> sa.Engine:
    """A database with one row in the head and one entry."""
    with store.writing(ledger_engine) as connection:
        store.create_tables(connection)
        connection.execute(sa.insert(schema.entry), [ROW])
        connection.execute(sa.insert(schema.head), [HEAD])
    return ledger_engine


def test_making_the_tables_twice_changes_nothing(written: sa.Engine) -> None:
    with store.writing(written) as connection:
        store.create_tables(connection)
    with store.reading(written) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(schema.entry)).scalar() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET leaf = leaf",
        "DELETE FROM entry",
        "UPDATE head SET root = root",
        "UPDATE head SET size = 0",
        "DELETE FROM head",
    ],
)
def test_what_is_written_is_never_changed(written: sa.Engine, statement: str) -> None:
    with pytest.raises(LedgerError) as refused, store.writing(written) as connection:
        connection.exec_driver_sql(statement)
    assert refused.value.code == "append-only"
    assert refused.value.remedy


def test_the_head_moves_forward(written: sa.Engine) -> None:
    with store.writing(written) as connection:
        connection.exec_driver_sql("UPDATE head SET size = 2")


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_truncating_a_table_is_refused_too(written: sa.Engine) -> None:
    with pytest.raises(LedgerError), store.writing(written) as connection:
        connection.exec_driver_sql("TRUNCATE entry")


def test_an_exception_rolls_everything_back(written: sa.Engine) -> None:
    def write_then_fail() -> None:
        with store.writing(written) as connection:
            row = {**ROW, "entry_index": 1, "seq": 1, "entry_hash": b"f"}
            connection.execute(sa.insert(schema.entry), [row])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_then_fail()
    with store.reading(written) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(schema.entry)).scalar() == 1


def test_a_second_body_under_one_number_loses_the_race(written: sa.Engine) -> None:
    with pytest.raises(LedgerError) as refused, store.writing(written) as connection:
        connection.execute(sa.insert(schema.entry), [{**ROW, "entry_index": 1, "entry_hash": b"f"}])
    assert refused.value.code == "lost-race"


def test_an_empty_database_is_not_a_ledger_yet(ledger_engine: sa.Engine) -> None:
    with pytest.raises(LedgerError) as refused, store.reading(ledger_engine) as connection:
        connection.execute(sa.select(schema.head))
    assert refused.value.code == "no-ledger"
    assert "suxin init" in refused.value.remedy


def test_a_read_only_ledger_reads_and_does_not_write(written: sa.Engine, ledger_url: str) -> None:
    engine = store.create_ledger_engine(ledger_url, read_only=True)
    try:
        with store.reading(engine) as connection:
            assert connection.execute(sa.select(schema.head.c.size)).scalar() == 1
        with pytest.raises(LedgerError) as refused, store.writing(engine) as connection:
            connection.exec_driver_sql("UPDATE head SET size = 3")
        assert refused.value.code == "ledger-read-only"
    finally:
        engine.dispose()


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'no' / 'ledger.db'}")
    with pytest.raises(LedgerError) as refused, store.reading(engine):
        pass
    assert refused.value.code == "ledger-unreachable"


def test_a_file_of_another_kind_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database at all" * 100)
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    with pytest.raises(LedgerError) as refused, store.reading(engine):
        pass
    assert refused.value.code == "ledger-damaged"


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(LedgerError) as refused:
        store.create_ledger_engine("mysql://x/y")
    assert refused.value.code == "database-unsupported"


def test_sqlite_is_opened_for_durability_and_for_forgetting(tmp_path: Path) -> None:
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    with store.reading(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
