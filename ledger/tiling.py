"""Grow the tree over the entries that are really there, and compare every stored tile of it on the way.

Rule: nothing is believed because the database says so: each complete tile is computed from the leaves below
it, and what is stored is only compared with it. Memory does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

import sqlalchemy as sa

from ledger import rows, schema
from ledger.rows import TILE_WIDTH
from ledger.tlog.tree import HASH_SIZE, Tree

Report = Callable[[int, int | None, str, object, object], None]
"""Takes step, index, code, what was found, what was expected."""


class Tiling:
    """The tree over the entries read so far.

    Args:
        connection: reads the stored tiles.
        report: takes what does not hold.
        sizes: the sizes at which the tree head is wanted; found in `trees` afterwards.
    """

    def __init__(self, connection: sa.Connection, report: Report, sizes: frozenset[int]) -> None:
        self._connection = connection
        self._report = report
        self._sizes = sizes
        self._size = 0
        self._bases: list[list[bytes]] = [[]]
        self._edges = Tree()
        self.trees: dict[int, Tree] = {}
        self.complete = 0
        self._mark()

    def grow(self, hashes: Sequence[bytes]) -> None:
        """Grow the tree, stopping at every size at which its head is wanted."""
        at = 0
        while at < len(hashes):
            base = self._bases[0]
            step = min(len(hashes) - at, TILE_WIDTH - len(base))
            step = min([step, *(size - self._size for size in self._sizes if 0 < size - self._size < step)])
            base += hashes[at : at + step]
            self._size += step
            at += step
            if len(base) == TILE_WIDTH:
                self._complete_tile(0)
            self._mark()

    def _complete_tile(self, level: int) -> None:
        base, self._bases[level] = self._bases[level], []
        number = (self._size >> (rows.TILE_LEVELS * (level + 1))) - 1
        grown = Tree().grow(base)[1]
        root = grown[rows.TILE_LEVELS][0]
        self._compare_tile(level, number, b"".join(b"".join(row) for row in grown[:-1]), root)
        self.complete += 1
        if level == 0:
            self._edges = self._edges.append_hashes((root,))
        if len(self._bases) == level + 1:
            self._bases.append([])
        self._bases[level + 1].append(root)
        if len(self._bases[level + 1]) == TILE_WIDTH:
            self._complete_tile(level + 1)

    def _compare_tile(self, level: int, number: int, nodes: bytes, root: bytes) -> None:
        table = schema.tile
        query = sa.select(table.c.root, table.c.nodes).where(table.c.level == level, table.c.number == number)
        try:
            row = self._connection.execute(query).one_or_none()
        except (sa.exc.SQLAlchemyError, TypeError) as error:
            row = None
            self._report(1, None, "tile-unreadable", str(error), f"tile {level}/{number}")
        stored = (b"", b"") if row is None else (row.root, row.nodes)
        if stored == (root, nodes):
            return
        width = TILE_WIDTH << (rows.TILE_LEVELS * level)
        index = number * width
        if isinstance(stored[1], bytes) and len(stored[1]) == len(nodes) and stored[1] != nodes:
            at = next(at for at in range(len(nodes)) if nodes[at] != stored[1][at]) // HASH_SIZE
            if at < TILE_WIDTH:
                index += at * (width // TILE_WIDTH)
        found = "no such tile" if row is None else sha256(b"".join(map(_bytes, stored))).hexdigest()
        self._report(1, index, "tile-wrong", found, f"tile {level}/{number} over the entries that are there")

    def tree(self) -> Tree:
        """Return the tree over what was given so far."""
        rest = Tree().append_hashes(self._bases[0])
        return Tree(self._size, (*self._edges.edge, *rest.edge))

    def _mark(self) -> None:
        if self._size in self._sizes:
            self.trees[self._size] = self.tree()


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else repr(value).encode()
