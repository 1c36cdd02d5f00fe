"""The regulator works a case, tries a policy and draws a plan; the shopper's ranking knows no sales."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from conftest_types import OpenShell
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.screens import settle
from ledger.events.cases import CaseStep
from ledger.events.supply import ObjectEvent, Quantity
from models.workspace import Workspace


def buttons(page: object, text: str) -> list[QPushButton]:
    return [one for one in page.findChildren(QPushButton) if one.text() == text]  # type: ignore[attr-defined]


def test_a_step_taken_on_the_page_is_a_signed_entry(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot
) -> None:
    shell = open_shell("zh_CN", role="regulator")
    case = next(case for case in workspace.cases.all() if case.state == "filed")
    shell.open("case", {"case_id": case.case_id})
    settle(shell)
    page: Any = shell.pages["case"]
    size = workspace.size()
    (accept,) = buttons(page, "受理")
    accept.click()
    qtbot.waitUntil(lambda: workspace.size() > size, timeout=10_000)
    settle(shell)
    assert workspace.cases.case(case.case_id).state == "accepted"
    assert not buttons(page, "受理"), "what was done is offered no more"
    assert buttons(page, "调解开始")


def test_the_list_of_cases_shows_open_ones_first_chosen_and_opens_a_case(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell("zh_CN", role="regulator")
    shell.open("cases", {})
    settle(shell)
    page: Any = shell.pages["cases"]
    assert {row.case.is_open for row in page.model.rows} == {True}
    page.chips.buttons["all"].click()
    assert len(page.model.rows) == len(workspace.cases.all())


def test_a_months_calibration_is_tried_and_proposed(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot
) -> None:
    shell = open_shell("en", role="regulator")
    shell.open("policy", {})
    settle(shell)
    page: Any = shell.pages["policy"]
    page.try_button.click()
    qtbot.waitUntil(lambda: page.candidate is not None, timeout=20_000)
    settle(shell)
    before = workspace.policies.in_force(workspace.clock()).policy
    if page.candidate == before:
        return
    size = workspace.size()
    page.propose()
    qtbot.waitUntil(lambda: workspace.size() > size, timeout=10_000)
    assert workspace.policies.all()[-1].policy == page.candidate
    assert workspace.policies.in_force(workspace.clock()).policy == before, "it holds after its notice"


def test_a_plan_is_drawn_again_from_its_seed(open_shell: OpenShell) -> None:
    shell = open_shell("zh_CN", role="regulator")
    shell.open("plan", {"seed": "5a" * 16, "budget": 5})
    settle(shell)
    page: Any = shell.pages["plan"]
    first = [row.visit for row in page.model.rows]
    assert len(first) == 5
    assert sum(visit.by_lot for visit in first) >= 1
    page.draw()
    settle(shell)
    shell.open("plan", {"seed": "5a" * 16, "budget": 5})
    settle(shell)
    assert [row.visit for row in page.model.rows] == first


def test_ten_thousand_more_sales_leave_the_ranking_as_it_was(workspace: Workspace) -> None:
    def order() -> list[tuple[int | None, str, int | None]]:
        return [(each.rank, each.row.party, each.lower) for each in workspace.merchants.ranking()]

    before = order()
    shop = next(party for party in workspace.mine("merchant") if party.id == before[-2][1])
    # Goods it really has: selling what one never held is a fault of its own, and costs points.
    code = "https://id.gs1.org/01/09521002100037/10/MUCH"
    much = (Quantity(code, Decimal(10_000), "EA"),)
    made = ObjectEvent(workspace.clock(), "ADD", biz_step="commissioning", quantity_list=much)
    workspace.record(made, as_party=shop.id)
    sale = ObjectEvent(workspace.clock(), "OBSERVE", biz_step="retail_selling", quantity_list=much)
    workspace.record(sale, as_party=shop.id)
    assert order() == before


def test_an_appeal_is_shown_in_the_dossier(open_shell: OpenShell, workspace: Workspace) -> None:
    upheld = next(
        case
        for case in workspace.cases.all()
        if case.state == "upheld" and case.subject in {party.id for party in workspace.mine("merchant")}
    )
    entry = upheld.last("upheld")
    assert entry is not None
    receipt = workspace.opinions.appeal(entry.index, as_party=upheld.subject)
    assert isinstance(workspace.entry(receipt.index).event, CaseStep)
    shell = open_shell("zh_CN", role="regulator")
    shell.open("dossier", {"party": upheld.subject})
    settle(shell)
    said = [label.text() for label in shell.pages["dossier"].findChildren(type(shell.rail.name))]
    assert any(upheld.case_id in text and "申诉" in text for text in said)
