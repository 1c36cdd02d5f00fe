"""Many labels take a while: one sees how far they are, and what is called off is counted nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.context import Context
from gui.cooperative.labels import LabelsPage
from gui.printing import print_labels
from gui.words import Words
from models.workspace import Workspace

MANY = 300


@pytest.fixture
def lot(rice_office: Workspace) -> str:
    return rice_office.lots("", None, None, 1)[0].lot


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
@pytest.mark.parametrize("after", [0, 1, 5])
def test_labels_called_off_are_neither_written_nor_counted(
    rice_office: Workspace, lot: str, tmp_path: Path, kind: str, after: int
) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    size, told = rice_office.size(), list[tuple[int, int]]()

    def tell(*far: int) -> None:
        if len(told) > after:
            raise InterruptedError
        told.append((far[0], far[1]))

    with pytest.raises(InterruptedError):
        print_labels(rice_office, Words("en"), [lot] * 6, folder / f"a.{kind}", progress=tell)
    assert (len(told), rice_office.size(), list(folder.iterdir())) == (after + 1, size, [])
    heard = list[tuple[int, int]]()
    made = print_labels(
        rice_office, Words("en"), [lot] * 6, folder / f"a.{kind}", progress=lambda *far: heard.append(far)
    )
    assert (made.report.printed, len(made.entries), rice_office.size()) == (6, 1, size + 1)
    assert heard[-1] == (6, 6)


def test_a_page_shows_how_far_its_labels_are_and_cancel_leaves_nothing(
    qtbot: QtBot, context: Context, workspace: Workspace, tmp_path: Path
) -> None:
    page = LabelsPage(context)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    held = next(lot for lot in workspace.lots("", None, "active", 40) if not refused(workspace, lot.lot))
    page.enter(code=held.lot)
    qtbot.waitUntil(context.workers.idle)
    page.count.setValue(MANY)
    page.each.setText("0.001")
    size = workspace.size()
    page.write(tmp_path / "a.png")
    qtbot.waitUntil(lambda: page.working.bar.maximum() == MANY and page.working.bar.value() > 0)
    qtbot.waitUntil(page.working.isVisible)
    page.working.button.click()
    qtbot.waitUntil(context.workers.idle)
    assert workspace.size() == size
    assert list(tmp_path.glob("a*.png")) == []
    assert page.working.isHidden()
    assert page.save_button.isEnabled()


def refused(workspace: Workspace, lot: str) -> bool:
    return bool(workspace.quality.label_refusals({lot: 1}, None, again=False))
