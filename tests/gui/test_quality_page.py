"""The quality page: what is held and why, values beside their limits, promises issued and missing."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import LOT
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gui.context import Context
from gui.cooperative.quality import QualityPage
from ledger.events.supply import Quantity
from models.workspace import Workspace

ROWS = (
    "LR-1,L20260301,镉（以Cd计）,0.21,mg/kg,0.002",
    "LR-1,L20260301,铅,0.1,mg/kg,0.02",
    "LR-1,L20260301,水分,14.1,%,",
)


@pytest.fixture
def workspace(rice_office: Workspace) -> Workspace:
    return rice_office


@pytest.fixture
def page(qtbot: QtBot, context: Context) -> QualityPage:
    made = QualityPage(context)
    qtbot.addWidget(made)
    made.show()
    made.enter()
    idle(qtbot, made)
    return made


def idle(qtbot: QtBot, page: QualityPage) -> None:
    qtbot.waitUntil(page.context.workers.idle, timeout=20_000)


def texts(model: Any) -> list[list[str]]:
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def sheet(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "lab.csv"
    path.write_text("\n".join(["报告编号,批次号,检测项目,检测结果,单位,检出限", *rows]), encoding="utf-8")
    return path


def test_a_batch_is_shown_at_the_gate_that_holds_it_until_its_report_passes(
    qtbot: QtBot, page: QualityPage, tmp_path: Path
) -> None:
    assert "还没有设质量关卡" in page.held_empty.text.text()
    page.context.workspace.batches.set_gate("rice", ["shipping", "labelling"], "lab-report")
    page.refresh()
    idle(qtbot, page)
    assert texts(page.held) == [["大米", "L20260301", "发货、印标签", "检测报告", "还没有"]]
    page.take(sheet(tmp_path, *ROWS[1:]))
    idle(qtbot, page)
    assert texts(page.held) == []
    assert "1" in page.held_empty.text.text()


def test_each_value_stands_beside_its_limit_and_opens_its_entry(
    qtbot: QtBot, page: QualityPage, tmp_path: Path
) -> None:
    page.take(sheet(tmp_path, *ROWS))
    idle(qtbot, page)
    shown = [row[2:] for row in texts(page.values)]
    assert shown[0][:4] == ["LR-1", "镉", "0.21 mg/kg", "≤ 0.2 mg/kg"]
    assert shown[0][4].startswith("GB 2762")
    assert [row[5] for row in shown] == ["不合格", "合格", "没有限量可比"]
    page._open(lambda row: row.report.index, page.values.row(0))
    idle(qtbot, page)
    (dialog,) = page.findChildren(QDialog)
    dialog.close()


def test_refused_rows_of_a_sheet_are_said_and_the_others_taken(
    qtbot: QtBot, page: QualityPage, tmp_path: Path
) -> None:
    page.take(sheet(tmp_path, ROWS[1], "LR-2,L9,铅,0.1,mg/kg,"))
    idle(qtbot, page)
    assert page.values.rowCount() == 1
    assert "1 行" in page.banner.text.text()


def test_a_missing_promise_is_issued_and_saved_with_its_proof(
    qtbot: QtBot, page: QualityPage, tmp_path: Path
) -> None:
    assert [row[-1] for row in texts(page.promises)] == ["未开具"]
    page.export(tmp_path / "none.pdf")
    idle(qtbot, page)
    assert "还没有开具过" in page.banner.title.text()
    page.issue()
    idle(qtbot, page)
    (row,) = texts(page.promises)
    assert (row[3], row[-1]) == ("HG-L20260301-1", "已开具")
    assert not page.issue_button.isEnabled()
    page.export(tmp_path / "book.xlsx")
    idle(qtbot, page)
    page.export(tmp_path / "sheets.pdf")
    idle(qtbot, page)
    assert zipfile.is_zipfile(tmp_path / "book.xlsx")
    assert list(tmp_path.glob("book*.proof.json"))
    assert (tmp_path / "sheets.pdf").read_bytes().startswith(b"%PDF")


def test_a_withdrawn_promise_is_missing_again(qtbot: QtBot, page: QualityPage) -> None:
    page.issue()
    idle(qtbot, page)
    number = page.promises.row(0).number
    page.context.workspace.record(builders.conformity_promise(number=number, status="withdrawn"))
    page.refresh()
    idle(qtbot, page)
    assert [row[-1] for row in texts(page.promises)] == ["未开具"]


def test_one_batch_can_be_looked_at_alone(qtbot: QtBot, page: QualityPage, tmp_path: Path) -> None:
    other = builders.object_event(quantity_list=(Quantity(builders.LOT_2, Decimal(5), "KGM"),))
    page.context.workspace.record(other)
    page.refresh()
    idle(qtbot, page)
    assert {row[1] for row in texts(page.promises)} == {"L20260301", "L20260302"}
    page.take(sheet(tmp_path, ROWS[1]))
    idle(qtbot, page)
    page.enter(code=LOT)
    idle(qtbot, page)
    assert {row[1] for row in texts(page.promises)} == {"L20260301"}
    assert page.only.isVisibleTo(page)


def test_a_gate_is_set_on_the_page_holds_the_batch_and_is_lifted_again(
    qtbot: QtBot, page: QualityPage, workspace: Workspace
) -> None:
    gates = page.gates
    for box in gates.steps.values():
        box.setChecked(False)
    gates.set()
    field = gates.form.fields["steps"]
    assert not field.problem.isHidden()
    assert field.editor.accessibleDescription() == field.problem.text()
    gates.steps["shipping"].click()
    assert field.problem.isHidden()
    gates.days.setValue(30)
    gates.set()
    qtbot.waitUntil(lambda: bool(workspace.quality.gates()) and page.context.workers.idle())
    (gate,) = workspace.quality.gates()
    assert (gate.steps, gate.check, gate.valid_days) == (("shipping",), "lab-report", 30)
    qtbot.waitUntil(lambda: page.held.rowCount() == 1)
    gates.lift(gate)
    qtbot.waitUntil(lambda: not workspace.quality.gates() and page.held.rowCount() == 0)


def test_one_promise_is_printed_by_itself_and_stands_in_the_shoppers_story(
    qtbot: QtBot, page: QualityPage, workspace: Workspace, tmp_path: Path
) -> None:
    page._choose_sheet_of_one()
    assert page.banner.title.text() == page.words("quality.print.none")
    ((_, promise),) = workspace.batches.promise([LOT], ["own-test"])
    page.print_one(promise.number, tmp_path / "one.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "one.pdf").exists() and page.context.workers.idle())
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    (row,) = workspace.quality.promises_for(LOT)
    assert (row.number, row.basis, row.name) == (promise.number, ("own-test",), "青岭合作社")
