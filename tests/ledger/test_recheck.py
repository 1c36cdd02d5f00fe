"""Hashing the log again finds every altered leaf; the figures of `bench` come with their peers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger_world import batch, found_world

from ledger import measure, schema, store
from ledger.reader import Reader
from ledger.recheck import recheck
from ledger.rows import TILE_WIDTH
from ledger.tlog.proof import inclusion_holds
from ledger.tlog.tree import Tree


def test_a_recheck_finds_an_altered_leaf(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> None:
    world = found_world(ledger_engine, clock)
    world.say(*[batch(number) for number in range(300)], batch=True)
    result = recheck(ledger_engine)
    assert result.holds
    assert (result.size, result.root) == (307, world.reader.tree().root)
    with store.writing(ledger_engine) as connection:
        trigger = "entry_update" if ledger_engine.dialect.name == "sqlite" else "entry_change ON entry"
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.execute(
            sa.update(schema.entry).where(schema.entry.c.entry_index == 9).values(leaf=b"other")
        )
    assert not recheck(ledger_engine).holds


@pytest.mark.parametrize("size", [TILE_WIDTH, 3 * TILE_WIDTH, TILE_WIDTH**2, TILE_WIDTH**2 + TILE_WIDTH])
def test_proofs_come_from_tiles_at_every_level(tmp_path: Path, size: int) -> None:
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path / 'large.db'}")
    hashes = [number.to_bytes(32) for number in range(size)]
    measure._write_large(engine, hashes)
    reader, tree = Reader(engine), Tree().append_hashes(hashes)
    wanted = [0, 1, 255, size // 2, size - 257 if size > 256 else 9, size - 1]
    for index, proof in zip(wanted, reader.inclusion_proofs(wanted), strict=True):
        assert inclusion_holds(index, size, hashes[index], proof, tree.root)
    assert reader.tree_at(size) == tree
    engine.dispose()


def test_canonical_json_is_measured_beside_the_reference() -> None:
    pytest.importorskip("rfc8785")
    (row,) = measure.canonical_rows()
    assert row["ratio"] > 1
    assert row["peer"].startswith("rfc8785: ")
