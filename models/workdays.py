"""Count working days on the Chinese calendar: weekends, statutory holidays, and weekend days worked for them.

Rule: the calendar is dated data as the State Council announced it, year by year. A year that is not there is
said (`CalendarMissing`), never guessed: a deadline moved by a day decides cases. The day on which a period
begins does not count (Civil Code, article 201).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import resources

CALENDAR = "calendar/working_days.json"
_DAY = timedelta(days=1)


class CalendarMissing(Exception):
    """Days of a year were asked for whose holidays are not known here."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not in the calendar")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The announced years: free days, weekend days worked, and where each year was announced.

    Args:
        offset: what local time is ahead of UTC; a day is a local day.
    """

    offset: timedelta
    free: frozenset[date]
    worked: frozenset[date]
    sources: Mapping[int, str]

    def day_of(self, instant: datetime) -> date:
        """Return the local day of an instant."""
        return (instant + self.offset).date()

    def is_worked(self, day: date) -> bool:
        """Say whether offices work on a day.

        Raises:
            CalendarMissing: the day's year was not announced yet, or is not in this calendar.
        """
        if day.year not in self.sources:
            raise CalendarMissing(day.year)
        return day in self.worked or (day.weekday() < 5 and day not in self.free)

    def after(self, begins: date, days: int, paused: Collection[date] = frozenset()) -> date:
        """Return the last day of a period of so many working days; paused days do not count.

        Raises:
            CalendarMissing: the period reaches into a year that is not known.
        """
        day = begins
        while days:
            day += _DAY
            if self.is_worked(day) and day not in paused:
                days -= 1
        return day

    def between(self, begins: date, until: date) -> int:
        """Return how many working days lie after `begins`, up to and with `until`."""
        days = (until - begins).days
        return sum(self.is_worked(begins + _DAY * n) for n in range(1, days + 1))


def working_days(document: Mapping[str, Any] | None = None) -> WorkingDays:
    """Return the calendar that is shipped, or the one a document says."""
    said = resources.document(CALENDAR) if document is None else document
    years: Mapping[str, Any] = said["years"]
    free = {day for year in years.values() for span in year["free"] for day in _span(span)}
    worked = {date.fromisoformat(day) for year in years.values() for day in year["worked"]}
    return WorkingDays(
        timedelta(hours=said["offset_hours"]),
        frozenset(free),
        frozenset(worked),
        {int(year): row["source"] for year, row in years.items()},
    )


def _span(text: str) -> list[date]:
    first, _, last = text.partition("/")
    begins, ends = date.fromisoformat(first), date.fromisoformat(last or first)
    return [begins + _DAY * n for n in range((ends - begins).days + 1)]
