"""What would change under another policy, before it is adopted: a shadow run and the month's calibration.

Rule: a shadow run scores everybody twice on the same evidence at the same instant, under the policy in force
and under the candidate, and writes nothing. Its table of grades, from and to, is signed with the proposal.
Only two numbers of a policy follow the base rate (`models.credit.calibration`); fitting them makes a new
version, which comes into force as every policy does: by an event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import log

from ledger.events.instants import instant_text
from ledger.progress import Progress, quiet
from models.credit.evidence import date_of, day_of
from models.credit.policy import MICRO, Policy
from models.credit.pooling import Pool
from models.credit.posterior import Account
from models.credit.scorecard import NOT_RATED, log_odds_micro
from models.ratings import Ratings

GRADE_ORDER = ("A", "B", "C", "D", NOT_RATED)
FEWEST_VISITS = 30
"""With fewer routine visits the shipped numbers, which many thousands of visits stand behind, are kept."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A merchant whose grade or points would change."""

    party: str
    before: str
    after: str
    points_before: int
    points_after: int


@dataclass(frozen=True, slots=True)
class Shadow:
    """The two policies side by side: how many merchants go from which grade to which.

    Args:
        migration: (grade now, grade then, merchants), every pair that occurs, best grade first.
        moved: merchants whose grade would change, those who lose most first.
    """

    as_of: datetime
    size: int
    current: Policy
    candidate: Policy
    merchants: int
    migration: tuple[tuple[str, str, int], ...]
    moved: tuple[Moved, ...]

    def document(self) -> dict[str, object]:
        """Return what is signed with a proposal: counts, never a merchant's name."""
        return {
            "asOf": instant_text(self.as_of),
            "size": self.size,
            "current": self.current.digest(),
            "candidate": self.candidate.digest(),
            "migration": [list(row) for row in self.migration],
        }


def shadow(
    ratings: Ratings,
    parties: Sequence[str],
    candidate: Policy,
    as_of: datetime,
    progress: Progress = quiet,
) -> Shadow:
    """Score every party under the policy in force and under the candidate.

    Args:
        progress: told before each party how many of how many are scored; what it raises ends it.
    """
    size = ratings.catch_up()
    current = ratings.policy(as_of, size)
    rows = list[Moved]()
    for party in parties:
        progress(len(rows), len(parties))
        rows.append(_row(ratings, party, current, candidate, as_of, size))
    counts = Counter((row.before, row.after) for row in rows)
    pairs = sorted(counts, key=lambda pair: (GRADE_ORDER.index(pair[0]), GRADE_ORDER.index(pair[1])))
    moved = sorted(
        (row for row in rows if row.before != row.after),
        key=lambda row: (row.points_after - row.points_before, row.party),
    )
    return Shadow(
        as_of,
        size,
        current,
        candidate,
        len(rows),
        tuple((*pair, counts[pair]) for pair in pairs),
        tuple(moved),
    )


def recalibrated(ratings: Ratings, as_of: datetime, progress: Progress = quiet) -> Policy:
    """Return the policy in force with its shift and slope fitted to the routine visits recorded by then."""
    # Here alone: fitting needs a library that takes as long to load as a ledger to open.
    from models.credit.calibration import Calibration, Circumstances

    size = ratings.catch_up()
    policy = ratings.policy(as_of, size)
    today = day_of(as_of)
    calibration, pool = Calibration(policy), Pool(policy)
    accounts: dict[str, Account] = {}
    visits = sorted(ratings.visits(as_of, size), key=lambda e: (e.day, e.index))
    done = 0
    for day, group in groupby(visits, key=lambda e: e.day):
        priors, of_today = pool.priors(), tuple(group)
        progress(done, len(visits))
        done += len(of_today)
        for visit in of_today:
            account = accounts.setdefault(visit.subject, Account(policy, priors, cite=False))
            account.priors = priors
            if visit.kind == "routine":
                odds = log_odds_micro(account, policy, priors.of(visit.category), day) * log(2) / MICRO
                facts = calibration.facts(odds, Circumstances(day))
                calibration.learn(facts, visit.critical > 0, day)
        for visit in of_today:
            accounts[visit.subject].add(visit)
            pool.add(visit)
    if sum(visit.kind == "routine" for visit in visits) < FEWEST_VISITS:
        return policy
    version = f"{policy.version.partition('+')[0]}+{date_of(today):%Y-%m}"
    return calibration.recalibrate(today, version)


def _row(
    ratings: Ratings, party: str, current: Policy, candidate: Policy, as_of: datetime, size: int
) -> Moved:
    now = ratings.rating_under(current, party, as_of, size)
    then = ratings.rating_under(candidate, party, as_of, size)
    return Moved(party, now.grade, then.grade, now.points, then.points)
