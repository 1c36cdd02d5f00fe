"""Proofs taken out of stored tiles are the proofs that the whole tree in memory gives."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import rows, store
from ledger.nodes import Nodes
from ledger.tlog.proof import Rows, consistency_proof, inclusion_proof
from ledger.tlog.tree import Tree

SIZE = (1 << 16) + 3 * rows.TILE_WIDTH
LEAVES = [sha256(number.to_bytes(4)).digest() for number in range(SIZE)]
IN_MEMORY = Rows.of(LEAVES)
WHOLE_TILES = st.integers(1, SIZE // rows.TILE_WIDTH).map(lambda number: number * rows.TILE_WIDTH)


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """Give a log of tiles without entries, grown in two steps, so that one tile began in the first."""
    engine = store.create_ledger_engine(f"sqlite:///{tmp_path_factory.mktemp('nodes')}/ledger.db")
    with store.writing(engine) as connection:
        store.create_tables(connection)
        tree = Tree()
        for stop in (100 * rows.TILE_WIDTH, SIZE):
            grown = tree.grow(LEAVES[tree.size : stop])
            rows._write_tiles(connection, tree.size, stop, grown[1])
            tree = grown[0]
    yield engine
    engine.dispose()


@settings(max_examples=60, deadline=None)
@given(size=WHOLE_TILES, part=st.floats(0, 1, exclude_max=True), older=st.floats(0, 1, exclude_max=True))
def test_a_proof_from_tiles_is_the_proof_from_memory(
    tiled: sa.Engine, size: int, part: float, older: float
) -> None:
    index, old = int(part * size), int(older * size)
    with store.reading(tiled) as connection:
        nodes = Nodes(connection, size, {})
        assert inclusion_proof(index, size, nodes) == inclusion_proof(index, size, IN_MEMORY)
        assert consistency_proof(old, size, nodes) == consistency_proof(old, size, IN_MEMORY)


def test_tiles_taken_from_what_was_just_hashed_are_the_tiles_hashed_anew(tiled: sa.Engine) -> None:
    with store.reading(tiled) as connection:
        for level, number in ((0, 0), (0, 255), (0, 258), (1, 0)):
            base = rows.tile_rows(_below(level, number))
            query = sa.text("SELECT nodes FROM tile WHERE level = :level AND number = :number")
            stored = connection.execute(query, {"level": level, "number": number}).scalar_one()
            assert stored == b"".join(map(b"".join, base))


def _below(level: int, number: int) -> list[bytes]:
    row = IN_MEMORY.rows[level * rows.TILE_LEVELS]
    return list(row[number * rows.TILE_WIDTH :][: rows.TILE_WIDTH])
