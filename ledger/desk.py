"""The desk where entries are handed in: sign, judge authority, append, give a receipt.

The rule kept here: an entry is acknowledged only after the commit that holds it, its row, its tiles and the
checkpoint over them; a commit whose answer was lost is looked up, never guessed. The desk refuses what it
cannot attribute or what its author may not say, and records everything else, implausible or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Protocol

import orjson
import sqlalchemy as sa

from ledger import lookups, rows, schema, store
from ledger.envelope import (
    LARGEST_BATCH,
    Author,
    Envelope,
    instant_text,
    open_leaf,
    seal,
    seal_batch,
    write_body,
)
from ledger.envelope import entry_hash as hash_of
from ledger.errors import LedgerError, Problem
from ledger.events import codec
from ledger.events.governance import PartyEnrolled
from ledger.events.values import KeyId, PartyId
from ledger.keyring import GOVERNANCE, Keyring
from ledger.keys import KeyPair
from ledger.reader import Reader
from ledger.receipts import Admission, Receipt
from ledger.rows import Head, NewEntry
from ledger.tlog.checkpoint import Cosigned, open_checkpoint
from ledger.tlog.note_keys import SignerKey, VerifierKey

__all__ = ["Admission", "Clock", "Desk", "Guard", "Keys", "Receipt", "found_ledger"]

Clock = Callable[[], datetime]
Keys = Callable[[PartyId], KeyPair | None] | Mapping[PartyId, KeyPair]


class Guard(Protocol):
    """Remembers, outside the database, how far this machine has signed."""

    def last(self, origin: str) -> tuple[int, bytes] | None:
        """Return (size, root) of the last tree head signed here, or None."""

    def remember(self, origin: str, size: int, root: bytes) -> None:
        """Keep this as the last tree head signed here."""


@dataclass(slots=True)
class _Sheet:
    """What one transaction does: from which head, with which entries, to which head."""

    head: Head = field(init=False)
    moved: Head | None = None
    entries: list[NewEntry] = field(default_factory=list)
    places: list[tuple[int, bytes, bool]] = field(default_factory=list)
    _tails: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    _said: dict[tuple[str, int], tuple[int, bytes]] = field(default_factory=dict)

    @property
    def next_index(self) -> int:
        return self.head.size + len(self.entries)

    def add(self, entry: NewEntry) -> None:
        self._said[entry.key_id, entry.seq] = (self.next_index, entry.entry_hash)
        self._tails[entry.key_id] = (entry.seq + 1, entry.entry_hash)
        self.entries.append(entry)

    def receipts(self) -> tuple[Receipt, ...]:
        head = self.moved or self.head
        size, root, note = head.size, head.tree.root, head.checkpoint
        return tuple(Receipt(index, entry, size, root, note, old) for index, entry, old in self.places)

    def tail(self, key_id: str) -> tuple[int, bytes] | None:
        return self._tails.get(key_id)

    def said(self, key_id: str, seq: int) -> tuple[int, bytes] | None:
        return self._said.get((key_id, seq))


def found_ledger(
    engine: sa.Engine, *, log_key: SignerKey, administrator: KeyPair, enrolment: PartyEnrolled, clock: Clock
) -> Receipt:
    """Make the tables and write entry 0: the administrator enrolling itself.

    Raises:
        LedgerError: `ledger-exists`, or the enrolment is not of the administrator's own key.
    """
    with store.writing(engine) as connection:
        store.create_tables(connection)
        if connection.execute(sa.select(schema.head.c.size)).one_or_none() is not None:
            raise LedgerError(
                "there is a ledger here already",
                code="ledger-exists",
                where=engine.url.render_as_string(),
                remedy="open it, or choose another place for the new one",
            )
        rows.create_head(connection, log_key)
    return Desk(engine, log_key=log_key, clock=clock).append(enrolment, administrator)[0]


class Desk:
    """The one place that appends to a ledger.

    Args:
        engine: from `create_ledger_engine`; the caller disposes it.
        log_key: signs the checkpoints; its name is the log's origin.
        clock: gives the record time of what is signed here.
        keys: the unlocked author keys, for `append` by party.
        guard: refuses to sign over a head that went back, and remembers every head signed.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        log_key: SignerKey,
        clock: Clock,
        keys: Keys | None = None,
        guard: Guard | None = None,
    ) -> None:
        self._engine = engine
        self._log_key = log_key
        self._clock = clock
        self._keys: Keys = {} if keys is None else keys
        self._guard = guard
        self._lock = RLock()
        self._keyring = Keyring()
        self._signed = -1  # unknown until the guard was asked once

    def append(
        self,
        events: codec.Event | Sequence[codec.Event],
        author: KeyPair | PartyId | str,
        *,
        batch: bool = False,
        once: bool = False,
    ) -> tuple[Receipt, ...]:
        """Sign the events as `author` and append them, all or none.

        Args:
            events: one event or several, in the order they are said.
            author: an unlocked key, or a party whose key the desk was given.
            batch: sign once for up to 256 events instead of once for each.
            once: an event this party said before in the same words is not said again; its receipt names
                the earlier entry.

        Raises:
            LedgerError: `not-authorised`, a `key-` code, `lost-race`, or what the database refused.
        """
        wanted = tuple(events) if isinstance(events, Sequence) else (events,)
        pair = author if isinstance(author, KeyPair) else self._key_of(PartyId(author))
        sheet = _Sheet()
        with self._lock, self._looking_up(sheet), store.writing(self._engine) as connection:
            self._open(connection, sheet)
            self._sign(connection, sheet, wanted, pair, batch=batch, once=once)
            self._close(connection, sheet)
        return sheet.receipts()

    def admit(self, leaves: Iterable[bytes]) -> tuple[Admission, ...]:
        """Append leaves that were signed elsewhere, each judged on its own.

        A leaf that is here already is not added again; one whose author said something else under the
        same number is kept as a conflict; one that cannot be attributed or authorised is refused.
        """
        sheet = _Sheet()
        with self._lock, self._looking_up(sheet), store.writing(self._engine) as connection:
            self._open(connection, sheet)
            admissions = [self._admit(connection, sheet, leaf) for leaf in leaves]
            self._close(connection, sheet)
        return tuple(admissions)

    def add_cosigned(self, note: str, witnesses: Iterable[VerifierKey]) -> Cosigned:
        """Keep our own checkpoint that came back with an outside witness's cosignature.

        Raises:
            LedgerError: not a checkpoint of this log, not cosigned by a known witness, or
                `checkpoint-inconsistent` when this ledger has another root at that size.
        """
        cosigned = open_checkpoint(note, self._log_key.verifier, witnesses)
        if not cosigned.witnessed:
            raise LedgerError(
                "no witness that we know cosigned this checkpoint",
                code="checkpoint-unwitnessed",
                expected="a cosignature by an enrolled witness",
                remedy="enrol the witness's key first, then bring the checkpoint again",
            )
        checkpoint = cosigned.checkpoint
        ours = Reader(self._engine).tree_at(checkpoint.size).root
        if ours != checkpoint.root:
            raise LedgerError(
                "this ledger is not the one that was witnessed: it was changed or replaced since",
                code="checkpoint-inconsistent",
                found=f"root {ours.hex()}",
                expected=f"root {checkpoint.root.hex()}",
                where=f"size {checkpoint.size}",
                remedy="keep both files as evidence and run verify --against this checkpoint",
            )
        with self._lock, store.writing(self._engine) as connection:
            found = lookups.CosignedNote(checkpoint.size, checkpoint.root, cosigned.note.format())
            lookups.keep_cosigned(connection, found, len(cosigned.cosignatures), instant_text(self._clock()))
        return cosigned

    def keyring(self) -> Keyring:
        """Return parties, keys and roles as of now."""
        return Reader(self._engine).keyring()

    def _key_of(self, party: PartyId) -> KeyPair:
        pair = self._keys(party) if callable(self._keys) else self._keys.get(party)
        if pair is None:
            raise LedgerError(
                "the key of this party is not unlocked here",
                code="key-locked",
                found=party,
                remedy="unlock its key file with its passphrase, or record as a party whose key is here",
            )
        return pair

    def _open(self, connection: sa.Connection, sheet: _Sheet) -> None:
        """Lock the head, and catch up with what others wrote about parties and keys."""
        sheet.head = head = rows.read_head(connection, lock=True)
        if head.log_key != self._log_key.verifier.text:
            raise LedgerError(
                "this is not the key of this log",
                code="log-key-wrong",
                found=self._log_key.verifier.text,
                expected=head.log_key,
                remedy="open the ledger with the home folder it was made with",
            )
        self._check_guard(head)
        if self._keyring.size > head.size:
            self._keyring = Keyring()
        if self._keyring.size < head.size:
            for index, leaf in lookups.governance(connection, GOVERNANCE, self._keyring.size):
                envelope = open_leaf(leaf)
                self._keyring.admit(envelope.type, envelope.event, envelope.author.party, index)
            self._keyring.size = head.size

    def _check_guard(self, head: Head) -> None:
        """Refuse to sign over a ledger that went back behind, or away from, what was signed here."""
        if self._guard is None or 0 <= self._signed <= head.size:
            return
        last = self._guard.last(head.origin)
        if last is not None:
            size, root = last
            ours = Reader(self._engine).tree_at(size).root if size <= head.size else b""
            if ours != root:
                raise LedgerError(
                    "this ledger is older than what this machine has signed, or another one",
                    code="ledger-rolled-back",
                    found=f"{head.size} entries, root {(ours or head.tree.root).hex()}",
                    expected=f"{size} entries at least, root {root.hex()} at {size}",
                    remedy="find the newer database; if it is lost, take the missing entries in by a bundle "
                    "into a ledger with a new log key",
                )
        self._signed = head.size

    def _sign(
        self,
        connection: sa.Connection,
        sheet: _Sheet,
        events: Sequence[codec.Event],
        pair: KeyPair,
        *,
        batch: bool,
        once: bool,
    ) -> None:
        """Put the events on the sheet, signed, as the next of the author's chain."""
        party = self._party_of(pair, events, sheet.head.size)
        anchor = lookups.newest_anchor(connection)
        now = self._clock()
        seq, prev = lookups.author_tail(connection, pair.key_id)
        written = [(codec.type_name(event), codec.document(event)) for event in events]
        said = [(kind, document, _canonical(document)) for kind, document in written]
        hashes = [rows.event_hash(event) for _, _, event in said]
        known = lookups.said_before(connection, party, hashes) if once else {}
        unsigned: list[tuple[bytes, NewEntry]] = []
        for digest, (kind, document, event) in zip(hashes, said, strict=True):
            if digest in known:
                sheet.places.append((*known[digest], True))
                continue
            index = sheet.next_index + len(unsigned)
            self._keyring.signer(kind, document, pair.key_id, party, index)
            self._keyring.admit(kind, document, party, index)
            body = write_body(kind, event, Author(party, KeyId(pair.key_id), seq, prev), now, anchor)
            prev = hash_of(body)
            row = NewEntry(
                b"",
                prev,
                digest,
                kind,
                party,
                pair.key_id,
                seq,
                instant_text(now),
                str(document["eventTime"]),
            )
            unsigned.append((body, row))
            sheet.places.append((index, prev, False))
            seq += 1
            if once:
                known[digest] = (index, prev)
        leaves = _seal_all([body for body, _ in unsigned], pair, batch)
        sheet.entries += [row._replace(leaf=leaf) for leaf, (_, row) in zip(leaves, unsigned, strict=True)]

    def _party_of(self, pair: KeyPair, events: Sequence[codec.Event], size: int) -> PartyId:
        first = events[0] if events else None
        if size == 0 and isinstance(first, PartyEnrolled):
            return first.party
        key = self._keyring.keys.get(KeyId(pair.key_id))
        if key is None:
            raise LedgerError(
                "this key is not enrolled in this ledger",
                code="key-unknown",
                found=pair.key_id,
                remedy="send the enrolment file to an administrator, who runs: suxin enrol FILE",
            )
        return key.party

    def _admit(self, connection: sa.Connection, sheet: _Sheet, leaf: bytes) -> Admission:
        envelope = open_leaf(leaf)
        author = envelope.author
        known = sheet.said(author.key_id, author.seq) or lookups.said_at(
            connection, author.key_id, author.seq
        )
        if known is not None:
            index, here = known
            if here == envelope.entry_hash:
                return Admission("known", here, index)
            lookups.keep_conflict(connection, envelope, index, instant_text(self._clock()))
            return Admission("conflict", envelope.entry_hash, index)
        try:
            self._attribute(connection, sheet, envelope)
        except Problem as problem:
            return Admission("refused", envelope.entry_hash, None, problem)
        index = sheet.next_index
        sheet.add(_row_of(envelope))
        return Admission("added", envelope.entry_hash, index)

    def _attribute(self, connection: sa.Connection, sheet: _Sheet, envelope: Envelope) -> None:
        """Refuse a leaf that is not its author's next word, signed by its key, and its author's to say."""
        author, index = envelope.author, sheet.next_index
        expected = sheet.tail(author.key_id) or lookups.author_tail(connection, author.key_id)
        if (author.seq, author.prev) != expected:
            raise LedgerError(
                "an earlier entry of this author is missing here",
                code="author-gap",
                found=f"number {author.seq}",
                expected=f"number {expected[0]}",
                where=f"key {author.key_id}",
                remedy="bring the author's earlier bundle first, then this one again",
            )
        public = self._keyring.signer(envelope.type, envelope.event, author.key_id, author.party, index)
        if not envelope.is_signed_by(public):
            raise LedgerError(
                "the signature is not its author's",
                code="signature-wrong",
                found=envelope.signature.hex()[:16],
                expected=f"a signature by key {author.key_id}",
                remedy="ask the author for the entry again; it was altered on the way",
            )
        codec.decode(envelope.event)
        self._keyring.admit(envelope.type, envelope.event, author.party, index)

    def _close(self, connection: sa.Connection, sheet: _Sheet) -> None:
        sheet.moved = sheet.head
        if sheet.entries:
            sheet.moved = rows.extend(connection, sheet.head, sheet.entries, self._log_key)

    @contextmanager
    def _looking_up(self, sheet: _Sheet) -> Iterator[None]:
        """When the commit failed, look whether it is there after all; acknowledge only what is."""
        try:
            yield
        except BaseException:
            self._keyring = Keyring()  # it may have learnt what was rolled back
            if not self._is_stored(sheet):
                raise
        if self._guard is not None and sheet.moved is not None and sheet.entries:
            self._signed = sheet.moved.size
            with suppress(LedgerError):  # it may lag behind; the entry is in, and that is what counts
                self._guard.remember(sheet.moved.origin, sheet.moved.size, sheet.moved.tree.root)

    def _is_stored(self, sheet: _Sheet) -> bool:
        if not sheet.entries or sheet.moved is None or sheet.moved is sheet.head:
            return False
        try:
            return Reader(self._engine).find(sheet.entries[-1].entry_hash) is not None
        except Problem:
            return False


def _canonical(document: Mapping[str, object]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def _seal_all(bodies: Sequence[bytes], pair: KeyPair, batch: bool) -> list[bytes]:
    if not batch:
        return [seal(body, pair) for body in bodies]
    starts = range(0, len(bodies), LARGEST_BATCH)
    return [leaf for at in starts for leaf in seal_batch(bodies[at : at + LARGEST_BATCH], pair)]


def _row_of(envelope: Envelope) -> NewEntry:
    author = envelope.author
    return NewEntry(
        envelope.leaf,
        envelope.entry_hash,
        rows.event_hash(_canonical(envelope.event)),
        envelope.type,
        author.party,
        author.key_id,
        author.seq,
        instant_text(envelope.record_time),
        str(envelope.event["eventTime"]),
    )
