"""Lay a whole log out as static files that any web server, mirror or stick can carry (C2SP tlog-tiles).

The one rule: files are only ever added, and the checkpoint is written last and only if it is the root of
exactly these entries; reading back hashes every entry again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from ledger.errors import LedgerError
from ledger.tlog.checkpoint import Checkpoint, Cosigned, open_checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.note_keys import VerifierKey
from ledger.tlog.tiles import (
    WIDTH,
    Get,
    Tile,
    bundle,
    damaged_file,
    entry_tiles,
    fetch_tile,
    missing_file,
    parse_bundle,
)
from ledger.tlog.tree import HASH_SIZE, Tree, leaf_hash

CHECKPOINT_PATH = "checkpoint"

Put = Callable[[str, bytes], None]
"""Writes the file at a path below the log's folder."""


def write_static(put: Put, signed: str, leaves: Iterable[bytes]) -> int:
    """Write a whole log as static files and return how many; the checkpoint comes last, if it is theirs.

    A full tile comes out the same however much the log grew, so `put` may skip a path that it has.

    Args:
        put: writes one file.
        signed: the checkpoint of exactly these leaves.
        leaves: every entry in order; held in memory 256 at a time.

    Raises:
        LedgerError: `tiles-other-root` (no checkpoint was written) or `entry-too-long`.
    """
    head = parse_checkpoint(parse_note(signed).text)
    tree, stream, open_rows, written = Tree(), iter(leaves), _OpenRows(put), 1
    while entries := list(islice(stream, WIDTH)):
        put(Tile(None, tree.size // WIDTH, len(entries)).path, bundle(entries))
        hashes = [leaf_hash(entry) for entry in entries]
        tree = tree.append_hashes(hashes)
        open_rows.add(0, hashes)
        written += 1
    open_rows.close()
    _check_root(tree, head)
    put(CHECKPOINT_PATH, signed.encode())
    return written + open_rows.written


def check_static(get: Get, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Cosigned:
    """Re-hash every entry of a static folder and return its checkpoint if they are exactly its tree.

    Raises:
        LedgerError: `tile-missing`, `tile-damaged`, `tiles-other-root`, or the checkpoint is not the log's.
    """
    signed = get(CHECKPOINT_PATH)
    if signed is None:
        raise missing_file(CHECKPOINT_PATH)
    cosigned = open_checkpoint(signed, log, witnesses)
    tree = Tree()
    for tile in entry_tiles(cosigned.checkpoint.size):
        entries = parse_bundle(fetch_tile(get, tile), tile.width)
        leaves = [leaf_hash(entry) for entry in entries]
        if b"".join(leaves) != fetch_tile(get, Tile(0, tile.index, tile.width), HASH_SIZE):
            raise damaged_file(tile.path, "entries that hash to their level-0 tile", "other entries")
        tree = tree.append_hashes(leaves)
    _check_root(tree, cosigned.checkpoint)
    return cosigned


@dataclass(slots=True)
class _OpenRows:
    """The tile that is being filled at each level."""

    put: Put
    written: int = 0
    _rows: list[list[bytes]] = field(default_factory=list)
    _indexes: list[int] = field(default_factory=list)

    def add(self, level: int, hashes: list[bytes]) -> None:
        """Add hashes, at most to the end of the tile; a full tile is one hash of the level above."""
        if level == len(self._rows):
            self._rows.append([])
            self._indexes.append(0)
        row = self._rows[level]
        row += hashes
        if len(row) == WIDTH:
            self._write(level)
            self._rows[level] = []
            self._indexes[level] += 1
            self.add(level + 1, [Tree().append_hashes(row).root])

    def close(self) -> None:
        """Write the tiles that stayed partial."""
        for level, row in enumerate(self._rows):
            if row:
                self._write(level)

    def _write(self, level: int) -> None:
        row = self._rows[level]
        self.put(Tile(level, self._indexes[level], len(row)).path, b"".join(row))
        self.written += 1


def _check_root(tree: Tree, head: Checkpoint) -> None:
    if (tree.size, tree.root) != (head.size, head.root):
        raise LedgerError(
            "the entries are not those of the checkpoint",
            code="tiles-other-root",
            found=f"{tree.size} entries, root {tree.root.hex()}",
            expected=f"{head.size} entries, root {head.root.hex()}",
            remedy="copy the folder again from the ledger; if it stays so, keep it as evidence",
        )
