"""What one transaction writes: bodies signed here or leaves signed elsewhere, each judged before it counts.

The rule kept here: an entry is on the sheet only if its author's key was valid, its author may say this, and
it is its author's next word. A leaf that fails is told with its reason; a second body under a number that is
taken is kept as a conflict, for it is evidence against its author.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from ledger import lookups, rows
from ledger.authority import GOVERNANCE, is_plain
from ledger.envelope import Chain, Envelope, instant_text, open_leaf
from ledger.envelope import entry_hash as hash_of
from ledger.errors import LedgerError, Problem
from ledger.events import codec
from ledger.events.governance import PartyEnrolled
from ledger.events.values import KeyId, PartyId
from ledger.keyring import Keyring
from ledger.keys import KeyPair
from ledger.receipts import Admission, Receipt
from ledger.rows import Head, NewEntry
from ledger.signing import Signing
from ledger.tlog.note_keys import SignerKey


@dataclass(slots=True)
class Sheet:
    """The entries of one transaction on top of a locked head.

    Args:
        connection: the transaction.
        head: the head it holds.
        keyring: the fold of all entries before the head; learns what is put on the sheet.
        now: the record time of what is signed here, and when what comes from elsewhere was received.
    """

    connection: sa.Connection
    head: Head
    keyring: Keyring
    now: str
    moved: Head | None = None
    entries: list[NewEntry] = field(default_factory=list)
    _places: list[tuple[int, bytes, bool]] = field(default_factory=list)
    _tails: dict[str, tuple[int, bytes | None]] = field(default_factory=dict)
    _said: dict[tuple[str, int], tuple[int, bytes]] = field(default_factory=dict)
    _free: set[tuple[str, KeyId]] = field(default_factory=set)

    def sign(self, events: Sequence[codec.Event], pair: KeyPair, *, batch: bool, once: bool) -> None:
        """Put the events on the sheet, signed, as the next of the author's chain."""
        key_id = KeyId(pair.key_id)
        party = self._party_of(key_id, events)
        anchor = lookups.newest_anchor(self.connection)
        seq, prev = lookups.author_tail(self.connection, key_id)
        documents = [codec.document(event) for event in events]
        texts = [rows.event_text(document) for document in documents]
        hashes = [rows.event_hash(text) for text in texts]
        known = lookups.said_before(self.connection, party, hashes) if once else {}
        chain = Chain(party, key_id, self.now, anchor)
        said: list[tuple[bytes, bytes, str, str, str, int, str, str]] = []
        with Signing(pair, batch) as signing:
            for digest, document, text in zip(hashes, documents, texts, strict=True):
                if digest in known:
                    self._places.append((*known[digest], True))
                    continue
                index, kind = self.next_index + len(said), str(document["type"])
                self._may_say(kind, document, key_id, party, index)
                body = chain.body(kind, text, seq, prev)
                signing.put(body)
                prev = hash_of(body)
                said.append((prev, digest, kind, party, key_id, seq, self.now, str(document["eventTime"])))
                self._places.append((index, prev, False))
                seq += 1
                if once:
                    known[digest] = (index, prev)
            leaves = signing.leaves()
        self.entries += [NewEntry(leaf, *row) for leaf, row in zip(leaves, said, strict=True)]

    def admit(self, leaf: bytes) -> Admission:
        """Put a leaf that was signed elsewhere on the sheet, or say why not."""
        try:
            envelope = open_leaf(leaf)
        except Problem as problem:
            return Admission("refused", b"", None, problem)
        place = (envelope.author.key_id, envelope.author.seq)
        known = self._said.get(place) or lookups.said_at(self.connection, *place)
        if known is not None:
            return self._again(envelope, *known)
        try:
            self._attribute(envelope)
        except Problem as problem:
            return Admission("refused", envelope.entry_hash, None, problem)
        index, author = self.next_index, envelope.author
        self._said[place] = (index, envelope.entry_hash)
        self._tails[author.key_id] = (author.seq + 1, envelope.entry_hash)
        self.entries.append(_row_of(envelope))
        return Admission("added", envelope.entry_hash, index)

    def close(self, log_key: SignerKey) -> None:
        """Write the entries, the tiles and the new head with its signed checkpoint."""
        self.moved = self.head
        if self.entries:
            self.moved = rows.extend(self.connection, self.head, self.entries, log_key)

    def receipts(self) -> tuple[Receipt, ...]:
        """Return a receipt for each event that was to be signed, in order."""
        head = self.moved or self.head
        size, root, note = head.size, head.tree.root, head.checkpoint
        return tuple(Receipt(index, entry, size, root, note, old) for index, entry, old in self._places)

    @property
    def next_index(self) -> int:
        """Return the index that the next entry gets."""
        return self.head.size + len(self.entries)

    def _may_say(
        self, kind: str, document: Mapping[str, object], key_id: KeyId, party: PartyId, index: int
    ) -> None:
        """Ask the keyring; what a key may plainly say, only governance changes."""
        if (kind, key_id) in self._free:
            self.keyring.size = index + 1
            return
        self.keyring.signer(kind, document, key_id, party, index)
        self.keyring.admit(kind, document, party, index)
        if kind in GOVERNANCE:
            self._free.clear()
        elif is_plain(kind):
            self._free.add((kind, key_id))

    def _party_of(self, key_id: KeyId, events: Sequence[codec.Event]) -> PartyId:
        first = events[0] if events else None
        if self.head.size == 0 and isinstance(first, PartyEnrolled):
            return first.party
        key = self.keyring.keys.get(key_id)
        if key is None:
            raise LedgerError(
                "this key is not enrolled in this ledger",
                code="key-unknown",
                found=key_id,
                remedy="send the enrolment file to an administrator, who runs: suxin enrol FILE",
            )
        return key.party

    def _again(self, envelope: Envelope, index: int, here: bytes) -> Admission:
        if here == envelope.entry_hash:
            return Admission("known", here, index)
        key = self.keyring.keys.get(envelope.author.key_id)
        if key is None or not envelope.is_signed_by(key.public):
            # Only its author can contradict itself; anybody could make up an unsigned rival.
            return Admission("refused", envelope.entry_hash, None, _not_its_authors(envelope))
        lookups.keep_conflict(self.connection, envelope, index, self.now)
        return Admission("conflict", envelope.entry_hash, index)

    def _attribute(self, envelope: Envelope) -> None:
        """Refuse a leaf that is not its author's next word, signed by its key, and its author's to say."""
        author, index = envelope.author, self.next_index
        tail = self._tails.get(author.key_id) or lookups.author_tail(self.connection, author.key_id)
        if (author.seq, author.prev) != tail:
            raise LedgerError(
                "an earlier entry of this author is missing here, or is another one",
                code="author-gap",
                found=f"number {author.seq}",
                expected=f"number {tail[0]}",
                where=f"key {author.key_id}",
                remedy="bring the author's earlier bundle first, then this one again",
            )
        public = self.keyring.signer(envelope.type, envelope.event, author.key_id, author.party, index)
        if not envelope.is_signed_by(public):
            raise _not_its_authors(envelope)
        codec.decode(envelope.event)
        self.keyring.admit(envelope.type, envelope.event, author.party, index)


def _not_its_authors(envelope: Envelope) -> LedgerError:
    return LedgerError(
        "the signature is not its author's",
        code="signature-wrong",
        found=envelope.signature.hex()[:16],
        expected=f"a signature by key {envelope.author.key_id}",
        remedy="ask the author for the entry again; it was altered on the way",
    )


def _row_of(envelope: Envelope) -> NewEntry:
    author = envelope.author
    return NewEntry(
        envelope.leaf,
        envelope.entry_hash,
        rows.event_hash(rows.event_text(envelope.event)),
        envelope.type,
        author.party,
        author.key_id,
        author.seq,
        instant_text(envelope.record_time),
        str(envelope.event["eventTime"]),
    )
