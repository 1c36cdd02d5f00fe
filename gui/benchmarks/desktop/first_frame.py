"""Print when the first frame was on the screen: ours, or that of a bare Qt window (`HOME bare|ours`).

Ours then prints, too, when its first page had been read and painted.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


def bare() -> None:
    """Show a window with one word in it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            QTimer.singleShot(0, leave)

    app = QApplication([])
    window = Window()
    window.setCentralWidget(QLabel("Suxin"))
    window.resize(1280, 800)
    window.show()
    app.exec()


def ours(home: str) -> None:
    """Run the program itself, as `main.py --home HOME`."""
    from PySide6.QtCore import QTimer

    from gui.opening import Opening

    paint = Opening.paintEvent

    def painted(window: Opening, event: QPaintEvent) -> None:
        first = window._painted is not None
        paint(window, event)
        if first:
            QTimer.singleShot(0, lambda: begin(window))

    def begin(window: Opening) -> None:
        tell()
        look(window)

    def look(window: Opening) -> None:
        from gui.shell import Shell

        shell = window.centralWidget()
        if isinstance(shell, Shell) and shell.current is not None and shell.workers.idle():
            leave()
        QTimer.singleShot(5, lambda: look(window))

    # The only way to hear of the program's own first frame without changing what it does.
    Opening.paintEvent = painted  # type: ignore[method-assign, assignment]  # to hear of it
    from importlib import import_module

    import_module("main").main(["--home", home])


def tell() -> None:
    """Print the clock; the one who started us reads the same one."""
    sys.stdout.write(f"{time.perf_counter()}\n")
    sys.stdout.flush()


def leave() -> None:
    """Print the clock and end at once."""
    tell()
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[2] == "bare":
        bare()
    ours(sys.argv[1])
