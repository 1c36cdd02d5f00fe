"""Start the desktop: paint first, load what it is made of on a thread, then let the shell move in.

`run_desktop` is the door main.py uses. Rule: only the first frame's own needs are imported up here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLockFile, QThread
from PySide6.QtWidgets import QApplication

from gui.opening import Opening
from gui.settings import Settings, load_settings
from gui.sharing import share_interpreter

if TYPE_CHECKING:
    from gui.app import Desktop

# What the first page needs; imported by the loader's thread while the window already answers.
PARTS = (
    "gui.app",
    "gui.standing",
    "gui.widgets.charts",
    "gui.widgets.forms",
    "gui.itemmodels",
    "PySide6.QtSvg",
)


def run_desktop(
    make_workspace: Callable[[], Any],
    home: Path,
    clock: Callable[[], datetime],
    settings: Settings | None = None,
    locale: str | None = None,
    files: Sequence[str] = (),
    keys: Any = None,
    closing: Callable[[], object] = lambda: None,
) -> int:
    """Run the desktop until its window is closed and return the exit code.

    Args:
        make_workspace: opens (on first start: makes) the ledger; called on the writing thread.
        home: where settings, crash reports and drafts live.
        clock: the present instant, aware UTC.
        settings: what was chosen before; by default what `home` holds.
        locale: the language for this run only, whatever was chosen before.
        keys: makes and brings back the keys of this home (`gui.setup.Keys`).
        files: proof files, bundles, pictures or spreadsheets to open.
        closing: called once the window is closed, before what is under way is waited for.
    """
    share_interpreter()
    choose_input_method(os.environ)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("a console application is running already")
    home.mkdir(parents=True, exist_ok=True)
    paths = [str(Path(name).absolute()) for name in files]
    alone = QLockFile(str(home / "desktop.lock"))
    alone.setStaleLockTime(0)
    if not alone.tryLock(0):
        from gui.instance import hand_over

        if hand_over(home, paths):
            return 0
    start = Start(app, make_workspace, home, clock, settings or load_settings(home), locale, paths, keys)
    code = app.exec()
    closing()
    start.close()
    alone.unlock()
    return code


class Start:
    """From the first frame to the running desktop."""

    def __init__(
        self,
        app: QApplication,
        make_workspace: Callable[[], Any],
        home: Path,
        clock: Callable[[], datetime],
        settings: Settings,
        locale: str | None,
        files: list[str],
        keys: Any = None,
    ) -> None:
        self._app, self._make, self._home, self._clock = app, make_workspace, home, clock
        self._settings, self._locale, self._files = settings, locale, files
        self._keys = keys
        self.desktop: Desktop | None = None
        self._loader = _Loader()
        # Connected before the thread starts; the thread object lives here, so the call arrives here.
        self._loader.finished.connect(self._loaded)
        self.window = Opening(settings, self._loader.start)
        self.window.show()

    def close(self) -> None:
        """Wait for what is loading, and end what was begun."""
        self._loader.finished.disconnect(self._loaded)
        self._loader.wait()
        if self.desktop is not None:
            self.desktop.close()

    def _loaded(self) -> None:
        if self._loader.failed is not None:
            raise self._loader.failed
        from gui.app import Desktop
        from gui.system import QtMessages

        messages = QtMessages()
        messages.install()
        self.desktop = Desktop(
            self._app,
            self._make,
            self._home,
            self._clock,
            self._settings,
            messages,
            self._locale,
            self.window,
            self._keys,
        )
        self.desktop.start(self._files)


class _Loader(QThread):
    """Imports what the desktop is made of while the window already answers."""

    failed: BaseException | None = None

    def run(self) -> None:
        """Import every part; what fails is raised again on the window's thread."""
        try:
            for name in PARTS:
                import_module(name)
        except BaseException as error:  # noqa: BLE001  thread boundary: raised by _loaded
            self.failed = error


def choose_input_method(environ: MutableMapping[str, str]) -> None:
    """Speak IBus to fcitx: the wheels carry no fcitx plugin, and fcitx answers to IBus. Call before Qt."""
    named = [environ.get(name, "") for name in ("QT_IM_MODULE", "XMODIFIERS", "GTK_IM_MODULE")]
    if any("fcitx" in name for name in named):
        environ["QT_IM_MODULE"] = "ibus"
