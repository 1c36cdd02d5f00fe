"""A page is made from the inside out; yet each part of it is styled and measured only where it is shown."""

from __future__ import annotations

from typing import Any

import pytest
from conftest_types import OpenShell
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QApplication, QLabel, QSpacerItem, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.cooperative.register import RegisterPage
from gui.help import HelpDialog
from gui.screens import settle
from gui.theme import CARD, Theme
from gui.widgets import Card, FlowRow, OnePage, label
from gui.words import Words


class Styles(QObject):
    """Counts how often a part was told that its style is another."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self.count = 0
        part.installEventFilter(self)

    def eventFilter(self, _part: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.StyleChange
        return False


class Measured(QWidget):
    """Counts how often it was asked for its size."""

    asked = 0

    def sizeHint(self) -> QSize:
        self.asked += 1
        return QSize(100, 40)


def test_a_part_put_into_a_part_is_styled_once_when_the_whole_is_shown(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    theme.dress(window)
    column = QVBoxLayout(window)
    window.show()
    text = label("17", "card")
    styles = Styles(text)
    inside: QWidget = text
    for _ in range(4):
        card = Card()
        card.add(inside)
        inside = card
    assert styles.count == 0
    column.addWidget(inside)
    qapp.processEvents()
    assert styles.count == 1
    assert text.fontInfo().pixelSize() == CARD


def test_a_dialog_of_the_shell_wears_the_style(qtbot: QtBot, theme: Theme) -> None:
    dialog = HelpDialog(theme, Words("en"), "scan")
    qtbot.addWidget(dialog)
    made = QLabel("17", dialog)
    made.setProperty("role", "card")
    made.ensurePolished()
    assert made.fontInfo().pixelSize() == CARD


def test_only_the_page_that_is_shown_is_measured(qtbot: QtBot, qapp: QApplication) -> None:
    place, first, second = OnePage(), Measured(), Measured()
    qtbot.addWidget(place)
    place.show()
    place.show_page(first)
    place.show_page(second)
    qapp.processEvents()
    before = first.asked
    second.updateGeometry()
    place.sizeHint()
    assert first.asked == before
    assert first.isHidden()
    place.show_page(first)
    assert first.isVisible()
    assert second.isHidden()


class Space(QSpacerItem):
    """Counts how often it was asked for its size; unlike a part's, Qt does not remember it."""

    asked = 0

    def sizeHint(self) -> QSize:
        self.asked += 1
        return QSize(100, 40)


def test_a_wrapping_row_measures_its_parts_once_until_something_changes(qtbot: QtBot) -> None:
    row, part = FlowRow(), Space(100, 40)
    qtbot.addWidget(row)
    row.flow.addItem(part)
    heights = {row.flow.heightForWidth(300) for _ in range(10)}
    assert (part.asked, heights) == (1, {40})
    row.flow.invalidate()
    row.flow.heightForWidth(300)
    assert part.asked == 2


def test_a_page_is_filled_in_before_it_is_in_sight(
    open_shell: OpenShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = open_shell("en", role="cooperative")
    seen, enter = list[bool](), RegisterPage.enter

    def entered(page: RegisterPage, **args: Any) -> None:
        seen.append(page.isVisible())
        enter(page, **args)

    monkeypatch.setattr(RegisterPage, "enter", entered)
    shell.open("register")
    shell.open("today")
    shell.open("register")
    settle(shell)
    assert seen == [False, False]
    assert shell.pages["register"].isVisible()


def test_another_scheme_dresses_what_is_built_anew(open_shell: OpenShell) -> None:
    shell = open_shell("en")
    old = shell.rail
    light = shell.rail.palette().window().color()
    shell.look.switch_scheme()
    assert shell.rail is not old
    shell.rail.ensurePolished()
    assert shell.rail.palette().window().color() != light
