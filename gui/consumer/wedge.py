"""Hear a keyboard-wedge scanner: it types a whole code faster than a person, and ends with Enter.

Such a scanner is a keyboard to the system, so its code arrives wherever the keys go. While the page is shown
we listen to every key; what comes at scanner speed is one code, whatever has the focus. Nothing is taken
away from the keys of a person.
"""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

# People reach 15 keys a second in bursts; the slowest scanners send 40.
FASTEST_PERSON_MS = 45
SHORTEST_CODE = 6
# A key that is held repeats after 20 ms at the soonest. X11 calls it a repetition too when a fast scanner
# sends the same sign twice within a millisecond; without this "//" and "000" would lose signs.
SOONEST_REPEAT_MS = 15
GROUP_SEPARATOR = "\x1d"


class Wedge(QObject):
    """Listens between `listen` and `rest`; `scanned` carries a code."""

    scanned = Signal(str)

    def __init__(
        self, now_ms: Callable[[QKeyEvent], int] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._now_ms = now_ms or (lambda event: int(event.timestamp()))
        self._typed = ""
        self._first = self._last = 0
        self._listening = False
        self._heard: QWidget | None = None

    def listen(self) -> None:
        """Begin to listen."""
        if not self._listening:
            self._listening = True
            self._typed = ""
            self._follow(None, QApplication.focusWidget())
            _app().focusChanged.connect(self._follow)

    def rest(self) -> None:
        """Stop listening."""
        if self._listening:
            self._listening = False
            _app().focusChanged.disconnect(self._follow)
            self._follow(self._heard, None)

    def _follow(self, _before: QWidget | None, focused: QWidget | None) -> None:
        """Listen where the keys go: a filter on the whole program would be called for every event of it."""
        if self._heard is not None and shiboken6.isValid(self._heard):
            self._heard.removeEventFilter(self)
        # With no widget in focus the keys go to the window itself.
        self._heard = focused or QApplication.activeWindow()
        if self._heard is not None and self._listening:
            self._heard.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at a key on its way; take away only the Enter that ends a scan."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        # What is typed in a dialog is meant for that dialog, however fast: an item's key is scanned there.
        if QApplication.activeModalWidget() or isinstance(
            QApplication.focusWidget(), QPlainTextEdit | QTextEdit
        ):
            return False
        now = self._now_ms(event)
        if event.isAutoRepeat() and now - self._last > SOONEST_REPEAT_MS:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._ends(now)
        self._hear(event.text(), now)
        return False

    def _hear(self, text: str, now: int) -> None:
        if not text or not (text.isprintable() or text == GROUP_SEPARATOR):
            return
        if now - self._last > FASTEST_PERSON_MS:
            self._typed, self._first = "", now
        self._typed += text
        self._last = now

    def _ends(self, now: int) -> bool:
        typed, self._typed = self._typed, ""
        fast = now - self._last <= FASTEST_PERSON_MS and now - self._first <= FASTEST_PERSON_MS * len(typed)
        if len(typed) < SHORTEST_CODE or not fast:
            return False
        self.scanned.emit(typed)
        return True


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
