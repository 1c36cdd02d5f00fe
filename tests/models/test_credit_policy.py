"""A policy names all of its faults at once, has one byte form, and every reason it can give has words."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import pairwise

import pytest
from credit_cases import NOW, POLICY, SHOP, TODAY, histories, other, visit
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from models.credit.evidence import Evidence
from models.credit.masses import parts_of
from models.credit.policy import MICRO, Policy, PolicyInvalid, growth, worth
from models.credit.pooling import Pool, pool
from models.credit.posterior import Priors, log2_micro
from models.credit.reasons import what_would_change
from models.credit.scorecard import score

SHIPPED = resources.document("policy/default.json")


def test_all_faults_are_named_at_once() -> None:
    broken = SHIPPED | {
        "prior_strength": 9_000_000,
        "random_share_milli": 100,
        "inspection_serious": [0, 5, 3],
        "grade_from": [500, 620, 584],
        "reviews": SHIPPED["reviews"] | {"star-1": [0, 900]},
    }
    with pytest.raises(PolicyInvalid) as refused:
        Policy.from_document(broken)
    named = {problem.split(":")[0] for problem in refused.value.problems}
    assert named == {"prior_strength", "random_share_milli", "inspection_serious", "grade_from", "reviews"}


def test_missing_and_unknown_names_are_faults() -> None:
    broken = {k: v for k, v in SHIPPED.items() if k != "version"} | {"bonus": 5}
    with pytest.raises(PolicyInvalid) as refused:
        Policy.from_document(broken)
    assert refused.value.problems == ("version: missing", "bonus: unknown name")
    with pytest.raises(PolicyInvalid):
        Policy.from_document([])


@pytest.mark.parametrize("wrong", [True, 1.5, "7", None, -1])
def test_a_number_must_be_whole_and_within_its_bounds(wrong: object) -> None:
    with pytest.raises(PolicyInvalid):
        Policy.from_document(SHIPPED | {"interval_milli": wrong})


def test_a_policy_has_one_byte_form_and_survives_it() -> None:
    again = Policy.from_document(json.loads(POLICY.canonical()))
    assert again == POLICY
    assert again.digest() == POLICY.digest()
    shuffled = dict(reversed(list(SHIPPED.items())))
    assert Policy.from_document(shuffled).digest() == POLICY.digest()
    changed = POLICY.recalibrated(version="2026.2", shift_milli=0, slope_milli=1000)
    assert changed.digest() != POLICY.digest()


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 10**40), st.integers(1, 10**40), st.integers(0, 10**38))
def test_the_logarithm_is_right_and_never_falls(numerator: int, denominator: int, more: int) -> None:
    exact = math.log2(Fraction(numerator, denominator))
    assert abs(log2_micro(numerator, denominator) - exact * MICRO) <= 3
    assert log2_micro(numerator + more, denominator) >= log2_micro(numerator, denominator)


def test_a_unit_halves_in_the_half_life_of_the_policy() -> None:
    table = growth(POLICY)
    assert worth(table, TODAY) * 2 == pytest.approx(worth(table, TODAY + 369), rel=0.002)
    assert all(a < b for a, b in pairwise(table))


def test_a_severe_inspectors_faults_weigh_less_and_clean_visits_more() -> None:
    failed, clean = visit(0, 1, critical=1, serious=1), visit(1, 1)
    for severity in (2000, 4000):
        assert sum(b for _, b, _ in parts_of(failed, POLICY, severity)) < sum(
            b for _, b, _ in parts_of(failed, POLICY, 1000)
        )
        assert parts_of(clean, POLICY, severity)[0][2] > parts_of(clean, POLICY, 1000)[0][2]


def test_an_inspector_counts_as_ordinary_until_enough_visits_show_otherwise() -> None:
    counted = Pool(POLICY)
    for n in range(300):
        counted.add(visit(n, 300 - n, critical=int(n % 10 == 0), inspector="mild", category="bar"))
        counted.add(visit(1000 + n, 300 - n, critical=int(n % 2 == 0), inspector="severe", category="bar"))
    for n in range(POLICY.inspector_from_visits - 1):
        counted.add(visit(2000 + n, 1, critical=1, inspector="new", category="bar"))
    assert counted.severity("new") == 1000
    assert counted.severity("mild") < 700 < 1200 < counted.severity("severe")


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_what_is_usual_does_not_depend_on_any_order(history: tuple[Evidence, ...], dice: object) -> None:
    shuffled = list(history)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random drawn by hypothesis
    assert pool(shuffled, POLICY, NOW, 100) == pool(history, POLICY, NOW, 100)


def test_a_category_borrows_from_its_parent_until_it_has_visits_of_its_own() -> None:
    counted = Pool(POLICY)
    for n in range(200):
        counted.add(visit(n, 10, critical=int(n % 4 < 3), category="bar|H24"))
    priors = counted.priors()
    assert priors.of("bar|H99") == priors.of("bar") > priors.of("bakery") == priors.adverse
    assert priors.of("bar|H24") > priors.of("bar")


@settings(max_examples=60, deadline=None)
@given(histories())
def test_what_is_said_to_change_the_score_does_change_it_so(history: tuple[Evidence, ...]) -> None:
    now = score(SHOP, history, POLICY, NOW, 1000, Priors(250_000))
    for change in what_would_change(SHOP, history, POLICY, NOW, 1000, Priors(250_000)):
        assert change.points or change.grade != now.grade
        if change.code == "change-failed-visit":
            assert change.points <= 0
        if change.code in ("change-resolved", "change-repaired"):
            assert change.points >= 0
            assert change.entries


def test_an_open_complaint_settled_helps_by_what_was_promised() -> None:
    history = (visit(0, 30), visit(1, 200), other(2, 5, "complaint", "filed", key="c", severity=3))
    promised = next(
        c for c in what_would_change(SHOP, history, POLICY, NOW, 10) if c.code == "change-resolved"
    )
    settled = other(3, 0, "complaint", "resolved", key="c", severity=3)
    assert (
        score(SHOP, (*history, settled), POLICY, NOW, 10).points
        - score(SHOP, history, POLICY, NOW, 10).points
        == promised.points
    )


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_reason_has_words(locale: str) -> None:
    words = resources.document(f"i18n/{locale}/reasons.json")
    codes = {"category", "serious-unrepaired", "scale-end", "complaint-open"}
    codes |= {f"inspection-{w}" for w in ("critical", "serious", "minor", "clean", "passed")}
    codes |= {f"review-{w}{t}" for w in ("praise", "criticism") for t in ("", "-unproven")}
    codes |= {f"complaint-{w}" for w in POLICY.complaints if w not in ("filed", "accepted")} | set(
        POLICY.findings
    )
    assert [code for code in sorted(codes) if f"reason.{code}" not in words] == []
