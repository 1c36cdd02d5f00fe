"""The statutory clocks of a case: what must happen by which working day, and whether it did.

Rule: days, extensions and their legal basis are dated data (`resources/policy/clocks.json`). While goods are
at the laboratory the clocks that say so stand still. Where the calendar of a year is missing there is no
deadline, only the year that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import resources
from models.case import Case, Step
from models.workdays import CalendarMissing, WorkingDays

CLOCKS = "policy/clocks.json"


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock as the law sets it: working days, what begins and ends it, whether a laboratory stops it."""

    code: str
    days: int
    extension: int
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    pauses: bool
    from_day: date
    basis: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one case.

    Args:
        state: `running`, `paused` (at the laboratory), `met`, `late` (done after the day), `overdue`, or
            `unknown`: the calendar of `missing_year` is not known.
        due: the last day; None while paused or where the calendar is missing.
        left: working days left, negative once overdue; None where there is no due day.
        began, ended: the entries that began it and ended it.
    """

    code: str
    state: str
    due: date | None
    left: int | None
    began: int
    ended: int | None
    basis: str
    days: int
    paused_days: int = 0
    missing_year: int | None = None


def clock_rules(document: Mapping[str, Any] | None = None) -> tuple[Rule, ...]:
    """Return the clocks that are shipped, or those a document says."""
    said = resources.document(CLOCKS) if document is None else document
    return tuple(
        Rule(
            row["code"],
            row["days"],
            row["extension"],
            tuple(row["begins"]),
            tuple(row["ends"]),
            row["pauses"],
            date.fromisoformat(row["from"]),
            row["basis"],
        )
        for row in said["clocks"]
    )


def clocks(
    case: Case, now: datetime, calendar: WorkingDays, rules: Iterable[Rule] | None = None
) -> tuple[Clock, ...]:
    """Return every clock that ever ran in a case, in the order they began."""
    steps = [step for step in case.steps if not step.unfit and step.event_time <= now]
    known = tuple(_shipped() if rules is None else rules)
    found = [
        _clock(rule, begun, steps, now, calendar)
        for begun in steps
        for rule in _in_force(known, calendar.day_of(begun.event_time))
        if begun.step in rule.begins
    ]
    return tuple(found)


@lru_cache
def _shipped() -> tuple[Rule, ...]:
    # A list of cases asks once for each of them.
    return clock_rules()


def next_due(found: Iterable[Clock]) -> Clock | None:
    """Return the clock that needs looking at first: overdue, then by its day, then paused and unknown."""
    waiting = [clock for clock in found if clock.ended is None]
    return min(waiting, key=lambda clock: (clock.due is None, clock.due or date.max), default=None)


def _in_force(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    newest: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda each: each.from_day):
        if rule.from_day <= day:
            newest[rule.code] = rule
    return tuple(newest.values())


def _clock(rule: Rule, begun: Step, steps: list[Step], now: datetime, calendar: WorkingDays) -> Clock:
    later = [step for step in steps if step.index > begun.index]
    end = next((step for step in later if step.step in rule.ends), None)
    last = calendar.day_of(end.event_time if end else now)
    resting, away = _laboratory(steps, calendar, last) if rule.pauses else (frozenset[date](), False)
    extended = any(step.step == f"{rule.code}-extended" for step in later)
    days = rule.days + (rule.extension if extended else 0)
    begins = calendar.day_of(begun.event_time)
    due, missing = _due(calendar, begins, days, resting)
    paused = away and end is None
    return Clock(
        code=rule.code,
        # While goods are at the laboratory nobody knows yet how many days will not count.
        state="paused" if paused else _state(due, last, missing, done=end is not None),
        due=None if paused else due,
        left=None if paused or end or due is None else _left(calendar, last, due),
        began=begun.index,
        ended=end.index if end else None,
        basis=rule.basis,
        days=days,
        paused_days=sum(day > begins for day in resting),
        missing_year=missing,
    )


def _due(
    calendar: WorkingDays, begins: date, days: int, resting: frozenset[date]
) -> tuple[date | None, int | None]:
    try:
        return calendar.after(begins, days, resting), None
    except CalendarMissing as error:
        return None, error.year


def _left(calendar: WorkingDays, last: date, due: date) -> int | None:
    try:
        return calendar.between(last, due) if due >= last else -calendar.between(due, last)
    except CalendarMissing:
        return None


def _state(due: date | None, last: date, missing: int | None, *, done: bool) -> str:
    if due is None:
        # The period reaches into the year that is missing, so it cannot have ended before that year.
        if missing is not None and last.year < missing:
            return "met" if done else "running"
        return "unknown"
    if done:
        return "met" if last <= due else "late"
    return "running" if last <= due else "overdue"


def _laboratory(steps: list[Step], calendar: WorkingDays, last: date) -> tuple[frozenset[date], bool]:
    """Return the days at the laboratory, and whether something is there still."""
    away: set[date] = set()
    sent: date | None = None
    for step in steps:
        if step.step == "lab-sent":
            sent = calendar.day_of(step.event_time)
        elif step.step == "lab-returned" and sent is not None:
            away |= _days(sent, calendar.day_of(step.event_time))
            sent = None
    if sent is not None:
        away |= _days(sent, last)
    return frozenset(away), sent is not None


def _days(after: date, until: date) -> set[date]:
    return {after + timedelta(days=n) for n in range(1, (until - after).days + 1)}
