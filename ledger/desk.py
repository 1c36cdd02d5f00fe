"""The desk where entries are handed in: sign, judge authority, append, give a receipt.

The rule kept here: an entry is acknowledged only after the commit that holds it, its row, its tiles and the
checkpoint over them; a commit whose answer was lost is looked up, never guessed. The desk refuses what it
cannot attribute or what its author may not say, and records everything else, implausible or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import RLock
from typing import Protocol

import sqlalchemy as sa

from ledger import lookups, rows, schema, store
from ledger.authority import GOVERNANCE
from ledger.envelope import instant_text, open_leaf
from ledger.errors import LedgerError, Problem
from ledger.events import codec
from ledger.events.governance import PartyEnrolled
from ledger.events.values import PartyId
from ledger.keyring import Keyring
from ledger.keys import KeyPair
from ledger.reader import Reader
from ledger.receipts import Admission, Receipt
from ledger.rows import Head
from ledger.sheet import Sheet
from ledger.tlog.checkpoint import Cosigned, open_checkpoint
from ledger.tlog.note import parse_note
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


def found_ledger(
    engine: sa.Engine, *, log_key: SignerKey, administrator: KeyPair, enrolment: PartyEnrolled, clock: Clock
) -> Receipt:
    """Make the tables and write entry 0: the administrator enrolling itself.

    Raises:
        LedgerError: `ledger-exists`, or the enrolment is not of the administrator's own key.
    """
    make_empty(engine, log_key)
    return Desk(engine, log_key=log_key, clock=clock).append(enrolment, administrator)[0]


def make_empty(engine: sa.Engine, log_key: SignerKey) -> None:
    """Make the tables and the head of a log without entries.

    Raises:
        LedgerError: `ledger-exists`: there are entries already.
    """
    with store.writing(engine) as connection:
        store.create_tables(connection)
        size = connection.execute(sa.select(schema.head.c.size)).scalar_one_or_none()
        if size is None:
            rows.create_head(connection, log_key)
        elif size or rows.read_head(connection).log_key != log_key.verifier.text:
            raise LedgerError(
                "there is a ledger here already",
                code="ledger-exists",
                where=engine.url.render_as_string(),
                remedy="open it, or choose another place for the new one",
            )


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
        self._log_key_text = log_key.verifier.text
        self._clock = clock
        self._keys: Keys = {} if keys is None else keys
        self._guard = guard
        self._signed = -1  # unknown until the guard was asked once
        self._lock = RLock()
        self._keyring = Keyring()

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
        with self._writing() as sheet:
            sheet.sign(wanted, pair, batch=batch, once=once)
        return sheet.receipts()

    def admit(self, leaves: Iterable[bytes]) -> tuple[Admission, ...]:
        """Append leaves that were signed elsewhere, each judged on its own.

        A leaf that is here already is not added again; one whose author said something else under the
        same number is kept as a conflict; one that cannot be attributed or authorised is refused.
        """
        with self._writing() as sheet:
            return tuple([sheet.admit(leaf) for leaf in leaves])

    def add_cosigned(self, note: str, witnesses: Iterable[VerifierKey]) -> Cosigned:
        """Keep our own checkpoint that came back with an outside witness's cosignature.

        Raises:
            LedgerError: not a checkpoint of this log, not cosigned by a known witness, or
                `checkpoint-inconsistent` when this ledger has another root at that size.
        """
        witnesses = tuple(witnesses)
        cosigned = open_checkpoint(note, self._log_key.verifier, witnesses)
        if not cosigned.witnessed:
            raise LedgerError(
                "no witness that we know cosigned this checkpoint",
                code="checkpoint-unwitnessed",
                expected="a cosignature by a witness whose key this machine trusts",
                remedy="trust the witness's verifier key first, then bring the checkpoint again",
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
            # Each witness answers on its own; what several said becomes one note, to be counted.
            lines = [
                line
                for kept in lookups.cosigned_at(connection, checkpoint.size)
                for line in parse_note(kept.note).signatures
            ]
            whole = cosigned.note.with_signatures(lines).with_signatures(cosigned.note.signatures)
            cosigned = open_checkpoint(whole.format(), self._log_key.verifier, witnesses)
            found = lookups.CosignedNote(checkpoint.size, checkpoint.root, cosigned.note.format())
            lookups.keep_cosigned(connection, found, len(cosigned.cosignatures), instant_text(self._clock()))
        return cosigned

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

    @contextmanager
    def _writing(self) -> Iterator[Sheet]:
        """Give a sheet on the locked head, and write what is on it; acknowledge only what is stored."""
        sheet: Sheet | None = None
        with self._lock:
            try:
                with store.writing(self._engine) as connection:
                    head = rows.read_head(connection, lock=True)
                    self._prepare(connection, head)
                    sheet = Sheet(connection, head, self._keyring, instant_text(self._clock()))
                    yield sheet
                    sheet.close(self._log_key)
            except BaseException as error:
                self._keyring = Keyring()  # it may have learnt what was rolled back
                if not isinstance(error, Problem) or sheet is None or not self._is_stored(sheet):
                    raise
            moved = sheet.moved
            if moved is not None and self._guard is not None and sheet.entries:
                self._signed = moved.size
                with suppress(LedgerError):  # it may lag behind; the entry is in, and that is what counts
                    self._guard.remember(moved.origin, moved.size, moved.tree.root)

    def _is_stored(self, sheet: Sheet) -> bool:
        """When the commit failed, look whether it is there after all."""
        if not sheet.entries or sheet.moved is None:
            return False
        try:
            return Reader(self._engine).find(sheet.entries[-1].entry_hash) is not None
        except Problem:
            return False

    def _prepare(self, connection: sa.Connection, head: Head) -> None:
        """Check that this head is ours to sign over, and learn what others wrote about parties and keys."""
        if head.log_key != self._log_key_text:
            raise LedgerError(
                "this is not the key of this log",
                code="log-key-wrong",
                found=self._log_key_text,
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
