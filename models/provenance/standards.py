"""Judge what a laboratory measured against the limits of a product: pass, fail, or why neither can be said.

    value in the limit's unit = value x factor(unit) / factor(limit's unit); pass iff value <= limit

Rule: nothing passes for want of knowing. A value below the limit of detection passes only if that limit lies
within the product's; an unknown unit, or a substance without a limit, is said to be so. Limits are data with
clause and source (`resources/quality/standards.json`); rows of one's own come first.

>>> limit = Limit("rice", "cadmium", Decimal("0.2"), "mg/kg", "GB 2762", "4.2", "test")
>>> [judge(value, "mg/kg", limit).verdict for value in ("0.19", "0.21", "<0.3", "ND")]
['pass', 'fail', 'undecided', 'pass']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

import resources

Verdict = Literal["pass", "fail", "no-limit", "unit-unknown", "undecided", "unreadable"]
_VALUE = re.compile(r"(<=|>=|<|>|≤|≥|＜|＞|≦|≧|小于|大于|低于)?\s*([0-9][0-9,]*\.?[0-9]*(?:[eE][-+]?\d+)?)")
_NOT_DETECTED = frozenset(
    (
        "nd",
        "n.d.",
        "n.d",
        "not detected",
        "undetected",
        "未检出",
        "未检测出",
        "不得检出",
        "阴性",
        "negative",
        "-",
    )
)
_BELOW = ("<", "≤", "<=", "＜", "≦", "小于", "低于")


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a product may hold of a substance, with the clause and who says so."""

    category: str
    substance: str
    most: Decimal
    unit: str
    standard: str
    clause: str
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A measured value beside its limit."""

    substance: str
    value: str
    unit: str | None
    verdict: Verdict
    limit: Limit | None = None


def judge_report(
    results: Iterable[Mapping[str, Any]],
    category: str | None,
    own: Sequence[Mapping[str, str]] = (),
    *,
    whole: bool = False,
) -> tuple[Judged, ...]:
    """Judge every value of a report.

    Args:
        results: substance, value, unit and detection_limit of each, as the ledger keeps them.
        category: the product's category; without one no limit is known.
        own: an enterprise's limits, which come first.
        whole: those are all the limits there are; the shipped ones are among them.
    """
    limits = (*(_limit(row) for row in own), *(() if whole else _limits()))
    return tuple(_judged(each, category, limits) for each in results)


def verdict_of(judged: Sequence[Judged]) -> Verdict:
    """Return what a report as a whole comes to: one failure fails it; else one doubt leaves it undecided.

    Values without a limit do not decide; a report of nothing else says nothing about the product.
    """
    decided = [each.verdict for each in judged if each.verdict != "no-limit"]
    for verdict in ("fail", "unit-unknown", "undecided", "unreadable"):
        if verdict in decided:
            return "fail" if verdict == "fail" else "undecided"
    return "pass" if decided else "no-limit"


def judge(value: str, unit: str | None, limit: Limit, detection_limit: Decimal | None = None) -> Judged:
    """Judge one value as the laboratory wrote it."""
    verdict = _verdict(value.strip(), unit, limit, detection_limit)
    return Judged(limit.substance, value, unit, verdict, limit)


def substance_of(text: str) -> str:
    """Return the one name of a substance, however the sheet writes it.

    >>> substance_of("镉（以Cd计）"), substance_of("Total iron")
    ('cadmium', 'total iron')
    """
    word = re.sub(r"\s+", " ", text).strip().lower()
    return _names().get(word, word)


def _judged(result: Mapping[str, Any], category: str | None, limits: Sequence[Limit]) -> Judged:
    name, value, unit = substance_of(str(result["substance"])), str(result["value"]), result.get("unit")
    limit = next(
        (each for each in limits if each.substance == name and each.category in (category, "*")), None
    )
    if limit is None:
        return Judged(name, value, unit, "no-limit")
    seen = result.get("detection_limit")
    return judge(value, unit, limit, None if seen is None else Decimal(str(seen)))


def _verdict(value: str, unit: str | None, limit: Limit, detection_limit: Decimal | None) -> Verdict:
    factor = _factor(unit, limit.unit)
    if value.lower() in _NOT_DETECTED:
        if detection_limit is None:
            return "pass"
        if factor is None:
            return "unit-unknown"
        return "pass" if detection_limit * factor <= limit.most else "undecided"
    match = _VALUE.fullmatch(value)
    if match is None:
        return "unreadable"
    if factor is None:
        return "unit-unknown"
    sign, digits = match.groups()
    try:
        number = Decimal(digits.replace(",", "")) * factor
    except InvalidOperation:
        return "unreadable"
    if sign is None:
        return "pass" if number <= limit.most else "fail"
    if sign in _BELOW:
        return "pass" if number <= limit.most else "undecided"
    return "fail" if number >= limit.most else "undecided"


def _factor(unit: str | None, into: str) -> Decimal | None:
    known = _units()
    here, there = known.get(_unit(unit)), known.get(_unit(into))
    if here is None or there is None or here[0] != there[0]:
        return None
    return here[1] / there[1]


def _unit(unit: str | None) -> str:
    return re.sub(r"\s+", "", (unit or "").replace("／", "/")).lower()


def _limit(row: Mapping[str, str]) -> Limit:
    return Limit(
        row["category"],
        substance_of(row["substance"]),
        Decimal(row["most"]),
        row["unit"],
        row.get("standard", ""),
        row.get("clause", ""),
        row.get("source", ""),
    )


@lru_cache(maxsize=1)
def _limits() -> tuple[Limit, ...]:
    return tuple(_limit(row) for row in resources.document("quality/standards.json")["limits"])


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    listed = resources.document("quality/standards.json")["substances"]
    return {alias.lower(): name for name, aliases in listed.items() for alias in aliases}


@lru_cache(maxsize=1)
def _units() -> dict[str, tuple[str, Decimal]]:
    listed = resources.document("quality/standards.json")["units"]
    return {_unit(unit): (kind, Decimal(factor)) for unit, (kind, factor) in listed.items()}
