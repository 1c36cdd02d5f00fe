"""Measure forecasts: does the order hold (AUC), is the top right (precision), do the numbers hold (ECE).

Every figure is computed here in a few lines of numpy, so that a reader can check the ruler too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def auc(forecast: Sequence[float], failed: Sequence[bool]) -> float | None:
    """Return the chance that a failed visit had the higher forecast than a sound one; ties count half.

    >>> auc([0.1, 0.4, 0.4, 0.8], [False, False, True, True])
    0.875
    """
    x, y = np.asarray(forecast, dtype=np.float64), np.asarray(failed, dtype=bool)
    bad = int(y.sum())
    if not bad or bad == len(y):
        return None
    _, place, ties = np.unique(x, return_inverse=True, return_counts=True)
    rank = (np.cumsum(ties) - (ties - 1) / 2)[place]
    return float((rank[y].sum() - bad * (bad + 1) / 2) / (bad * (len(y) - bad)))


def calibration_error(forecast: Sequence[float], failed: Sequence[bool], bins: int = 10) -> float | None:
    """Return the expected calibration error over `bins` equally wide bins of the forecast.

    >>> calibration_error([0.25, 0.25, 0.25, 0.25], [True, False, False, False])
    0.0
    """
    x, y = np.asarray(forecast, dtype=np.float64), np.asarray(failed, dtype=np.float64)
    if not len(x):
        return None
    place = np.minimum((x * bins).astype(int), bins - 1)
    gaps = np.bincount(place, x - y, minlength=bins)
    return float(np.abs(gaps).sum() / len(x))


def precision_at(forecast: Sequence[float], failed: Sequence[bool], share: float = 0.1) -> float | None:
    """Return the failure rate among the `share` of visits with the highest forecasts.

    >>> precision_at([0.9, 0.8, 0.2, 0.1], [True, False, False, False], 0.25)
    1.0
    """
    x, y = np.asarray(forecast, dtype=np.float64), np.asarray(failed, dtype=np.float64)
    many = int(len(x) * share)
    return float(y[np.argsort(-x, kind="stable")[:many]].mean()) if many else None


def days_earlier(forecast: Sequence[float], failed: Sequence[bool], days: Sequence[int]) -> float | None:
    """Return how many days sooner failures are found when the same visits are made in forecast order."""
    x, y = np.asarray(forecast, dtype=np.float64), np.asarray(failed, dtype=bool)
    when = np.asarray(days, dtype=np.float64)
    if not y.any():
        return None
    planned = np.empty_like(when)
    planned[np.argsort(-x, kind="stable")] = np.sort(when)
    return float((when[y] - planned[y]).mean())
