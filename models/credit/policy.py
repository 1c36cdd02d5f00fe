"""The scoring policy: every number that turns evidence into points, as one frozen, self-checking value.

The rule kept here: a policy is data in force by an event, so it has one canonical form (JSON of ASCII keys
and whole numbers, RFC 8785), one digest, and it names *all* of its faults at once. Masses are micro-units of
one pooled observation, points are whole, days are whole: no fraction can round differently elsewhere.
`models/credit` may read no file, so the shipped default comes in as a document from `resources`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, cast

MICRO = 1_000_000
GRADES = ("A", "B", "C", "D")
Masses = Mapping[str, tuple[int, int]]
Amounts = Mapping[str, int]

_FIRST_DAY = 10957
"""2000-01-01: what is older than this has faded to nothing under every permitted half-life."""
_LAST_DAY = 47482
"""2100-01-01: later days weigh the same, so that a wrong clock cannot ask for endless numbers."""


class PolicyInvalid(ValueError):
    """A policy document that may not come into force; `problems` lists every fault found."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Policy:
    """What one policy version says; see `docs/policy.md` for each number's meaning and where it came from.

    `streams` give a (bad, good) mass in micro-units to each word of a stream; `inspection_*` tables are
    indexed by the count of violations, the last place standing for that many or more.
    """

    version: str
    score_at_even_odds: int
    points_per_doubling: int
    slope_milli: int
    shift_milli: int
    lowest_score: int
    highest_score: int
    keep_micro_per_day: int
    prior_strength: int
    prior_adverse: int
    pool_strength: int
    category_strength: int
    inspector_strength: int
    inspector_from_visits: int
    inspector_most_milli: int
    rated_from_milli: int
    top_from_milli: int
    effective_milli: Amounts
    interval_milli: int
    grade_from: tuple[int, int, int]
    hysteresis_points: int
    days_per_grade: int
    inspection_critical: tuple[int, ...]
    inspection_serious: tuple[int, ...]
    inspection_minor: tuple[int, ...]
    inspection_clean: int
    clean_left_critical: tuple[int, ...]
    clean_left_serious: tuple[int, ...]
    clean_left_minor: tuple[int, ...]
    inspection_kinds: Masses
    complaints: Masses
    complaint_severity_milli: tuple[int, int, int]
    reviews: Masses
    proven_cap: int
    unproven_cap: int
    unproven_daily_cap: int
    findings: Masses
    serious_events: tuple[str, ...]
    serious_ceiling_points: int
    random_share_milli: int
    overdue_days: int
    overdue_points: int

    def __post_init__(self) -> None:
        problems = tuple(_problems({f.name: getattr(self, f.name) for f in fields(self)}))
        if problems:
            raise PolicyInvalid(problems)

    @classmethod
    def from_document(cls, document: object) -> Policy:
        """Build a policy from a parsed JSON object; missing and unknown names are faults like any other."""
        if not isinstance(document, Mapping):
            raise PolicyInvalid((f"policy: found {type(document).__name__}, expected an object",))
        names = [f.name for f in fields(cls)]
        faults = [f"{n}: missing" for n in names if n not in document]
        faults += [f"{n}: unknown name" for n in document if n not in names and n != "about"]
        values: dict[str, Any] = {n: _frozen(document[n]) for n in names if n in document}
        if faults:
            raise PolicyInvalid((*faults, *_problems(values)))
        return cls(**values)

    def document(self) -> dict[str, object]:
        """Return the policy as a JSON object (the `document` of a PolicyAdopted event)."""
        return {f.name: _thawed(getattr(self, f.name)) for f in fields(self)}

    def canonical(self) -> bytes:
        """Return the one byte form of this policy."""
        return json.dumps(self.document(), sort_keys=True, separators=(",", ":")).encode("ascii")

    def digest(self) -> str:
        """Return the SHA-256 of the canonical bytes, the name by which a score cites its policy."""
        return _digest(self)

    def recalibrated(self, *, version: str, shift_milli: int, slope_milli: int) -> Policy:
        """Return the same policy with a new calibration, which is a new version (a policy event)."""
        return replace(self, version=version, shift_milli=shift_milli, slope_milli=slope_milli)

    def __hash__(self) -> int:
        return hash((self.version, self.shift_milli, self.slope_milli, self.keep_micro_per_day))


def growth(policy: Policy) -> tuple[int, ...]:
    """Return the value of one unit by day since 2000-01-01: evidence fades because later days are worth more.

    Growing the new instead of shrinking the old means that waiting costs no arithmetic, that adding evidence
    never touches what is there, and that every order of arrival gives the same whole number.
    """
    return _growth(policy.keep_micro_per_day)


def worth(table: tuple[int, ...], day: int) -> int:
    """Return the value of one unit on `day` in the growth table."""
    return table[min(max(day, _FIRST_DAY), _LAST_DAY) - _FIRST_DAY]


@lru_cache(maxsize=8)
def _growth(keep: int) -> tuple[int, ...]:
    values = [MICRO]
    for _ in range(_LAST_DAY - _FIRST_DAY):
        values.append(values[-1] * MICRO // keep + 1)
    return tuple(values)


@lru_cache(maxsize=64)
def _digest(policy: Policy) -> str:
    return hashlib.sha256(policy.canonical()).hexdigest()


_BOUNDS: Mapping[str, tuple[int, int]] = {
    "score_at_even_odds": (100, 1000),
    "points_per_doubling": (1, 100),
    "slope_milli": (200, 3000),
    "shift_milli": (-200_000, 200_000),
    "lowest_score": (0, 1000),
    "highest_score": (0, 2000),
    "keep_micro_per_day": (990_000, 999_900),
    "prior_strength": (500_000, 5_000_000),
    "prior_adverse": (10_000, 900_000),
    "pool_strength": (1_000_000, 1_000_000_000),
    "category_strength": (1_000_000, 1_000_000_000),
    "inspector_strength": (1_000_000, 1_000_000_000),
    "inspector_from_visits": (1, 10_000),
    "inspector_most_milli": (1000, 8000),
    "rated_from_milli": (100, 20_000),
    "top_from_milli": (0, 20_000),
    "interval_milli": (500, 3000),
    "hysteresis_points": (0, 50),
    "days_per_grade": (1, 366),
    "inspection_clean": (0, 20_000_000),
    "proven_cap": (0, 20_000_000),
    "unproven_cap": (0, 5_000_000),
    "unproven_daily_cap": (0, 5_000_000),
    "serious_ceiling_points": (0, 200),
    "random_share_milli": (200, 1000),
    "overdue_days": (30, 3650),
    "overdue_points": (0, 100),
}
_RISING = ("inspection_critical", "inspection_serious", "inspection_minor", "complaint_severity_milli")
_FALLING = ("clean_left_critical", "clean_left_serious", "clean_left_minor", "grade_from")
_LENGTHS = {"complaint_severity_milli": 3, "grade_from": 3}
_MASSES = ("inspection_kinds", "complaints", "reviews", "findings")


def _problems(values: Mapping[str, object]) -> list[str]:
    """Return every fault of the names that are there: bounds first, then the orders that keep it monotone."""
    found = []
    for name, (low, high) in _BOUNDS.items():
        value = values.get(name, low)
        if type(value) is not int or not low <= value <= high:
            found.append(f"{name}: found {value!r}, expected a whole number from {low} to {high}")
    for name in (*_RISING, *_FALLING):
        if name in values:
            found += _order_problems(name, values[name], 1 if name in _RISING else -1)
    for name in _MASSES:
        if name in values:
            found += _mass_problems(name, values[name])
    found += _amount_problems("effective_milli", values.get("effective_milli", {}))
    found += _cross_problems(values)
    return found


def _order_problems(name: str, values: object, direction: int) -> list[str]:
    if not isinstance(values, tuple) or not values or any(type(v) is not int or v < 0 for v in values):
        return [f"{name}: found {values!r}, expected a list of whole numbers from 0"]
    if len(values) != _LENGTHS.get(name, len(values)):
        return [f"{name}: found {len(values)} numbers, expected {_LENGTHS[name]}"]
    if any((b - a) * direction < 0 for a, b in pairwise(values)):
        return [f"{name}: found {list(values)}, expected {'rising' if direction > 0 else 'falling'} numbers"]
    return []


def _mass_problems(name: str, table: object) -> list[str]:
    if not isinstance(table, Mapping) or not table:
        return [f"{name}: expected words with their bad and good mass"]
    return [
        f"{name}.{word}: found {pair!r}, expected two whole numbers from 0 to 20000000"
        for word, pair in table.items()
        if not isinstance(pair, tuple)
        or len(pair) != 2
        or any(type(v) is not int or not 0 <= v <= 20_000_000 for v in pair)
    ]


def _amount_problems(name: str, table: object) -> list[str]:
    if not isinstance(table, Mapping):
        return [f"{name}: expected words with a whole number"]
    return [
        f"{name}.{word}: found {value!r}, expected a whole number from 0 to 10000"
        for word, value in table.items()
        if type(value) is not int or not 0 <= value <= 10_000
    ]


def _cross_problems(values: Mapping[str, object]) -> list[str]:
    found = []
    version = values.get("version", "-")
    if not isinstance(version, str) or not version.strip():
        found.append("version: expected a name such as 2026.1")
    low, high = values.get("lowest_score", 0), values.get("highest_score", 1)
    if isinstance(low, int) and isinstance(high, int) and low >= high:
        found.append("lowest_score: expected less than highest_score")
    serious = values.get("serious_events", ())
    if not isinstance(serious, tuple) or not all(isinstance(word, str) for word in serious):
        found.append(f"serious_events: found {serious!r}, expected a list of words")
    return found + _star_problems(values.get("reviews"))


def _star_problems(reviews: object) -> list[str]:
    if not isinstance(reviews, Mapping):
        return []
    stars = [reviews.get(f"star-{n}") for n in range(1, 6)]
    if None in stars:
        return ["reviews: expected star-1 to star-5"]
    if _mass_problems("reviews", reviews):
        return []  # said already, and what is no number has no order
    pairs = cast("list[tuple[int, int]]", stars)
    if any(a[0] < b[0] or a[1] > b[1] for a, b in pairwise(pairs)):
        return ["reviews: more stars must never weigh worse"]
    return []


def _frozen(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(k): _frozen(v) for k, v in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(v) for v in value)
    return value


def _thawed(value: object) -> object:
    if isinstance(value, Mapping):
        return {k: _thawed(v) for k, v in value.items()}
    return [_thawed(v) for v in value] if isinstance(value, tuple) else value
