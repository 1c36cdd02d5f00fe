"""Statutory clocks count Chinese working days, stand still at the laboratory, and never guess a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import Case, Step
from models.clocks import Clock, clock_rules, clocks
from models.disputes import fold
from models.workdays import CalendarMissing, working_days

CALENDAR = working_days()
SHOP, BUYER, OFFICE = "https://x.example/shop", "https://x.example/buyer", "https://x.example/office"


# Counted by hand on the calendars of the State Council's notices of 2024-11-12 and 2025-11-04.
@pytest.mark.parametrize(
    ("begins", "days", "due"),
    [
        ("2026-02-13", 7, "2026-03-02"),  # Spring Festival 15-23 Feb; Saturdays 14 and 28 Feb are worked
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-23", 1, "2026-02-24"),
        ("2025-01-24", 6, "2025-02-08"),  # 28 Jan-4 Feb; Sunday 26 Jan and Saturday 8 Feb are worked
        ("2025-01-24", 1, "2025-01-26"),
        ("2025-09-26", 7, "2025-10-13"),  # National Day with Mid-Autumn, 1-8 Oct; 28 Sep, 11 Oct worked
        ("2026-09-18", 7, "2026-09-29"),  # Sunday 20 Sep worked, Mid-Autumn 25-27 Sep
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),  # Saturday 10 Oct worked
        ("2026-04-30", 4, "2026-05-09"),  # May 1-5; Saturday 9 May worked
        ("2026-01-09", 45, "2026-03-19"),
        ("2026-05-15", 15, "2026-06-05"),
    ],
)
def test_periods_end_on_the_days_counted_by_hand(begins: str, days: int, due: str) -> None:
    assert CALENDAR.after(date.fromisoformat(begins), days) == date.fromisoformat(due)


@given(st.dates(date(2025, 1, 1), date(2026, 9, 1)), st.integers(1, 60))
def test_counting_forth_and_back_agree(begins: date, days: int) -> None:
    due = CALENDAR.after(begins, days)
    assert CALENDAR.is_worked(due)
    assert CALENDAR.between(begins, due) == days
    assert CALENDAR.between(begins, due - timedelta(days=1)) == days - 1


def test_a_year_that_was_not_announced_is_said() -> None:
    with pytest.raises(CalendarMissing) as missing:
        CALENDAR.after(date(2026, 12, 1), 45)
    assert missing.value.year == 2027
    with pytest.raises(CalendarMissing):
        CALENDAR.is_worked(date(2024, 12, 31))


def test_no_weekend_day_is_both_free_and_worked() -> None:
    assert not CALENDAR.free & CALENDAR.worked
    assert all(day.weekday() >= 5 for day in CALENDAR.worked)


def at(day: str, hour: int = 9) -> datetime:
    """An hour of a Chinese day."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=UTC) - timedelta(hours=8)


def case(*steps: tuple[str, str]) -> Case:
    hands = {"filed": BUYER, "replied": SHOP}
    made = [
        Step(n, at(day), hands.get(step, OFFICE), SHOP, "C-1", step) for n, (step, day) in enumerate(steps)
    ]
    return fold(made)[0]


def clock(found: Case, code: str, now: str) -> Clock:
    return next(each for each in clocks(found, at(now), CALENDAR) if each.code == code)


@pytest.mark.parametrize(
    ("now", "state", "left"),
    [("2026-03-01", "running", 1), ("2026-03-02", "running", 0), ("2026-03-03", "overdue", -1)],
)
def test_acceptance_is_due_on_the_seventh_working_day(now: str, state: str, left: int) -> None:
    found = clock(case(("filed", "2026-02-13")), "accept", now)
    assert (found.due, found.state, found.left) == (date(2026, 3, 2), state, left)


def test_a_step_on_the_last_day_is_in_time_and_on_the_next_is_late() -> None:
    for day, state in (("2026-03-02", "met"), ("2026-03-03", "late")):
        found = case(("filed", "2026-02-13"), ("accepted", day))
        assert clock(found, "accept", "2026-04-01").state == state


def test_the_day_is_the_chinese_day() -> None:
    late_evening = Step(0, datetime(2026, 2, 12, 23, tzinfo=UTC), BUYER, SHOP, "C-1", "filed")
    (found,) = clocks(fold([late_evening])[0], at("2026-02-20"), CALENDAR)
    assert found.due == date(2026, 3, 2), "23:00 UTC on the 12th is the morning of the 13th in China"


def test_a_lead_has_fifteen_days_and_fifteen_more_once_extended() -> None:
    opened = (("filed", "2026-05-15"), ("lead-opened", "2026-05-15"))
    assert clock(case(*opened), "lead", "2026-05-20").due == date(2026, 6, 5)
    extended = clock(case(*opened, ("lead-extended", "2026-06-05")), "lead", "2026-06-08")
    assert (extended.days, extended.due) == (30, date(2026, 6, 29))  # Dragon Boat 19-21 June


def test_the_laboratorys_days_do_not_count_and_while_they_last_there_is_no_due_day() -> None:
    steps = (("filed", "2026-05-15"), ("lead-opened", "2026-05-15"), ("lab-sent", "2026-05-20"))
    away = clock(case(*steps), "lead", "2026-05-27")
    assert (away.state, away.due) == ("paused", None)
    back = clock(case(*steps, ("lab-returned", "2026-05-27")), "lead", "2026-05-28")
    assert back.due == date(2026, 6, 12), "five working days later than without: 21, 22, 25, 26, 27 May"
    assert back.state == "running"


def test_mediation_ends_at_forty_five_days_and_notice_follows_in_seven() -> None:
    steps = (("filed", "2026-01-08"), ("accepted", "2026-01-09"), ("mediation-opened", "2026-01-12"))
    assert clock(case(*steps), "mediation", "2026-02-01").due == date(2026, 3, 19)
    ended = case(*steps, ("mediation-ended", "2026-03-19"))
    assert clock(ended, "mediation", "2026-03-20").state == "met"
    assert clock(ended, "notice", "2026-03-20").due == date(2026, 3, 30)


def test_without_next_years_calendar_the_clock_names_the_year() -> None:
    found = clock(case(("filed", "2026-11-19"), ("accepted", "2026-11-20")), "mediation", "2026-12-01")
    assert (found.state, found.due, found.missing_year) == ("running", None, 2027)
    later = clock(case(("filed", "2026-11-19"), ("accepted", "2026-11-20")), "mediation", "2027-06-01")
    assert later.state == "unknown"


def test_every_clock_names_its_law() -> None:
    assert all(rule.basis for rule in clock_rules())
    assert all(len(source) > 10 for source in CALENDAR.sources.values())
