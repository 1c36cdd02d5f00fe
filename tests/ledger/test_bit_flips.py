"""Flip any bit of the database's file: the audit tells, or what the ledger says is untouched to the byte."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger_world import COOPERATIVE, WHEN, batch, found_world, pair_of

from ledger import schema, store
from ledger.audit import audit
from ledger.envelope import Author, seal, write_body
from ledger.errors import LedgerError
from ledger.events import codec
from ledger.events.values import KeyId
from ledger.keys import KeyPair
from ledger.tlog.note import parse_note


@pytest.fixture
def database(tmp_path: Path, clock: Callable[[], datetime]) -> Path:
    """A small ledger with a cosigned checkpoint and a conflict, in one file of the smallest pages."""
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size=512")
        connection.execute("VACUUM")
    engine = store.create_ledger_engine(f"sqlite:///{path}")
    world = found_world(engine, clock)
    world.say(*[batch(number) for number in range(3)])
    witness = KeyPair(bytes(range(32)), "witness").witness_signer("witness.example")
    note = parse_note(world.reader.checkpoint())
    cosigned = note.with_signatures([witness.cosign(note.text, 1_800_000_000)]).format()
    world.desk.add_cosigned(cosigned, [witness.verifier])
    pair = pair_of(COOPERATIVE)
    author = Author(COOPERATIVE, KeyId(pair.key_id), 0, None)
    other = seal(write_body("ObjectEvent", codec.encode(batch(9)), author, WHEN), pair)
    assert [each.status for each in world.desk.admit([other])] == ["conflict"]
    raw = engine.raw_connection()
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    engine.dispose()
    return path


def content(engine: sa.Engine) -> list[object]:
    """Everything the ledger says, row by row; when a row came in is a note that nobody signed."""
    with store.reading(engine) as connection:
        return [
            connection.execute(sa.select(*_signed(table)).order_by(*table.primary_key)).all()
            for table in schema.metadata.sorted_tables
        ]


def _signed(table: sa.Table) -> list[sa.Column[object]]:
    return [column for column in table.columns if column.name != "received"]


def unnoticed(database: Path, flips: Iterable[int]) -> list[tuple[int, str]]:
    """The bits whose flip neither the audit tells nor leaves the content as it was."""
    before = store.create_ledger_engine(f"sqlite:///{database}")
    expected, original = content(before), database.read_bytes()
    before.dispose()
    copy, missed = database.with_name("copy.db"), []
    # One engine for all: it remembers how statements read, and each flip still gets a new connection.
    engine = store.create_ledger_engine(f"sqlite:///{copy}")
    for flip in flips:
        at, bit = divmod(flip, 8)
        changed = bytearray(original)
        changed[at] ^= 1 << bit
        copy.write_bytes(changed)
        try:
            if audit(engine, threads=1).holds and content(engine) != expected:
                missed.append((flip, "missed"))
        except LedgerError:
            pass  # it could not even be opened, and said so
        except Exception as error:  # noqa: BLE001 - an audit never raises because a ledger is bad
            missed.append((flip, repr(error)))
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


def test_flips_that_once_went_unnoticed_are_noticed(database: Path) -> None:
    """The kind of a stored value: the head's checkpoint became bytes, and said the same."""
    data = database.read_bytes()
    kind = data.index(b"suxin.example/testsuxin.example/test+") - 2
    assert unnoticed(database, range(8 * (kind - 8), 8 * (kind + 2))) == []


@pytest.mark.torture
def test_every_bit_of_a_small_database(database: Path) -> None:
    """Every bit takes an hour; SUXIN_FLIPS=20000 looks at so many, another SUXIN_SEED at others."""
    bits = range(8 * database.stat().st_size)
    wanted = os.environ.get("SUXIN_FLIPS", "all")
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
