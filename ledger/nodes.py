"""Serve the tree's nodes from the database: from tiles where they are complete, from rows on the right edge.

The rule kept here: a complete tile never changes, so it may be kept in memory for good; what is not complete
is read anew for every tree size. Nothing is hashed again but the at most 255 nodes right of the last tile.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter

import sqlalchemy as sa

from ledger import rows, schema
from ledger.errors import LedgerError
from ledger.rows import TILE_LEVELS, TILE_WIDTH
from ledger.tlog.tree import HASH_SIZE

TILE_SIZE = HASH_SIZE * (2 * TILE_WIDTH - 2)
MOST_TILES = 4096
_SHIFT = [TILE_LEVELS - row for row in range(TILE_LEVELS)]
_MASK = [(1 << shift) - 1 for shift in _SHIFT]
_FIRST = [2 * TILE_WIDTH - (2 * TILE_WIDTH >> row) for row in range(TILE_LEVELS)]
# For each of a tile's 256 leaves, what takes its eight siblings out of the tile's bytes in one call.
_SIBLINGS: tuple[Callable[[bytes], tuple[bytes, ...]], ...] = tuple(
    itemgetter(*(slice(at, at + HASH_SIZE) for at in starts))
    for starts in (
        [HASH_SIZE * (_FIRST[row] + (leaf >> row ^ 1)) for row in range(TILE_LEVELS)]
        for leaf in range(TILE_WIDTH)
    )
)
_NODES = sa.select(schema.tile.c.nodes).where(
    schema.tile.c.level == sa.bindparam("level"), schema.tile.c.number == sa.bindparam("number")
)

Tiles = dict[tuple[int, int], bytes]
"""Complete tiles by (level, number), shared by all readers of one ledger; a dict is safe between threads."""


class Nodes:
    """The complete subtrees of the tree of one size; a `Hashes` for building proofs.

    Args:
        connection: reads the ledger at a moment when it has at least `size` entries.
        size: the tree's size.
        tiles: those already read; added to.
    """

    def __init__(self, connection: sa.Connection, size: int, tiles: Tiles) -> None:
        self._connection = connection
        self._size = size
        self._tiles = tiles
        self._complete = [size >> (TILE_LEVELS * (level + 1)) for level in range(8)]
        self._partial: dict[int, list[list[bytes]]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Return the root of the complete subtree of 2**level leaves from index * 2**level."""
        tile_level, row = level >> 3, level & 7
        number, at = index >> _SHIFT[row], index & _MASK[row]
        if number < self._complete[tile_level]:
            nodes = self._tiles.get((tile_level, number)) or self._read(tile_level, number)
            start = HASH_SIZE * (at + _FIRST[row])
            return nodes[start : start + HASH_SIZE]
        if tile_level not in self._partial:
            base = rows.tile_base(
                self._connection, tile_level, number * TILE_WIDTH, self._size >> (TILE_LEVELS * tile_level)
            )
            self._partial[tile_level] = rows.tile_rows(base)
        return self._partial[tile_level][row][at]

    def siblings(self, index: int, start: int, stop: int) -> list[bytes]:
        """Return the complete siblings of the subtrees of levels [start, stop) that hold leaf `index`."""
        found: list[bytes] = []
        level = start
        while level < stop:
            tile_level, row = level >> 3, level & 7
            number = index >> TILE_LEVELS * (tile_level + 1)
            if row or stop - level < TILE_LEVELS or number >= self._complete[tile_level]:
                found.append(self(level, index >> level ^ 1))
                level += 1
                continue
            nodes = self._tiles.get((tile_level, number)) or self._read(tile_level, number)
            found += _SIBLINGS[index >> level & TILE_WIDTH - 1](nodes)
            level += TILE_LEVELS
        return found

    def _read(self, level: int, number: int) -> bytes:
        found = self._connection.execute(_NODES, {"level": level, "number": number}).scalar()
        if not isinstance(found, bytes) or len(found) != TILE_SIZE:
            raise LedgerError(
                "stored hashes of the tree are missing",
                code="tile-damaged",
                where=f"tile {level}/{number}",
                remedy="run verify; it names every tile that is wrong",
            )
        if len(self._tiles) >= MOST_TILES:
            self._tiles.clear()
        self._tiles[level, number] = found
        return found
