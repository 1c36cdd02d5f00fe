"""Ask the ledger whether a claim that is lawful only if true is true: supported, unsupported, contradicted.

Rule: `supported` and `contradicted` always cite the entries they rest on; where the ledger is silent the
claim is `unsupported`, never guessed. Works on plain `Facts`, so it needs neither a ledger nor its views.
Source: Advertising Law 11 and 28, Anti-Unfair Competition Law 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from models.claims.lexicon import Lexicon, Truth

Verdict = Literal["supported", "unsupported", "contradicted"]


@dataclass(frozen=True, slots=True)
class CertificateFact:
    """A certificate that speaks for the lot; `standing` is valid, expired, not-yet or revoked."""

    scheme: str
    standing: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger says of one lot, as plain values.

    Args:
        inspections: (entry, faults that bear on safety) of each inspection.
        reports: (entry, pass | fail | undecided, whether no residue was detected) of each report.
        harvested: when and by which entry the goods came into being.
        legs: (shipped, received, entries) of each journey.
        hands: entries by which each party after the first received the goods.
        until: the instant up to which the goods have been under way: sold, or last received.
    """

    known: bool = False
    certificates: tuple[CertificateFact, ...] = ()
    inspections: tuple[tuple[int, int], ...] = ()
    harvested: tuple[datetime, int] | None = None
    reports: tuple[tuple[int, str, bool], ...] = ()
    legs: tuple[tuple[datetime, datetime, tuple[int, ...]], ...] = ()
    hands: tuple[int, ...] = ()
    until: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim to be borne out: where it stands, what it claims, and what the ledger says of it.

    Args:
        reason: code of the words that say why.
        entries: the entries that bear it out or contradict it.
    """

    start: int
    end: int
    words: str
    rule: str
    statute: tuple[str, ...]
    verdict: Verdict
    reason: str
    entries: tuple[int, ...] = ()


def claimed(text: str, lexicon: Lexicon) -> Iterator[tuple[Truth, int, int]]:
    """Give the claims in a text that are lawful only if true, each kind once per place."""
    folded = lexicon.folder.fold(text)
    for truth in lexicon.truths:
        for match in truth.pattern.finditer(folded.text):
            yield truth, *folded.span(*match.span())


def crosscheck(text: str, lexicon: Lexicon, facts: Facts) -> tuple[Judged, ...]:
    """Judge every such claim of a text by what the ledger says."""
    found = []
    for truth, start, end in claimed(text, lexicon):
        verdict, reason, entries = judge(truth, facts)
        found.append(Judged(start, end, text[start:end], truth.code, truth.statute, verdict, reason, entries))
    return tuple(sorted(found, key=lambda each: (each.start, each.rule)))


def judge(truth: Truth, facts: Facts) -> tuple[Verdict, str, tuple[int, ...]]:
    """Return the verdict on one kind of claim, why, and the entries behind it."""
    if not facts.known:
        return "unsupported", "lot-unknown", ()
    if truth.inspections or truth.failing:
        failed = tuple(index for index, faults in facts.inspections if faults)
        failed += tuple(index for index, verdict, _ in facts.reports if verdict == "fail")
        if failed:
            return "contradicted", "inspection-failed", failed
    if truth.schemes:
        return _certified(truth, facts)
    if truth.hours is not None:
        return _in_time(truth, facts, truth.hours)
    return _direct(facts)


def _certified(truth: Truth, facts: Facts) -> tuple[Verdict, str, tuple[int, ...]]:
    fitting = [fact for fact in facts.certificates if fact.scheme in truth.schemes]
    valid = next((fact for fact in fitting if fact.standing == "valid"), None)
    if valid is not None:
        return "supported", "certificate-valid", valid.entries
    passed = tuple(index for index, faults in facts.inspections if not faults)
    passed += tuple(index for index, verdict, _ in facts.reports if verdict == "pass")
    if truth.inspections and passed:
        return "supported", "inspection-passed", passed
    nothing = tuple(index for index, verdict, none in facts.reports if none and verdict == "pass")
    if truth.code == "no-residue" and nothing:
        return "supported", "inspection-passed", nothing
    if fitting:
        return "contradicted", f"certificate-{fitting[0].standing}", fitting[0].entries
    return "unsupported", "certificate-none", ()


def _in_time(truth: Truth, facts: Facts, hours: tuple[int, int]) -> tuple[Verdict, str, tuple[int, ...]]:
    within, beyond = (timedelta(hours=hour) for hour in hours)
    spans: list[tuple[timedelta, tuple[int, ...]]] = []
    if truth.code == "same-day":
        spans = [(received - shipped, entries) for shipped, received, entries in facts.legs[-1:]]
    elif facts.harvested is not None and facts.until is not None:
        spans = [(facts.until[0] - facts.harvested[0], (facts.harvested[1], facts.until[1]))]
    if not spans:
        return "unsupported", "time-unknown", ()
    took, entries = spans[0]
    if took <= within:
        return "supported", "time-short", entries
    return (
        ("contradicted", "time-long", entries) if took > beyond else ("unsupported", "time-between", entries)
    )


def _direct(facts: Facts) -> tuple[Verdict, str, tuple[int, ...]]:
    if facts.harvested is None:
        return "unsupported", "origin-unknown", ()
    entries = (facts.harvested[1], *facts.hands)
    if len(facts.hands) <= 1:
        return "supported", "hands-direct", entries
    return "contradicted", "hands-between", entries
