"""From evidence to a score of whole points whose named contributions add up to it, always and exactly.

`base` is where everybody starts (the pooled failure rate); each contribution moves it by whole points and
cites the entries it rests on. Twenty points double the odds. Thin evidence gives no score (NR), never a
good grade by default. An unrepaired serious event keeps the score under a ceiling that waiting cannot lift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from math import isqrt

from models.credit.evidence import Evidence, day_of, known, repaired
from models.credit.policy import GRADES, MICRO, Policy, growth, worth
from models.credit.posterior import Account, Priors, add_all, log2_micro

NOT_RATED = "NR"
Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    """So many points for one reason, with the entries it rests on."""

    code: str
    points: int
    params: Params = ()
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A merchant's score as of one day over one size of the ledger under one policy: anyone can recompute it.

    `points` is base plus contributions; `score` is the same number, or None where too little is known.
    """

    subject: str
    score: int | None
    grade: str
    interval: tuple[int, int]
    base: int
    contributions: tuple[Contribution, ...]
    policy: str
    size: int
    as_of: datetime
    effective_milli: int
    adverse_micro: int

    @property
    def points(self) -> int:
        """Return base plus contributions, also where no score is shown."""
        return self.base + sum(c.points for c in self.contributions)

    @property
    def effective_n(self) -> float:
        """Return how many fresh visits the evidence is worth."""
        return self.effective_milli / 1000


def score(
    subject: str,
    evidence: Iterable[Evidence],
    policy: Policy,
    as_of: datetime,
    size: int,
    priors: Priors | None = None,
) -> Score:
    """Score `subject` from the evidence recorded by `as_of` among the first `size` entries.

    Args:
        priors: what is usual in this ledger (`pooling.pool`); by default the policy's own prior.
    """
    day = day_of(as_of)
    mine = [e for e in evidence if e.subject == subject]
    heard = known(mine, day, size)
    priors = priors or Priors(policy.prior_adverse)
    account = add_all(heard, policy, priors)
    category = next((e.category for e in reversed(heard) if e.category), "")
    open_serious = serious_open(heard, policy, repaired(mine, day, size))
    return settle(subject, account, category, day, size, as_of, open_serious)


def settle(
    subject: str,
    account: Account,
    category: str,
    day: int,
    size: int,
    as_of: datetime,
    open_serious: tuple[int, ...] = (),
) -> Score:
    """Return the score that the account's sums give on `day`."""
    policy, priors = account.policy, account.priors
    prior = priors.of(category)
    base = starting_points(policy, priors.adverse)
    bad, good = account.masses()
    lines = [Contribution("category", starting_points(policy, prior) - base, (("category", category),))]
    moved, up = _moves(policy, sum(bad.values()), sum(good.values()), prior, day)
    lines += _side(account, bad, moved - up)
    lines += _side(account, good, up)
    total = base + sum(line.points for line in lines)
    ceiling = ceiling_of(policy, starting_points(policy, prior))
    if open_serious and total > ceiling:
        lines.append(Contribution("serious-unrepaired", ceiling - total, (), open_serious))
        total = ceiling
    held = min(max(total, policy.lowest_score), policy.highest_score)
    if held != total:
        lines.append(Contribution("scale-end", held - total))
    effective = account.effective_milli(day)
    rated = effective >= policy.rated_from_milli or bool(open_serious)
    return Score(
        subject=subject,
        score=held if rated else None,
        grade=grade_of(held, policy, account.sound_milli(day)) if rated else NOT_RATED,
        interval=_interval(policy, held, sum(bad.values()), sum(good.values()), prior, day),
        base=base,
        contributions=tuple(line for line in lines if line.points or line.entries),
        policy=policy.digest(),
        size=size,
        as_of=as_of,
        effective_milli=effective,
        adverse_micro=adverse_of(held, policy),
    )


def points_of(account: Account, policy: Policy, prior: int, day: int, serious: bool = False) -> int:
    """Return the points alone, without their explanation: the same number that `settle` explains."""
    start = starting_points(policy, prior)
    bad, good = account.masses()
    total = start + _moves(policy, sum(bad.values()), sum(good.values()), prior, day)[0]
    if serious:
        total = min(total, ceiling_of(policy, start))
    return min(max(total, policy.lowest_score), policy.highest_score)


def log_odds_micro(account: Account, policy: Policy, prior: int, day: int) -> int:
    """Return log2 of the posterior odds of failure in micro-units, before slope and shift."""
    bad, good = account.masses()
    adverse, sound = _prior_masses(policy, prior, day)
    return log2_micro(sum(bad.values()) + adverse, sum(good.values()) + sound)


def ceiling_of(policy: Policy, start: int) -> int:
    """Return the most points under an unrepaired serious event: below the usual, and below the best grade."""
    return min(start - policy.serious_ceiling_points, policy.grade_from[0] - 1)


def starting_points(policy: Policy, adverse: int) -> int:
    """Return the score of a merchant of whom nothing is known but the usual failure share."""
    adverse = min(max(adverse, 1), MICRO - 1)
    against = _scaled(policy, log2_micro(MICRO - adverse, adverse))
    return policy.score_at_even_odds + _rounded(policy.shift_milli * MICRO + against)


def grade_of(points: int, policy: Policy, sound_milli: int) -> str:
    """Return the grade that so many points stand for; the best one also needs enough sound visits.

    Only sound visits open it: a failed visit adds knowledge, but never a better grade.
    """
    if points >= policy.grade_from[0] and sound_milli < policy.top_from_milli:
        return GRADES[1]
    for grade, least in zip(GRADES, policy.grade_from, strict=False):
        if points >= least:
            return grade
    return GRADES[-1]


def adverse_of(points: int, policy: Policy) -> int:
    """Return the chance, in micro-units, that the next routine visit fails: 20 points double the odds."""
    return _chance(points - policy.score_at_even_odds, policy.points_per_doubling)


@lru_cache(maxsize=4096)
def _chance(points: int, per_doubling: int) -> int:
    """Return 1 / (1 + 2 ** (points / per_doubling)) in micro-units, in decimal and so equal everywhere.

    >>> _chance(0, 20), _chance(20, 20)
    (500000, 333333)
    """
    return int(MICRO / (1 + Decimal(2) ** (Decimal(points) / per_doubling)))


def serious_open(heard: Iterable[Evidence], policy: Policy, mended: frozenset[int]) -> tuple[int, ...]:
    """Return the entries of serious events for which no repair has been granted."""
    return tuple(
        sorted(
            e.index
            for e in heard
            if e.index not in mended and any(w in policy.serious_events for w in words(e))
        )
    )


def words(e: Evidence) -> tuple[str, ...]:
    """Return the names under which a policy may call this evidence a serious event."""
    if e.stream == "inspection":
        return tuple(f"inspection-critical-{n}" for n in range(1, e.critical + 1))
    if e.stream == "complaint":
        return (f"complaint-{e.kind}-{e.severity}",)
    return (e.kind,)


def _scaled(policy: Policy, log2: int) -> int:
    """Return milli-points times MICRO for so many (micro) doublings."""
    return policy.points_per_doubling * policy.slope_milli * log2


def _moves(policy: Policy, bad: int, good: int, prior: int, day: int) -> tuple[int, int]:
    """Return the points by which the posterior odds leave the prior odds, and the good side's part of them.

    The whole move is rounded once, so that it is monotone in every mass and in time; the parts follow it.
    """
    adverse, sound = _prior_masses(policy, prior, day)
    moved = _rounded(_scaled(policy, log2_micro((good + sound) * adverse, (bad + adverse) * sound)))
    return moved, _rounded(_scaled(policy, log2_micro(good + sound, sound)))


def _prior_masses(policy: Policy, prior: int, day: int) -> tuple[int, int]:
    """Return the prior's bad and good mass in units of the growth table."""
    unit = worth(growth(policy), day)
    share = policy.prior_strength * prior // MICRO
    return max(share, 1) * unit, max(policy.prior_strength - share, 1) * unit


def _rounded(milli_micro: int) -> int:
    return (milli_micro + 500 * MICRO) // (1000 * MICRO)


def _side(account: Account, masses: Mapping[str, int], points: int) -> list[Contribution]:
    """Share points among the reasons of one side by their mass; the largest remainders get the rest."""
    total = sum(masses.values())
    if not total:
        return []
    shares = {code: divmod(abs(points) * mass, total) for code, mass in masses.items()}
    left = abs(points) - sum(whole for whole, _ in shares.values())
    first = sorted(shares, key=lambda code: (-shares[code][1], code))[:left]
    return [
        Contribution(
            code,
            (shares[code][0] + (code in first)) * (1 if points > 0 else -1),
            (("n", str(len(account.entries.get(code, ())))),),
            tuple(sorted(set(account.entries.get(code, ())))),
        )
        for code in sorted(shares)
    ]


def _interval(policy: Policy, points: int, bad: int, good: int, prior: int, day: int) -> tuple[int, int]:
    """Return points -/+ z standard deviations of the posterior's log-odds: sqrt(1/b + 1/g) in points."""
    unit = worth(growth(policy), day)
    b = bad // unit + policy.prior_strength * prior // MICRO + 1
    g = good // unit + policy.prior_strength * (MICRO - prior) // MICRO + 1
    deviation = isqrt(MICRO**3 // b + MICRO**3 // g)
    half = policy.interval_milli * policy.points_per_doubling * policy.slope_milli * deviation
    half = half * 1_442_695 // (MICRO**2 * MICRO)
    return max(points - half, policy.lowest_score), min(points + half, policy.highest_score)
