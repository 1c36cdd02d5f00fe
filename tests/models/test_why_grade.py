"""A grade that its points alone do not explain says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from credit_cases import NOW, POLICY, SHOP, visit

import resources
from models.credit.explained import why_grade
from models.credit.ladder import Standing
from models.credit.scorecard import score

TODAY = NOW.date()


def test_points_of_an_a_without_the_visits_for_it_are_explained() -> None:
    # One clean visit some months ago: the points reach the line, the sound visits do not.
    now = score(SHOP, [visit(1, 200)], POLICY, NOW, 10)
    assert now.points >= POLICY.grade_from[0]
    assert now.grade == "B"
    held = Standing("B", TODAY - timedelta(days=200), "B", now.points)
    assert why_grade(now, held, POLICY, TODAY) == (("grade-needs-visits", (("visits", "1"),)),)


def test_a_held_grade_says_until_when_or_how_near_the_line_is() -> None:
    now = score(SHOP, [visit(n, 20 * n) for n in range(1, 5)], POLICY, NOW, 10)
    assert now.grade == "A"
    fresh = why_grade(now, Standing("B", TODAY - timedelta(days=3), "A", now.points), POLICY, TODAY)
    assert [code for code, _ in fresh] == ["grade-held-until"]
    assert dict(fresh[0][1])["until"] == str(TODAY + timedelta(days=POLICY.days_per_grade - 3))
    old = why_grade(now, Standing("B", TODAY - timedelta(days=90), "A", now.points), POLICY, TODAY)
    assert [code for code, _ in old] == ["grade-held-line"]
    assert why_grade(now, Standing("A", TODAY, "A", now.points), POLICY, TODAY) == ()


def test_no_rating_says_what_is_missing() -> None:
    now = score(SHOP, [], POLICY, NOW, 10)
    found = why_grade(now, Standing("NR", TODAY, "NR", 0), POLICY, TODAY)
    assert [code for code, _ in found] == ["grade-needs-evidence"]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_reason_has_words(locale: str) -> None:
    words = resources.document(f"i18n/{locale}/grades.json")
    assert set(words) == {
        f"why.{code}"
        for code in ("grade-needs-evidence", "grade-needs-visits", "grade-held-until", "grade-held-line")
    }
