"""Flip any bit of the database's file: the audit tells, or what the ledger says is untouched to the byte."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger_world import batch, found_world

from ledger import schema, store
from ledger.audit import audit
from ledger.errors import LedgerError

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def database(ledger_engine: sa.Engine, clock: Callable[[], datetime], tmp_path: Path) -> Path:
    """A small ledger in one file, its write-ahead log emptied into it."""
    world = found_world(ledger_engine, clock)
    world.say(*[batch(number) for number in range(3)])
    raw = ledger_engine.raw_connection()
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return tmp_path / "ledger.db"


def content(engine: sa.Engine) -> list[object]:
    """Everything the ledger says, row by row."""
    with store.reading(engine) as connection:
        return [
            connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in schema.metadata.sorted_tables
        ]


def unnoticed(database: Path, flips: Iterable[int]) -> list[int]:
    """The bits whose flip neither the audit tells nor leaves the content as it was."""
    before = store.create_ledger_engine(f"sqlite:///{database}")
    expected, original = content(before), database.read_bytes()
    before.dispose()
    copy, missed = database.with_name("copy.db"), []
    for flip in flips:
        at, bit = divmod(flip, 8)
        changed = bytearray(original)
        changed[at] ^= 1 << bit
        copy.write_bytes(changed)
        engine = store.create_ledger_engine(f"sqlite:///{copy}")
        try:
            if audit(engine, threads=1).holds and content(engine) != expected:
                missed.append(flip)
        except LedgerError:
            pass  # it could not even be opened, and said so
        finally:
            engine.dispose()
        for left in database.parent.glob("copy.db*"):
            left.unlink()
    return missed


def test_a_sample_of_bit_flips_is_noticed(database: Path) -> None:
    bits = 8 * database.stat().st_size
    assert unnoticed(database, random.Random(5).sample(range(bits), 60)) == []


def test_flips_in_the_files_own_header_are_noticed(database: Path) -> None:
    assert unnoticed(database, range(0, 8 * 108, 13)) == []


@pytest.mark.torture
def test_many_bits_of_a_small_database(database: Path) -> None:
    """SUXIN_FLIPS=all flips every bit, which takes a night; another seed looks at other bits."""
    bits = range(8 * database.stat().st_size)
    wanted = os.environ.get("SUXIN_FLIPS", "20000")
    seed = int(os.environ.get("SUXIN_SEED", "1"))
    flips = bits if wanted == "all" else random.Random(seed).sample(bits, int(wanted))
    assert unnoticed(database, flips) == []


def test_a_file_cut_short_is_noticed(database: Path) -> None:
    size = database.stat().st_size
    for length in (size - 1, size // 2, 4096, 100, 0):
        copy = database.with_name("short.db")
        shutil.copy(database, copy)
        with copy.open("r+b") as file:
            file.truncate(length)
        engine = store.create_ledger_engine(f"sqlite:///{copy}")
        try:
            told = not audit(engine).holds
        except LedgerError:
            told = True
        engine.dispose()
        assert told, f"{length} of {size} bytes"
