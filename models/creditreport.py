"""What a portable credit report says of a merchant: the score, its parts, and where it can be recomputed.

Rule: base plus factors is the score, exactly, here too. At most ten factors are named, so that the report
fits a QR code that a phone reads; the rest are one sum. Nothing a person wrote is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ledger.credential import Checked, check, pack
from ledger.events.instants import instant_text
from models.credit.ladder import Standing
from models.credit.scorecard import Contribution, Score

MOST_FACTORS = 10
KIND = "MerchantCreditReport"
VALID_DAYS = 30
OTHER = "other-factors"


def subject_of(party: str, name: str, score: Score, held: Standing, origin: str) -> dict[str, Any]:
    """Return the `credentialSubject` of a merchant's report."""
    return {
        "id": party,
        "name": name,
        "score": score.score,
        "grade": score.grade,
        "held": held.grade,
        "interval": list(score.interval),
        "base": score.base,
        "factors": [[code, points] for code, points in factors_of(score.contributions)],
        "policy": score.policy,
        "ledger": origin,
        "size": score.size,
        "asOf": instant_text(score.as_of.replace(microsecond=0)),
    }


def checked(text: bytes, now: datetime, issuer: str | None = None) -> Checked:
    """Check a report with nothing but itself and a clock; its numbers must add up, too."""
    found = check(text, now, issuer)
    subject = found.document.get("credentialSubject")
    if found.problem or not isinstance(subject, dict) or KIND not in found.document.get("type", ()):
        return found
    try:
        total = int(subject["base"]) + sum(int(points) for _, points in subject["factors"])
    except (KeyError, TypeError, ValueError):
        return replace(found, problem="credential-sum-wrong")
    adds_up = subject.get("score") is None or total == subject["score"]
    return found if adds_up else replace(found, problem="credential-sum-wrong")


def factors_of(parts: tuple[Contribution, ...]) -> list[tuple[str, int]]:
    """Return the parts with points, those that move most first, the small ones past ten as one sum."""
    moved = sorted(((part.code, part.points) for part in parts if part.points), key=lambda p: (-abs(p[1]), p))
    if len(moved) <= MOST_FACTORS:
        return moved
    rest = sum(points for _, points in moved[MOST_FACTORS - 1 :])
    return [*moved[: MOST_FACTORS - 1], (OTHER, rest)]


def as_code(document: Mapping[str, Any]) -> str:
    """Return a signed report as the text of a QR code."""
    return pack(document)
