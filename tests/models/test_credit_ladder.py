"""Grades are held with patience, records are repaired on the day the rules say, visits are planned fairly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from credit_cases import NOW, POLICY, SHOP, TODAY, other, visit

import resources
from models.credit.evidence import Evidence
from models.credit.ladder import Catalogue, Standing, repair_state, standing, step
from models.credit.policy import GRADES
from models.credit.priority import Candidate, plan, priority
from models.credit.scorecard import Score, score

CATALOGUE = Catalogue.from_document(resources.document("policy/measures.json"))
DAY = date(2026, 6, 1)


def scored(points: int, grade: str) -> Score:
    blank = score(SHOP, (), POLICY, NOW, 0)
    return replace(blank, base=points, contributions=(), score=points, grade=grade)


def held(grade: str, days_ago: int = 100) -> Standing:
    return Standing(grade, DAY - timedelta(days=days_ago), grade, 0)


def test_a_grade_moves_one_step_a_month_and_only_over_a_clear_line() -> None:
    a, b, _ = POLICY.grade_from
    assert step(held("C"), scored(a + 20, "A"), DAY, POLICY).grade == "B"
    assert step(held("C", days_ago=29), scored(a + 20, "A"), DAY, POLICY).grade == "C"
    assert step(held("C", days_ago=30), scored(a + 20, "A"), DAY, POLICY).grade == "B"
    assert step(held("C"), scored(b + POLICY.hysteresis_points - 1, "B"), DAY, POLICY).grade == "C"
    assert step(held("C"), scored(b + POLICY.hysteresis_points, "B"), DAY, POLICY).grade == "B"
    assert step(held("A"), scored(a - POLICY.hysteresis_points, "B"), DAY, POLICY).grade == "A"
    assert step(held("A"), scored(a - POLICY.hysteresis_points - 1, "B"), DAY, POLICY).grade == "B"
    assert step(held("A"), scored(500, "D"), DAY, POLICY).grade == "B"


def test_a_serious_event_brings_the_grade_down_at_once_and_the_projection_is_shown() -> None:
    after = step(held("A", days_ago=3), scored(500, "D"), DAY, POLICY, serious=True)
    assert (after.grade, after.since, after.projected) == ("D", DAY, "D")


def test_what_was_voided_moved_no_grade() -> None:
    clean = tuple(visit(n, 60 * n) for n in range(8))
    bad = visit(20, 30, critical=4)
    void = Evidence("ruling", SHOP, "void", TODAY, TODAY, 21, about=20)
    assert standing(SHOP, (*clean, bad), POLICY, NOW, 100).grade != "A"
    assert standing(SHOP, (*clean, bad, void), POLICY, NOW, 100) == standing(SHOP, clean, POLICY, NOW, 100)


def test_the_held_grade_follows_the_projected_one_within_months() -> None:
    bad = tuple(visit(n, 700 + 60 * n, critical=2, serious=2) for n in range(4))
    clean = tuple(visit(10 + n, 30 * n) for n in range(10))
    path = [
        standing(SHOP, (*bad, *clean), POLICY, NOW - timedelta(days=30 * back), 100)
        for back in range(20, -1, -1)
    ]
    places = [GRADES.index(s.grade) for s in path if s.grade in GRADES]
    assert all(abs(a - b) <= 1 for a, b in pairwise(places))
    assert path[-1].grade == path[-1].projected


@pytest.mark.parametrize(
    ("severity", "decided", "repairable", "ended"),
    [
        ("general", date(2026, 5, 31), date(2026, 8, 31), date(2027, 5, 31)),
        ("general", date(2026, 11, 30), date(2027, 2, 28), date(2027, 11, 30)),
        ("serious", date(2028, 2, 29), date(2029, 2, 28), date(2031, 2, 28)),
    ],
)
def test_repair_windows_open_and_close_on_their_day(
    severity: str, decided: date, repairable: date, ended: date
) -> None:
    window = CATALOGUE.window(severity, decided)
    assert window is not None
    day = timedelta(days=1)
    states = [repair_state(decided, at, window) for at in (repairable - day, repairable, repairable + day)]
    assert states == ["published", "repairable", "repairable"]
    states = [repair_state(decided, at, window) for at in (ended - day, ended, ended + day)]
    assert states == ["repairable", "ended", "ended"]
    granted = repairable + day
    states = [repair_state(decided, at, window, granted) for at in (granted - day, granted, granted + day)]
    assert states == ["repairable", "repaired", "repaired"]


def test_a_minor_record_is_published_three_months_at_most() -> None:
    window = CATALOGUE.window("minor", date(2026, 4, 1))
    assert window is not None
    assert repair_state(date(2026, 4, 1), date(2026, 6, 30), window) == "repairable"
    assert repair_state(date(2026, 4, 1), date(2026, 7, 1), window) == "ended"
    assert CATALOGUE.window("minor", date(2026, 3, 31)) is None


def test_no_severe_measure_follows_without_a_signature() -> None:
    severe = [m for m in CATALOGUE.measures_for("D", DAY) if m.kind == "severe"]
    assert severe
    assert all(m.needs_signature for m in severe)
    assert {m.code for m in CATALOGUE.measures_for("A", DAY)} == {"badge", "green-lane", "fewer-visits"}
    assert CATALOGUE.measures_for("A", date(2025, 12, 31)) == ()


def candidates(count: int) -> list[Candidate]:
    return [
        Candidate(replace(scored(500 + 7 * n, "C"), subject=f"shop-{n}"), (n * 53) % 900 or None, n % 3)
        for n in range(count)
    ]


def test_a_plan_takes_the_highest_priorities_and_draws_a_fifth_by_lot() -> None:
    everybody = candidates(40)
    planned = plan(everybody, 10, POLICY, b"seed")
    assert len({v.subject for v in planned}) == 10
    assert sum(v.by_lot for v in planned) == 2
    best = sorted((priority(c, POLICY)[0] for c in everybody), reverse=True)[:8]
    assert [v.priority for v in planned if not v.by_lot] == best
    assert all(v.priority == sum(points for _, points in v.reasons) for v in planned)


def test_a_plan_can_be_drawn_again_from_its_seed_and_not_guessed_without() -> None:
    everybody = candidates(40)
    assert plan(everybody, 10, POLICY, b"seed") == plan(list(reversed(everybody)), 10, POLICY, b"seed")
    lots = {tuple(v.subject for v in plan(everybody, 10, POLICY, bytes([n])) if v.by_lot) for n in range(20)}
    assert len(lots) > 10


def test_waiting_raises_the_priority_and_never_the_score() -> None:
    shop = scored(640, "B")
    waited = [priority(Candidate(shop, days), POLICY)[0] for days in (10, 365, 500, 730, 5000)]
    assert waited == sorted(waited)
    assert waited[-1] - waited[0] == POLICY.overdue_points


def test_a_merchant_without_evidence_holds_no_grade() -> None:
    assert standing(SHOP, (), POLICY, datetime(2026, 6, 1, tzinfo=UTC), 0).grade == "NR"
    praise = tuple(other(n, n, "review", "star-5", proven=False) for n in range(50))
    assert standing(SHOP, praise, POLICY, NOW, 100).grade == "NR"
