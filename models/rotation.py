"""Change the key a party speaks with: old and new sign, then the old one falls silent.

Rule: a key that is lost on the way harms nobody. The new key is sealed on the disk before the ledger hears of
it, used only once it is enrolled, and the old one is revoked last, by the new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ledger.errors import LedgerError
from ledger.events.governance import KeyAdded, KeyRevoked
from ledger.events.values import KeyId, PartyId
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.possession import prove
from ledger.reader import Reader
from ledger.receipts import Receipt


class Recorder(Protocol):
    """What a workspace gives to this module."""

    home: Home
    reader: Reader
    clock: Callable[[], datetime]

    def record(self, event: KeyAdded | KeyRevoked, *, as_party: str | None = None) -> Receipt:
        """Sign an event, append it, and return its receipt."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a party: the entry that enrolled it, the one that revoked it, whether it lies here."""

    key_id: str
    added: int
    revoked: int | None
    here: bool


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the new key, the old one, and the two entries."""

    new: str
    old: str
    added: int
    revoked: int


def keys_of(workspace: Recorder, party: str) -> tuple[KeyRow, ...]:
    """Return every key the party ever had, oldest first."""
    here = workspace.home.identities().get(party, [])
    keyring = workspace.reader.keyring()
    return tuple(
        KeyRow(key.key_id, max(key.added, 0), key.revoked, key.key_id in here)
        for key in keyring.keys_of(party)
    )


def rotate(workspace: Recorder, party: str, reason: str = "rotated") -> Rotated:
    """Enrol a new key for a party whose key lies here, use it, and revoke the old one."""
    old = workspace.home.author(party)
    new = KeyPair.generate(workspace.home.random)
    workspace.home.put_aside(new)
    event = KeyAdded(workspace.clock(), PartyId(party), new.public.hex, prove(new, party))
    added = workspace.record(event, as_party=party)
    workspace.home.use(party, new.key_id)
    revoked = revoke(workspace, party, old.key_id, reason)
    return Rotated(new.key_id, old.key_id, added.index, revoked.index)


def revoke(
    workspace: Recorder, party: str, key_id: str, reason: str, *, as_party: str | None = None
) -> Receipt:
    """End a key's right to speak from this entry on; its party does so, or an administrator.

    Raises:
        LedgerError: code `key-last`: nobody could sign for the party any more, not even this.
    """
    left = [row for row in keys_of(workspace, party) if row.revoked is None and row.key_id != key_id]
    if not left and (as_party is None or as_party == party):
        raise LedgerError(
            "this is the party's only key",
            code="key-last",
            found=key_id,
            expected="another key that stays valid",
            remedy="rotate instead: key rotate; a lost key is revoked by an administrator (--as)",
        )
    event = KeyRevoked(workspace.clock(), PartyId(party), KeyId(key_id), reason)
    return workspace.record(event, as_party=as_party or party)
