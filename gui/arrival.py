"""Bring a page in sight in turns of the event loop, while the page before stays on the screen.

Making a page, dressing it in the style sheet and laying it out take longer in one piece than a window should
stand still. Rule: what is typed or clicked between two turns reaches the page that comes, in its order.
"""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

from gui.turns import Turns

FELT = (
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.Wheel,
)


class Arrival(QObject):
    """Shows what was made, part by part; the window owns it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._turns = Turns(self)
        self._hands = Hands(self)

    @property
    def idle(self) -> bool:
        """Say whether nothing is on its way."""
        return self._turns.idle

    def keep_picture(self) -> None:
        """Paint nothing until the next page is in sight: all that is shown is being made anew."""
        self._window.setUpdatesEnabled(False)

    def bring(self, dress: Callable[[], object], show: Callable[[], object]) -> None:
        """Dress a page and show it, each in a turn of its own; a page that was on its way is forgotten."""
        self._hands.hold(self._window.window().windowHandle())
        self._turns.take([dress, lambda: self._show(show)])

    def end(self) -> None:
        """Wait for nothing any more: what is in sight is painted, and what hands did meanwhile reaches it."""
        self._turns.take([])
        self._window.setUpdatesEnabled(True)
        self._hands.let_go()

    def _show(self, show: Callable[[], object]) -> None:
        try:
            show()
        finally:
            self.end()


class Hands(QObject):
    """Holds back what a window's hands do, and gives it to the window later, in its order.

    A filter on the window's handle: one on the program would be called for every event of it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._window: QWindow | None = None
        self._held: list[QEvent] = []

    def hold(self, window: QWindow | None) -> None:
        """Begin, or go on; a window that was never shown has no hands."""
        if self._window is None and window is not None:
            self._window = window
            window.installEventFilter(self)

    def let_go(self) -> None:
        """Give back what was held. What it brings about may hold the rest once more."""
        window, self._window = self._window, None
        held, self._held = self._held, []
        # The window may have been closed meanwhile.
        if window is not None and shiboken6.isValid(window):
            window.removeEventFilter(self)
            for event in held:
                QCoreApplication.sendEvent(window, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep what a hand does."""
        if event.type() not in FELT:
            return super().eventFilter(watched, event)
        self._held.append(event.clone())
        return True
