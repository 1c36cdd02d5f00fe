"""The stage of every measurement: the demonstration's ledger and a window on it, and a beat to feel it by.

The program is composed as a person composes it, by main.py; that is named at run time only, because nothing
may stand on main. Run as a program it makes the ledger that the others use.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from gui.shell import Shell

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
BEAT_MS = 5


def clock() -> datetime:
    """Return the day of every measurement."""
    return NOW


def ledger_of(folder: Path) -> Path:
    """Return where the demonstration lies; the window finds it there by itself."""
    return folder / "demonstration"


def open_shell(folder: Path, role: str, page: str = "") -> tuple[Shell, Any]:
    """Return a shown window on the demonstration's ledger, perhaps at one of its pages, and its workspace.

    Every page, and each area of the ledger, is imported beforehand, as the program does it in the background
    after its first page.
    """
    from PySide6.QtWidgets import QApplication

    from gui.settings import load_settings
    from gui.sharing import share_interpreter
    from gui.shell import Shell
    from gui.sweeping import Sweeper
    from gui.theme import Theme
    from gui.warming import modules_for
    from gui.words import Words
    from gui.workers import Workers

    share_interpreter()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    workspace = import_module("main").open_workspace(ledger_of(folder), None, clock, None)
    settings = load_settings(folder / "window")
    settings.role, settings.pages = role, {role: page} if page else {}
    shell = Shell(Theme(app, "light"), Words("zh_CN"), Workers(), settings, folder, clock)
    shell.resize(1280, 800)
    shell.show()
    for name in modules_for(role):
        import_module(name)
    shell.attach(workspace)
    Sweeper(app, shell, shell.workers.idle).settle()
    return shell, workspace


def end(shell: Shell, workspace: Any, rows: list[dict[str, Any]]) -> None:
    """Close everything and print the rows."""
    shell.close()
    shell.workers.close()
    workspace.close()
    sys.stdout.write(json.dumps(rows))


def row(what: str, ours: float, bar: float) -> dict[str, Any]:
    """Return one line of the table, before it is rounded."""
    return {"what": what, "ours": ours, "bar": bar}


def memory_mb() -> float:
    """Return how much memory this process holds now; its most so far where the system tells no more."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1 << 20 if sys.platform == "darwin" else 1024)
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def share(values: list[float], part: float) -> float:
    """Return the value that `part` of them do not exceed.

    >>> share([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, round(part * len(ordered)) - 1)] if ordered else 0.0


class Beat:
    """A timer that should fire every few milliseconds.

    `late` holds how late each beat came, in ms; `busy` what of that the window's own thread worked (on a
    machine that others use too, the rest is theirs).
    """

    def __init__(self, owner: QObject) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self.busy: list[float] = []
        self._timer = QTimer(owner)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self._worked = 0.0

    def start(self) -> None:
        """Begin to feel."""
        self.late, self.busy = [], []
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start(BEAT_MS)

    def stop(self) -> list[float]:
        """Feel no more, and return how late the beats came."""
        self._beat()
        self._timer.stop()
        return self.late

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, (now - self._last) * 1000 - BEAT_MS))
        self.busy.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked


def wait(condition: Callable[[], object], milliseconds: int = 20_000) -> None:
    """Let the window live until something holds; TimeoutError when it never does."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, poll, until = QEventLoop(), QTimer(), time.perf_counter() + milliseconds / 1000

    def look() -> None:
        if condition() or time.perf_counter() > until:
            loop.quit()

    poll.timeout.connect(look)
    poll.start(2)
    loop.exec()
    poll.stop()
    if not condition():
        raise TimeoutError("it never came")


if __name__ == "__main__":
    made, _ = import_module("main").make_demonstration(ledger_of(Path(sys.argv[1])), clock)
    made.close()
