"""Everybody reaches everything: names for screen readers, keys instead of a mouse."""

from __future__ import annotations

from functools import partial

from conftest_types import OpenShell
from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QTableView,
    QWidget,
)
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui import keyboard
from gui.pages import ROLES, pages_of
from gui.screens import settle, visits
from gui.shell import Shell
from models.workspace import Workspace


def nameless(window: QWidget) -> list[str]:
    """The controls in sight that a screen reader could only call by their class."""
    return [
        control.metaObject().className()
        for kind in keyboard.CONTROLS
        for control in window.findChildren(kind)
        if control.isVisible()
        and not keyboard.is_inner(control)
        and control.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (control.accessibleName() or (isinstance(control, QAbstractButton) and control.text()))
    ]


def test_every_control_of_every_page_has_a_name_and_every_model_keeps_qts_rules(
    open_shell: OpenShell, workspace: Workspace, qtmodeltester: ModelTester
) -> None:
    shell = open_shell("zh_CN")
    tested: set[int] = set()
    for spec, role, args in visits(workspace):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
        assert nameless(shell) == [], spec.key
        for table in shell.pages[spec.key].findChildren(QTableView):
            model = table.model()
            if isinstance(model, QAbstractItemModel) and id(model) not in tested:
                tested.add(id(model))
                qtmodeltester.check(model)
    assert tested


def stands_at(shell: Shell, key: str) -> bool:
    return shell.going.visited.here == key


def test_the_keys_alone_lead_to_every_page_of_every_role(open_shell: OpenShell, qtbot: QtBot) -> None:
    shell = open_shell("zh_CN")
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    for role in ROLES:
        shell.rail.roles[role].setFocus()
        qtbot.keyClick(shell.rail.roles[role], Qt.Key.Key_Space)
        settle(shell)
        assert shell.role == role
        for place, spec in enumerate([spec for spec in pages_of(role) if spec.rail][:9]):
            qtbot.keyClick(shell, Qt.Key(Qt.Key.Key_1.value + place), Qt.KeyboardModifier.ControlModifier)
            qtbot.waitUntil(partial(stands_at, shell, spec.key))
            settle(shell)


class Flashes(QObject):
    """Notes every window that appears and is neither the program's own nor a dialog."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(watched.metaObject().className())
        return False


def test_no_page_opens_a_window_by_the_way(
    open_shell: OpenShell, workspace: Workspace, qapp: QApplication
) -> None:
    shell = open_shell("zh_CN")
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    for spec, role, args in visits(workspace):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
        assert flashes.seen == [], spec.key
    qapp.removeEventFilter(flashes)
