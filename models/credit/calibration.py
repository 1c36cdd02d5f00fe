"""Recalibrate monthly: the chance of failure follows the base rate, on past visits only.

The score keeps two numbers, a shift and a slope; the forecast of one visit adds what is not the merchant's
fault: who visits, how long since the last visit, the season, whether somebody had to come back or complained
meanwhile, and how the last days went in the whole city. Both are small logistic regressions pulled toward the
shipped numbers (ridge), weighted to recent visits, and refitted by Newton's method: ten numbers, no tuning.

    P(failure) = 1 / (1 + exp(-(a + b * log-odds + ...)))

How the last days went is one Newton step: the sum of (failed - forecast) over the sum of p (1 - p), both
halved every ten days. It follows a drift within days which the monthly refit sees only after months.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, log, log1p, pi, sin

import numpy as np
import numpy.typing as npt

from models.credit.policy import Policy

Floats = npt.NDArray[np.float64]
POINTS = 1.4426950408889634
"""1 / ln 2: one natural unit of log-odds in doublings."""
HALF_LIFE_DAYS = 365
"""Of an outcome in the monthly refit; 180 to 730 days differ by .001 in AUC, a drift asks for less."""
LATELY_DAYS = 10.0
"""Half-life of how the city does lately; 3 to 30 days differ by less than .001 in AUC."""
LATELY_STRENGTH = 5.0
PULL = np.array([3.0, 15.0, 15.0, 15.0, 300.0, 300.0, 15.0, 15.0, 15.0, 15.0])
"""How firmly each shipped number is held, in visits' worth of information."""
_SEASON = 2 * pi / 365.25
_MERCHANT = (0, 1)
_LATELY = 6
_SEVERITY = 9
_NEUTRAL = tuple(range(_SEVERITY))
_ALL = (*_NEUTRAL, _SEVERITY)

_KNOWS_NOBODY = np.array([1.0] * _SEVERITY + [0.0])
_MERCHANT_ALONE = np.array([1.0, 1.0] + [0.0] * (_SEVERITY - 1))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a visit besides the merchant's own standing.

    Args:
        day: of the visit; since: days since the last routine visit, or None where there was none.
        severity_milli: of who comes (1000 = as the others).
        called_back: visits since the last routine one that somebody had to come back for.
        complained: visits after complaints, each halved every year.
    """

    day: int
    since: int | None = None
    severity_milli: int = 1000
    called_back: int = 0
    complained: float = 0.0


class Calibration:
    """The history of forecasts and outcomes of one place, and the coefficients fitted to it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        start = -policy.shift_milli / 1000 / policy.points_per_doubling / POINTS
        self._start = np.array([start, policy.slope_milli / 1000, 0, 0, 0, 0, 0.5, 0, 0, 1.0])
        self._full = self._start.copy()
        self._neutral = self._start * _KNOWS_NOBODY
        self._facts: list[Floats] = []
        self._failed: list[bool] = []
        self._days: list[int] = []
        self._lately = [0.0, 0.0, 0.0]

    def facts(self, log_odds: float, about: Circumstances) -> Floats:
        """Return the facts of one visit: the merchant's, then schedule, season and city, then who comes."""
        waited = log1p((about.since if about.since is not None else 365) / 365) - log(2)
        turn = about.day * _SEASON
        return np.array(
            [
                1.0,
                log_odds,
                waited,
                float(about.since is None),
                sin(turn),
                cos(turn),
                self._lately_on(about.day),
                min(about.called_back, 3),
                min(about.complained, 3.0),
                log(about.severity_milli / 1000),
            ]
        )

    def _lately_on(self, day: int) -> float:
        """Return by how much the log-odds of failure ran above the forecasts lately."""
        last, gap, information = self._lately
        keep = float(0.5 ** ((day - last) / LATELY_DAYS))
        return gap * keep / (information * keep + LATELY_STRENGTH)

    def learn(self, facts: Floats, failed: bool, day: int) -> None:
        """Keep one judged visit with its outcome."""
        p = self.chance(np.where(np.arange(len(facts)) == _LATELY, 0.0, facts))
        keep = 0.5 ** ((day - self._lately[0]) / LATELY_DAYS)
        gap, information = self._lately[1] * keep, self._lately[2] * keep
        self._lately = [float(day), gap + failed - p, information + p * (1 - p)]
        self._facts.append(facts)
        self._failed.append(failed)
        self._days.append(day)

    def chance(self, facts: Floats, *, neutral: bool = False) -> float:
        """Return the chance of failure; neutral: whoever comes."""
        z = float(facts @ (self._neutral if neutral else self._full))
        return 1 / (1 + exp(-z)) if z > -700 else 0.0

    def recalibrate(self, day: int, version: str) -> Policy:
        """Refit to the history before `day` and return the month's policy."""
        if not self._facts:
            return self.policy
        x, y = np.stack(self._facts), np.array(self._failed, dtype=np.float64)
        weight = 0.5 ** ((day - np.array(self._days, dtype=np.float64)) / HALF_LIFE_DAYS)
        self._full = logistic(x, y, weight, self._start, _ALL)
        self._neutral = logistic(x, y, weight, self._start * _KNOWS_NOBODY, _NEUTRAL)
        merchant = logistic(x, y, weight, self._start * _MERCHANT_ALONE, _MERCHANT)
        per_unit = 1000 * self.policy.points_per_doubling * POINTS
        return self.policy.recalibrated(
            version=version,
            shift_milli=round(-per_unit * float(merchant[0])),
            slope_milli=min(max(round(1000 * float(merchant[1])), 200), 3000),
        )


def logistic(
    x: Floats, y: Floats, weight: Floats, start: Floats, free: tuple[int, ...], pull: Floats = PULL
) -> Floats:
    """Fit a weighted logistic regression by Newton's method, pulled toward `start`; only `free` ones move.

    Args:
        x: one row of facts per visit; y: 1 where it failed; weight: how much each visit counts.
    """
    columns = list(free)
    at = start.copy()
    fixed = x @ np.where(np.isin(np.arange(len(start)), columns), 0.0, start)
    a = x[:, columns]
    ridge = pull[columns]
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(fixed + a @ at[columns], -30, 30)))
        slope = a.T @ (weight * (y - p)) - ridge * (at[columns] - start[columns])
        bend = (a * (weight * p * (1 - p))[:, None]).T @ a + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        at[columns] += np.clip(step, -1, 1)
        if float(np.abs(step).max()) < 1e-8:
            break
    return at
