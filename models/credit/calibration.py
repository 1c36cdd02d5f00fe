"""Recalibrate monthly: the chance of failure follows the base rate, on past visits only.

The score keeps two numbers, a shift and a slope; the forecast of one visit adds what is not the merchant's:
who visits, how long since the last visit, the season. Both are small logistic regressions pulled toward the
shipped numbers (ridge), weighted to recent visits, and refitted by Newton's method: eight numbers, no tuning.

    P(failure) = 1 / (1 + exp(-(a + b * log-odds + ...)))
"""

from __future__ import annotations

from math import cos, exp, log, log1p, pi, sin

import numpy as np
import numpy.typing as npt

from models.credit.policy import Policy

Floats = npt.NDArray[np.float64]
POINTS = 1.4426950408889634
"""1 / ln 2: one natural unit of log-odds in doublings."""
HALF_LIFE_DAYS = 730
PULL = np.array([3.0, 15.0, 15.0, 15.0, 300.0, 300.0, 15.0])
"""How firmly each shipped number is held, in visits' worth of information."""
_SEASON = 2 * pi / 365.25
_MERCHANT = (0, 1)
_SEVERITY = 6
_NEUTRAL = (0, 1, 2, 3, 4, 5)
_ALL = (*_NEUTRAL, _SEVERITY)

_KNOWS_NOBODY = np.array([1.0] * _SEVERITY + [0.0])


class Calibration:
    """The history of forecasts and outcomes of one place, and the coefficients fitted to it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        start = -policy.shift_milli / 1000 / policy.points_per_doubling / POINTS
        self._start = np.array([start, policy.slope_milli / 1000, 0.0, 0.0, 0.0, 0.0, 1.0])
        self._full = self._start.copy()
        self._neutral = self._start.copy()
        self._facts: list[Floats] = []
        self._failed: list[bool] = []
        self._days: list[int] = []

    def facts(self, log_odds: float, day: int, since: int | None, severity_milli: int) -> Floats:
        """Return the facts of one visit: the merchant's, then schedule and season, then who comes."""
        waited = log1p((since if since is not None else 365) / 365) - log(2)
        turn = day * _SEASON
        return np.array(
            [
                1.0,
                log_odds,
                waited,
                float(since is None),
                sin(turn),
                cos(turn),
                log(severity_milli / 1000),
            ]
        )

    def learn(self, facts: Floats, failed: bool, day: int) -> None:
        """Keep one judged visit with its outcome."""
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
        merchant = logistic(x, y, weight, self._start * _KNOWS_NOBODY, _MERCHANT)
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
