"""The window is there before the program is; a second start brings the first to the front with its files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest_types import OpenShell
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.app import Desktop
from gui.files import kind_of, open_files
from gui.instance import Instance, hand_over
from gui.opening import Opening
from gui.options import desktop_options
from gui.proof import ProofDialog
from gui.screens import flaws_of, settle
from gui.settings import load_settings
from gui.system import QtMessages
from models.workspace import Workspace

CHECKOUT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture
def instance(qapp: QApplication, tmp_path: Path) -> Iterator[Instance]:
    made = Instance(tmp_path)
    yield made
    made.close()


def python(words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", words], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


# Opens the window as main.py does and, once it has painted, says what of these is loaded.
FRAME = """
import sys, pathlib, main, gui.start
from gui.opening import Opening
paint = Opening.paintEvent

def painted(window, event):
    paint(window, event)
    import os, PySide6.QtCore
    print([name for name in {heavy} if name in sys.modules], "Qt" in vars(PySide6.QtCore), flush=True)
    os._exit(0)

Opening.paintEvent = painted
main.main(["--home", sys.argv[1]])
"""


def test_the_first_frame_needs_neither_the_verbs_nor_the_look(tmp_path: Path) -> None:
    heavy = ("gui.terminal", "gui.verbs", "gui.theme", "gui.shell", "gui.words", "gui.app", "models")
    more = ("sqlalchemy", "cryptography", "nacl", "jsonschema", "numpy", "PIL", "PySide6.QtSvg")
    run = subprocess.run(
        [sys.executable, "-c", FRAME.format(heavy=heavy + more), str(tmp_path)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    # The name `Qt` alone (thousands of words) takes a fifth of the time of a bare window.
    assert run.stdout.strip() == "[] False"


def test_the_work_begins_after_the_first_frame_and_only_once(qtbot: QtBot, tmp_path: Path) -> None:
    begun: list[bool] = []
    window = Opening(load_settings(tmp_path), lambda: begun.append(window.isVisible()))
    qtbot.addWidget(window)
    assert begun == []
    window.show()
    qtbot.waitUntil(lambda: bool(begun))
    window.repaint()
    QApplication.processEvents()
    assert begun == [True]


def test_what_moves_in_names_the_window_and_may_refuse_to_close(qtbot: QtBot, tmp_path: Path) -> None:
    class Stubborn(QWidget):
        def closeEvent(self, event: object) -> None:
            event.ignore()  # type: ignore[attr-defined]

    window = Opening(load_settings(tmp_path), lambda: None)
    qtbot.addWidget(window)
    window.show()
    inside = Stubborn()
    window.take(inside)
    inside.setWindowTitle("tea")
    assert window.windowTitle() == "tea"
    assert not window.close()
    assert window.isVisible()
    window.take(QWidget())
    assert window.close()


def test_a_second_start_hands_its_files_over(qtbot: QtBot, instance: Instance, tmp_path: Path) -> None:
    assert instance.listening
    home = f"pathlib.Path({str(tmp_path)!r})"
    words = f"import pathlib, gui.instance; print(gui.instance.hand_over({home}, ['a.proof']))"
    with qtbot.waitSignal(instance.called, timeout=20_000) as called:
        second = python(words)
    assert called.args == [["a.proof"]]
    assert second.communicate()[0].strip() == "True"


def test_where_nobody_answers_the_second_start_starts(tmp_path: Path) -> None:
    assert not hand_over(tmp_path / "other", [])


def test_a_command_line_with_files_opens_the_window_and_one_with_a_verb_does_not() -> None:
    wanted = desktop_options(["--home", "h", "tea.proof.json", "b.bundle"])
    assert wanted is not None
    assert wanted.files == ["tea.proof.json", "b.bundle"]
    assert desktop_options([]) is not None
    for words in (["scan", "tea.png"], ["--help"], ["--json", "verify"], ["frobnicate"], ["--locale", "xx"]):
        assert desktop_options(words) is None


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.json", b'{"format": "suxin-proof/v1"', "proof"),
        ("proof.json", b'{"entries": [' + b"0," * 5000 + b'0], "format": "suxin-proof/v1"}', "proof"),
        ("a.txt", b"suxin-bundle/v1 log 0 3", "bundle"),
        ("a.JPG", b"\xff\xd8", "picture"),
        ("a.csv", b"gtin,lot", "table"),
        ("a.exe", b"MZ", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(name: str, head: bytes, kind: str) -> None:
    assert kind_of(name, head) == kind


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_proof_file_is_checked_in_a_window_and_a_changed_one_does_not_hold(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path, locale: str
) -> None:
    shell = open_shell(locale)
    good, bad = tmp_path / "good.proof.json", tmp_path / "bad.proof.json"
    good.write_bytes(workspace.log.proof(5))
    text = good.read_text(encoding="utf-8")
    at = text.index('"leaf"') + 40
    bad.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :], encoding="utf-8")
    for path, key in ((good, "proof_file.ours"), (bad, "proof_file.fails")):
        open_files(shell, [path])
        settle(shell)
        settle(shell)
        # The one that was closed may still wait to be deleted, before or after the new one.
        (dialog,) = (each for each in shell.findChildren(ProofDialog) if each.isVisible())
        said = "\n".join(part.text() for part in dialog.findChildren(QLabel))
        assert shell.words(key) in said
        assert flaws_of(dialog, "proof", shell.words.chinese) == []
        dialog.reject()


def test_a_table_goes_to_the_import_page_and_an_unknown_file_is_named(
    open_shell: OpenShell, tmp_path: Path
) -> None:
    shell = open_shell("en")
    table, other = tmp_path / "t.csv", tmp_path / "t.exe"
    table.write_text("nothing", encoding="utf-8")
    other.write_bytes(b"MZ")
    open_files(shell, [table])
    settle(shell)
    assert shell.current is shell.pages["import"]
    open_files(shell, [other])
    settle(shell)
    assert "t.exe" in "\n".join(part.text() for part in shell.toasts.findChildren(QLabel))


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_a_second_start_opens_its_files_in_the_window_that_is_there(
    qapp: QApplication, qtbot: QtBot, workspace: Workspace, tmp_path: Path
) -> None:
    settings = load_settings(tmp_path)
    settings.welcomed = True
    frame = Opening(settings, lambda: None)
    qtbot.addWidget(frame)
    frame.show()
    desktop = Desktop(qapp, lambda: workspace, tmp_path, lambda: NOW, settings, QtMessages(), "en", frame)
    proof = tmp_path / "p.proof.json"
    proof.write_bytes(workspace.log.proof(0))
    desktop.start()
    desktop.called([str(proof)])
    qtbot.waitUntil(lambda: bool(desktop.shell.findChildren(ProofDialog)), timeout=10_000)
    assert desktop.shell.window() is frame
    frame.close()
    assert load_settings(tmp_path).window
    desktop.close()
    desktop.setParent(None)
