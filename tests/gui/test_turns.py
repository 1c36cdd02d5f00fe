"""Parts of a page come one a turn of the event loop, in order; a newer wish drops what is left of the old."""

from __future__ import annotations

from conftest_types import OpenShell
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from gui.auditcards import STEPS
from gui.integrity import IntegrityPage
from gui.screens import settle
from gui.turns import Turns
from gui.widgets import CheckRow


def test_between_two_parts_the_window_has_its_turn(qtbot: QtBot) -> None:
    owner, seen = QObject(), list[str]()
    turns = Turns(owner)

    def first() -> None:
        seen.append("first")
        QTimer.singleShot(0, lambda: seen.append("the window"))

    turns.take((first, lambda: seen.append("second"), lambda: seen.append("third")))
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 4)
    assert seen.index("the window") < seen.index("third")
    assert [part for part in seen if part != "the window"] == ["first", "second", "third"]


def test_a_newer_wish_drops_what_is_left(qtbot: QtBot) -> None:
    owner, seen = QObject(), list[str]()
    turns = Turns(owner)
    turns.take((lambda: seen.append("old"),))
    turns.take((lambda: seen.append("new"),))
    qtbot.waitUntil(lambda: bool(seen) and not turns.isActive())
    assert seen == ["new"]


def test_the_steps_of_the_audit_keep_their_rows_and_say_their_outcome(open_shell: OpenShell) -> None:
    shell = open_shell("en")
    shell.open("integrity")
    settle(shell)
    page = shell.pages["integrity"]
    assert isinstance(page, IntegrityPage)
    rows = page.steps.findChildren(CheckRow)
    assert [row.badge.text() for row in rows] == [shell.words("audit.waiting")] * len(STEPS)
    page.start()
    settle(shell)
    assert page.report is not None
    now = page.steps.findChildren(CheckRow)
    assert now[: len(rows)] == rows[: len(now)]
    assert len(now) == len(page.report.steps)
    assert [row.badge.text() for row in now] == [
        shell.words(f"status.{step.status}") for step in page.report.steps
    ]
