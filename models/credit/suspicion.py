"""How much a rater looks like a fraudster, as points with a name each.

Fairness of raters and goodness of the rated are found together (Kumar et al., WSDM 2018, REV2, equations 1
and 2 without its behaviour term: on real data the busiest users are the honest ones, so being busy is no
reason here): a fair rater agrees with what fair raters say, a good person is well rated by fair raters.

    goodness(v) = sum(fairness(u) * rating) / (sum(fairness(u)) + 1)          in [-1, 1]
    fairness(u) = (sum(1 - |rating - goodness| / 2) + usual) / (ratings + 1)   in [0, 1]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ROUNDS = 20
DISTRUSTED = 600
VOUCHED = -300
CONTRARY = 400


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A rater's points (the more, the more suspicious) and the reasons they are the sum of."""

    rater: str
    points: int
    reasons: tuple[tuple[str, int], ...]


def suspicions(ratings: Iterable[tuple[str, str, float]]) -> tuple[Suspicion, ...]:
    """Return the suspicion of everybody named, in the order of names; who never rated is judged by others.

    Args:
        ratings: (rater, ratee, value from -1 to 1), in any order.
    """
    rows = sorted(ratings)
    if not rows:
        return ()
    names = sorted({name for rater, ratee, _ in rows for name in (rater, ratee)})
    place = {name: n for n, name in enumerate(names)}
    rater = np.array([place[row[0]] for row in rows])
    ratee = np.array([place[row[1]] for row in rows])
    value = np.clip(np.array([row[2] for row in rows], dtype=np.float64), -1, 1)
    fairness, goodness = _settled(rater, ratee, value, len(names))
    return tuple(_suspicion(name, fairness[n], goodness[n]) for n, name in enumerate(names))


def _settled(
    rater: npt.NDArray[np.int64], ratee: npt.NDArray[np.int64], value: Floats, people: int
) -> tuple[Floats, Floats]:
    """Return fairness and goodness after a fixed number of rounds, which is plenty for both to settle."""
    given = np.bincount(rater, minlength=people)
    fairness = np.ones(people)
    goodness = np.zeros(people)
    for _ in range(ROUNDS):
        weight = fairness[rater]
        goodness = np.bincount(ratee, weight * value, people) / (np.bincount(ratee, weight, people) + 1)
        agreement = 1 - np.abs(value - goodness[ratee]) / 2
        fairness = (np.bincount(rater, agreement, people) + agreement.mean()) / (given + 1)
    return fairness, goodness


def _suspicion(name: str, fairness: float, goodness: float) -> Suspicion:
    reasons = (
        ("rater-distrusted", round(DISTRUSTED * max(-goodness, 0.0))),
        ("rater-vouched", round(VOUCHED * max(goodness, 0.0))),
        ("rater-contrary", round(CONTRARY * (1 - fairness))),
    )
    found = tuple((code, points) for code, points in reasons if points)
    return Suspicion(name, sum(points for _, points in found), found)
