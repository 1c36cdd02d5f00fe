"""Every dialog opens without a flaw in both languages, is left by Escape, and leaves nothing behind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shiboken6
from conftest_types import OpenShell
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

import gui
from gui import keyboard
from gui.consumer.scan import ScanPage
from gui.consumer.seen import NoteScanDialog
from gui.consumer.why import WhyDialog
from gui.correcting import CorrectDialog
from gui.crash import CrashDialog
from gui.doors import go_to
from gui.entry import open_entry
from gui.evidence import EntriesDialog
from gui.proof import open_proof
from gui.screens import flaws_of, settle
from gui.setup import SetupDialog, Surroundings
from gui.shell import Shell
from gui.welcome import Welcome
from models.workspace import Workspace

Open = Callable[[Shell, Workspace, Path], object]
ROUNDS = 5


def shown(make: Callable[[Shell, Workspace], QDialog]) -> Open:
    """Open what its page opens with a line of its own."""

    def open_it(shell: Shell, workspace: Workspace, _folder: Path) -> None:
        dialog = make(shell, workspace)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    return open_it


def proof(shell: Shell, workspace: Workspace, folder: Path) -> None:
    path = folder / "tea.proof.json"
    path.write_bytes(workspace.log.proof(5))
    open_proof(shell.context, path, shell)


def story(shell: Shell) -> Any:
    page = shell.pages["scan"]
    assert isinstance(page, ScanPage)
    return page.view


def around(shell: Shell) -> Surroundings:
    return Surroundings(shell.theme, shell.words, shell.workers)


def correcting(shell: Shell, workspace: Workspace) -> QDialog:
    index = next(n for n in range(40, 200) if workspace.corrections.standing(n).open)
    return CorrectDialog(shell.context, workspace.corrections.standing(index), shell.pages["scan"])


OPENED: dict[str, Open] = {
    "ComplaintDialog": lambda shell, *_: story(shell).complain(),
    "CorrectDialog": shown(correcting),
    "CrashDialog": lambda shell, *_: crash(shell),
    "EntriesDialog": shown(
        lambda shell, _: EntriesDialog(shell.context, shell.words("common.why"), (3, 4), shell.pages["scan"])
    ),
    "EntryDialog": lambda shell, *_: open_entry(shell.context, 3, shell.pages["scan"]),
    "GoTo": lambda shell, *_: go_to(shell),
    "HelpDialog": lambda shell, *_: shell.show_help(),
    "NoteScanDialog": shown(
        lambda shell, _: NoteScanDialog(shell.context, story(shell).answer, story(shell))
    ),
    "PreferencesDialog": lambda shell, *_: shell.look.show_preferences(),
    "ProofDialog": proof,
    "ReviewDialog": lambda shell, *_: story(shell).review(),
    "SetupDialog": shown(lambda shell, _: SetupDialog(around(shell), SimpleNamespace(), shell)),
    "Welcome": shown(lambda shell, _: Welcome(shell.theme, shell.words, shell)),
    "WhyDialog": shown(lambda shell, _: WhyDialog(shell.context, story(shell).answer, story(shell))),
}


def crash(shell: Shell) -> None:
    dialog = CrashDialog(shell.words, "Traceback", None, shell)
    shell.theme.dress(dialog)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def dialogs_there_are() -> set[str]:
    """The names of all dialog classes of the program that can be opened: those nothing else is made from."""
    for module in pkgutil.walk_packages(gui.__path__, "gui."):
        if not module.name.startswith(("gui.benchmarks", "gui.verbs")):
            importlib.import_module(module.name)

    def below(kind: type[QDialog]) -> Iterator[type[QDialog]]:
        kinds: list[type[QDialog]] = kind.__subclasses__()
        for one in kinds:
            yield one
            yield from below(one)

    own = {one for one in below(QDialog) if one.__module__.startswith("gui.")}
    return {one.__name__ for one in own if not one.__subclasses__()}


def free_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()


def test_every_dialog_there_is_is_opened_below() -> None:
    assert dialogs_there_are() == set(OPENED)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_dialog_is_sound_is_left_by_escape_and_leaves_nothing_behind(
    open_shell: OpenShell, qtbot: QtBot, workspace: Workspace, tmp_path: Path, locale: str
) -> None:
    shell = open_shell(locale, role="consumer")
    shell.open("scan", ScanPage.sample(workspace))
    settle(shell)
    flaws: list[str] = []
    for name, open_it in OPENED.items():
        counts = []
        for number in range(ROUNDS):
            before = {id(dialog) for dialog in shell.findChildren(QDialog)}
            open_it(shell, workspace, tmp_path)
            settle(shell)
            dialog = next(one for one in shell.findChildren(QDialog) if id(one) not in before)
            assert type(dialog).__name__ == name
            if number == 0:
                flaws += [
                    f"{name}: {flaw.kind}: {flaw.text}" for flaw in flaws_of(dialog, name, locale != "en")
                ]
                flaws += [f"{name}: {said}" for said in unreachable(dialog, qtbot)]
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            qtbot.waitUntil(partial(gone, dialog))
            settle(shell)
            counts.append(len(QApplication.allWidgets()))
        if counts[-1] > counts[0]:
            flaws.append(f"{name}: widgets after each round: {counts}")
    assert flaws == [], "\n".join(flaws)


def gone(dialog: QDialog) -> bool:
    free_now()
    return not shiboken6.isValid(dialog)


def unreachable(dialog: QDialog, qtbot: QtBot) -> Iterator[str]:
    """What keys do not reach in a dialog, what has no name there, and where they would be caught."""
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    wanted = set(keyboard.in_tab_order(dialog))
    if dialog.style().metaObject().className() != "QStyleSheetStyle":
        yield "not dressed as the window is"
    if not dialog.windowTitle():
        yield "no title"
    yield from (f"no name: {told(one)}" for one in wanted if not name_of(one))
    yield from (f"Tab is caught in {told(one)}" for one in dialog.findChildren(QPlainTextEdit) if traps(one))
    way: list[QWidget] = []
    for _ in range(2 * len(wanted) + 10):
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
        way.append(QApplication.focusWidget() or dialog)
    yield from (f"Tab misses {told(one)}" for one in wanted - set(way) if not grouped(one, way))


def traps(one: QPlainTextEdit) -> bool:
    return not one.isReadOnly() and not one.tabChangesFocus()


def grouped(one: QWidget, way: list[QWidget]) -> bool:
    group = getattr(one, "group", lambda: None)()
    return group is not None and any(member in way for member in group.buttons())


def name_of(one: QWidget) -> str:
    return one.accessibleName() or getattr(one, "text", str)()


def told(one: QWidget) -> str:
    return f"{one.metaObject().className()} {name_of(one)!r}"
