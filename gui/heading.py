"""What the window is called: the page one stands on, with three dots while it still waits for its data.

Task bars, window lists and screen readers show nothing else of a window. Rule: only a page that was just
opened is said to wait; what is looked up later must not make a title flicker.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.workers import Workers

WAITING = "…"


class Heading(QObject):
    """Names a window after its page; the window owns it. `arrived` says that the page has its data."""

    arrived = Signal()

    def __init__(self, window: QWidget, workers: Workers) -> None:
        super().__init__(window)
        self._window, self._workers = window, workers
        self._title, self._waiting = "", False
        workers.busy.connect(self._settle)

    def enter(self, title: str) -> None:
        """Say that a page was opened; what it has asked for may be under way.

        Args:
            title: with `{}` where the dots stand while the page waits.
        """
        self._title, self._waiting = title, True
        self._window.setWindowTitle(title.format(WAITING))
        if self._workers.idle():
            self._settle(busy=False)

    def _settle(self, busy: bool) -> None:
        if self._waiting and not busy:
            self._waiting = False
            self._window.setWindowTitle(self._title.format(""))
            self.arrived.emit()
