"""The log as rows: lock the head, add entries and tiles behind it, move the head; all in one transaction.

The rule kept here: the head row moves only by compare-and-swap from the head that was read, and the
checkpoint in it is signed over exactly the rows written with it. The chain hash runs over the rows in
order (it makes an edit visible without a tree); the tree (RFC 9162 2.1) is what is signed and proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import orjson
import sqlalchemy as sa

from ledger import schema
from ledger.errors import LedgerError
from ledger.store import copy_rows
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note_keys import SignerKey
from ledger.tlog.tree import HASH_SIZE, Tree, leaf_hash

CHAIN_DOMAIN = b"suxin/chain/v1\x00"
CHAIN_START = bytes(HASH_SIZE)
TILE_WIDTH = 256
TILE_LEVELS = 8
_COPY_FROM = 64


_HEAD_NAMES = ("format", "origin", "log_key", "size", "root", "chain_hash", "right_edge", "checkpoint")
# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_HEAD = sa.select(schema.head)
_LOCKED_HEAD = _HEAD.with_for_update()
_MOVE_HEAD = (
    sa.update(schema.head)
    .where(
        schema.head.c.id == 1,
        schema.head.c.size == sa.bindparam("old_size"),
        schema.head.c.root == sa.bindparam("old_root"),
    )
    .values({name: sa.bindparam(f"new_{name}") for name in _HEAD_NAMES})
)

_ENTRY, _TILE = schema.entry.c, schema.tile.c
_START, _STOP = sa.bindparam("start", type_=sa.BigInteger()), sa.bindparam("stop", type_=sa.BigInteger())
_LEAF_HASHES = (
    sa.select(_ENTRY.leaf_hash)
    .where(_ENTRY.entry_index >= _START, _ENTRY.entry_index < _STOP)
    .order_by(_ENTRY.entry_index)
)
_TILE_ROOTS = (
    sa.select(_TILE.root)
    .where(_TILE.level == sa.bindparam("level"), _TILE.number >= _START, _TILE.number < _STOP)
    .order_by(_TILE.number)
)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands."""

    format: int
    origin: str
    log_key: str
    tree: Tree
    chain_hash: bytes
    checkpoint: str

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return self.tree.size


class NewEntry(NamedTuple):
    """What an entry row holds besides its place in the log."""

    leaf: bytes
    entry_hash: bytes
    event_hash: bytes
    type: str
    party: str
    key_id: str
    seq: int
    record_time: str
    event_time: str


def event_text(document: Mapping[str, object]) -> bytes:
    """Return an event's document as the bytes that are signed and hashed."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def event_hash(event_bytes: bytes) -> bytes:
    """Return the short hash by which the same event said again is recognised."""
    return sha256(event_bytes).digest()[:16]


def chain_hash(previous: bytes, leaf_hash: bytes) -> bytes:
    """Return the running hash after one more row."""
    return sha256(CHAIN_DOMAIN + previous + leaf_hash).digest()


def create_head(connection: sa.Connection, log_key: SignerKey) -> Head:
    """Write the head of an empty log."""
    tree = Tree()
    checkpoint = Checkpoint(log_key.name, 0, tree.root).sign(log_key)
    head = Head(schema.FORMAT, log_key.name, log_key.verifier.text, tree, CHAIN_START, checkpoint)
    connection.execute(sa.insert(schema.head), {"id": 1, **_head_values(head)})
    return head


def read_head(connection: sa.Connection, *, lock: bool = False) -> Head:
    """Return the head row; with `lock`, no other writer moves it before this transaction ends.

    Raises:
        LedgerError: `no-ledger`, `ledger-newer`, or `head-damaged` when its own parts disagree.
    """
    row = connection.execute(_LOCKED_HEAD if lock else _HEAD).one_or_none()
    if row is None:
        raise LedgerError(
            "there is no ledger here yet",
            code="no-ledger",
            remedy="make one first, for example: suxin init --name NAME --role cooperative",
        )
    if row.format > schema.FORMAT:
        raise LedgerError(
            "this ledger was written by a newer version of the program",
            code="ledger-newer",
            found=f"format {row.format}",
            expected=f"format {schema.FORMAT} or older",
            remedy="install the newer version; nothing was changed",
        )
    tree = _read_tree(row.size, bytes(row.right_edge))
    if tree is None or tree.root != bytes(row.root):
        raise LedgerError(
            "the head of this ledger was altered: its right edge does not lead to its root",
            code="head-damaged",
            found=f"size {row.size}, root {bytes(row.root).hex()}",
            expected="a right edge that leads to the root" if tree is None else f"root {tree.root.hex()}",
            where="head row",
            remedy="run verify, then restore the ledger from a backup or a bundle",
        )
    return Head(row.format, row.origin, row.log_key, tree, bytes(row.chain_hash), row.checkpoint)


def extend(connection: sa.Connection, head: Head, entries: Sequence[NewEntry], log_key: SignerKey) -> Head:
    """Write the entries and the tiles they complete, move the head, and return it.

    Raises:
        LedgerError: `lost-race` if the head moved since it was read; the transaction must be given up.
    """
    hashes = [leaf_hash(entry.leaf) for entry in entries]
    running, rows = head.chain_hash, []
    for index, (leaf, entry) in enumerate(zip(hashes, entries, strict=True), head.size):
        running = sha256(CHAIN_DOMAIN + running + leaf).digest()
        rows.append((index, entry[0], leaf, running, *entry[1:]))
    tree, grown = head.tree.grow(hashes)
    insert(connection, schema.entry, rows)
    if tree.size // TILE_WIDTH > head.size // TILE_WIDTH:
        _write_tiles(connection, head.size, tree.size, grown)
    checkpoint = Checkpoint(head.origin, tree.size, tree.root).sign(log_key)
    moved = Head(head.format, head.origin, head.log_key, tree, running, checkpoint)
    _swap(connection, head, moved)
    return moved


def tile_rows(base: Sequence[bytes]) -> list[list[bytes]]:
    """Return the rows of a tile, widest first, above these up to 256 hashes; complete nodes only."""
    return Tree().grow(base)[1][:TILE_LEVELS]


def tile_base(connection: sa.Connection, level: int, start: int, stop: int) -> list[bytes]:
    """Return the stored roots of complete subtrees of 256**level leaves, numbers [start, stop)."""
    bounds = {"start": start, "stop": stop}
    if level == 0:
        found = connection.execute(_LEAF_HASHES, bounds)
    else:
        found = connection.execute(_TILE_ROOTS, {"level": level - 1, **bounds})
    return [bytes(value) for value in found.scalars()]


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert whole rows the fast way of this engine."""
    names = [column.name for column in table.columns]
    if connection.dialect.name == "postgresql" and len(rows) >= _COPY_FROM:
        copy_rows(connection, table, rows)
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(names))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", list(rows))


def _write_tiles(connection: sa.Connection, old: int, new: int, grown: list[list[bytes]]) -> None:
    """Write each tile that became complete between the two sizes, lowest level first."""
    shift = level = 0
    while (new >> shift) >= TILE_WIDTH:
        for number in range(old >> (shift + TILE_LEVELS), new >> (shift + TILE_LEVELS)):
            first = number * TILE_WIDTH
            if first >= old >> shift:
                *nodes, (root,) = _grown_tile(grown, shift, number, old)
            else:
                base = tile_base(connection, level, first, first + TILE_WIDTH)
                *nodes, (root,) = Tree().grow(base)[1]
            insert(connection, schema.tile, [(level, number, root, b"".join(map(b"".join, nodes)))])
        shift += TILE_LEVELS
        level += 1


def _grown_tile(grown: list[list[bytes]], shift: int, number: int, old: int) -> Iterator[list[bytes]]:
    """Give the rows of a tile that began after the old size, widest first, and its root: all just hashed."""
    for row in range(TILE_LEVELS + 1):
        width = TILE_WIDTH >> row
        start = number * width - (old >> (shift + row))
        yield grown[shift + row][start : start + width]


def _swap(connection: sa.Connection, head: Head, moved: Head) -> None:
    values = {f"new_{name}": value for name, value in _head_values(moved).items()}
    done = connection.execute(_MOVE_HEAD, {"old_size": head.size, "old_root": head.tree.root, **values})
    if done.rowcount != 1:
        raise LedgerError(
            "another writer was faster",
            code="lost-race",
            expected=f"the ledger at {head.size} entries",
            remedy="try again; nothing was written",
        )


def _head_values(head: Head) -> dict[str, object]:
    return {
        "format": head.format,
        "origin": head.origin,
        "log_key": head.log_key,
        "size": head.tree.size,
        "root": head.tree.root,
        "chain_hash": head.chain_hash,
        "right_edge": b"".join(head.tree.edge),
        "checkpoint": head.checkpoint,
    }


def _read_tree(size: int, edge: bytes) -> Tree | None:
    if size < 0 or len(edge) != HASH_SIZE * size.bit_count():
        return None
    return Tree(size, tuple(edge[at : at + HASH_SIZE] for at in range(0, len(edge), HASH_SIZE)))
