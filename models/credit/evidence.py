"""One piece of evidence about one merchant: what counts, when it happened, when it was recorded.

The rule kept here: evidence carries two times. `day` is when it happened and sets how much it has faded;
`record_day` and `index` are when the ledger learnt of it and decide whether a score of that time may use
it (bitemporal). A later ruling takes evidence out of every later score as if it had never happened.
Days are whole days since 1970-01-01 (UTC), so that two machines never disagree about a fraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

STREAMS = (
    "inspection",
    "complaint",
    "review",
    "recall",
    "claim",
    "integrity",
    "delivery",
    "certificate",
    "ruling",
)
FULL = 1_000_000
REPEATED = 200_000
"""What is left of the weight when the same rater speaks again about the same merchant."""
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one entry says about one subject.

    Args:
        stream: which account it belongs to, one of `STREAMS`.
        kind: the word inside the stream (`routine`, `upheld`, `star-1`, `void`, a finding's code).
        day: day of the event; record_day: day the author wrote it down; index: its entry in the log.
        critical, serious, minor: violations of an inspection; elsewhere the counts are 0.
        severity: 1 to 3 for a complaint, recall or finding (3 is the worst).
        key: what may be counted once (a complaint's number, an item's key); empty means the entry itself.
        proven: signed by the key of a sold item, or said by somebody answerable for it.
        rater: who wrote a review, by pseudonym; one voice counts fully once.
        weight: micro-units, at most 1,000,000; flags cut it and are named in `flags`, never delete it.
        about: for a ruling, the entry it decides on.
    """

    stream: str
    subject: str
    kind: str
    day: int
    record_day: int
    index: int
    critical: int = 0
    serious: int = 0
    minor: int = 0
    severity: int = 0
    inspector: str = ""
    category: str = ""
    key: str = ""
    proven: bool = True
    rater: str = ""
    weight: int = FULL
    flags: tuple[str, ...] = ()
    about: int = -1

    def __post_init__(self) -> None:
        if self.stream not in STREAMS:
            raise ValueError(f"stream {self.stream!r}: expected one of {', '.join(STREAMS)}")
        if min(self.critical, self.serious, self.minor, self.severity) < 0:
            raise ValueError(f"counts of {self.subject} at {self.index} must not be negative")
        if not 0 <= self.weight <= FULL:
            raise ValueError(f"weight {self.weight}: expected 0 to {FULL}")


def day_of(instant: datetime | date) -> int:
    """Return the whole day of an instant, counted from 1970-01-01 in UTC.

    >>> day_of(date(1970, 1, 2))
    1
    """
    if isinstance(instant, datetime):
        instant = instant.astimezone(UTC).date()
    return instant.toordinal() - EPOCH


def date_of(day: int) -> date:
    """Return the calendar date of a day number."""
    return date.fromordinal(day + EPOCH)


def known(evidence: Iterable[Evidence], as_of: int, size: int) -> list[Evidence]:
    """Return what a score at day `as_of` over the first `size` entries may use, in one fixed order.

    Left out: what was recorded or happened later, what a ruling voided, suspended or repaired, and every
    entry but the deciding one of those sharing a key (a complaint's newest state, an item's first review).
    """
    seen = {e for e in evidence if e.index < size and e.record_day <= as_of and e.day <= as_of}
    gone = silenced(e for e in seen if e.stream == "ruling")
    heard = sorted(
        (e for e in seen if e.stream != "ruling" and e.index not in gone),
        key=lambda e: (e.index, repr(e)),
    )
    deciding: dict[tuple[str, str], Evidence] = {}
    free = []
    for e in heard:
        if not e.key:
            free.append(e)
        elif e.stream == "review":
            deciding.setdefault((e.stream, e.key), e)
        elif e.stream == "complaint" and (e.stream, e.key) in deciding:
            # A complaint fades from the day it was made: settling an old one must not make it fresh.
            deciding[(e.stream, e.key)] = replace(e, day=deciding[(e.stream, e.key)].day)
        else:
            deciding[(e.stream, e.key)] = e
    # What was repaired is no longer used, from the day of the repair on; before it, it counted.
    mended = repaired(seen, as_of, size)
    used = [e for e in (*free, *deciding.values()) if e.index not in mended]
    return sorted(_one_voice(used), key=lambda e: (e.day, e.index, repr(e)))


def repaired(evidence: Iterable[Evidence], as_of: int, size: int) -> frozenset[int]:
    """Return the entries whose repair had been granted by then (a ruling that says so)."""
    return frozenset(
        e.about
        for e in evidence
        if e.stream == "ruling" and e.kind == "repair" and e.index < size and e.record_day <= as_of
    )


def _one_voice(heard: Iterable[Evidence]) -> Iterator[Evidence]:
    """Yield the evidence, with later unproven reviews by a rater of the same merchant cut and flagged."""
    spoke: set[tuple[str, str]] = set()
    for e in sorted(heard, key=lambda e: (e.index, repr(e))):
        voice = (e.subject, e.rater)
        if e.stream == "review" and not e.proven and e.rater and voice in spoke:
            yield replace(e, weight=min(e.weight, REPEATED), flags=(*e.flags, "review-one-rater"))
        else:
            spoke.add(voice)
            yield e


def silenced(rulings: Iterable[Evidence]) -> frozenset[int]:
    """Return the entries not counted: the newest ruling on each decides; a voided ruling decides nothing."""
    decision: dict[int, str] = {}
    for ruling in sorted(rulings, key=lambda e: -e.index):
        if ruling.kind != "repair" and decision.get(ruling.index, "uphold") == "uphold":
            decision.setdefault(ruling.about, ruling.kind)
    return frozenset(index for index, word in decision.items() if word in ("void", "suspend"))
