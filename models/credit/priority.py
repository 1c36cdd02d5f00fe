"""Whom to visit next: an order of its own, apart from the score, with a share drawn by lot.

The score says how a merchant does; the priority says where a visit is worth most, so it may add how long
nobody came and what is still open. It never knows who would come. At least a fifth of every plan is drawn by
lot from the rest, so that nobody can be sure of being left out and the priority itself can be checked. The
lot is a hash of a seed and the name: anyone who is told the seed can draw it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from models.credit.policy import Policy
from models.credit.scorecard import Score

OPEN_COMPLAINT_POINTS = 5
MOST_COMPLAINT_POINTS = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A merchant who may be visited: the score, days since the last routine visit, complaints still open."""

    score: Score
    days_since_visit: int | None
    open_complaints: int = 0


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One place in the plan: why it is there, by reasons with points or by lot."""

    subject: str
    priority: int
    by_lot: bool
    reasons: tuple[tuple[str, int], ...]


def priority(candidate: Candidate, policy: Policy) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Return the priority in points and the reasons that add up to it."""
    risk = max(policy.highest_score - candidate.score.points, 0)
    reasons = [("priority-risk", risk)]
    waited = candidate.days_since_visit
    if waited is None:
        reasons.append(("priority-never-visited", policy.overdue_points))
    elif waited > policy.overdue_days:
        over = (waited - policy.overdue_days) * policy.overdue_points // policy.overdue_days
        reasons.append(("priority-overdue", min(over, policy.overdue_points)))
    if candidate.open_complaints:
        points = min(candidate.open_complaints * OPEN_COMPLAINT_POINTS, MOST_COMPLAINT_POINTS)
        reasons.append(("priority-complaints", points))
    found = tuple((code, points) for code, points in reasons if points)
    return sum(points for _, points in found), found


def plan(
    candidates: Iterable[Candidate], budget: int, policy: Policy, seed: bytes
) -> tuple[PlannedVisit, ...]:
    """Return `budget` visits: the highest priorities, and at least the policy's share drawn by lot.

    Args:
        budget: number of visits; a share of it (policy, at least 20 %, rounded up) goes by lot.
        seed: makes the lot reproducible; publish it after the visits, not before.
    """
    everybody = [(*priority(c, policy), c.score.subject) for c in candidates]
    budget = min(budget, len(everybody))
    by_lot = -(-budget * policy.random_share_milli // 1000)
    ranked = sorted(everybody, key=lambda row: (-row[0], _lot(seed, row[2])))
    first, rest = ranked[: budget - by_lot], ranked[budget - by_lot :]
    drawn = sorted(rest, key=lambda row: _lot(seed, row[2]))[:by_lot]
    chosen = [(row, False) for row in first] + [(row, True) for row in drawn]
    return tuple(PlannedVisit(row[2], row[0], lot, row[1]) for row, lot in chosen)


def _lot(seed: bytes, subject: str) -> bytes:
    return sha256(b"suxin inspection lot v1\x00" + seed + b"\x00" + subject.encode()).digest()
