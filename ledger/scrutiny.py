"""Look at every stored byte of the log once, in order, and say of each entry what does not hold.

The rule kept here: nothing read from the database is believed because the database says so. Hashes are
computed again, bodies parsed and written again, columns compared with bodies, stored tree nodes with
computed ones; authority is judged by the fold of the entries before. Memory does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from ledger import envelope, rows
from ledger.authority import GOVERNANCE, is_plain
from ledger.canonical import in_profile
from ledger.errors import Problem
from ledger.keyring import Keyring
from ledger.public_key import PublicKey
from ledger.rows import TILE_WIDTH
from ledger.shape import TEXTS
from ledger.signatures import Signature, verifiers, wrong_signatures
from ledger.tiling import Report, Tiling
from ledger.tlog.tree import HASH_SIZE, Tree

CHUNK = 4 * TILE_WIDTH
_PENDING = 8
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_BYTES = ("leaf", "leaf_hash", "chain_hash", "entry_hash", "event_hash")

Row = tuple[Any, ...]


@dataclass(slots=True)
class Scrutiny:
    """One pass over the entries.

    Args:
        connection: reads all of it at one moment.
        report: takes what does not hold.
        tiling: grows the tree over what is read.
        words: called with the commitment in each entry that has one.
    """

    connection: sa.Connection
    report: Report
    tiling: Tiling
    words: Callable[[int, str, str], None] | None = None
    keyring: Keyring = field(default_factory=Keyring)
    erased: list[str] = field(default_factory=list)
    checked: int = 0
    _stored_chain: bytes = rows.CHAIN_START
    _tails: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    _plain: dict[tuple[str, str, str], PublicKey] = field(default_factory=dict)
    _pool: Executor | None = None
    _pending: list[tuple[Future[list[int]] | None, list[Signature]]] = field(default_factory=list)

    def run(self, size: int, step: Callable[[int], bool], threads: int = 2, processes: int = 0) -> Tree:
        """Look at the first `size` entries and return the tree they make.

        Args:
            size: as many entries as the head row promises.
            step: called with how many entries are done; gives False to stop.
            threads, processes: who verifies signatures; see `ledger.signatures.verifiers`.
        """
        with verifiers(threads, processes) as pool:
            self._pool = pool
            for start in range(0, size, CHUNK):
                if not step(start):
                    break
                self._chunk(start, min(start + CHUNK, size))
            self._drain(0)
            self._pool = None
        return self.tiling.tree()

    def _chunk(self, start: int, stop: int) -> None:
        signatures: list[Signature] = []
        hashes: list[bytes] = []
        for row in self._read(start, stop):
            self._miss(start + len(hashes), row[0], hashes)
            hashes.append(self._quick(row, signatures) or self._row(row, signatures))
        self._miss(start + len(hashes), stop, hashes)
        self.tiling.grow(hashes)
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
        found = self._select(start, stop, TEXTS)
        if found is not None:
            return found
        # One unreadable page must not hide which entry is on it; and where a flipped bit left no text at
        # all, the bytes are what can be shown.
        read = "CAST({} AS BLOB)" if self.connection.dialect.name == "sqlite" else "convert_to({}, 'UTF8')"
        columns = tuple(read.format(name) for name in TEXTS)
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
        return leaf_hash  # type: ignore[no-any-return]  # it equals a digest

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
        for name, there, should in zip((*_BYTES[3:], *TEXTS, "seq"), found, expected, strict=True):
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

    @property
    def chain_hash(self) -> bytes:
        """Return the chain hash of the last row, as stored and checked."""
        return self._stored_chain


def _wrong(future: Future[list[int]] | None, signatures: Sequence[Signature]) -> list[int]:
    """Return what came back; where processes cannot be started, or died, it is done here instead."""
    try:
        if future is not None:
            return future.result()
    except BrokenExecutor:
        pass
    return wrong_signatures(signatures)


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode() if value.isascii() and value.decode().isprintable() else value.hex()
    return str(value)
