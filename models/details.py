"""One entry, whole: what it says, who signed it and whether that signature holds, and all of its hashes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ledger.bracket import Bracket
from ledger.envelope import open_leaf
from ledger.events import codec
from ledger.keyring import Keyring
from ledger.reader import Entry
from models.dossier import Party
from models.finding import Finding
from models.provenance.bracketing import of_entry


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """What stands behind one line of the ledger.

    Args:
        author: the enrolled party, None for a key that nobody's enrolment names.
        signed: the signature is by the author's key, valid at this index.
        witnessed: an outside witness has seen a tree that contains it; `size` is that tree's, else 0.
        document: the event as canonical JSON, laid out for reading.
        not_before, not_after: the instants witnesses put around it, where known ones do.
        findings: what they know against the times it claims.
    """

    index: int
    type: str
    party: str
    author: Party | None
    event_time: datetime
    record_time: datetime
    seq: int
    signed: bool
    witnessed: bool
    size: int
    entry_hash: str
    leaf_hash: str
    chain_hash: str
    prev: str
    key_id: str
    public_key: str
    signature: str
    document: str
    not_before: datetime | None = None
    not_after: datetime | None = None
    findings: tuple[Finding, ...] = ()


def entry_details(
    entry: Entry, keyring: Keyring, author: Party | None, witnessed_to: int, bracket: Bracket
) -> EntryDetails:
    """Return everything about one entry, its signature checked against the keyring."""
    envelope = open_leaf(entry.leaf)
    key = keyring.keys.get(entry.key_id)
    # The first entry enrols its own signer, so its key becomes valid with it and not before.
    timely = key is not None and (entry.index == 0 or key.is_valid_at(entry.index))
    return EntryDetails(
        index=entry.index,
        type=entry.type,
        party=entry.party,
        author=author,
        event_time=entry.event_time,
        record_time=entry.record_time,
        seq=entry.seq,
        signed=key is not None and timely and envelope.is_signed_by(key.public),
        witnessed=entry.index < witnessed_to,
        size=witnessed_to if entry.index < witnessed_to else 0,
        entry_hash=entry.entry_hash.hex(),
        leaf_hash=entry.leaf_hash.hex(),
        chain_hash=entry.chain_hash.hex(),
        prev=envelope.author.prev.hex() if envelope.author.prev else "",
        key_id=entry.key_id,
        public_key=key.public.hex if key is not None else "",
        signature=envelope.signature.hex(),
        document=json.dumps(codec.document(entry.event), ensure_ascii=False, indent=2, sort_keys=True),
        not_before=bracket.not_before,
        not_after=bracket.not_after,
        findings=tuple(of_entry(entry, bracket)),
    )
