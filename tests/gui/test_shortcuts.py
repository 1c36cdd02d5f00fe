"""Wherever one is, a key means one thing, does it, and the help of that page says so."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from conftest_types import OpenShell
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from gui.help import FIRST, parts
from gui.pages import ROLES, pages_of
from gui.screens import settle, visits
from gui.shell import Shell
from gui.words import LOCALES
from models.workspace import Workspace

DIGITS = {f"Ctrl+{digit}": "Ctrl+1…9" for digit in range(1, 10)}
SAID = {
    "en": DIGITS | {"Ctrl+Return": "Ctrl+Enter"},
    "zh_CN": DIGITS | {"Ctrl+Return": "Ctrl+Enter", "Alt+Left": "Alt+←"},
}


def keys_now(shell: Shell) -> list[str]:
    """The keys that do something now: those of widgets in sight."""
    found = []
    for one in shell.findChildren(QShortcut):
        holder = one.parent()
        if one.isEnabled() and isinstance(holder, QWidget) and holder.isVisible():
            found.append(one.key().toString())
    buttons = shell.findChildren(QAbstractButton)
    return found + [b.shortcut().toString() for b in buttons if b.isVisible() and not b.shortcut().isEmpty()]


def told_in(locale: str, page: str) -> set[str]:
    """The keys that the help tells of at its beginning and at this page."""
    text = parts(locale)
    return set(re.findall(r"\*\*(.+?)\*\*", text[FIRST] + text.get(page, "")))


def test_on_every_page_each_key_means_one_thing_and_the_help_lists_it(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell("en")
    twice, untold, seen = [], [], set()
    for spec, role, args in visits(workspace, ROLES):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
        keys = keys_now(shell)
        seen |= set(keys)
        twice += [(spec.key, key) for key, n in Counter(keys).items() if n > 1 or not key]
        for locale in LOCALES:
            said = told_in(locale, spec.key)
            untold += [(locale, spec.key, key) for key in keys if SAID[locale].get(key, key) not in said]
    assert twice == []
    assert sorted(set(untold)) == []
    assert {"F1", "Ctrl+G", "Ctrl+Z", "F8", "Ctrl+Return", "Ctrl+L"} <= seen


@pytest.mark.parametrize("role", ROLES)
def test_the_digits_go_to_the_pages_that_their_tips_name(
    open_shell: OpenShell, qtbot: QtBot, role: str
) -> None:
    shell = open_shell("en", role=role)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    rail = [spec.key for spec in pages_of(role) if spec.rail]
    for key in rail:
        said = re.search(r"Ctrl\+(\S+)$", shell.rail.buttons[key].toolTip())
        if said is None:
            assert rail.index(key) >= 10
            continue
        assert not QKeySequence(f"Ctrl+{said[1]}").isEmpty()
        QTest.keyClick(shell, Qt.Key(Qt.Key.Key_0 + int(said[1])), Qt.KeyboardModifier.ControlModifier)
        assert shell.current is shell.pages[key]
        settle(shell)
