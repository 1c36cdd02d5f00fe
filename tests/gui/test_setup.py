"""The first steps: an identity, its phrase on paper, a ledger of one's own; settings and help on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest_types import OpenShell
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import main
from gui.app import Desktop
from gui.help import HelpDialog, parts, with_every_page
from gui.pages import PAGES
from gui.preferences import PreferencesDialog
from gui.screens import flaws_of, settle
from gui.settings import load_settings
from gui.setup import ASKED_GROUP, ASKED_ROW, SetupDialog, Surroundings
from gui.system import QtMessages
from gui.theme import Theme
from gui.words import LOCALES, Words
from gui.workers import Workers
from ledger.home import Home
from models.identity import backup_phrase

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> main._Keys:
    return main._Keys(tmp_path / "home", None)


def home_of(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", lambda n: bytes(n))


@pytest.fixture
def setup(qtbot: QtBot, theme: Theme, words: Words, workers: Workers, keys: main._Keys) -> SetupDialog:
    made = SetupDialog(Surroundings(theme, words, workers), keys)
    qtbot.addWidget(made)
    made.show()
    return made


def said(window: QWidget) -> str:
    return "\n".join(part.text() for part in window.findChildren(QLabel) if part.isVisible())


def test_from_a_name_to_a_phrase_that_was_really_written_down(
    setup: SetupDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    chinese = setup.words.chinese
    assert flaws_of(setup, "setup", chinese) == []
    setup.go_on()
    assert setup.words("problem.setup-name") in said(setup)
    qtbot.keyClicks(setup._identity.fields["name"].editor, "Green Ridge")
    setup.go_on()
    qtbot.waitUntil(lambda: setup.steps.currentWidget() is setup._written, timeout=20_000)
    rows = backup_phrase(home_of(tmp_path))
    assert all(group in said(setup) for row in rows for group in row.split())
    qtbot.waitUntil(lambda: flaws_of(setup, "setup", chinese) == [])
    qtbot.keyClicks(setup._written.fields["group"].editor, "wrong")
    setup.go_on()
    assert setup.words("problem.setup-group") in said(setup)
    setup._written.fields["group"].editor.clear()  # type: ignore[attr-defined]
    qtbot.keyClicks(setup._written.fields["group"].editor, rows[ASKED_ROW].split()[ASKED_GROUP].lower())
    with qtbot.waitSignal(setup.founded):
        setup.go_on()
    assert (tmp_path / "home" / "ledger.db").exists()


def test_a_key_comes_back_from_paper_and_a_slip_is_said_beside_the_phrase(
    setup: SetupDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    elsewhere = main._Keys(tmp_path / "elsewhere", None)
    party = elsewhere.found("x", "merchant", None).party
    rows = " ".join(elsewhere.phrase(party))
    setup.show_restore()
    qtbot.waitUntil(lambda: flaws_of(setup, "setup", setup.words.chinese) == [])
    editor = setup._restore.fields["phrase"].editor
    slip = ("0" if rows[0] != "0" else "1") + rows[1:]
    editor.setPlainText(slip)  # type: ignore[attr-defined]
    setup.go_on()
    problem = setup._restore.fields["phrase"].problem
    qtbot.waitUntil(lambda: "1/1/1" in problem.text())
    editor.setPlainText(rows)  # type: ignore[attr-defined]
    with qtbot.waitSignal(setup.restored) as restored:
        setup.go_on()
    assert restored.args == [party]
    assert home_of(tmp_path).me == party


def test_the_window_goes_from_the_demonstration_to_the_ledger_just_made(
    qapp: QApplication, qtbot: QtBot, demonstration_folder: Path, tmp_path: Path, keys: main._Keys
) -> None:
    home = tmp_path / "home"
    demonstration = main.make_demonstration(tmp_path / "d", lambda: NOW)[0]
    opened = [demonstration]

    def opening() -> object:
        return opened.pop() if opened else main.desktop_workspace(home, None, None, lambda: NOW)

    settings = load_settings(home)
    settings.welcomed, settings.role = True, "cooperative"
    desktop = Desktop(qapp, opening, home, lambda: NOW, settings, QtMessages(), "zh_CN", None, keys)
    qtbot.addWidget(desktop.shell)
    desktop.start()
    qtbot.waitUntil(lambda: desktop.workspace is demonstration, timeout=20_000)
    settle(desktop.shell)
    made = keys.found("青岭合作社", "cooperative", None)
    desktop._founded(made.party)
    qtbot.waitUntil(
        lambda: desktop.workspace is not None and not desktop.workspace.demonstration, timeout=20_000
    )
    settle(desktop.shell)
    assert desktop.shell.rail.name.text() == "青岭合作社"
    assert flaws_of(desktop.shell, "own", True) == []
    desktop.close()
    desktop.setParent(None)


def test_every_page_has_its_help_in_both_languages_and_f1_opens_it(
    open_shell: OpenShell, qtbot: QtBot
) -> None:
    both = [set(parts(locale)) for locale in LOCALES]
    assert both[0] == both[1]
    for locale in LOCALES:
        words = Words(locale)
        told = with_every_page(parts(locale), words)
        assert [spec.key for spec in PAGES if len(told[spec.key].splitlines()) < 2] == []
        shell = open_shell(locale)
        shell.open("merchants")
        settle(shell)
        shell.show_help()
        dialog = shell.findChildren(HelpDialog)[-1]
        assert dialog.page == "merchants"
        assert shell.words("page.merchants.title")[:2] in dialog.text.toPlainText()
        assert flaws_of(dialog, "help", shell.words.chinese) == []
        dialog.reject()


@pytest.mark.parametrize("locale", LOCALES)
def test_settings_take_effect_at_once_and_are_kept(
    open_shell: OpenShell, qtbot: QtBot, locale: str, keys: main._Keys
) -> None:
    shell = open_shell(locale)
    shell.keys = keys
    shell.look.show_preferences()
    dialog = shell.findChildren(PreferencesDialog)[-1]
    assert flaws_of(dialog, "preferences", shell.words.chinese) == []
    dialog.scheme.emit("dark")
    qtbot.waitUntil(lambda: shell.theme.dark)
    assert shell.settings.theme == "dark"
    shell.look.show_preferences()
    again = shell.findChildren(PreferencesDialog)[-1]
    with qtbot.waitSignal(shell.setup_wanted):
        next(
            b for b in again.findChildren(QPushButton) if b.text() == shell.words("preferences.setup")
        ).click()
    assert not [d for d in shell.findChildren(QDialog) if d.isVisible()]
    shell.theme.set_mode("light")


def test_the_setup_goes_by_keyboard_alone(setup: SetupDialog, qtbot: QtBot) -> None:
    setup.activateWindow()
    setup._identity.fields["name"].editor.setFocus()
    reached = []
    for _ in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    words = setup.words
    for key in ("setup.name", "setup.role", "setup.gln", "setup.make", "common.close", "setup.have_phrase"):
        assert words(key) in reached
