"""Read the log: entries, proofs, checkpoints; safe for many threads, each call sees one moment.

The rule kept here: a proof comes from stored hashes (tiles for the complete part, rows for the rest) and
costs the same however long the log is. What an entry says is decoded, not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ledger import lookups, rows, schema, store
from ledger.authority import GOVERNANCE
from ledger.envelope import Anchor, open_leaf
from ledger.errors import LedgerError, Problem
from ledger.events import codec
from ledger.events.values import KeyId, PartyId
from ledger.keyring import Keyring
from ledger.listing import EntryLine, entry_lines
from ledger.nodes import Nodes, Tiles
from ledger.rows import Head
from ledger.tlog import proof
from ledger.tlog.tree import Tree


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, opened and decoded."""

    index: int
    leaf: bytes
    leaf_hash: bytes
    chain_hash: bytes
    entry_hash: bytes
    type: str
    party: PartyId
    key_id: KeyId
    seq: int
    record_time: datetime
    event_time: datetime
    anchor: Anchor | None
    event: codec.Event


@dataclass(frozen=True, slots=True)
class Conflict:
    """A signed leaf that this log could not admit, because entry `rival` has its author's same number."""

    leaf: bytes
    entry_hash: bytes
    rival: int
    received: str


class Reader:
    """A ledger to read from.

    Args:
        engine: from `create_ledger_engine`; the caller disposes it.
        quorum: how many outside witnesses must have cosigned before entries count as witnessed.
    """

    def __init__(self, engine: sa.Engine, quorum: int = 1) -> None:
        self._engine = engine
        self.quorum = quorum
        self._tiles: Tiles = {}

    def head(self) -> Head:
        """Return where the log stands."""
        with store.reading(self._engine) as connection:
            return rows.read_head(connection)

    def size(self) -> int:
        """Return the number of entries."""
        return self.head().size

    def tree(self) -> Tree:
        """Return the tree head."""
        return self.head().tree

    def checkpoint(self) -> str:
        """Return the newest checkpoint, a signed note."""
        return self.head().checkpoint

    def cosigned(self) -> str | None:
        """Return the newest checkpoint that an outside witness cosigned, or None."""
        found = self.newest_cosigned()
        return None if found is None else found.note

    def newest_cosigned(self) -> lookups.CosignedNote | None:
        """Return size, root and note of the newest checkpoint that enough outside witnesses cosigned."""
        with store.reading(self._engine) as connection:
            return lookups.newest_cosigned(connection, self.quorum)

    def covering(self, index: int) -> tuple[lookups.CosignedNote, ...]:
        """Return the first witnessed checkpoints that cover an entry, the smallest first."""
        with store.reading(self._engine) as connection:
            return lookups.covering(connection, index, self.quorum)

    def cosigned_at(self, size: int) -> tuple[lookups.CosignedNote, ...]:
        """Return every cosigned checkpoint of this size."""
        with store.reading(self._engine) as connection:
            return lookups.cosigned_at(connection, size)

    def witnessed_to(self) -> int:
        """Return how many entries an outside witness has seen."""
        found = self.newest_cosigned()
        return 0 if found is None else found.size

    def entry(self, index: int) -> Entry:
        """Return the entry at `index`.

        Raises:
            LedgerError: code `no-such-entry` or `entry-damaged`.
        """
        found = list(self._read(schema.entry.c.entry_index == index))
        if not found:
            raise _no_such_entry(index, self.size())
        return found[0]

    def entries(self, start: int = 0, stop: int | None = None, chunk: int = 500) -> Iterator[Entry]:
        """Give the entries from `start` to before `stop` (or the end as of now), `chunk` at a time."""
        stop = self.size() if stop is None else stop
        column = schema.entry.c.entry_index
        while start < stop:
            until = min(start + chunk, stop)
            expected = start
            for each in self._read((column >= start) & (column < until)):
                if each.index != expected:
                    break
                yield each
                expected += 1
            if expected != until:
                raise _no_such_entry(expected, self.size())
            start = until

    def lines(self, start: int, stop: int) -> tuple[EntryLine, ...]:
        """Return what a list shows of the entries from `start` to before `stop`, without opening them."""
        with store.reading(self._engine) as connection:
            return entry_lines(connection, start, stop)

    def of_types(self, types: Iterable[str], start: int = 0, chunk: int = 500) -> Iterator[Entry]:
        """Give the entries of these kinds from `start` to the end as of now, in order, `chunk` at a time."""
        kinds = sorted(set(types))
        column = schema.entry.c.entry_index
        stop = self.size()
        while True:
            wanted = schema.entry.c.type.in_(kinds) & (column >= start) & (column < stop)
            found = list(self._read(wanted, chunk))
            yield from found
            if len(found) < chunk:
                return
            start = found[-1].index + 1

    def several(self, indexes: Iterable[int], chunk: int = 500) -> Iterator[Entry]:
        """Give the entries at these indexes, in order of index.

        Raises:
            LedgerError: code `no-such-entry` or `entry-damaged`.
        """
        wanted = sorted(set(indexes))
        for start in range(0, len(wanted), chunk):
            part = wanted[start : start + chunk]
            found = list(self._read(schema.entry.c.entry_index.in_(part)))
            if len(found) != len(part):
                raise _no_such_entry(next(i for i in part if i not in {e.index for e in found}), self.size())
            yield from found

    def find(self, entry_hash: bytes) -> Entry | None:
        """Return the entry with this entry hash, or None."""
        return next(iter(self._read(schema.entry.c.entry_hash == entry_hash)), None)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return the signed leaves whose author said something else under the same number."""
        table = schema.conflict
        with store.reading(self._engine) as connection:
            found = connection.execute(
                sa.select(table.c.entry_hash, table.c.leaf, table.c.rival, table.c.received).order_by(
                    table.c.rival, table.c.entry_hash
                )
            ).all()
        return tuple(
            Conflict(bytes(row.leaf), bytes(row.entry_hash), row.rival, row.received) for row in found
        )

    def keyring(self, size: int | None = None) -> Keyring:
        """Return parties, keys and roles as of the first `size` entries, or of all."""
        keyring = Keyring()
        with store.reading(self._engine) as connection:
            until = rows.read_head(connection).size if size is None else size
            for index, leaf in lookups.governance(connection, GOVERNANCE, 0):
                if index < until:
                    envelope = open_leaf(leaf)
                    keyring.admit(envelope.type, envelope.event, envelope.author.party, index)
        keyring.size = until
        return keyring

    def said_before(self, party: PartyId, events: Iterable[codec.Event]) -> frozenset[int]:
        """Return the places, among these events, of those a party has said already in the same words."""
        hashes = [rows.event_hash(rows.event_text(codec.document(event))) for event in events]
        with store.reading(self._engine) as connection:
            known = lookups.said_before(connection, party, hashes)
        return frozenset(place for place, digest in enumerate(hashes) if digest in known)

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the entry at `index` is in the tree of the first `size` entries."""
        return self.inclusion_proofs((index,), size)[0]

    def inclusion_proofs(
        self, indexes: Iterable[int], size: int | None = None
    ) -> tuple[tuple[bytes, ...], ...]:
        """Return the proofs of several entries in one tree, reading the ledger once."""
        with store.reading(self._engine) as connection:
            size = self._known_size(connection, size)
            nodes, proofs = Nodes(connection, size, self._tiles), []
            for index in indexes:
                if not 0 <= index < size:
                    raise _no_such_entry(index, size)
                proofs.append(proof.inclusion_proof(index, size, nodes))
            return tuple(proofs)

    def consistency_proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the first `new` entries begin with the first `old` entries."""
        with store.reading(self._engine) as connection:
            new = self._known_size(connection, new)
            if not 0 <= old <= new:
                raise _no_such_entry(old, new)
            return proof.consistency_proof(old, new, Nodes(connection, new, self._tiles))

    def tree_at(self, size: int) -> Tree:
        """Return the tree head of the first `size` entries."""
        with store.reading(self._engine) as connection:
            size = self._known_size(connection, size)
            return proof.tree_at(size, Nodes(connection, size, self._tiles))

    def _known_size(self, connection: sa.Connection, size: int | None) -> int:
        current = rows.read_head(connection).size
        if size is not None and size > current:
            raise _no_such_entry(size, current)
        return current if size is None else size

    def _read(self, where: sa.ColumnElement[bool], limit: int | None = None) -> Iterator[Entry]:
        table = schema.entry
        columns = (table.c.entry_index, table.c.leaf, table.c.leaf_hash, table.c.chain_hash)
        query = sa.select(*columns).where(where).order_by(table.c.entry_index).limit(limit)
        with store.reading(self._engine) as connection:
            found = connection.execute(query).all()
        for index, leaf, leaf_hash, chain_hash in found:
            yield _open(index, bytes(leaf), bytes(leaf_hash), bytes(chain_hash))


def _open(index: int, leaf: bytes, leaf_hash: bytes, chain_hash: bytes) -> Entry:
    try:
        envelope = open_leaf(leaf)
        event = codec.decode(envelope.event)
    except Problem as error:
        raise LedgerError(
            "an entry of this ledger cannot be read",
            code="entry-damaged",
            found=str(error),
            where=f"entry {index}",
            remedy="run verify, then restore the ledger from a backup or a bundle",
        ) from error
    author = envelope.author
    return Entry(
        index,
        leaf,
        leaf_hash,
        chain_hash,
        envelope.entry_hash,
        envelope.type,
        author.party,
        author.key_id,
        author.seq,
        envelope.record_time,
        event.event_time,
        envelope.anchor,
        event,
    )


def _no_such_entry(index: int, size: int) -> LedgerError:
    return LedgerError(
        "there is no such entry in this ledger",
        code="no-such-entry",
        found=f"entry {index}",
        expected=f"a number from 0 to {size - 1}" if size else "nothing: the ledger is empty",
        remedy="check the number; if the ledger should have it, run verify",
    )
