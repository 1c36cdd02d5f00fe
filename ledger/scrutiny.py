"""Look at every stored byte of the log once, in order, and say of each entry what does not hold.

The rule kept here: nothing read from the database is believed because the database says so. Hashes are
computed again, bodies parsed and written again, columns compared with bodies, stored tree nodes with
computed ones; authority is judged by the fold of the entries before. Memory does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from ledger import envelope, rows, schema
from ledger.authority import GOVERNANCE, is_plain
from ledger.canonical import in_profile
from ledger.errors import LedgerError, Problem
from ledger.keyring import Keyring
from ledger.public_key import PublicKey
from ledger.rows import TILE_WIDTH
from ledger.signatures import Signature, verifiers, wrong_signatures
from ledger.tlog.tree import HASH_SIZE, Tree

CHUNK = 4 * TILE_WIDTH
_PENDING = 8
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_TEXTS = ("type", "party", "key_id", "record_time", "event_time")
_BYTES = ("leaf", "leaf_hash", "chain_hash", "entry_hash", "event_hash")

Report = Callable[[int, int | None, str, object, object], None]
"""Takes step, index, code, what was found, what was expected."""
Row = tuple[Any, ...]


@dataclass(slots=True)
class Scrutiny:
    """One pass over the entries.

    Args:
        connection: reads all of it at one moment.
        report: takes what does not hold.
        sizes: the sizes at which the tree head is wanted; found in `trees` afterwards.
        words: called with the commitment in each entry that has one.
    """

    connection: sa.Connection
    report: Report
    sizes: frozenset[int] = frozenset()
    words: Callable[[int, str, str], None] | None = None
    keyring: Keyring = field(default_factory=Keyring)
    trees: dict[int, Tree] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)
    checked: int = 0
    _size: int = 0
    _stored_chain: bytes = rows.CHAIN_START
    _tails: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    _plain: dict[tuple[str, str, str], PublicKey] = field(default_factory=dict)
    _pool: Executor | None = None
    _pending: list[tuple[Future[list[int]] | None, list[Signature]]] = field(default_factory=list)
    _bases: list[list[bytes]] = field(default_factory=lambda: [[]])
    _tiles: int = 0
    _edges: Tree = field(default_factory=Tree)

    def run(self, size: int, step: Callable[[int], bool], threads: int = 2, processes: int = 0) -> Tree:
        """Look at the first `size` entries and return the tree they make.

        Args:
            size: as many entries as the head row promises.
            step: called with how many entries are done; gives False to stop.
            threads, processes: who verifies signatures; see `ledger.signatures.verifiers`.
        """
        self._mark()
        with verifiers(threads, processes) as pool:
            self._pool = pool
            for start in range(0, size, CHUNK):
                if not step(start):
                    break
                self._chunk(start, min(start + CHUNK, size))
            self._drain(0)
            self._pool = None
        return self._tree()

    def _chunk(self, start: int, stop: int) -> None:
        signatures: list[Signature] = []
        hashes: list[bytes] = []
        for row in self._read(start, stop):
            self._miss(start + len(hashes), row[0], hashes)
            hashes.append(self._quick(row, signatures) or self._row(row, signatures))
        self._miss(start + len(hashes), stop, hashes)
        self._grow(hashes)
        if self._pool is not None and signatures:
            self._pending.append((self._submit(signatures), signatures))
            self._drain(_PENDING)

    def _miss(self, start: int, stop: int, hashes: list[bytes]) -> None:
        for missing in range(start, stop):
            self.report(1, missing, "entry-missing", "no such row", f"entry {missing}")
            hashes.append(bytes(HASH_SIZE))

    def _drain(self, allowed: int) -> None:
        while len(self._pending) > allowed:
            for index in _wrong(*self._pending.pop(0)):
                self.report(2, index, "signature-wrong", "another signature", "the author's signature")

    def _submit(self, signatures: list[Signature]) -> Future[list[int]] | None:
        try:
            return None if self._pool is None else self._pool.submit(wrong_signatures, signatures)
        except BrokenExecutor:
            return None

    def _read(self, start: int, stop: int) -> list[Row]:
        """Return the rows of this range in order; report those that cannot be read."""
        found = self._select(start, stop, _TEXTS)
        if found is not None:
            return found
        # One unreadable page must not hide which entry is on it; and where a flipped bit left no text at
        # all, the bytes are what can be shown.
        read = "CAST({} AS BLOB)" if self.connection.dialect.name == "sqlite" else "convert_to({}, 'UTF8')"
        columns = tuple(read.format(name) for name in _TEXTS)
        return [row for index in range(start, stop) for row in self._select(index, index + 1, columns) or ()]

    def _select(self, start: int, stop: int, texts: Sequence[str]) -> list[Row] | None:
        mark = "?" if self.connection.dialect.name == "sqlite" else "%s"
        statement = (
            f"SELECT entry_index, {', '.join([*_BYTES, *texts, 'seq'])} FROM entry "
            f"WHERE entry_index >= {mark} AND entry_index < {mark} ORDER BY entry_index"
        )
        # The driver's own cursor: its plain tuples cost a third of what SQLAlchemy's rows cost.
        cursor = self.connection.connection.cursor()
        try:
            cursor.execute(statement, (start, stop))
            return list(cursor.fetchall())
        except self.connection.dialect.loaded_dbapi.Error as error:
            if stop - start == 1:
                self.report(1, start, "entry-unreadable", str(error), "a row that the database can read")
            return None
        finally:
            cursor.close()

    def _quick(self, row: Row, signatures: list[Signature]) -> bytes | None:
        """Check a row that is as it should be, and return its leaf hash; None if anything is unusual.

        All but the signature must hold here before anything is remembered; `_row` then says what does not.
        """
        index, leaf, leaf_hash, chain_hash, entry_hash, event_hash, kind, party, key_id, *times, seq = row
        public = self._plain.get((kind, key_id, party))
        if public is None:
            return None
        try:
            domain, message, body = envelope.split(leaf)
            document = orjson.loads(body)
            own_hash = envelope.entry_hash(body)
            event = envelope.event_bytes(body)
            tail = self._tails.get(key_id, (0, None))
            holds = (
                sha256(b"\x00" + leaf).digest() == leaf_hash
                and sha256(rows.CHAIN_DOMAIN + self._stored_chain + leaf_hash).digest() == chain_hash
                and own_hash == entry_hash
                and rows.event_hash(event) == event_hash
                and orjson.dumps(document, option=_CANONICAL) == body
                and tuple(document) == envelope.FIELDS
                and (document["seq"], document["prev"]) == tail
                and (kind, party, key_id) == (document["type"], document["party"], document["key"])
                and times == [document["record_time"], document["event"]["eventTime"]]
                and document["event"]["type"] == kind
                and document["v"] == envelope.VERSION
                and type(document["seq"]) is int
                and type(document["v"]) is int
                and in_profile(document["event"])
                and seq == document["seq"]
            )
        except (Problem, ValueError, TypeError, KeyError):
            return None
        if not holds:
            return None
        self._stored_chain = chain_hash
        self._tails[key_id] = (seq + 1, own_hash.hex())
        signatures.append((index, public, domain, message, leaf[1 : envelope.SIGNATURE_END]))
        self.checked += 1
        return leaf_hash  # type: ignore[no-any-return]

    def _row(self, row: Row, signatures: list[Signature]) -> bytes:
        """Check one row; return the leaf hash of the bytes that are really there."""
        index, leaf, leaf_hash, chain_hash, entry_hash, event_hash, *columns = row
        if not all(isinstance(each, bytes) for each in row[1:6]):
            self.report(1, index, "column-wrong", "another type of value", "bytes")
            self._stored_chain = b""
            return bytes(HASH_SIZE)
        computed = sha256(b"\x00" + leaf).digest()
        if computed != leaf_hash:
            self.report(1, index, "leaf-hash-wrong", leaf_hash.hex(), computed.hex())
        chain = sha256(rows.CHAIN_DOMAIN + self._stored_chain + leaf_hash).digest()
        if chain != chain_hash:
            self.report(1, index, "chain-hash-wrong", chain_hash.hex(), chain.hex())
        self._stored_chain = chain_hash
        try:
            self._body(index, leaf, (entry_hash, event_hash), columns, signatures)
        except Problem as problem:
            self.report(1, index, problem.code, problem.found or problem.what, problem.expected)
        self.checked += 1
        return computed

    def _body(
        self,
        index: int,
        leaf: bytes,
        hashes: tuple[bytes, bytes],
        columns: Sequence[Any],
        signatures: list[Signature],
    ) -> None:
        domain, message, body = envelope.split(leaf)
        document = envelope.parse_body(body)
        event = document["event"]
        own_hash = envelope.entry_hash(body)
        event_bytes = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
        texts = (document["type"], document["party"], document["key"], document["record_time"])
        said = [*(text.encode() for text in texts), str(event.get("eventTime")).encode(), document["seq"]]
        columns = [each.encode() if isinstance(each, str) else each for each in columns]
        if hashes != (own_hash, rows.event_hash(event_bytes)) or said != columns:
            self._name_column(index, (*hashes, *columns), (own_hash, rows.event_hash(event_bytes), *said))
        self._author(index, document, own_hash)
        self._authority(index, leaf, document, (domain, message), signatures)
        if self.words is not None and "words" in event:
            self.words(index, event["words"]["digest"], event["words"]["vaultID"])
        if document["type"] == "Erased":
            self.erased.append(event["vaultID"])

    def _name_column(self, index: int, found: Sequence[Any], expected: Sequence[Any]) -> None:
        for name, there, should in zip((*_BYTES[3:], *_TEXTS, "seq"), found, expected, strict=True):
            if there != should:
                self.report(1, index, "column-wrong", f"{name}: {_shown(there)}", f"{name}: {_shown(should)}")

    def _author(self, index: int, document: dict[str, Any], own_hash: bytes) -> None:
        key_id, seq, prev = document["key"], document["seq"], document["prev"]
        next_seq, last = self._tails.get(key_id, (0, None))
        if seq != next_seq:
            self.report(3, index, "author-seq-wrong", f"number {seq}", f"number {next_seq}")
        elif prev != last:
            self.report(3, index, "author-prev-wrong", prev, last)
        self._tails[key_id] = (seq + 1, own_hash.hex())

    def _authority(
        self,
        index: int,
        leaf: bytes,
        document: dict[str, Any],
        signed: tuple[bytes, bytes],
        signatures: list[Signature],
    ) -> None:
        kind, event, party = document["type"], document["event"], document["party"]
        try:
            public = self.keyring.signer(kind, event, document["key"], party, index)
            signatures.append((index, public, *signed, leaf[1 : envelope.SIGNATURE_END]))
            self.keyring.admit(kind, event, party, index)
            if kind in GOVERNANCE:
                self._plain.clear()
            elif is_plain(kind):
                self._plain[kind, document["key"], party] = public
        except Problem as problem:
            self.report(2, index, problem.code, problem.found, problem.expected)
        except (KeyError, TypeError, AttributeError) as error:
            # A body that parses and still lacks what governance needs: altered, and then signed again.
            self.report(2, index, "event-malformed", repr(error), "a complete governance event")

    def _grow(self, hashes: Sequence[bytes]) -> None:
        """Grow the tree, stopping at every size at which its head is wanted."""
        at = 0
        while at < len(hashes):
            base = self._bases[0]
            step = min(len(hashes) - at, TILE_WIDTH - len(base))
            step = min([step, *(size - self._size for size in self.sizes if 0 < size - self._size < step)])
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
        self._tiles += 1
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
            row = self.connection.execute(query).one_or_none()
        except (sa.exc.SQLAlchemyError, TypeError) as error:
            row = None
            self.report(1, None, "tile-unreadable", str(error), f"tile {level}/{number}")
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
        self.report(1, index, "tile-wrong", found, f"tile {level}/{number} over the entries that are there")

    def _tree(self) -> Tree:
        rest = Tree().append_hashes(self._bases[0])
        return Tree(self._size, (*self._edges.edge, *rest.edge))

    def _mark(self) -> None:
        if self._size in self.sizes:
            self.trees[self._size] = self._tree()

    @property
    def chain_hash(self) -> bytes:
        """Return the chain hash of the last row, as stored and checked."""
        return self._stored_chain

    @property
    def tiles(self) -> int:
        """Return how many complete tiles the entries make."""
        return self._tiles


def _wrong(future: Future[list[int]] | None, signatures: Sequence[Signature]) -> list[int]:
    """Return what came back; where processes cannot be started, or died, it is done here instead."""
    try:
        if future is not None:
            return future.result()
    except BrokenExecutor:
        pass
    return wrong_signatures(signatures)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else repr(value).encode()


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode() if value.isascii() and value.decode().isprintable() else value.hex()
    return str(value)


Unexpected = tuple[int | None, str, object, object]
"""An entry, if it is about one; code, found, expected."""


def unexpected_rows(connection: sa.Connection, size: int, tiles: int) -> Iterator[Unexpected]:
    """Give what is wrong with the shape of the database: rows that should not be there, other types."""
    table = schema.entry
    outside = sa.select(table.c.entry_index).where((table.c.entry_index < 0) | (table.c.entry_index >= size))
    for index in connection.execute(outside.limit(10)).scalars():
        yield index, "entry-unexpected", f"entry {index}", f"{size} entries, as the head row says"
    for name, expected in (("entry", size), ("tile", tiles), ("head", 1)):
        count = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()
        if count != expected:
            yield None, "row-count-wrong", f"{count} rows in {name}", f"{expected} rows"
    if connection.dialect.name == "sqlite":
        yield from _sqlite_shape(connection)


def _sqlite_shape(connection: sa.Connection) -> Iterator[Unexpected]:
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield None, "database-damaged", row[0], "a database that passes its own integrity check"
    texts = " AND ".join(f"typeof({name}) = 'text'" for name in _TEXTS)
    statement = f"SELECT entry_index FROM entry WHERE NOT ({texts} AND typeof(seq) = 'integer') LIMIT 10"
    for row in connection.exec_driver_sql(statement):
        yield row[0], "column-wrong", "another type of value", "texts, and a number as seq"


def head_row(connection: sa.Connection) -> dict[str, Any]:
    """Return the head row as it is, believing nothing.

    Raises:
        LedgerError: code `no-ledger` when there is no such row.
    """
    row = connection.exec_driver_sql("SELECT * FROM head").mappings().first()
    if row is None:
        raise LedgerError("there is no ledger here", code="no-ledger", remedy="check the address")
    return dict(row)
