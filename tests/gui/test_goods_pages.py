"""Recall, flow and family of goods on the screen: shown is what the ledger says, and one can walk it."""

from __future__ import annotations

import json
from pathlib import Path

from conftest_types import OpenShell
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.cooperative.genealogy import GenealogyPage
from gui.logistics import LogisticsPage
from gui.recall import RecallPage
from gui.screens import settle
from models.provenance.drill import holds
from models.workspace import Workspace


def test_the_family_of_a_batch_is_walked_with_the_keys(open_shell: OpenShell, workspace: Workspace) -> None:
    shell = open_shell("zh_CN")
    shell.set_role("cooperative")
    start = GenealogyPage.sample(workspace)["code"]
    shell.open("genealogy", {"code": start})
    settle(shell)
    page = shell.pages["genealogy"]
    assert isinstance(page, GenealogyPage)
    trace = workspace.trace(start)
    assert set(page.graph._places) == {
        start,
        *(node.lot for node in (*trace.lots_upstream, *trace.lots_downstream)),
    }
    QTest.keyClick(page.graph, Qt.Key.Key_Left)
    QTest.keyClick(page.graph, Qt.Key.Key_Return)
    settle(shell)
    assert page.code in {node.lot for node in trace.lots_upstream}
    place = next(iter(page.graph._places.items()))
    QTest.mouseClick(page.graph, Qt.MouseButton.LeftButton, pos=place[1].center().toPoint())
    settle(shell)
    assert page.code == place[0]


def test_a_drill_finds_what_the_plan_says_and_its_report_is_signed(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path
) -> None:
    shell = open_shell("zh_CN")
    shell.set_role("cooperative")
    shell.open("recall", RecallPage.sample(workspace))
    settle(shell)
    page = shell.pages["recall"]
    assert isinstance(page, RecallPage)
    size = workspace.size()
    plan = workspace.recall_plan(page.code)
    assert page.model.rowCount() == len(plan.affected) > 1
    page.write_report(tmp_path / "report.json")
    settle(shell)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert holds(report)
    assert len(report["report"]["affected"]) == len(plan.affected)
    report["report"]["affected"].pop()
    assert not holds(report)
    assert not holds({**report, "signature": "00"})
    assert workspace.size() == size
    page.enter("nonsense")
    settle(shell)
    assert page.plan is None
    assert not page.save_button.isEnabled()


def test_the_flow_shows_every_node_and_marks_who_sent_more_than_came(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell("zh_CN")
    shell.set_role("regulator")
    shell.open("logistics", {})
    settle(shell)
    page = shell.pages["logistics"]
    assert isinstance(page, LogisticsPage)
    found = workspace.goods.logistics()
    assert page.models["nodes"].rowCount() == len(found.nodes)
    marked = {node.key for node in page.graph._nodes.values() if node.kind == "attention"}
    assert marked == {node.party for node in found.nodes if any(amount < 0 for amount in node.stock.values())}
    assert marked
    columns = {key: node.column for key, node in page.graph._nodes.items()}
    assert all(columns[link.sender] < columns[link.receiver] for link in found.links)
