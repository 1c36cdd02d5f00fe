"""Hear a keyboard-wedge scanner: it types a whole code faster than a person, and ends with Enter.

Such a scanner is a keyboard to the system, so its code arrives wherever the keys go. While the page is shown
we listen to every key; what comes at scanner speed is one code, whatever has the focus. Nothing is taken
away from the keys of a person.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit

# People reach 15 keys a second in bursts; the slowest scanners send 40.
FASTEST_PERSON_MS = 45
SHORTEST_CODE = 6
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

    def listen(self) -> None:
        """Begin to listen."""
        app = QApplication.instance()
        if app is not None and not self._listening:
            self._listening = True
            self._typed = ""
            app.installEventFilter(self)

    def rest(self) -> None:
        """Stop listening."""
        app = QApplication.instance()
        if app is not None and self._listening:
            self._listening = False
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at a key on its way; take away only the Enter that ends a scan."""
        # A key passes through its window first and through the focused widget after; count it once.
        if (
            event.type() != QEvent.Type.KeyPress
            or not watched.isWidgetType()
            or not isinstance(event, QKeyEvent)
        ):
            return False
        if isinstance(QApplication.focusWidget(), QPlainTextEdit | QTextEdit) or event.isAutoRepeat():
            return False
        now = self._now_ms(event)
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
