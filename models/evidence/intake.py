"""From events to evidence: what an entry says about a merchant's conduct, with both of its times.

The rule kept here: nothing is judged and nothing is dropped because it is implausible. An entry becomes
evidence about the party it names, weighs what the policy says, and what cuts the weight is named in `flags`.
A finding of our own programs becomes evidence only through a party that signed it (`ClaimFinding.confirmed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Protocol

from ledger.errors import EventInvalid
from ledger.events.evidence import Certificate, ClaimFinding, Complaint, Inspection, Recall, Review
from ledger.events.governance import Ruling
from ledger.events.itemkeys import ItemRoot, check_review
from models.credit.evidence import Evidence, day_of
from models.finding import Finding

RECALL_SEVERITY = {"I": 3, "II": 2, "III": 1}
FINDING_SEVERITY = {"info": 1, "attention": 2, "bad": 3}
_FINDING_KINDS = (
    ("mass-balance", ("-more-than-", "above-bound", "above-yield")),
    ("custody-gap", ("handover-", "non-holder", "two-custodians", "received-by-other", "shipped-twice")),
    ("cold-chain-breach", ("temperature-",)),
    ("expired-goods", ("after-expiry", "recalled-lot-moved")),
    ("certificate-fault", ("certificate-",)),
    ("contradiction", ("before-", "impossible-", "after-end", "registered-by-two")),
)


class RecordedEvent(Protocol):
    """What the intake needs of an entry: its place in the log, its author, its clock and its event."""

    @property
    def index(self) -> int:
        """Place in the log."""

    @property
    def party(self) -> str:
        """Who signed it."""

    @property
    def record_time(self) -> datetime:
        """When its author wrote it down."""

    @property
    def event(self) -> object:
        """What happened."""


def evidence_of(
    entries: Iterable[RecordedEvent],
    *,
    responsible: Callable[[str], str | None] = lambda _lot: None,
    subjects: Callable[[int], tuple[str, ...]] = lambda _index: (),
    proven: Callable[[Review], bool] = lambda _review: False,
) -> Iterator[Evidence]:
    """Yield the evidence in the entries, in their order.

    Args:
        responsible: the party answerable for a lot (a recall names lots, not parties).
        subjects: the parties an earlier entry was evidence about, needed when a ruling comes in a later
            batch of entries than what it decides; within one call they are remembered.
        proven: whether a review counts in tier 1 (`proven_by`); by default none does.
    """
    remembered: dict[int, tuple[str, ...]] = {}
    for entry in entries:
        found = tuple(_evidence(entry, responsible, proven))
        if isinstance(entry.event, Ruling):
            about = entry.event.about
            found = _ruling(entry, entry.event, remembered.get(about) or subjects(about))
        if found:
            remembered[entry.index] = tuple(dict.fromkeys(e.subject for e in found))
        yield from found


def evidence_of_findings(
    findings: Iterable[Finding], entry: Callable[[int], RecordedEvent]
) -> Iterator[Evidence]:
    """Yield what the ledger itself shows as evidence about whoever signed the entry that shows it.

    Args:
        findings: what provenance found; those that are only for information are left out.
        entry: the entry at an index; the last one a finding cites made it visible, and dates it.
    """
    for found in findings:
        if found.severity == "info" or not found.entries:
            continue
        shown = entry(max(found.entries))
        yield Evidence(
            stream="integrity",
            subject=shown.party,
            kind=kind_of_finding(found.code),
            day=day_of(shown.record_time),
            record_day=day_of(shown.record_time),
            index=shown.index,
            severity=FINDING_SEVERITY[found.severity],
            key=f"{found.code}:{found.subject}:{'-'.join(map(str, found.entries))}",
        )


def proven_by(registered: Callable[[str], ItemRoot | None]) -> Callable[[Review], bool]:
    """Return the test of tier 1: signed by an item key that lies under the root its lot was registered with.

    Args:
        registered: the root of a lot's item keys, or None where it has none.
    """

    def proven(review: Review) -> bool:
        root = registered(review.lot) if review.lot and review.item_key else None
        if root is None:
            return False
        try:
            check_review(review, root)
        except EventInvalid:
            return False
        return True

    return proven


def kind_of_finding(code: str) -> str:
    """Return the policy's word for a provenance finding."""
    return next((kind for kind, signs in _FINDING_KINDS if any(sign in code for sign in signs)), code)


def _evidence(
    entry: RecordedEvent, responsible: Callable[[str], str | None], proven: Callable[[Review], bool]
) -> Iterator[Evidence]:
    event = entry.event
    if isinstance(event, Inspection):
        yield _inspection(entry, event)
    elif isinstance(event, Complaint):
        yield _complaint(entry, event)
    elif isinstance(event, Review):
        yield _review(entry, event, proven(event))
    elif isinstance(event, Certificate):
        kind = f"certificate-{event.status}"
        yield _plain(
            entry, "certificate", event.subject, kind, event.event_time, key=f"{event.scheme}:{event.number}"
        )
    elif isinstance(event, ClaimFinding) and event.confirmed:
        yield _plain(entry, "claim", event.subject, f"claim-{event.verdict}", event.event_time, severity=2)
    elif isinstance(event, Recall):
        yield from _recall(entry, event, responsible)


def _inspection(entry: RecordedEvent, event: Inspection) -> Evidence:
    own = entry.party == event.subject
    return Evidence(
        stream="inspection",
        subject=event.subject,
        kind=event.kind,
        day=day_of(event.event_time),
        record_day=day_of(entry.record_time),
        index=entry.index,
        critical=event.critical,
        serious=event.serious,
        minor=event.minor,
        inspector=entry.party,
        category=event.category,
        weight=0 if own else 1_000_000,
        flags=("self-dealing",) if own else (),
    )


def _complaint(entry: RecordedEvent, event: Complaint) -> Evidence:
    return Evidence(
        stream="complaint",
        subject=event.subject,
        kind=event.status,
        day=day_of(event.event_time),
        record_day=day_of(entry.record_time),
        index=entry.index,
        severity=event.severity,
        key=event.complaint_id,
    )


def _review(entry: RecordedEvent, event: Review, proven: bool) -> Evidence:
    own = entry.party == event.subject or event.rater == event.subject
    return Evidence(
        stream="review",
        subject=event.subject,
        kind=f"star-{event.stars}",
        day=day_of(event.event_time),
        record_day=day_of(entry.record_time),
        index=entry.index,
        key=f"item:{event.item_key}" if proven else "",
        rater=event.rater or "",
        proven=proven,
        weight=0 if own and not proven else 1_000_000,
        flags=("self-dealing",) if own and not proven else (),
    )


def _recall(
    entry: RecordedEvent, event: Recall, responsible: Callable[[str], str | None]
) -> Iterator[Evidence]:
    """One recall counts once for each answerable party, whatever lots it names; closing changes nothing."""
    if event.status != "opened":
        return
    answerable = dict.fromkeys(p for p in map(responsible, event.lots) if p)
    for party in answerable:
        severity = RECALL_SEVERITY[event.level]
        yield _plain(entry, "recall", party, f"recall-{event.level}", event.event_time, severity=severity)


def _plain(
    entry: RecordedEvent,
    stream: str,
    subject: str,
    kind: str,
    event_time: datetime,
    *,
    key: str = "",
    severity: int = 0,
) -> Evidence:
    return Evidence(
        stream=stream,
        subject=subject,
        kind=kind,
        day=day_of(event_time),
        record_day=day_of(entry.record_time),
        index=entry.index,
        key=key,
        severity=severity,
    )


def _ruling(entry: RecordedEvent, event: Ruling, subjects: tuple[str, ...]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            stream="ruling",
            subject=subject,
            kind=event.decision,
            day=day_of(event.event_time),
            record_day=day_of(entry.record_time),
            index=entry.index,
            about=event.about,
        )
        for subject in subjects
    )
