"""Scores are judged under the policy in force at their instant, and nobody may publish under another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

import resources
from ledger.events.evidence import Inspection
from ledger.events.governance import PolicyAdopted, ScorePublished
from ledger.events.values import PartyId, freeze
from models.credit.policy import Policy
from models.policies import SHIPPED, faults
from models.workspace import Workspace

Clock = Callable[[], datetime]
DEFAULT = resources.document(SHIPPED)
STRICT = DEFAULT | {"version": "strict", "grade_from": [800, 790, 780]}


def visited(office: Workspace, clock: Clock, times: int = 3) -> str:
    shop, inspector = office.party("惠民超市").id, office.party("县市场监管局").id
    for _ in range(times):
        visit = Inspection(clock(), PartyId(shop), "routine", 0, 0, 0, "grocery")
        office.record(visit, as_party=inspector)
    return shop


def test_an_old_score_is_computed_again_under_its_old_policy(office: Workspace, clock: Clock) -> None:
    shop = visited(office, clock)
    receipt, before = office.supervision.publish(shop, as_party=office.party("县市场监管局").id)
    office.supervision.propose_policy(STRICT, clock() + timedelta(seconds=9))
    later = office.merchants.rating(shop, clock() + timedelta(days=1))
    assert (before.grade, later.grade) == ("A", "D")
    said = office.entry(receipt.index).event
    assert isinstance(said, ScorePublished)
    assert office.merchants.rating(shop, as_of=said.as_of).grade == "A"
    assert office.log.audit().problems == ()


def test_a_score_under_a_policy_never_in_force_is_named_by_the_audit(office: Workspace, clock: Clock) -> None:
    shop = visited(office, clock)
    inspector = office.party("县市场监管局").id
    _, score = office.supervision.publish(shop, as_party=inspector)
    lenient = Policy.from_document(DEFAULT | {"version": "lenient", "grade_from": [310, 305, 301]})
    forged = office.record(
        ScorePublished(
            clock(), PartyId(shop), 900, "A", score.size, lenient.digest(), score.as_of, freeze({"base": 900})
        ),
        as_party=inspector,
    )
    problems = office.log.audit().problems
    assert [(problem.index, problem.code) for problem in problems] == [(forged.index, "score-policy-wrong")]


def test_a_document_out_of_bounds_never_comes_into_force(office: Workspace, clock: Clock) -> None:
    now = clock()
    office.record(PolicyAdopted(now, "bad", freeze(DEFAULT | {"random_share_milli": 0}), now))
    assert office.policies.in_force(clock()).policy.version == DEFAULT["version"]
    assert office.policies.all() == ()


def test_the_months_calibration_is_a_policy_of_its_own(office: Workspace, clock: Clock) -> None:
    shop, inspector = office.party("惠民超市").id, office.party("县市场监管局").id
    visits = [Inspection(clock(), PartyId(shop), "routine", n % 2, 0, 0, "grocery") for n in range(40)]
    office.record_all(visits, as_party=inspector)
    before, fitted = office.policies.in_force(clock()).policy, office.merchants.recalibrated()
    assert fitted.version == f"{before.version}+2026-03"
    assert fitted.shift_milli < before.shift_milli, "half of the visits failed: more than the default expects"
    office.supervision.propose_policy(fitted.document(), clock() + timedelta(hours=1))
    assert office.policies.in_force(clock() + timedelta(hours=2)).policy == fitted


@given(st.dictionaries(st.sampled_from(sorted(DEFAULT)), st.from_type(object) | st.none() | st.text()))
def test_whatever_stands_in_a_policy_is_a_fault_or_a_policy(changes: dict[str, object]) -> None:
    faults(DEFAULT | changes)
    faults({name: changes[name] for name in changes})
