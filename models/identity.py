"""Make who somebody is: a key, the party's id, and the event that enrols it.

Rule: a party is named by its GS1 location number where it has one, else by its first key (did:key), so that
nobody needs permission to have an identity and nobody can take another's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger import enrolment, phrase
from ledger.durable import PUBLIC, write_file
from ledger.events import identifiers
from ledger.events.governance import PartyEnrolled
from ledger.events.values import PartyId
from ledger.home import Home
from ledger.keys import KeyPair


def new_identity(
    home: Home,
    *,
    clock: Callable[[], datetime],
    name: str,
    roles: tuple[str, ...],
    name_en: str | None = None,
    gln: str | None = None,
    category: str | None = None,
) -> tuple[PartyEnrolled, KeyPair]:
    """Return the enrolment of a new party and its key, which is kept sealed in the home folder.

    Raises:
        EventInvalid: a role, the GLN or a name is not one; no key is kept then.
    """
    pair = KeyPair.generate(home.random)
    party = pair.public.did if gln is None else _party_of(gln)
    event = PartyEnrolled(
        event_time=clock(),
        party=PartyId(party),
        name=name,
        name_en=name_en,
        roles=roles,
        public_key=pair.public.hex,
        category=category,
    )
    home.keep(party, pair)
    return event, pair


def backup_phrase(home: Home, party: str | None = None) -> tuple[str, ...]:
    """Return the rows to write on paper that say a party's newest key, the first party's by default.

    Raises:
        LedgerError: code `key-not-here`.
    """
    return phrase.write_phrase(home.author(party or home.me or "").seed)


def restore_identity(home: Home, text: str, gln: str | None = None) -> tuple[str, str]:
    """Seal the key that a backup phrase says and return the party and the key's id.

    Args:
        gln: the location number the party is named by, where it is; else its first key names it.

    Raises:
        EventInvalid: the phrase is wrong, and where; or the number is.
        LedgerError: code `key-file-exists`: this key is here already.
    """
    pair = KeyPair(phrase.read_phrase(text))
    party = pair.public.did if gln is None else _party_of(gln)
    home.keep(party, pair)
    return party, pair.key_id


def _party_of(gln: str) -> str:
    return identifiers.canonical(f"https://id.gs1.org/417/{identifiers.gln(gln)}")


@dataclass(frozen=True, slots=True)
class Founded:
    """An identity just made; `state` is founded (with a ledger of its own) or requested (to be enrolled)."""

    party: str
    key_id: str
    state: str
    request: Path | None = None


def write_request(home: Home, event: PartyEnrolled, pair: KeyPair) -> Path:
    """Write the file with which an administrator enrols this party, and return where it is."""
    path = home.root / f"enrolment-{pair.key_id}.json"
    write_file(path, enrolment.write_request(event, pair), mode=PUBLIC)
    return path
