"""The keys go where one looks: into the page that opens, to the rail and back, and anywhere by its name."""

from __future__ import annotations

from functools import partial

import pytest
from conftest_types import OpenShell
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui import keyboard
from gui.doors import Door, GoTo, doors_of, letters, matching
from gui.screens import flaws_of, settle, visits
from gui.shell import Shell
from models.workspace import Workspace

KEY = Qt.Key


def in_front(shell: Shell, qtbot: QtBot) -> None:
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def walk(key: KEY, most: int) -> list[QWidget]:
    """Press one key until it comes back to where it began; the widgets that had the keys on the way."""
    begin, way = focused(), []
    for _ in range(most):
        QTest.keyClick(focused(), key)
        way.append(focused())
        if focused() is begin:
            break
    return way


def test_on_every_page_tab_comes_by_everything_and_back_and_all_of_it_has_a_name(
    open_shell: OpenShell, qtbot: QtBot, workspace: Workspace
) -> None:
    shell = open_shell("zh_CN")
    in_front(shell, qtbot)
    flaws: list[str] = []
    for spec, role, args in visits(workspace):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
        wanted = set(keyboard.in_tab_order(shell))
        # The keys begin at a control, or where all of them come later at the page, but not in what scrolls.
        page = shell.pages[spec.key]
        if focused() is not page and not (
            page.isAncestorOf(focused()) and isinstance(focused(), keyboard.CONTROLS)
        ):
            flaws.append(f"{spec.key} begins at {told(focused())}")
        for key in (KEY.Key_Tab, KEY.Key_Backtab):
            way = walk(key, 3 * len(wanted) + 20)
            # A group's chips share one stop: the arrows move within it.
            missed = [one for one in wanted - set(way) if not in_group(one, way)]
            flaws += [f"{spec.key}: {key.name} misses {told(one)}" for one in missed]
        flaws += [f"{spec.key}: no name: {told(one)}" for one in wanted if not named(one)]
    assert flaws == []


def told(one: QWidget) -> str:
    return f"{one.metaObject().className()} {one.accessibleName()!r}"


def in_group(one: QWidget, way: list[QWidget]) -> bool:
    group = getattr(one, "group", lambda: None)()
    return group is not None and any(member in way for member in group.buttons())


def named(one: QWidget) -> str:
    return one.accessibleName() or getattr(one, "text", str)()


def test_f6_goes_to_the_rail_and_back_to_where_one_was(open_shell: OpenShell, qtbot: QtBot) -> None:
    shell = open_shell("zh_CN", role="cooperative")
    in_front(shell, qtbot)
    shell.open("register")
    settle(shell)
    lot = shell.pages["register"].lot  # type: ignore[attr-defined]
    lot.setFocus()
    QTest.keyClick(focused(), KEY.Key_F6)
    assert focused() is shell.rail.buttons["register"]
    QTest.keyClick(focused(), KEY.Key_F6)
    assert focused() is lot


def test_a_page_one_comes_back_to_has_the_keys_where_they_were(open_shell: OpenShell, qtbot: QtBot) -> None:
    shell = open_shell("en", role="cooperative")
    in_front(shell, qtbot)
    shell.open("register")
    settle(shell)
    quantity = shell.pages["register"].quantity  # type: ignore[attr-defined]
    assert isinstance(focused(), QComboBox)
    quantity.setFocus()
    shell.open("batches")
    settle(shell)
    QTest.keyClick(focused(), KEY.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle(shell)
    assert focused() is quantity


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_anything_is_gone_to_by_its_name_or_its_letters(
    open_shell: OpenShell, qtbot: QtBot, locale: str
) -> None:
    shell = open_shell(locale, role="cooperative")
    in_front(shell, qtbot)
    shell.open("register")
    settle(shell)
    quantity = shell.pages["register"].quantity  # type: ignore[attr-defined]
    for typed, arrived in (
        (shell.words("register.quantity"), lambda: shell.focusWidget() is quantity),
        (shell.words("page.movement.title"), lambda: shell.going.visited.here == "movement"),
        (
            shell.words("page.merchants.title"),
            lambda: shell.role == "regulator",
        ),
    ):
        in_front(shell, qtbot)
        QTest.keyClick(focused(), KEY.Key_G, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), GoTo))
        dialog = next(one for one in shell.findChildren(GoTo) if one.isVisible())
        assert flaws_of(dialog, "goto", shell.words.chinese) == []
        QTest.keyClicks(dialog.line, letters(typed))
        QTest.keyClick(dialog.line, KEY.Key_Return)
        qtbot.waitUntil(arrived)
        settle(shell)


def test_the_arrows_choose_and_escape_leaves_everything_as_it_was(
    qtbot: QtBot, open_shell: OpenShell
) -> None:
    shell = open_shell("en")
    went: list[str] = []
    doors = [Door(name, "", partial(went.append, name)) for name in ("tea", "teapot", "rice")]
    for keys, expected in (((KEY.Key_Down, KEY.Key_Return), ["teapot"]), ((KEY.Key_Escape,), ["teapot"])):
        dialog = GoTo(shell.theme, shell.words, lambda: doors, shell)
        qtbot.addWidget(dialog)
        dialog.open()
        QTest.keyClicks(dialog.line, "te")
        for key in keys:
            QTest.keyClick(dialog.line, key)
        qtbot.waitUntil(lambda: not dialog.isVisible())  # noqa: B023  used at once
        qtbot.waitUntil(lambda: went == expected)  # noqa: B023


def test_the_names_own_beginning_is_nearer_than_a_part_of_it() -> None:
    doors = [Door(name, "", list) for name in ("上报投诉", "投诉", "投诉与申诉", "查验")]
    assert [door.name for door in matching(doors, "投诉")] == ["投诉", "投诉与申诉", "上报投诉"]
    assert [door.name for door in matching(doors, "t s")] == ["投诉", "投诉与申诉", "上报投诉"]
    assert matching(doors, "x") == []


@given(st.sampled_from([chr(code) for code in range(0x4E00, 0x9FA6)]))
def test_an_everyday_characters_letter_begins_one_of_its_readings(char: str) -> None:
    found = letters(char)
    readings = lazy_pinyin(char, style=Style.FIRST_LETTER)
    from pypinyin import pinyin

    heard = {one[0] for one in pinyin(char, style=Style.NORMAL, heteronym=True)[0] if one}
    # What lies outside the everyday characters has no letter, and none is guessed.
    assert found in ("", char) or found in heard | set(readings)


def test_all_that_can_be_done_has_a_door(open_shell: OpenShell) -> None:
    shell = open_shell("zh_CN", role="cooperative")
    shell.open("register")
    settle(shell)
    names = [door.name for door in doors_of(shell)]
    page = shell.pages["register"]
    editors = [one for one in page.findChildren(QLineEdit) if one.isVisible() and not keyboard.is_inner(one)]
    assert {one.accessibleName() for one in editors} <= set(names)
    assert {shell.words(f"page.{key}.title") for key in ("today", "merchants", "scan")} <= set(names)
