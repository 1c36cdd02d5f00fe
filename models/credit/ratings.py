"""Ratings between people: whom to believe, and whether the next rating will be negative.

Two tiers. A rater is *established* once established people have rated them well; the first ones are those
who were there at the start. What everybody else says is heard, but its total mass is capped, praise and
smear each, so two hundred new accounts move a standing hardly more than twenty. Camouflage (praising popular
people) buys nothing, because being established cannot be given to oneself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from math import log, log1p

import numpy as np
import numpy.typing as npt

from models.credit.calibration import logistic

Floats = npt.NDArray[np.float64]
DAY = 86_400.0
HALF_LIFE_DAYS = 60.0
"""Chosen on the first 30 % of the Bitcoin OTC ratings, among 30, 60, 120 and 240."""
STRENGTH = 2.0
USUAL = 0.1
UNPROVEN_CAP = 0.2
"""Most that unproven praise, and unproven smear, may weigh: a tenth of the prior."""
START_DAYS = 30.0
REFIT_ROWS = 1000
"""Coefficients are refitted after so many believed rows, on those alone: fakes cannot teach them."""
FULL_MARKS = 10.0
_SHIPPED = np.array([0.0, 1.4, 0.45, 0.25, 0.0, 0.0])
_PULL = np.array([1.0, 5.0, 5.0, 5.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True)
class Rating:
    """One row: who rated whom, how (negative, zero or positive, up to ten), and when (seconds)."""

    row: int
    rater: str
    ratee: str
    value: float
    time: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The chance, before a rating was given, that it would be negative; and what it was."""

    row: int
    p_negative: float
    negative: bool


@dataclass(slots=True)
class _Person:
    """The decayed masses of what was said about a person and by a person."""

    time: float = 0.0
    bad: float = 0.0
    good: float = 0.0
    unproven_bad: float = 0.0
    unproven_good: float = 0.0
    gave_time: float = 0.0
    gave_bad: float = 0.0
    gave_good: float = 0.0
    gave_before: bool = False
    vouched: float = 0.0
    warned: float = 0.0
    heard: bool = False

    def fade(self, time: float) -> None:
        keep = 0.5 ** ((time - self.time) / DAY / HALF_LIFE_DAYS) if self.heard else 0.0
        self.bad *= keep
        self.good *= keep
        self.unproven_bad *= keep
        self.unproven_good *= keep
        self.time = time

    def fade_given(self, time: float) -> None:
        keep = 0.5 ** ((time - self.gave_time) / DAY / HALF_LIFE_DAYS) if self.gave_before else 0.0
        self.gave_bad *= keep
        self.gave_good *= keep
        self.gave_time = time

    @property
    def standing(self) -> float:
        """Return the log-odds that what is said next about this person is negative."""
        return _log_odds(self.bad + self.unproven_bad, self.good + self.unproven_good)

    @property
    def habit(self) -> float:
        """Return the log-odds that what this person says next is negative."""
        return _log_odds(self.gave_bad, self.gave_good)

    @property
    def established(self) -> bool:
        """Return whether established people have vouched for this one more than they warned of it."""
        return self.vouched > self.warned


@dataclass(slots=True)
class Market:
    """Everybody in one file of ratings, as far as it has been read."""

    people: dict[str, _Person] = field(default_factory=dict)
    start: float | None = None
    unproven_cap: float = UNPROVEN_CAP

    def facts(self, rating: Rating) -> Floats:
        """Return what is known before the rating is given."""
        rater = self.people.get(rating.rater) or _Person()
        ratee = self.people.get(rating.ratee) or _Person()
        rater.fade(rating.time)
        rater.fade_given(rating.time)
        ratee.fade(rating.time)
        return np.array(
            [
                1.0,
                ratee.standing - _log_odds(0, 0),
                rater.habit - _log_odds(0, 0),
                rater.standing - _log_odds(0, 0),
                log1p(ratee.bad + ratee.good),
                float(ratee.established),
            ]
        )

    def believes(self, rating: Rating) -> bool:
        """Return whether the rater is established, or was there at the start."""
        founder = self.start is None or rating.time - self.start <= START_DAYS * DAY
        rater = self.people.get(rating.rater)
        return founder or (rater is not None and rater.established)

    def learn(self, rating: Rating) -> None:
        """Take the rating in."""
        if self.start is None:
            self.start = rating.time
        rater = self.people.setdefault(rating.rater, _Person())
        ratee = self.people.setdefault(rating.ratee, _Person())
        mass = 0.5 + min(abs(rating.value), FULL_MARKS) / FULL_MARKS
        bad, good = (mass, 0.0) if rating.value < 0 else (0.0, mass)
        ratee.fade(rating.time)
        if self.believes(rating):
            ratee.vouched += good
            ratee.warned += bad
            belief = 1.5 / (1 + np.exp(max(rater.standing - _log_odds(0, 0), -1.0) / 2))
            ratee.bad += bad * belief
            ratee.good += good * belief
        else:
            ratee.unproven_bad = min(ratee.unproven_bad + bad, self.unproven_cap)
            ratee.unproven_good = min(ratee.unproven_good + good, self.unproven_cap)
        ratee.heard = True
        rater.fade_given(rating.time)
        rater.gave_bad += rating.value < 0
        rater.gave_good += rating.value >= 0
        rater.gave_before = True


def replay_ratings(ratings: Iterable[Rating], unproven_cap: float = UNPROVEN_CAP) -> Iterator[Forecast]:
    """Forecast every rating from earlier ones alone; ratings of one instant do not see each other."""
    market = Market(unproven_cap=unproven_cap)
    asked: list[Floats] = []
    outcomes: list[bool] = []
    weights = _SHIPPED
    fitted = 0
    ordered = sorted(ratings, key=lambda r: (r.time, r.row))
    for _, group in groupby(ordered, key=lambda r: r.time):
        instant = tuple(group)
        if len(asked) - fitted >= REFIT_ROWS:
            fitted = len(asked)
            x, y = np.stack(asked), np.array(outcomes, dtype=np.float64)
            weights = logistic(x, y, np.ones(fitted), _SHIPPED, tuple(range(len(_SHIPPED))), _PULL)
        for rating in instant:
            facts = market.facts(rating)
            z = float(np.clip(facts @ weights + _log_odds(0, 0), -30, 30))
            yield Forecast(rating.row, float(1 / (1 + np.exp(-z))), rating.value < 0)
            if market.believes(rating):
                asked.append(facts)
                outcomes.append(rating.value < 0)
        for rating in instant:
            market.learn(rating)


def _log_odds(bad: float, good: float) -> float:
    return log((bad + STRENGTH * USUAL) / (good + STRENGTH * (1 - USUAL)))
