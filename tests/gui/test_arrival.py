"""A page that is opened comes in turns of the event loop: the window answers between, no key goes astray."""

from __future__ import annotations

from itertools import pairwise

import pytest
from conftest_types import OpenShell
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.arrival import Arrival
from gui.screens import settle
from gui.shell import Shell
from gui.widgets import OnePage


def typed(shell: Shell, text: str) -> None:
    """What a keyboard sends to the window, whatever has the keys there; no turn is taken meanwhile."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, ord(letter.upper()), Qt.KeyboardModifier.NoModifier, letter)
            QCoreApplication.sendEvent(shell.windowHandle(), key)


def written(shell: Shell) -> str:
    """What stands where the keys are."""
    editor = shell.focusWidget()
    assert isinstance(editor, QComboBox | QLineEdit)
    return editor.currentText() if isinstance(editor, QComboBox) else editor.text()


def test_a_page_is_made_dressed_and_shown_in_turns_and_the_one_before_stays_until_then(
    open_shell: OpenShell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, seen = open_shell("en", role="cooperative"), list[str]()
    # Its child: it ends with the window, whatever fails here.
    ticks = QTimer(shell)
    before = shell.stack.currentWidget()

    def told(name: str, said: str) -> None:
        act = getattr(OnePage, name)

        def tell(place: OnePage, page: QWidget) -> None:
            seen.append(said)
            act(place, page)

        monkeypatch.setattr(OnePage, name, tell)

    told("know", "dressed")
    told("show_page", "shown")
    ticks.timeout.connect(lambda: seen.append("the window"))
    ticks.start(0)
    shell.open("movement")
    seen.append("made")
    assert shell.stack.currentWidget() is before
    assert before is not None
    assert before.isVisible()
    # Whoever looks only now and then finds the window many turns further.
    qtbot.waitUntil(lambda: "shown" in seen and seen[-1] == "the window")
    ticks.stop()
    assert shell.stack.currentWidget() is shell.current
    assert [part for part in seen if part != "the window"] == ["made", "dressed", "shown"]
    assert all("the window" in pair for pair in pairwise(seen))


def test_what_is_typed_before_a_page_is_in_sight_stands_in_its_first_field(open_shell: OpenShell) -> None:
    shell = open_shell("en", role="cooperative")
    shell.open("batches")
    settle(shell)
    old = shell.focusWidget()
    assert isinstance(old, QLineEdit)
    shell.open("register")
    typed(shell, "tea")
    assert old.text() == ""
    settle(shell)
    assert shell.current is not None
    assert shell.current.isAncestorOf(shell.focusWidget())
    assert written(shell) == "tea"
    assert old.text() == ""


def test_whoever_turns_back_at_once_is_where_they_were_with_their_keys(open_shell: OpenShell) -> None:
    shell = open_shell("en", role="cooperative")
    shell.open("batches")
    settle(shell)
    shell.open("register")
    typed(shell, "a")
    shell.open("batches")
    typed(shell, "b")
    assert shell.stack.currentWidget() is shell.pages["batches"]
    settle(shell)
    assert written(shell) == "ab"
    shell.open("register")
    settle(shell)
    assert shell.stack.currentWidget() is shell.pages["register"]


def test_a_window_that_is_closed_while_a_page_comes_says_nothing(open_shell: OpenShell) -> None:
    shell = open_shell("en", role="cooperative")
    shell.open("movement")
    shell.close()
    settle(shell)
    assert shell.current is shell.pages["movement"]


def test_a_page_that_cannot_be_shown_leaves_a_window_that_paints_and_hears(
    open_shell: OpenShell, qtbot: QtBot
) -> None:
    shell = open_shell("en")
    arrival = Arrival(shell)

    def fail() -> None:
        raise ValueError("no page")

    with qtbot.captureExceptions() as failed:
        arrival.keep_picture()
        arrival.bring(lambda: None, fail)
        qtbot.waitUntil(lambda: arrival.idle)
    assert [kind for kind, *_ in failed] == [ValueError]
    assert shell.updatesEnabled()
    shell.open("merchants")
    settle(shell)
    typed(shell, "x")
    assert written(shell) == "x"
