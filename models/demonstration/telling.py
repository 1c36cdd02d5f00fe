"""One thing said in the demonstration: who says it, what, and when they wrote it down.

Rule: everything follows from the instant passed in. What looks like chance (how late a note is written, who
writes which review) is drawn from a hash of its own name, so the same instant always tells the same story.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from ledger.events.codec import Event
from ledger.events.values import PartyId

ZONE = "+08:00"
_AHEAD = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Telling:
    """What `party` says; `words` are a person's own and go to the vault, never into the event."""

    party: PartyId
    event: Event
    record_time: datetime
    words: str | None = None


def tell(party: PartyId, event: Event, words: str | None = None) -> Telling:
    """Return the telling of an event, written down some minutes after it happened."""
    minutes = 3 + draw(45, party, event.event_time.isoformat(), type(event).__name__)
    return Telling(party, event, event.event_time + timedelta(minutes=minutes), words)


def draw(sides: int, *name: object) -> int:
    """Return a number from 0 to `sides` - 1 that depends on the name alone.

    >>> draw(6, "rice", 1) == draw(6, "rice", 1)
    True
    """
    digest = sha256("|".join(map(str, name)).encode()).digest()
    return int.from_bytes(digest[:8]) % sides


def at(day: date, clock: str) -> datetime:
    """Return the UTC instant of a Chinese day and clock time.

    >>> at(date(2026, 3, 1), "09:30")
    datetime.datetime(2026, 3, 1, 1, 30, tzinfo=datetime.timezone.utc)
    """
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - _AHEAD


def today(now: datetime) -> date:
    """Return the day it is in China."""
    return (now + _AHEAD).date()


def harvest_days(now: datetime, month: int, day: int) -> tuple[date, date]:
    """Return the last two harvests that lie at least 45 days back, older one first.

    >>> harvest_days(datetime(2026, 11, 22, tzinfo=UTC), 9, 28)
    (datetime.date(2025, 9, 28), datetime.date(2026, 9, 28))
    """
    latest = today(now) - timedelta(days=45)
    year = latest.year if latest >= date(latest.year, month, day) else latest.year - 1
    return date(year - 1, month, day), date(year, month, day)
