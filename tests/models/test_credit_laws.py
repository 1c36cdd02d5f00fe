"""The laws of the score hold for every history: it adds up, never rewards bad news, fades to the prior."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from credit_cases import NOW, POLICY, SHOP, TODAY, bad_evidence, histories, other, visit
from hypothesis import given, settings
from hypothesis import strategies as st

from models.credit.evidence import Evidence
from models.credit.policy import GRADES
from models.credit.posterior import Priors
from models.credit.scorecard import Score, ceiling_of, score, starting_points

PRIORS = Priors(250_000, {"bakery": 200_000}, {"X": 1500, "Y": 700})
LATER = settings(max_examples=100, deadline=None)


def scored(evidence: tuple[Evidence, ...], days: int = 0, size: int = 10_000) -> Score:
    return score(SHOP, evidence, POLICY, NOW + timedelta(days=days), size, PRIORS)


@LATER
@given(histories())
def test_base_and_contributions_add_up_to_the_score_exactly(history: tuple[Evidence, ...]) -> None:
    result = scored(history)
    total = result.base + sum(c.points for c in result.contributions)
    assert result.points == total
    assert result.score is None or result.score == total
    assert (result.score is None) == (result.grade == "NR")
    assert result.interval[0] <= total <= result.interval[1]


@LATER
@given(histories(), st.data())
def test_more_bad_evidence_never_raises_the_score(history: tuple[Evidence, ...], data: st.DataObject) -> None:
    worse = (*history, data.draw(bad_evidence(len(history))))
    before, after = scored(history), scored(worse)
    assert after.points <= before.points
    if before.grade != "NR":
        assert GRADES.index(after.grade) >= GRADES.index(before.grade)


@LATER
@given(histories(), st.data())
def test_a_worse_visit_never_raises_the_score(history: tuple[Evidence, ...], data: st.DataObject) -> None:
    visits = [n for n, e in enumerate(history) if e.stream == "inspection"]
    if not visits:
        return
    at = data.draw(st.sampled_from(visits))
    more = {
        name: getattr(history[at], name) + data.draw(st.integers(0, 2))
        for name in ("critical", "serious", "minor")
    }
    worse = (*history[:at], replace(history[at], **more), *history[at + 1 :])
    assert scored(worse).points <= scored(history).points


@LATER
@given(histories(), st.data())
def test_fewer_stars_never_raise_the_score(history: tuple[Evidence, ...], data: st.DataObject) -> None:
    reviews = [n for n, e in enumerate(history) if e.stream == "review" and e.kind != "star-1"]
    if not reviews:
        return
    at = data.draw(st.sampled_from(reviews))
    worse = replace(history[at], kind=f"star-{int(history[at].kind[-1]) - 1}")
    assert scored((*history[:at], worse, *history[at + 1 :])).points <= scored(history).points


@LATER
@given(histories(), st.lists(st.integers(0, 900), min_size=1, max_size=4))
def test_time_alone_moves_the_score_only_toward_the_prior_and_never_past(
    history: tuple[Evidence, ...], waits: list[int]
) -> None:
    prior = starting_points(POLICY, PRIORS.of(""))
    path = [abs_from(scored(history, days).points, prior) for days in (0, *sorted(waits))]
    signs = {sign for sign, _ in path if sign}
    assert len(signs) <= 1
    distances = [distance for _, distance in path]
    ceiling = prior - ceiling_of(POLICY, prior)
    assert all(b <= a or b <= ceiling for a, b in pairwise(distances))


def abs_from(points: int, prior: int) -> tuple[int, int]:
    return (points > prior) - (points < prior), abs(points - prior)


@LATER
@given(histories(), st.integers(0, 2**32))
def test_the_order_of_arrival_does_not_matter_to_the_byte(history: tuple[Evidence, ...], seed: int) -> None:
    shuffled = list(history)
    random.Random(seed).shuffle(shuffled)
    assert repr(scored(tuple(shuffled))) == repr(scored(history))


@LATER
@given(histories(), st.integers(0, 12), st.integers(0, 1500))
def test_a_score_uses_only_what_was_recorded_by_then(
    history: tuple[Evidence, ...], size: int, ago: int
) -> None:
    late = tuple(
        e if e.index < size else replace(e, critical=3, kind="other") if e.stream == "inspection" else e
        for e in history
    )
    assert scored(history, size=size) == scored(tuple(e for e in late if e.index < size), size=size)
    by_then = TODAY - ago
    known = tuple(e for e in history if e.record_day <= by_then)
    assert scored(history, -ago) == scored(known, -ago)


def test_what_happened_earlier_but_was_recorded_later_does_not_count_before_it_was_recorded() -> None:
    told_late = visit(0, 300, critical=2, record_day=TODAY - 10)
    assert not scored((told_late,), -20).contributions
    assert scored((told_late,)).contributions


@LATER
@given(histories(), st.data())
def test_what_is_voided_counts_as_if_it_had_never_happened(
    history: tuple[Evidence, ...], data: st.DataObject
) -> None:
    extra = data.draw(bad_evidence(len(history)))
    ruling = Evidence("ruling", SHOP, "void", TODAY, TODAY, len(history) + 1, about=extra.index)
    assert scored((*history, extra, ruling)) == scored(history)


def test_a_voided_ruling_decides_nothing() -> None:
    bad = visit(0, 10, critical=2)
    void = Evidence("ruling", SHOP, "void", TODAY, TODAY, 1, about=0)
    undone = Evidence("ruling", SHOP, "void", TODAY, TODAY, 2, about=1)
    assert scored((bad, void)).contributions == ()
    assert scored((bad, void, undone)) == scored((bad,))


@settings(max_examples=60, deadline=None)
@given(histories(most=6), st.sampled_from(("star-1", "star-5")), st.integers(0, 40))
def test_two_hundred_unproven_reviews_move_the_score_hardly_more_than_twenty(
    history: tuple[Evidence, ...], stars: str, spread: int
) -> None:
    def flooded(count: int) -> int:
        fakes = tuple(other(100 + n, (n % (spread + 1)), "review", stars, proven=False) for n in range(count))
        return scored((*history, *fakes)).points

    clean = scored(history).points
    assert abs(flooded(200) - clean) <= 12
    assert abs(flooded(200) - flooded(20)) <= 12


def test_ten_thousand_sales_with_the_same_share_of_praise_change_nothing() -> None:
    def proven(count: int) -> tuple[Evidence, ...]:
        return tuple(
            other(n, n % 30, "review", "star-1" if n % 20 == 0 else "star-5", key=f"item:{n}")
            for n in range(count)
        )

    assert abs(scored(proven(10_000)).points - scored(proven(1000)).points) <= 1


def test_the_same_facts_from_another_inspector_give_the_same_grade_while_little_is_known_of_either() -> None:
    facts = (visit(0, 400, minor=1), visit(1, 200, critical=1), visit(2, 20))
    grades = {scored(tuple(replace(e, inspector=who) for e in facts)).grade for who in ("new-1", "new-2", "")}
    assert len(grades) == 1


def test_too_little_evidence_is_no_rating_and_never_an_a() -> None:
    assert scored(()).grade == "NR"
    assert scored((visit(0, 900),)).grade == "NR"
    praise = tuple(other(n, n, "review", "star-5", proven=False) for n in range(500))
    assert scored(praise).grade == "NR"


def test_a_serious_event_keeps_a_ceiling_that_only_repair_lifts() -> None:
    clean = tuple(visit(n + 1, 100 * n) for n in range(6))
    history = (visit(0, 1200, critical=4), *clean)
    held = scored(history)
    ceiling = ceiling_of(POLICY, starting_points(POLICY, 250_000))
    assert held.points == ceiling
    assert [c.entries for c in held.contributions if c.code == "serious-unrepaired"] == [(0,)]
    repair = Evidence("ruling", SHOP, "repair", TODAY, TODAY, 50, about=0)
    assert scored((*history, repair)).points > ceiling


def test_each_contribution_cites_its_entries() -> None:
    result = scored(
        (visit(3, 10, critical=1), visit(5, 5), other(9, 3, "complaint", "upheld", key="c", severity=1))
    )
    cited = {c.code: c.entries for c in result.contributions}
    assert cited["inspection-critical"] == (3,)
    assert cited["inspection-clean"] == (5,)
    assert cited["complaint-upheld"] == (9,)
