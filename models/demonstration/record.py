"""Put the tale into a ledger: every party signs its own part, many sayings under one signature.

Rule: it goes in by the same door as anybody's: leaves signed elsewhere, each judged on its own by the desk.
What a person said goes to the vault first; only the commitment is signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledger.envelope import LARGEST_BATCH, Author, entry_hash, seal, seal_batch, write_body
from ledger.errors import LedgerBug
from ledger.events import codec
from ledger.events.evidence import Commitment, Complaint, Review
from ledger.events.governance import PartyEnrolled
from ledger.events.values import KeyId
from ledger.keys import KeyPair
from models.demonstration.tale import Tale
from models.demonstration.telling import Telling

Keep = Callable[[str], Commitment]


@dataclass(slots=True)
class _Author:
    """One key's chain while it is being written."""

    pair: KeyPair
    seq: int = 0
    prev: bytes | None = None
    bodies: list[tuple[int, bytes]] = field(default_factory=list)


def enrolment(tale: Tale) -> PartyEnrolled:
    """Return the first entry: the administrator enrolling itself, signed when the tale begins."""
    event = tale.tellings[0].event
    if not isinstance(event, PartyEnrolled):
        raise LedgerBug(f"a ledger begins with an enrolment, not with {type(event).__name__}")
    return event


def leaves(tale: Tale, pairs: Mapping[str, KeyPair], keep: Keep, first: bytes) -> tuple[bytes, ...]:
    """Return every entry but the first, signed, in the order it was written down.

    Args:
        pairs: the key of every party, by the party's short name in the cast.
        keep: puts a person's words into the vault and returns what may be signed.
        first: the entry hash of the enrolment that founded the ledger.
    """
    keys = {actor.id: pairs[key] for key, actor in tale.cast.actors.items()}
    authors = {party: _Author(pair) for party, pair in keys.items()}
    founder = authors[tale.tellings[0].party]
    founder.seq, founder.prev = 1, first
    for place, telling in enumerate(tale.tellings[1:]):
        _write(authors[telling.party], place, telling, keep)
    signed: dict[int, bytes] = {}
    for author in authors.values():
        signed.update(_sign(author))
    return tuple(signed[place] for place in sorted(signed))


def _write(author: _Author, place: int, telling: Telling, keep: Keep) -> None:
    event = telling.event
    if telling.words is not None and isinstance(event, Complaint | Review):
        event = replace(event, words=keep(telling.words))
    who = Author(telling.party, KeyId(author.pair.key_id), author.seq, author.prev)
    body = write_body(codec.type_name(event), codec.encode(event), who, telling.record_time)
    author.bodies.append((place, body))
    author.seq, author.prev = author.seq + 1, entry_hash(body)


def _sign(author: _Author) -> Iterable[tuple[int, bytes]]:
    for start in range(0, len(author.bodies), LARGEST_BATCH):
        places, bodies = zip(*author.bodies[start : start + LARGEST_BATCH], strict=True)
        yield from zip(places, _seal(bodies, author.pair), strict=True)


def _seal(bodies: Sequence[bytes], pair: KeyPair) -> Sequence[bytes]:
    return (seal(bodies[0], pair),) if len(bodies) == 1 else seal_batch(bodies, pair)
