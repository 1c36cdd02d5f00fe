"""The desktop paints before it works, survives what goes wrong, and knows how it ended last time."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gui.app import Desktop, first_locale
from gui.crash import CrashDialog
from gui.settings import load_settings
from gui.system import QtMessages
from gui.welcome import Welcome
from ledger.errors import LedgerError
from main import desktop_workspace
from models.workspace import Workspace

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
MakeDesktop = Callable[[Callable[[], Workspace]], Desktop]


@pytest.fixture
def desktop(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[MakeDesktop]:
    made: list[Desktop] = []

    def make(opening: Callable[[], Workspace]) -> Desktop:
        settings = load_settings(tmp_path)
        settings.language = "zh_CN"
        one = Desktop(qapp, opening, tmp_path, lambda: NOW, settings, QtMessages())
        qtbot.addWidget(one.shell)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()
        one.setParent(None)


@pytest.fixture
def opening(workspace: Workspace) -> Callable[[], Workspace]:
    return lambda: workspace


def shown(owner: QObject) -> str:
    return "\n".join(part.text() for part in owner.findChildren(QLabel) if part.isVisible())


def test_the_window_is_painted_before_the_ledger_is_opened(
    desktop: MakeDesktop, workspace: Workspace, qtbot: QtBot
) -> None:
    order: list[str] = []

    def opening() -> Workspace:
        order.append("opened")
        return workspace

    one = desktop(opening)
    one.start()
    assert order == []
    assert one.shell.words("shell.opening") in shown(one.shell)
    qtbot.waitUntil(lambda: one.workspace is workspace)
    assert order == ["opened"]
    assert one.shell.current is not None
    # What is here by now stays: no sweep looks at it while somebody works.
    assert gc.get_freeze_count() > 0


def test_the_first_start_welcomes_once_and_leads_to_a_role(
    desktop: MakeDesktop, opening: Callable[[], Workspace], qtbot: QtBot, tmp_path: Path
) -> None:
    one = desktop(opening)
    one.start()
    qtbot.waitUntil(lambda: bool(one.shell.findChildren(Welcome)))
    welcome = one.shell.findChildren(Welcome)[0]
    door = next(
        b for b in welcome.findChildren(QPushButton) if b.text() == one.shell.words("welcome.regulator.go")
    )
    door.click()
    assert one.shell.role == "regulator"
    assert load_settings(tmp_path).welcomed


def test_a_ledger_that_does_not_open_is_said_and_can_be_tried_again(
    desktop: MakeDesktop, workspace: Workspace, qtbot: QtBot
) -> None:
    tries: list[int] = []

    def opening() -> Workspace:
        tries.append(1)
        if len(tries) == 1:
            raise LedgerError("the database is locked", code="never-worded", remedy="close the other program")
        return workspace

    one = desktop(opening)
    one.start()
    qtbot.waitUntil(lambda: "close the other program" in shown(one.shell))
    retry = next(
        b for b in one.shell.findChildren(QPushButton) if b.text() == one.shell.words("common.retry")
    )
    retry.click()
    qtbot.waitUntil(lambda: one.workspace is workspace)


def test_a_mistake_of_ours_is_reported_and_the_window_goes_on(
    desktop: MakeDesktop, opening: Callable[[], Workspace], qtbot: QtBot, tmp_path: Path
) -> None:
    one = desktop(opening)
    one.start()
    assert sys.excepthook is one.crashes
    qtbot.waitUntil(lambda: one.workspace is not None)
    one.shell.workers.read(lambda: dict[str, int]()["missing"], lambda _: None)
    qtbot.waitUntil(lambda: any(isinstance(w, CrashDialog) for w in QApplication.topLevelWidgets()))
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog))
    assert "KeyError" in dialog.report.toPlainText()
    dialog.accept()
    assert list((tmp_path / "crashes").glob("*.txt"))
    one.close()
    assert sys.excepthook is not one.crashes


def test_an_improper_end_is_told_at_the_next_start(
    desktop: MakeDesktop, opening: Callable[[], Workspace], qtbot: QtBot, tmp_path: Path
) -> None:
    before = load_settings(tmp_path)
    before.running, before.welcomed = True, True
    before.save()
    one = desktop(opening)
    one.start()
    qtbot.waitUntil(lambda: one.shell.words("shell.interrupted") in shown(one.shell))
    one.close()
    assert not load_settings(tmp_path).running
    assert not [d for d in one.shell.findChildren(QDialog) if d.isVisible()]


def test_a_chosen_language_wins_over_the_systems(qapp: QApplication, tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert first_locale(settings) in ("zh_CN", "en")
    settings.language = "en"
    assert first_locale(settings) == "en"


def test_a_half_made_demonstration_is_made_again_and_an_own_ledger_comes_first(
    demonstration_folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demonstration_folder, home / "demonstration")
    (home / "demonstration" / "complete").unlink(missing_ok=True)
    made = desktop_workspace(home, None, None, lambda: NOW)
    assert made.demonstration
    made.close()
    again = desktop_workspace(home, None, None, lambda: NOW)
    assert again.size() == made.size()
    again.close()
