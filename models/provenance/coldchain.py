"""Was it kept cold: excursions in degree-minutes, the mean kinetic temperature, and what nobody measured.

    MKT = (dH/R) / -ln( sum(w_i exp(-(dH/R) / T_i)) / sum(w_i) ) - 273.15,  T_i in kelvin, dH/R = 10,000 K

Rule: a time without a measurement is unknown, never good. Limits are data with a source and a date
(`resources/factors/coldchain.json`); a product's own master data come first. Pure, except for reading them.

>>> round(mean_kinetic_temperature([5.0, 15.0, 25.0]), 4)
18.3872
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

import resources

ACTIVATION_KELVIN = 10_000.0
"""Activation energy over the gas constant, as pharmacopoeias take it (83.144 kJ/mol)."""
LONGEST_GAP = timedelta(hours=1)
Status = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The highest and lowest air temperature in degrees Celsius, and who says so."""

    most: Decimal
    least: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One temperature, in degrees Celsius, at an instant."""

    time: datetime
    celsius: float


@dataclass(frozen=True, slots=True)
class Excursion:
    """A time outside the limits: the worst temperature, and the area beyond the limit in degree-minutes."""

    since: datetime
    until: datetime
    worst: float
    degree_minutes: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a series of temperatures says. `gaps` are times longer than allowed without a measurement."""

    status: Status
    excursions: tuple[Excursion, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    mean_kinetic: float | None
    least: float | None
    most: float | None

    @property
    def degree_minutes(self) -> float:
        """Return the area beyond the limits, in degree-minutes."""
        return sum(excursion.degree_minutes for excursion in self.excursions)


def mean_kinetic_temperature(celsius: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Return the one temperature that would have spoiled as much; `weights` are durations, else equal.

    >>> round(mean_kinetic_temperature([4.0, 20.0], [20, 4]), 4)
    9.5381
    """
    shares = [1.0] * len(celsius) if weights is None else list(weights)
    rates = (
        share * math.exp(-ACTIVATION_KELVIN / (degrees + 273.15))
        for share, degrees in zip(shares, celsius, strict=True)
    )
    return ACTIVATION_KELVIN / -math.log(sum(rates) / sum(shares)) - 273.15


def assess(samples: Sequence[Sample], limits: Limits, longest_gap: timedelta = LONGEST_GAP) -> Assessment:
    """Judge a logger's series; between two samples the temperature is a straight line.

    An excursion fails; else a gap, or nothing at all, is unknown; only a whole series within limits passes.
    """
    ordered = sorted(samples, key=lambda sample: sample.time)
    if not ordered:
        return Assessment("unknown", (), (), None, None, None)
    gaps = tuple((a.time, b.time) for a, b in pairwise(ordered) if b.time - a.time > longest_gap)
    excursions = tuple(_excursions(ordered, limits, longest_gap))
    celsius = [sample.celsius for sample in ordered]
    status: Status = "fail" if excursions else ("unknown" if gaps or len(ordered) == 1 else "pass")
    mean = mean_kinetic_temperature(celsius, _durations(ordered, longest_gap))
    return Assessment(status, excursions, gaps, mean, min(celsius), max(celsius))


def limits_for(category: str | None, attributes: Mapping[str, Any] | None = None) -> Limits | None:
    """Return the limits of a product, or `None` where it need not be cold, or nobody has said."""
    said = attributes or {}
    own = _decimal(said.get("maxTemperature"))
    if own is not None:
        return Limits(own, _decimal(said.get("minTemperature")), "master data")
    document = _document()
    storage = said.get("storage") or document["default_storage"].get(category)
    for rule in document["limits"]:
        if rule["storage"] == storage and rule["category"] in ("*", category):
            return Limits(Decimal(rule["most"]), _decimal(rule.get("least")), rule["source"])
    return None


def _excursions(ordered: Sequence[Sample], limits: Limits, longest_gap: timedelta) -> list[Excursion]:
    found: list[Excursion] = []
    before: Sample | None = None
    for sample in ordered:
        beyond = _beyond(sample.celsius, limits) > 0
        goes_on = before is not None and found and found[-1].until == before.time
        if beyond and goes_on and sample.time - found[-1].until <= longest_gap:
            worst = max(found[-1].worst, sample.celsius, key=lambda degrees: _beyond(degrees, limits))
            found[-1] = Excursion(found[-1].since, sample.time, worst, 0.0)
        elif beyond:
            found.append(Excursion(sample.time, sample.time, sample.celsius, 0.0))
        before = sample
    return [_measured(excursion, ordered, limits, longest_gap) for excursion in found]


def _measured(
    excursion: Excursion, ordered: Sequence[Sample], limits: Limits, longest_gap: timedelta
) -> Excursion:
    """Add the area beyond the limit, with the slopes into and out of the excursion."""
    since, until, area = excursion.since, excursion.until, 0.0
    for before, after in pairwise(ordered):
        touches = after.time >= excursion.since and before.time <= excursion.until
        if touches and after.time - before.time <= longest_gap:
            share, part = _area(before, after, limits)
            area += part
            if share and before.time < excursion.since:
                since = after.time - (after.time - before.time) * share
            if share and after.time > excursion.until:
                until = before.time + (after.time - before.time) * share
    return Excursion(since, until, excursion.worst, round(area, 3))


def _area(before: Sample, after: Sample, limits: Limits) -> tuple[float, float]:
    """Return the share of an interval that lies beyond the limit, and the area there in degree-minutes."""
    minutes = (after.time - before.time) / timedelta(minutes=1)
    first, last = _beyond(before.celsius, limits), _beyond(after.celsius, limits)
    if first <= 0 and last <= 0:
        return 0.0, 0.0
    if first > 0 and last > 0:
        return 1.0, (first + last) / 2 * minutes
    inside, outside = min(first, last), max(first, last)
    share = outside / (outside - inside)
    return share, outside / 2 * share * minutes


def _beyond(celsius: float, limits: Limits) -> float:
    """Return how far a temperature lies outside the limits; inside, a negative distance."""
    over = celsius - float(limits.most)
    return over if limits.least is None else max(over, float(limits.least) - celsius)


def _durations(ordered: Sequence[Sample], longest_gap: timedelta) -> list[float] | None:
    """Weigh each sample by half the time to its neighbours: an uneven logger must not bias the mean."""
    if len(ordered) == 1:
        return None
    weights = [0.0] * len(ordered)
    for number, (before, after) in enumerate(pairwise(ordered)):
        half = min(after.time - before.time, longest_gap) / timedelta(minutes=2)
        weights[number] += half
        weights[number + 1] += half
    return weights if any(weights) else None


def _decimal(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except ArithmeticError:
        return None


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    found: dict[str, Any] = resources.document("factors/coldchain.json")
    return found
