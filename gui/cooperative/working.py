"""Something long under way on a page: how far it is, whether it can be stopped, and what stops it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QTimer

from gui.cooperative.refusals import rows_text
from gui.widgets import Progress
from gui.words import Words

SHOW_AFTER_MS = 300
"""What is done sooner needs no bar, which would only flash."""


class Working(Progress):
    """The bar of the page; `stop` is set once somebody wants it to end.

    Args:
        cancelled: called after `stop` was set.
        changed: called when something begins and when it ends.
    """

    def __init__(self, words: Words, cancelled: Callable[[], object], changed: Callable[[], object]) -> None:
        super().__init__(words("common.cancel"), cancelled)
        self._words, self._changed = words, changed
        self._text = ""
        self.busy = False
        self.stop = Event()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(SHOW_AFTER_MS)
        self._late.timeout.connect(self.show)
        self.hide()

    def begin(self, text: str, can_stop: bool = True) -> Event:
        """Say what is under way, and return what stops it."""
        self.busy, self._text, self.stop = True, text, Event()
        self.button.setEnabled(can_stop)
        self.show_progress(0, 0, text)
        self._late.start()
        self._changed()
        return self.stop

    def end(self) -> None:
        """It is done, or was given up."""
        self.busy = False
        self._late.stop()
        self.hide()
        self._changed()

    def tell_rows(self, done: int, total: int | None) -> None:
        """Say how many rows are done."""
        if self.busy:
            self.show_progress(done, total or 0, f"{self._text} · {rows_text(self._words, done, total)}")

    def tell(self, done: int, total: int | None, text: str) -> None:
        """Say how far another stage is."""
        if self.busy:
            self.show_progress(done, total or 0, text)
