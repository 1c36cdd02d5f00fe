"""What the desk and the reader ask the tables, and the two side tables that they keep.

The rule kept here: every question is answered from an index, so that its cost does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from ledger import schema
from ledger.envelope import Anchor, Envelope

_AT_ONCE = 500
_FEW = 8


class CosignedNote(NamedTuple):
    """One of our checkpoints that an outside witness cosigned."""

    size: int
    root: bytes
    note: str


# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_ENTRY, _COSIGNED = schema.entry.c, schema.cosigned.c
_AUTHOR_TAIL = (
    sa.select(_ENTRY.seq, _ENTRY.entry_hash)
    .where(_ENTRY.key_id == sa.bindparam("key_id"))
    .order_by(_ENTRY.seq.desc())
    .limit(1)
)
_SAID_AT = sa.select(_ENTRY.entry_index, _ENTRY.entry_hash).where(
    _ENTRY.key_id == sa.bindparam("key_id"), _ENTRY.seq == sa.bindparam("seq")
)
_NEWEST_COSIGNED = (
    sa.select(_COSIGNED.size, _COSIGNED.root, _COSIGNED.note)
    .where(_COSIGNED.witnesses >= sa.bindparam("least"))
    .order_by(_COSIGNED.size.desc(), _COSIGNED.number.desc())
    .limit(1)
)


def author_tail(connection: sa.Connection, key_id: str) -> tuple[int, bytes | None]:
    """Return the next number of a key's chain and the entry hash it continues."""
    row = connection.execute(_AUTHOR_TAIL, {"key_id": key_id}).one_or_none()
    return (0, None) if row is None else (row.seq + 1, bytes(row.entry_hash))


def said_at(connection: sa.Connection, key_id: str, seq: int) -> tuple[int, bytes] | None:
    """Return (index, entry hash) of what a key said under this number, or None."""
    row = connection.execute(_SAID_AT, {"key_id": key_id, "seq": seq}).one_or_none()
    return None if row is None else (row.entry_index, bytes(row.entry_hash))


def said_before(
    connection: sa.Connection, party: str, hashes: Sequence[bytes]
) -> dict[bytes, tuple[int, bytes]]:
    """Return event hash -> (index, entry hash) for those of these events that a party said already."""
    table, known = schema.entry, {}
    columns = (table.c.event_hash, table.c.entry_index, table.c.entry_hash)
    for start in range(0, len(hashes), _AT_ONCE):
        chunk = hashes[start : start + _AT_ONCE]
        query = sa.select(*columns).where(table.c.event_hash.in_(chunk), table.c.party == party)
        for event, index, entry in connection.execute(query.order_by(table.c.entry_index.desc())):
            known[bytes(event)] = (index, bytes(entry))
    return known


def governance(connection: sa.Connection, types: Iterable[str], start: int) -> list[tuple[int, bytes]]:
    """Return (index, leaf) of the entries of these types from `start` on, in order."""
    table = schema.entry
    query = (
        sa.select(table.c.entry_index, table.c.leaf)
        .where(table.c.type.in_(sorted(types)), table.c.entry_index >= start)
        .order_by(table.c.entry_index)
    )
    return [(index, bytes(leaf)) for index, leaf in connection.execute(query)]


def newest_cosigned(connection: sa.Connection, least: int = 1) -> CosignedNote | None:
    """Return the largest checkpoint of ours that at least so many outside witnesses cosigned, or None."""
    row = connection.execute(_NEWEST_COSIGNED, {"least": least}).one_or_none()
    return None if row is None else CosignedNote(row.size, bytes(row.root), row.note)


def newest_anchor(connection: sa.Connection) -> Anchor | None:
    """Return the newest witnessed tree head, to be signed into what is said next."""
    found = newest_cosigned(connection)
    return None if found is None else Anchor(found.size, found.root)


def cosigned_at(connection: sa.Connection, size: int) -> tuple[CosignedNote, ...]:
    """Return every cosigned checkpoint kept of this size, oldest first."""
    query = sa.select(_COSIGNED.size, _COSIGNED.root, _COSIGNED.note).where(_COSIGNED.size == size)
    rows = connection.execute(query.order_by(_COSIGNED.number))
    return tuple(CosignedNote(row.size, bytes(row.root), row.note) for row in rows)


def covering(connection: sa.Connection, index: int, least: int = 1) -> tuple[CosignedNote, ...]:
    """Return the cosigned checkpoints that cover an entry, the smallest first."""
    query = sa.select(_COSIGNED.size, _COSIGNED.root, _COSIGNED.note).where(
        _COSIGNED.size > index, _COSIGNED.witnesses >= least
    )
    rows = connection.execute(query.order_by(_COSIGNED.size, _COSIGNED.number).limit(_FEW))
    return tuple(CosignedNote(row.size, bytes(row.root), row.note) for row in rows)


def keep_cosigned(connection: sa.Connection, found: CosignedNote, witnesses: int, received: str) -> None:
    """Keep a cosigned checkpoint once."""
    table = schema.cosigned
    if connection.execute(sa.select(table.c.number).where(table.c.note == found.note)).first() is None:
        values = {**found._asdict(), "witnesses": witnesses, "received": received}
        connection.execute(sa.insert(table), values)


def keep_conflict(connection: sa.Connection, envelope: Envelope, rival: int, received: str) -> None:
    """Keep, once, a signed leaf whose author said something else under the same number at entry `rival`."""
    table = schema.conflict
    known = sa.select(table.c.seq).where(table.c.entry_hash == envelope.entry_hash)
    if connection.execute(known).first() is None:
        values = {
            "entry_hash": envelope.entry_hash,
            "leaf": envelope.leaf,
            "key_id": envelope.author.key_id,
            "seq": envelope.author.seq,
            "rival": rival,
            "received": received,
        }
        connection.execute(sa.insert(table), values)
