"""A small world for tests: deterministic keys, a few parties, and a ledger that knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import sqlalchemy as sa

from ledger.desk import Clock, Desk, Receipt, found_ledger
from ledger.events.evidence import Inspection
from ledger.events.governance import PartyEnrolled
from ledger.events.supply import ObjectEvent, Quantity
from ledger.events.values import PartyId
from ledger.keys import KeyPair
from ledger.reader import Reader
from ledger.tlog.note_keys import SignerKey

WHEN = datetime(2026, 3, 1, 8, tzinfo=UTC)
ORIGIN = "suxin.example/test"
ADMINISTRATOR = PartyId("https://id.gs1.org/417/9521000000015")
COOPERATIVE = PartyId("https://id.gs1.org/417/9521000000022")
MERCHANT = PartyId("https://id.gs1.org/417/9521000000039")
INSPECTOR = PartyId("https://id.gs1.org/417/9521000000046")
CONSUMER = PartyId("https://id.gs1.org/417/9521000000053")
CARRIER = PartyId("https://id.gs1.org/417/9521000000060")
CERTIFIER = PartyId("https://id.gs1.org/417/9521000000077")
ROLES = {
    COOPERATIVE: "cooperative",
    MERCHANT: "merchant",
    INSPECTOR: "inspector",
    CONSUMER: "consumer",
    CARRIER: "carrier",
    CERTIFIER: "certifier",
}


def pair_of(name: str) -> KeyPair:
    """The same key for the same name, in every run."""
    return KeyPair(sha256(name.encode()).digest())


def log_key(origin: str = ORIGIN) -> SignerKey:
    """The log's key of one origin."""
    return KeyPair(sha256(b"log " + origin.encode()).digest(), "log").log_signer(origin)


def enrolled(party: PartyId, role: str, *, key: KeyPair | None = None) -> PartyEnrolled:
    """The enrolment of a party with its own key."""
    public = (key or pair_of(party)).public.hex
    return PartyEnrolled(WHEN, party, f"合作社 {party[-4:]}", None, (role,), public)


def batch(number: int = 1, kilograms: int = 500) -> ObjectEvent:
    """A batch of rice registered by the cooperative."""
    lot = f"https://id.gs1.org/01/09521000000107/10/LOT{number:05}"
    return ObjectEvent(
        WHEN, "ADD", biz_step="commissioning", quantity_list=(Quantity(lot, Decimal(kilograms), "KGM"),)
    )


def inspection(subject: PartyId = MERCHANT, minor: int = 0) -> Inspection:
    """A routine inspection."""
    return Inspection(WHEN, subject, "routine", 0, 0, minor, "grocery")


@dataclass(frozen=True)
class World:
    """A ledger with every role enrolled, and what a test needs to add to it."""

    engine: sa.Engine
    desk: Desk
    reader: Reader
    clock: Clock

    def say(self, *events: object, by: PartyId = COOPERATIVE, **how: bool) -> tuple[Receipt, ...]:
        """Append events by a party."""
        return self.desk.append(events, pair_of(by), **how)  # type: ignore[arg-type]


def found_world(engine: sa.Engine, clock: Callable[[], datetime], *, origin: str = ORIGIN) -> World:
    """Found a ledger and enrol one party of each role: seven entries."""
    signer = log_key(origin)
    genesis = enrolled(ADMINISTRATOR, "administrator")
    found_ledger(engine, log_key=signer, administrator=pair_of(ADMINISTRATOR), enrolment=genesis, clock=clock)
    desk = Desk(engine, log_key=signer, clock=clock)
    desk.append([enrolled(party, role) for party, role in ROLES.items()], pair_of(ADMINISTRATOR))
    return World(engine, desk, Reader(engine), clock)
