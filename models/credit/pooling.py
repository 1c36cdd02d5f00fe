"""What is usual here: pooled failure shares by category, and how severe each inspector is.

A category borrows from its parent and from everybody until it has visits of its own; an inspector counts as
ordinary until enough visits show otherwise. Severity is observed over expected failures, where "expected"
already knows the category: an inspector of sushi bars is not severe for finding what sushi bars have.
All counts are whole numbers and no order matters, so that two machines pool to the same priors.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.credit.evidence import Evidence, day_of, silenced
from models.credit.policy import MICRO, Policy
from models.credit.posterior import Priors, parent_of


class Pool:
    """Counts of routine visits and failures, overall, by category and by inspector."""

    __slots__ = ("_categories", "_inspectors", "_overall", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._overall = [0, 0]
        self._categories: dict[str, list[int]] = {}
        self._inspectors: dict[str, dict[str, list[int]]] = {}

    def add(self, visit: Evidence) -> None:
        """Take the outcome of one routine visit in; every other evidence is not what is usual."""
        if visit.stream != "inspection" or visit.kind != "routine" or not visit.weight:
            return
        failed = int(visit.critical > 0)
        if visit.inspector:
            met = self._inspectors.setdefault(visit.inspector, {})
            _count(met.setdefault(visit.category, [0, 0]), failed)
        _count(self._overall, failed)
        category = visit.category
        while category:
            _count(self._categories.setdefault(category, [0, 0]), failed)
            category = parent_of(category)

    def share(self, category: str) -> int:
        """Return the usual failure share of a category in micro-units."""
        if not category:
            return _pooled(self._overall, self.policy.pool_strength, self.policy.prior_adverse)
        parent = self.share(parent_of(category))
        return _pooled(self._categories.get(category, [0, 0]), self.policy.category_strength, parent)

    def severity(self, inspector: str) -> int:
        """Return observed over expected failures in milli-units, shrunk to 1000 and held within bounds."""
        met = self._inspectors.get(inspector, {})
        visits = sum(counts[0] for counts in met.values())
        failed = sum(counts[1] for counts in met.values())
        if visits < self.policy.inspector_from_visits:
            return 1000
        expected = sum(counts[0] * self.share(category) for category, counts in met.items())
        strength, most = self.policy.inspector_strength, self.policy.inspector_most_milli
        ratio = (failed * MICRO + strength) * 1000 // (expected + strength)
        return min(max(ratio, MICRO // most), most)

    def priors(self) -> Priors:
        """Return what is usual as of now, as a value a score can be recomputed from."""
        return Priors(
            self.share(""),
            {category: self.share(category) for category in sorted(self._categories)},
            {inspector: self.severity(inspector) for inspector in sorted(self._inspectors)},
        )


def pool(evidence: Iterable[Evidence], policy: Policy, as_of: datetime, size: int) -> Priors:
    """Return what was usual given the evidence recorded by then among the first `size` entries.

    Args:
        evidence: of all merchants, in any order.
    """
    counted = Pool(policy)
    day = day_of(as_of)
    by_then = [e for e in evidence if e.index < size and e.record_day <= day and e.day <= day]
    gone = silenced(e for e in by_then if e.stream == "ruling")
    for e in by_then:
        if e.index not in gone:
            counted.add(e)
    return counted.priors()


def _count(counts: list[int], failed: int) -> None:
    counts[0] += 1
    counts[1] += failed


def _pooled(counts: list[int], strength: int, toward: int) -> int:
    """Return (failures + strength * toward) / (visits + strength) in micro-units."""
    visits, failed = counts
    return (failed * MICRO * MICRO + strength * toward) // (visits * MICRO + strength)
