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
        self._page: QWidget | None = None
        self._program, self._waiting, self._in_sight = "", False, False
        workers.busy.connect(self._settle)

    def enter(self, page: QWidget, program: str) -> None:
        """Say that a page was opened; it is not in sight yet, and waits for what it has asked for."""
        self._page, self._program, self._waiting, self._in_sight = page, program, True, False
        self.say(page)

    def see(self) -> None:
        """Say that the page is in sight; what it has asked for may be under way."""
        self._in_sight = True
        if self._workers.idle():
            self._settle(busy=False)

    def say(self, page: QWidget) -> None:
        """Say what a page calls itself now (a merchant's name, a verdict), if it is the one that is shown."""
        if page is self._page:
            dots = WAITING if self._waiting else ""
            self._window.setWindowTitle(f"{page.windowTitle()}{dots} · {self._program}")

    def _settle(self, busy: bool) -> None:
        if self._waiting and self._in_sight and not busy and self._page is not None:
            self._waiting = False
            self.say(self._page)
            self.arrived.emit()
