"""What the evidence makes of the prior: two decayed masses, bad and good, and the log-odds between them.

    odds = (B + k * p) / (G + k * (1 - p))          a Beta posterior with prior mean p and strength k

`B` and `G` are sums of evidence masses (policy), each halved once per half-life; `p` is the pooled share of
failed routine visits in the merchant's category. Bad evidence only ever adds to B and good evidence only to
G, so one more bad thing can never help. Both fade by one common factor, so waiting moves the odds toward
p / (1 - p), monotonically, and never past it. All sums are whole numbers in units that grow with the
calendar (`policy.growth`), hence no order of arrival and no machine gives another result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.credit.evidence import Evidence
from models.credit.masses import parts_of
from models.credit.policy import MICRO, Policy, growth, worth

_BITS = 20


@dataclass(frozen=True, slots=True)
class Priors:
    """What is usual: failed share of routine visits, overall and by category; severity by inspector.

    Args:
        adverse: overall share in micro-units; categories: the same by category, already pooled.
        inspectors: observed over expected failures in milli-units (1000 = as the others), shrunk to 1000.
    """

    adverse: int
    categories: Mapping[str, int] = field(default_factory=dict)
    inspectors: Mapping[str, int] = field(default_factory=dict)

    def of(self, category: str) -> int:
        """Return the pooled share of the category, or of its nearest known parent, or of everybody."""
        while category:
            if category in self.categories:
                return self.categories[category]
            category = parent_of(category)
        return self.adverse


def parent_of(category: str) -> str:
    """Return the wider category: what stands after a separator refines the word before it.

    >>> parent_of("bakery|H24"), parent_of("food: bakery")
    ('bakery', 'food')
    """
    cut = max(category.rfind(mark) for mark in "|/:;>_")
    return category[:cut].strip() if cut > 0 else ""


def log2_micro(numerator: int, denominator: int) -> int:
    """Return log2(numerator / denominator) in micro-units, by whole-number squaring, rounded down.

    Monotone in the numerator, and the same on every machine, which `math.log2` does not promise.

    >>> log2_micro(8, 1), log2_micro(1, 1), log2_micro(3, 2)
    (3000000, 0, 584961)
    """
    if numerator < denominator:
        return -log2_micro(denominator, numerator)
    whole = (numerator // denominator).bit_length() - 1
    x = (numerator << 62) // (denominator << whole)
    bits = 0
    for _ in range(_BITS):
        x = x * x >> 62
        bits <<= 1
        if x >> 63:
            bits |= 1
            x >>= 1
    return whole * MICRO + (bits * MICRO >> _BITS)


class Account:
    """The running sums of one merchant: adding is constant work, waiting costs nothing.

    Evidence must come in order of its day (`evidence.known` gives it so). Reviews go through purses that
    never hold more than the policy's caps: ten thousand sales weigh no more than a hundred, and two hundred
    reviews nobody can prove hardly more than twenty. Proven praise and criticism share one purse, so that
    their proportion counts; unproven ones have one each, so that neither can push the other out.
    """

    __slots__ = (
        "_praise",
        "_proven",
        "_smear",
        "_table",
        "bad",
        "cite",
        "effective",
        "entries",
        "good",
        "policy",
        "priors",
        "sound",
    )

    def __init__(self, policy: Policy, priors: Priors, *, cite: bool = True) -> None:
        self.policy = policy
        self.cite = cite
        self.priors = priors
        self.bad: dict[str, int] = {}
        self.good: dict[str, int] = {}
        self.entries: dict[str, list[int]] = {}
        self.effective = self.sound = 0
        self._table = growth(policy)
        self._proven = _Purse(policy.proven_cap, policy.proven_cap)
        self._praise = _Purse(policy.unproven_cap, policy.unproven_daily_cap)
        self._smear = _Purse(policy.unproven_cap, policy.unproven_daily_cap)

    def add(self, evidence: Evidence) -> None:
        """Take one piece of evidence in."""
        unit = worth(self._table, evidence.day)
        severity = self.priors.inspectors.get(evidence.inspector, 1000) if evidence.inspector else 1000
        for code, bad, good in parts_of(evidence, self.policy, severity):
            if self.cite:
                self.entries.setdefault(code, []).append(evidence.index)
            if evidence.stream == "review":
                self._review(evidence, unit, bad, good)
                continue
            if bad:
                self.bad[code] = self.bad.get(code, 0) + bad * unit
            if good:
                self.good[code] = self.good.get(code, 0) + good * unit
        if evidence.proven:
            weight = self.policy.effective_milli.get(evidence.stream, 0)
            self.effective += weight * evidence.weight * unit
            if evidence.stream == "inspection" and not evidence.critical:
                self.sound += weight * evidence.weight * unit

    def masses(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the bad and the good mass by reason code, in units of the growth table."""
        bad, good = dict(self.bad), dict(self.good)
        criticism, praise = self._proven.settled()
        found = (
            (bad, "review-criticism", criticism),
            (good, "review-praise", praise),
            (bad, "review-criticism-unproven", self._smear.settled()[0]),
            (good, "review-praise-unproven", self._praise.settled()[1]),
        )
        for side, code, mass in found:
            if mass:
                side[code] = mass
        return bad, good

    def _review(self, evidence: Evidence, unit: int, bad: int, good: int) -> None:
        if evidence.proven:
            self._proven.add(evidence.day, unit, bad, good)
        else:
            self._smear.add(evidence.day, unit, bad, 0)
            self._praise.add(evidence.day, unit, 0, good)

    def effective_milli(self, day: int) -> int:
        """Return how many fresh visits the evidence is worth on `day`, in thousandths."""
        return self.effective // (worth(self._table, day) * MICRO)

    def sound_milli(self, day: int) -> int:
        """Return how many fresh visits that found nothing critical the evidence holds, in thousandths."""
        return self.sound // (worth(self._table, day) * MICRO)


def add_all(evidence: Iterable[Evidence], policy: Policy, priors: Priors) -> Account:
    """Return the account that holds all of the evidence."""
    account = Account(policy, priors)
    for one in evidence:
        account.add(one)
    return account


class _Purse:
    """Reviews of one tier: today's, and the settled rest, both held under their cap."""

    __slots__ = ("bad", "cap", "daily_cap", "day", "good", "today_bad", "today_good", "unit")

    def __init__(self, cap: int, daily_cap: int) -> None:
        self.cap, self.daily_cap = cap, daily_cap
        self.day = self.unit = self.bad = self.good = self.today_bad = self.today_good = 0

    def add(self, day: int, unit: int, bad: int, good: int) -> None:
        if day != self.day:
            self.bad, self.good = self.settled()
            self.day, self.unit, self.today_bad, self.today_good = day, unit, 0, 0
        self.today_bad += bad * unit
        self.today_good += good * unit

    def settled(self) -> tuple[int, int]:
        bad, good = _held(self.today_bad, self.today_good, self.daily_cap * self.unit)
        return _held(self.bad + bad, self.good + good, self.cap * self.unit)


def _held(bad: int, good: int, cap: int) -> tuple[int, int]:
    total = bad + good
    return (bad, good) if total <= cap else (bad * cap // total, good * cap // total)
