"""From a complaint to the end of its appeal on a real ledger, and what the score makes of each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from ledger.errors import LedgerError
from ledger.events.cases import CaseStep
from ledger.events.evidence import Complaint, Inspection
from ledger.events.values import PartyId
from models.workspace import Workspace

Clock = Callable[[], datetime]


@pytest.fixture
def parties(office: Workspace) -> tuple[str, str, str, str]:
    """The shop, the inspector, the consumer, and the administrator who decides appeals."""
    names = ("惠民超市", "县市场监管局", "王女士的手机", "青岭合作社")
    shop, inspector, phone, registry = (office.party(name).id for name in names)
    return shop, inspector, phone, registry


def file_one(office: Workspace, parties: tuple[str, str, str, str]) -> str:
    shop, _, phone, _ = parties
    _, number = office.opinions.complain(
        shop, "quality", 3, "大米发霉，要求退款", complainant="王芳 13800000000", as_party=phone
    )
    return number


def failed(shop: str, clock: Clock) -> Inspection:
    return Inspection(clock(), PartyId(shop), "routine", 5, 0, 0, "grocery")


def upheld(shop: str, number: str, clock: Clock) -> Complaint:
    return Complaint(clock(), PartyId(shop), number, "upheld", "quality", severity=3)


def test_words_and_identity_of_who_complains_are_in_no_hashed_byte_and_can_be_erased(
    office: Workspace, parties: tuple[str, str, str, str]
) -> None:
    case = office.cases.case(file_one(office, parties))
    leaves = b"".join(entry.leaf for entry in office.entries(0, office.size()))
    assert b"13800000000" not in leaves
    assert "发霉".encode() not in leaves
    who, words = case.steps[0].complainant_id, case.steps[0].vault_id
    assert who is not None
    assert words is not None
    assert office.words_of(who) == "王芳 13800000000"
    office.opinions.erase(who)
    assert office.words_of(who) is None
    assert office.words_of(words) == "大米发霉，要求退款"
    assert office.log.audit().problems == ()


def test_an_upheld_complaint_costs_points_until_an_appeal_takes_it_back(
    office: Workspace, parties: tuple[str, str, str, str]
) -> None:
    shop, inspector, _, registry = parties
    before = office.merchants.rating(shop)
    number = file_one(office, parties)
    office.opinions.take_step(number, "accepted")
    with pytest.raises(LedgerError) as early:
        office.opinions.take_step(number, "upheld")
    assert early.value.code == "case-not-heard"
    office.opinions.take_step(number, "notified")
    office.opinions.take_step(number, "replied", "该批次另有买家")
    office.opinions.take_step(number, "upheld")
    upheld = office.merchants.rating(shop)
    assert upheld.points < before.points
    entry = office.cases.case(number).last("upheld")
    assert entry is not None
    office.opinions.appeal(entry.index, "检验报告有误", as_party=shop)
    assert office.cases.case(number).under_appeal
    assert office.merchants.rating(shop).points == upheld.points, "an appeal is shown; it decides nothing yet"
    with pytest.raises(LedgerError) as same:
        office.opinions.take_step(number, "appeal-upheld", as_party=inspector)
    assert same.value.code == "case-same-hand"
    office.opinions.take_step(number, "appeal-upheld", as_party=registry)
    assert office.cases.case(number).state == "void"
    after = office.merchants.rating(shop)
    assert (after.score, after.grade, after.points) == (before.score, before.grade, before.points)
    assert office.merchants.dossier(shop).complaints == ()
    assert office.log.audit().problems == ()


def test_a_stranger_may_say_withdrawn_and_it_changes_neither_case_nor_score(
    office: Workspace, parties: tuple[str, str, str, str], clock: Clock
) -> None:
    shop, _, _, registry = parties
    number = file_one(office, parties)
    before = office.merchants.rating(shop).points
    office.record(Complaint(clock(), PartyId(shop), number, "withdrawn", "quality"), as_party=registry)
    assert office.cases.case(number).steps[-1].unfit == "case-not-the-filer"
    assert office.merchants.rating(shop).points == before


def test_a_merchant_appeals_against_an_inspection_and_it_is_taken_back(
    office: Workspace, parties: tuple[str, str, str, str], clock: Clock
) -> None:
    shop, inspector, phone, registry = parties
    before = office.merchants.rating(shop)
    visit = office.record(failed(shop, clock), as_party=inspector)
    assert office.merchants.rating(shop).points < before.points
    with pytest.raises(LedgerError) as stranger:
        office.opinions.appeal(visit.index, as_party=phone)
    assert stranger.value.code == "case-not-a-party"
    office.opinions.appeal(visit.index, "当日停业", as_party=shop)
    (case,) = office.cases.all(shop)
    assert (case.state, case.about) == ("appealed", visit.index)
    office.opinions.take_step(case.case_id, "appeal-upheld", as_party=registry)
    assert office.merchants.rating(shop).points == before.points
    assert office.merchants.dossier(shop).inspections == ()


def test_a_repaired_record_is_no_longer_used_from_the_day_of_its_repair(
    office: Workspace, parties: tuple[str, str, str, str], clock: Clock
) -> None:
    shop, inspector, _, _ = parties
    before = office.merchants.rating(shop).points
    visit = office.record(failed(shop, clock), as_party=inspector)
    size = office.size()
    office.supervision.rule(visit.index, "repair", "整改验收合格")
    now = office.merchants.rating(shop)
    assert now.effective_milli == 0, (
        "what is usual in the town still knows of it, this merchant's score does not"
    )
    assert visit.index not in {index for part in now.contributions for index in part.entries}
    said = office.merchants._ratings.rating(shop, clock() + timedelta(days=1), size)
    assert said.points < before, "as the ledger stood before the repair it counted"


def test_a_recused_inspector_changes_no_score(
    office: Workspace, parties: tuple[str, str, str, str], clock: Clock
) -> None:
    shop, inspector, _, _ = parties
    number = file_one(office, parties)
    office.opinions.take_step(number, "accepted")
    office.opinions.take_step(number, "notified")
    before = office.merchants.rating(shop).points
    office.opinions.take_step(number, "recused")
    office.record(upheld(shop, number, clock), as_party=inspector)
    assert office.merchants.rating(shop).points == before
    assert isinstance(office.entry(office.size() - 2).event, CaseStep)
