"""Change one byte of one entry in a copy of a ledger, the way somebody with the file could.

Rule: only ever in a copy. The change goes past the program, into the file itself, since that is the attack.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ledger.errors import LedgerBug

WINDOW = 48


def tampered_copy(source: Path, target: Path, leaf: bytes) -> None:
    """Copy the ledger in the SQLite file `source` to `target` and flip one bit of this leaf."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    data = bytearray(target.read_bytes())
    data[_place_of(leaf, bytes(data))] ^= 1
    target.write_bytes(bytes(data))


def _place_of(leaf: bytes, data: bytes) -> int:
    """Return where a byte lies that belongs to this leaf alone: entries of one batch share a signature."""
    for start in range(0, len(leaf) - WINDOW, WINDOW // 2):
        window = leaf[start : start + WINDOW]
        if data.count(window) == 1:
            return data.index(window)
    raise LedgerBug("a recorded leaf is not in the ledger's file")
