"""The window without a ledger: it waits, says why it cannot open one, and reports crashes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest_types import OpenShell
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gui.crash import CrashDialog, CrashHook, report_text, write_report
from gui.pages import PAGES, ROLES, pages_of
from gui.screens import flaws_of, settle
from gui.settings import load_settings
from gui.shell import Shell
from gui.start import choose_input_method
from gui.system import Translations, missing_characters
from gui.theme import Theme
from gui.welcome import Welcome
from gui.widgets import label
from gui.words import Words
from gui.workers import Workers
from ledger.errors import LedgerError

NOW = datetime(2026, 4, 8, 9, 12, tzinfo=UTC)


@pytest.fixture
def shell(qtbot: QtBot, theme: Theme, words: Words, workers: Workers, tmp_path: Path) -> Shell:
    made = Shell(theme, words, workers, load_settings(tmp_path), tmp_path, lambda: NOW)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(window: QLabel | Shell) -> str:
    return "\n".join(part.text() for part in window.findChildren(QLabel) if part.isVisible())


def test_while_the_ledger_opens_the_window_says_so_and_keeps_working(shell: Shell, qtbot: QtBot) -> None:
    shell.show_waiting(shell.words("shell.opening.text"))
    assert shell.words("shell.opening") in shown(shell)
    shell.look.switch_language()
    shell.look.switch_scheme()
    shell.set_role("regulator")
    assert flaws_of(shell, "waiting", shell.words.chinese) == []


def test_a_ledger_that_cannot_be_opened_is_said_with_a_way_to_try_again(shell: Shell, qtbot: QtBot) -> None:
    tried: list[bool] = []
    shell.show_failure(
        LedgerError("newer file", code="never-worded", remedy="use the newer program"),
        lambda: tried.append(True),
    )
    assert "use the newer program" in shown(shell)
    retry = next(b for b in shell.findChildren(QPushButton) if b.text() == shell.words("common.retry"))
    retry.click()
    assert tried == [True]


def test_every_page_is_named_in_both_languages_and_every_role_has_one() -> None:
    for locale in ("zh_CN", "en"):
        words = Words(locale)
        assert [spec.key for spec in PAGES if not words.has(f"page.{spec.key}.title")] == []
    assert all(any(spec.rail for spec in pages_of(role)) for role in ROLES)
    assert len({spec.key for spec in PAGES}) == len(PAGES)


def test_the_window_keeps_its_place_and_role(shell: Shell, tmp_path: Path) -> None:
    shell.set_role("regulator")
    shell.close()
    again = load_settings(tmp_path)
    assert again.role == "regulator"
    assert again.window


def test_the_welcome_says_it_is_a_demonstration_and_opens_a_door(
    qtbot: QtBot, theme: Theme, words: Words
) -> None:
    welcome = Welcome(theme, words)
    qtbot.addWidget(welcome)
    welcome.show()
    assert words("welcome.demonstration") in "\n".join(p.text() for p in welcome.findChildren(QLabel))
    assert flaws_of(welcome, "welcome", words.chinese) == []
    door = next(b for b in welcome.findChildren(QPushButton) if b.text() == words("welcome.regulator.go"))
    with qtbot.waitSignal(welcome.chosen) as chosen:
        door.click()
    assert chosen.args == ["regulator"]


def test_a_crash_leaves_a_report_without_the_persons_folder_and_shows_one_dialog(
    qtbot: QtBot, words: Words, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = label()
    qtbot.addWidget(owner)
    hook = CrashHook(lambda: words, tmp_path, lambda: NOW, lambda: ("Suxin 0",), owner)
    for number in range(3):
        try:
            raise ValueError(f"in {Path.home()}/secret {number}")
        except ValueError as error:
            hook(type(error), error, error.__traceback__)
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog) and w.isVisible()]
    assert len(dialogs) == 1
    dialogs[0].copy()
    assert "ValueError" in QApplication.clipboard().text()
    assert str(Path.home()) + "/" not in dialogs[0].report.toPlainText()
    assert flaws_of(dialogs[0], "crash", words.chinese) == []
    dialogs[0].accept()
    assert "Suxin 0" in (tmp_path / "crashes" / "20260408T091200.txt").read_text(encoding="utf-8")
    assert "ValueError" in capsys.readouterr().err


def test_a_disk_that_refuses_the_report_makes_nothing_worse(tmp_path: Path) -> None:
    (tmp_path / "crashes").write_text("a file in the way", encoding="utf-8")
    assert write_report(tmp_path, NOW, ["x"]) is None
    assert report_text(ValueError, ValueError("x"), None) == "ValueError: x\n"


def test_fcitx_is_spoken_to_as_ibus_and_others_are_left_alone() -> None:
    fcitx, other = {"XMODIFIERS": "@im=fcitx"}, {"QT_IM_MODULE": "compose"}
    choose_input_method(fcitx)
    choose_input_method(other)
    assert fcitx["QT_IM_MODULE"] == "ibus"
    assert other == {"QT_IM_MODULE": "compose"}


def test_a_character_no_font_can_draw_is_named(qapp: QApplication) -> None:
    # U+E123 lies in the private use area: no font that ships with a system draws it.
    assert missing_characters("A\ue123") == "\ue123"
    assert missing_characters("溯信") == ""


def test_qts_own_words_are_chinese_in_the_chinese_window(qapp: QApplication) -> None:
    translations = Translations(qapp)
    assert translations.use("zh_CN")
    assert QApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert translations.use("en")
    assert QApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_a_clipped_word_an_unworded_key_and_stray_english_are_found(qtbot: QtBot) -> None:
    narrow = label("an unmistakably long sentence", wrap=False)
    qtbot.addWidget(narrow)
    holder = Welcome.__mro__[1]()
    for part in (narrow, label("finding.no-words"), label("this is plain English here")):
        part.setParent(holder)
    qtbot.addWidget(holder)
    narrow.resize(40, 20)
    holder.show()
    for part in holder.findChildren(QLabel):
        part.show()
    kinds = {(flaw.kind) for flaw in flaws_of(holder, "x", chinese=True)}
    assert {"clipped", "unworded", "english-in-chinese"} <= kinds


def test_the_window_is_named_after_its_page_and_says_while_that_waits(
    open_shell: OpenShell, qtbot: QtBot
) -> None:
    shell = open_shell("zh_CN", role="consumer")
    title, name = shell.words("page.ranking.title"), shell.words("app.name")
    shell.open("ranking")
    assert shell.windowTitle() == f"{title}… · {name}"
    settle(shell)
    assert shell.windowTitle() == f"{title} · {name}"
    shell.look.switch_language()
    settle(shell)
    assert shell.windowTitle() == f"{shell.words('page.ranking.title')} · {shell.words('app.name')}"
