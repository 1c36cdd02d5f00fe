"""Replay a city's inspections in date order and judge every routine visit on earlier days alone.

The rule kept here: when a visit is judged, nothing of its own day or later has been seen, neither by the
merchant's account, nor by the pooled priors, nor by the calibration. The policy's structure never changes;
only its two calibration numbers move, once a month and on past visits, as a policy event would move them.

`score` and `grade` are the merchant's and know no inspector and no schedule. `priority` adds the time since
the last visit, the season, visits after complaints and how the city does lately. `p_adverse` is the chance
that *this* visit finds a critical violation, so it also knows who comes: a severe inspector finds more, which
is no fault of the merchant's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import numpy as np
import numpy.typing as npt

from models.credit.calibration import Calibration, Circumstances
from models.credit.evidence import Evidence, date_of
from models.credit.policy import MICRO, Policy
from models.credit.pooling import Pool
from models.credit.posterior import Account
from models.credit.scorecard import NOT_RATED, grade_of, log_odds_micro, points_of, serious_open

LN2 = 0.6931471805599453
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Visit:
    """One row of the file: its number (the first below the header is 1) and what it says."""

    row: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Judged:
    """What was known of a merchant on the morning of a routine visit, and what the visit then found."""

    row: int
    subject: str
    day: int
    p_adverse: float
    score: int | None
    grade: str
    priority: int
    failed: bool
    inspector: str
    seen: bool
    points: int

    @property
    def date(self) -> date:
        """Return the day of the visit as a calendar date."""
        return date_of(self.day)


def replay(visits: Iterable[Visit], policy: Policy) -> Iterator[Judged]:
    """Judge every routine visit in date order; the visits may come in any order."""
    city = _City(policy)
    ordered = sorted(visits, key=lambda v: (v.evidence.day, v.row))
    for day, group in groupby(ordered, key=lambda v: v.evidence.day):
        today = tuple(group)
        city.open(day)
        for visit in today:
            if visit.evidence.kind == "routine":
                yield city.judge(visit)
        for visit in today:
            city.learn(visit.evidence)


@dataclass(slots=True)
class _Shop:
    """What the replay keeps of one merchant."""

    account: Account
    category: str = ""
    last_routine: int | None = None
    called_back: int = 0
    complained: float = 0.0
    complained_on: int = 0
    serious: list[Evidence] = field(default_factory=list)

    def about(self, day: int, severity_milli: int) -> Circumstances:
        """Return the circumstances of a visit on `day` by somebody of that severity."""
        since = None if self.last_routine is None else day - self.last_routine
        return Circumstances(day, since, severity_milli, self.called_back, self.complaints_on(day))

    def complaints_on(self, day: int) -> float:
        """Return the visits after complaints so far, each halved every year."""
        return self.complained * float(0.5 ** ((day - self.complained_on) / 365))

    def visited(self, e: Evidence) -> None:
        """Note a finished visit."""
        self.category = e.category or self.category
        if e.kind == "routine":
            self.last_routine, self.called_back = e.day, 0
        elif e.kind == "followup":
            self.called_back += 1
        elif e.kind == "complaint":
            self.complained, self.complained_on = self.complaints_on(e.day) + 1, e.day


class _City:
    """All accounts of one file, what is usual there, and the calibration of the month."""

    def __init__(self, policy: Policy) -> None:
        self.policy = self.shipped = policy
        self.pool = Pool(policy)
        self.priors = self.pool.priors()
        self.shops: dict[str, _Shop] = {}
        self.calibration = Calibration(policy)
        self.month: tuple[int, int] = (0, 0)
        self._asked: list[tuple[Floats, bool]] = []

    def open(self, day: int) -> None:
        """Begin a day: yesterday's answers join the history; on the first of a month recalibrate."""
        for facts, failed in self._asked:
            self.calibration.learn(facts, failed, day)
        self._asked.clear()
        self.priors = self.pool.priors()
        today = date_of(day)
        if (today.year, today.month) != self.month:
            self.month = (today.year, today.month)
            self.policy = self.calibration.recalibrate(day, f"{self.shipped.version}+{today:%Y-%m}")

    def judge(self, visit: Visit) -> Judged:
        """Return what is known of the visited merchant, before this visit."""
        e = visit.evidence
        shop = self.shops.get(e.subject)
        account = shop.account if shop else Account(self.shipped, self.priors, cite=False)
        prior = self.priors.of(e.category or (shop.category if shop else ""))
        open_serious = serious_open(shop.serious, self.policy, frozenset()) if shop else ()
        points = points_of(account, self.policy, prior, e.day, bool(open_serious))
        log_odds = log_odds_micro(account, self.policy, prior, e.day) * LN2 / MICRO
        severity = self.priors.inspectors.get(e.inspector, 1000)
        about = shop.about(e.day, severity) if shop else Circumstances(e.day, None, severity)
        facts = self.calibration.facts(log_odds, about)
        rated = account.effective_milli(e.day) >= self.policy.rated_from_milli or bool(open_serious)
        self._asked.append((facts, e.critical > 0))
        return Judged(
            row=visit.row,
            subject=e.subject,
            day=e.day,
            p_adverse=round(self.calibration.chance(facts), 6),
            score=points if rated else None,
            grade=grade_of(points, self.policy, account.sound_milli(e.day)) if rated else NOT_RATED,
            priority=round(1000 * self.calibration.chance(facts, neutral=True)),
            failed=e.critical > 0,
            inspector=e.inspector,
            seen=about.since is not None,
            points=points,
        )

    def learn(self, e: Evidence) -> None:
        """Take the finished visit in."""
        shop = self.shops.get(e.subject)
        if shop is None:
            shop = self.shops[e.subject] = _Shop(Account(self.shipped, self.priors, cite=False))
        shop.account.priors = self.priors
        shop.account.add(e)
        shop.visited(e)
        if serious_open((e,), self.policy, frozenset()):
            shop.serious.append(e)
        self.pool.add(e)
