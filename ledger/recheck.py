"""Hash the whole log again and compare with the signed root: seconds, where a full audit takes minutes.

The rule kept here: it proves that the stored leaves are those that the log signed, and says nothing of who
signed the leaves; that is the audit's work. For opening a ledger after a crash or a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from ledger import rows, store
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.note_keys import parse_verifier_key
from ledger.tlog.tree import Tree

_CHUNK = 8 * rows.TILE_WIDTH


@dataclass(frozen=True, slots=True)
class Recheck:
    """What hashing again came to: the tree of the stored leaves, and whether it is the signed one."""

    size: int
    root: bytes
    holds: bool


def recheck(engine: sa.Engine) -> Recheck:
    """Hash every leaf and compare with the newest checkpoint.

    Raises:
        LedgerError: there is no ledger, its head is damaged, or its checkpoint is not its log key's.
    """
    with store.reading(engine) as connection:
        head = rows.read_head(connection)
        signed = open_checkpoint(head.checkpoint, parse_verifier_key(head.log_key)).checkpoint
        tree = _tree(connection, head.size)
    return Recheck(tree.size, tree.root, (tree.size, tree.root) == (signed.size, signed.root))


def _tree(connection: sa.Connection, size: int) -> Tree:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = (
        f"SELECT leaf FROM entry WHERE entry_index >= {mark} AND entry_index < {mark} ORDER BY entry_index"
    )
    tree = Tree()
    cursor = connection.connection.cursor()
    try:
        for start in range(0, size, _CHUNK):
            cursor.execute(statement, (start, min(start + _CHUNK, size)))
            tree = tree.append_hashes([sha256(b"\x00" + leaf).digest() for (leaf,) in cursor.fetchall()])
    finally:
        cursor.close()
    return tree
