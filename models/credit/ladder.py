"""The grade a merchant holds: the score's grade with patience, and what follows from it.

The score moves every day; the grade is held. It changes by at most one step a month and only when the score
is clearly over the line (hysteresis); a serious event brings it down at once. Where the score would lead is
shown as the projected grade. What a grade or an event entails is dated data (`Catalogue`): rewards, measures
and the windows after which a record may be repaired. No severe measure follows without a human signature.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from models.credit.evidence import Evidence, date_of, day_of, silenced
from models.credit.policy import GRADES, Policy
from models.credit.posterior import Priors
from models.credit.scorecard import NOT_RATED, Score, score, words

PolicyAt = Callable[[datetime], Policy]
MOST_MONTHS = 60
"""How far back the path is walked; what is older has faded to nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The held grade, since when, and the grade the score itself would give."""

    grade: str
    since: date
    projected: str
    points: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What follows from a grade: a reward or a measure, from the day it is in force.

    Args:
        kind: `reward`, `measure` or `severe`; a severe one waits for a signature.
        grades: for whom; from_day: first day in force; basis: the rule it rests on.
    """

    code: str
    kind: str
    grades: tuple[str, ...]
    from_day: date
    basis: str

    @property
    def needs_signature(self) -> bool:
        """Return whether a person must sign before it takes effect."""
        return self.kind == "severe"


@dataclass(frozen=True, slots=True)
class Window:
    """For one severity: after how many months repair may be asked for, and when publication must end."""

    severity: str
    repair_after_months: int
    ends_after_months: int
    from_day: date
    basis: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The measures and windows in force at their dates, as read from `resources/policy/measures.json`."""

    measures: tuple[Measure, ...]
    windows: tuple[Window, ...]

    @classmethod
    def from_document(cls, document: Mapping[str, Sequence[Mapping[str, object]]]) -> Catalogue:
        """Build the catalogue from a parsed JSON object.

        Raises:
            KeyError: a measure or window lacks a field; ValueError: a date is none.
        """
        return cls(
            tuple(
                Measure(
                    str(row["code"]),
                    str(row["kind"]),
                    tuple(str(row["grades"]).split()),
                    date.fromisoformat(str(row["from"])),
                    str(row["basis"]),
                )
                for row in document["measures"]
            ),
            tuple(
                Window(
                    str(row["severity"]),
                    int(str(row["repair_after_months"])),
                    int(str(row["ends_after_months"])),
                    date.fromisoformat(str(row["from"])),
                    str(row["basis"]),
                )
                for row in document["windows"]
            ),
        )

    def measures_for(self, grade: str, day: date) -> tuple[Measure, ...]:
        """Return what follows from holding `grade` on `day`."""
        return tuple(m for m in self.measures if grade in m.grades and m.from_day <= day)

    def window(self, severity: str, day: date) -> Window | None:
        """Return the window in force on `day` for records of this severity: the newest one by then."""
        fitting = [w for w in self.windows if w.severity == severity and w.from_day <= day]
        return max(fitting, key=lambda w: w.from_day, default=None)


def repair_state(decided: date, day: date, window: Window, granted: date | None = None) -> str:
    """Return where a record stands on `day`: published, repairable, repaired or ended.

    >>> window = Window("general", 3, 12, date(2026, 4, 1), "")
    >>> [repair_state(date(2026, 5, 31), day, window) for day in (date(2026, 8, 30), date(2026, 8, 31))]
    ['published', 'repairable']
    """
    if granted is not None and day >= granted:
        return "repaired"
    if day >= add_months(decided, window.ends_after_months):
        return "ended"
    return "repairable" if day >= add_months(decided, window.repair_after_months) else "published"


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day.

    >>> add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(
    subject: str,
    evidence: Iterable[Evidence],
    policy: Policy | PolicyAt,
    as_of: datetime,
    size: int,
    priors: Priors | None = None,
) -> Standing:
    """Return the held grade as of an instant, walking the ladder month by month on what was known then.

    Each step is judged under the policy in force at its moment. Evidence voided by now is left out of the
    whole walk: it never happened, so it moved no grade.
    """
    policy_at: PolicyAt = (lambda _moment: policy) if isinstance(policy, Policy) else policy
    today = day_of(as_of)
    mine = [e for e in evidence if e.subject == subject and e.index < size and e.record_day <= today]
    gone = silenced(e for e in mine if e.stream == "ruling")
    mine = [e for e in mine if e.index not in gone]
    held = Standing(NOT_RATED, as_of.astimezone(UTC).date(), NOT_RATED, 0)
    previous = None
    for moment in _moments(mine, policy_at(as_of), as_of):
        then = policy_at(moment)
        now = score(subject, mine, then, moment, size, priors)
        fell = _serious_between(mine, then, previous, day_of(moment))
        held = step(held, now, moment.astimezone(UTC).date(), then, serious=fell)
        previous = day_of(moment)
    return held


def step(held: Standing, now: Score, day: date, policy: Policy, *, serious: bool = False) -> Standing:
    """Return the standing after one look at the score: one step at most, but for a serious event."""
    grade = _next(held, now, day, policy, serious)
    since = held.since if grade == held.grade else day
    return Standing(grade, since, now.grade, now.points)


def _next(held: Standing, now: Score, day: date, policy: Policy, serious: bool) -> str:
    if NOT_RATED in (held.grade, now.grade):
        return now.grade
    have, want = GRADES.index(held.grade), GRADES.index(now.grade)
    if want == have:
        return held.grade
    if serious and want > have:
        return now.grade
    if (day - held.since).days < policy.days_per_grade:
        return held.grade
    if want > have:
        clear = now.points < policy.grade_from[have] - policy.hysteresis_points
        return GRADES[have + 1] if clear or now.points >= policy.grade_from[have] else held.grade
    clear = now.points >= policy.grade_from[have - 1] + policy.hysteresis_points
    return GRADES[have - 1] if clear else held.grade


def _moments(mine: Sequence[Evidence], policy: Policy, as_of: datetime) -> list[datetime]:
    """Return when the ladder is looked at: each first of a month, each day a serious event came, now."""
    if not mine:
        return [as_of]
    last = as_of.astimezone(UTC).date()
    first = max(date_of(min(e.record_day for e in mine)), add_months(last, -MOST_MONTHS))
    days = {add_months(first.replace(day=1), n) for n in range(1, MOST_MONTHS + 1)}
    days |= {date_of(e.record_day) for e in mine if any(w in policy.serious_events for w in words(e))}
    noon = time(12, tzinfo=UTC)
    return [*(datetime.combine(day, noon) for day in sorted(days) if first <= day < last), as_of]


def _serious_between(mine: Sequence[Evidence], policy: Policy, after: int | None, until: int) -> bool:
    return any(
        (after is None or e.record_day > after)
        and e.record_day <= until
        and any(w in policy.serious_events for w in words(e))
        for e in mine
    )
