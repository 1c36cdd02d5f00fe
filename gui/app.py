"""The running desktop: it opens the ledger on a worker thread, then shows the first page and what was asked.

`gui.start` makes it once the window has shown its first frame.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import resources
from gui.crash import CrashHook
from gui.files import open_files
from gui.instance import Instance
from gui.opening import Opening
from gui.pages import spec_of
from gui.settings import Settings
from gui.setup import Keys
from gui.shell import Shell
from gui.sweeping import Sweeper
from gui.system import (
    FONT_PACKAGE,
    QtMessages,
    Translations,
    missing_characters,
    surroundings,
    system_languages,
)
from gui.theme import Theme
from gui.warming import Warming, modules_for
from gui.words import LOCALES, Words, preferred_locale
from gui.workers import Workers
from ledger.errors import Problem


class Desktop(QObject):
    """One running desktop: the window, its threads, its theme, its way of reporting crashes."""

    def __init__(
        self,
        app: QApplication,
        make_workspace: Callable[[], Any],
        home: Path,
        clock: Callable[[], datetime],
        settings: Settings,
        messages: QtMessages,
        locale: str | None = None,
        frame: Opening | None = None,
        keys: Keys | None = None,
    ) -> None:
        super().__init__(app)
        self._app, self._make, self._messages, self.settings = app, make_workspace, messages, settings
        app.setApplicationName("suxin")
        app.setWindowIcon(QIcon(str(resources.path("icons/suxin.svg"))))
        locale = locale or first_locale(settings)
        self.translations = Translations(app)
        self.translations.use(locale)
        self.theme = Theme(app, settings.theme, settings.elder)
        self.workers = Workers(self)
        self.sweeper = Sweeper(app, self, self.workers.idle)
        self.shell = Shell(self.theme, Words(locale), self.workers, settings, home, clock)
        self.shell.keys = keys
        self.shell.relocalised.connect(self.translations.use)
        self.shell.setup_wanted.connect(self.set_up)
        app.setApplicationDisplayName(self.shell.words("app.name"))
        self._previous_hook = sys.excepthook
        dress = self.theme.dress
        self.crashes = CrashHook(lambda: self.shell.words, home, clock, self._surroundings, self, dress)
        self.workspace: Any = None
        self.warming = Warming(modules_for(self.shell.role), self)
        self._frame = frame
        self._files: list[str] = []
        self.instance = Instance(home, self)
        self.instance.called.connect(self.called)

    def start(self, files: Sequence[str] = ()) -> None:
        """Show the window; what is heavy begins after its first frame."""
        self._files = list(files)
        sys.excepthook = self.crashes
        self._interrupted, self.settings.running = self.settings.running, True
        self.settings.save()
        self.shell.show_waiting(self.shell.words("shell.opening.text"))
        if self._frame is not None:
            self._frame.take(self.shell)
        else:
            self.shell.show()
        QTimer.singleShot(0, self._open)

    def close(self) -> None:
        """Finish what is being written, close the ledger, and note that this was a proper end."""
        self.instance.close()
        self.warming.close()
        self.sweeper.close()
        self.workers.close()
        if self.workspace is not None and hasattr(self.workspace, "close"):
            self.workspace.close()
        self.settings.running = False
        self.settings.save()
        self.translations.drop()
        sys.excepthook = self._previous_hook

    def _open(self) -> None:
        first = self.shell.going.first_page()

        def make() -> Any:
            # The page it will show is imported here too, not on the thread that answers the person.
            workspace = self._make()
            spec_of(first).load()
            return workspace

        self.workers.write(make, self._opened, self._failed, self.shell)

    def _opened(self, workspace: Any) -> None:
        self.workspace = workspace
        self.shell.attach(workspace)
        self.sweeper.settle()
        # The first page has its answer before anything else is loaded.
        self.workers.busy.connect(self._warm)
        self._tell_about_fonts()
        if self._interrupted:
            self.shell.toast(self.shell.words("shell.interrupted"), "info")
        self.open_files()
        if workspace.demonstration and not self.settings.welcomed:
            self.welcome()

    def _warm(self, busy: bool) -> None:
        if not busy:
            self.workers.busy.disconnect(self._warm)
            self.warming.start(QThread.Priority.LowPriority)

    def called(self, files: list[str]) -> None:
        """A second start: come to the front and open what it was given."""
        window = self.shell.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        self._files += files
        self.open_files()

    def open_files(self) -> None:
        """Open what was asked for, once there is a ledger to open it with."""
        if self.workspace is not None and self._files:
            files, self._files = self._files, []
            open_files(self.shell, [Path(name) for name in files])

    def welcome(self) -> None:
        """Say what this is and where to begin."""
        from gui.welcome import Welcome

        dialog = Welcome(self.theme, self.shell.words, self.shell)
        dialog.chosen.connect(self.shell.set_role)
        dialog.own.connect(self.set_up)
        dialog.finished.connect(lambda _: self._welcomed())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def set_up(self) -> None:
        """Make an identity and a ledger of one's own, or bring a key back."""
        if self.shell.keys is None:
            return
        from gui.setup import SetupDialog, Surroundings

        around = Surroundings(self.theme, self.shell.words, self.workers)
        dialog = SetupDialog(around, self.shell.keys, self.shell)
        dialog.founded.connect(self._founded)
        dialog.restored.connect(lambda _: self.shell.toast(self.shell.words("setup.restored"), "ok"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _founded(self, _party: str) -> None:
        """Put the demonstration away and open the ledger that is there now."""
        old, self.workspace = self.workspace, None
        self.shell.detach()
        if old is not None:
            # After whatever still writes: the one writing thread keeps the order.
            self.workers.write(old.close, lambda _: None, owner=self)
        self._open()
        self.shell.toast(self.shell.words("setup.founded"), "ok")

    def _welcomed(self) -> None:
        self.settings.welcomed = True
        self.settings.save()

    def _failed(self, problem: Problem) -> None:
        self.shell.show_failure(problem, self._open)

    def _tell_about_fonts(self) -> None:
        missing = missing_characters()
        if missing:
            # Said in English too: without the font the Chinese sentence is what cannot be read.
            for words in (Words("en"), self.shell.words)[: 2 if self.shell.words.chinese else 1]:
                self.shell.toast(words("font.missing", package=FONT_PACKAGE, missing=missing), "attention")

    def _surroundings(self) -> tuple[str, ...]:
        return (*surroundings(program_version(), os.environ.get), *self._messages.kept)


def first_locale(settings: Settings) -> str:
    """Return the language to begin with: as set, else the system's, else Chinese where it can be drawn."""
    if settings.language in LOCALES:
        return settings.language
    return preferred_locale(system_languages(), cjk=not missing_characters("溯信账本"))


def program_version() -> str:
    """Return the installed version, or that this is a checkout."""
    # Imported here: it costs 90 ms, and only a crash report asks.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("suxin")
    except PackageNotFoundError:
        return "(checkout)"
