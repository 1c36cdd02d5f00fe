"""How far the labels are drawn, shown once it takes longer than one notices, with a way out."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QTimer

from gui.widgets import Progress
from gui.words import Words

LATE_MS = 400


class Drawing(Progress):
    """Hidden until labels have been drawn for a while; the button calls it off, and nothing is recorded."""

    def __init__(self, words: Words) -> None:
        super().__init__(words("common.cancel"), self.cancel)
        self._words, self._stop = words, Event()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(self.show)
        self.hide()

    def begin(self) -> Event:
        """Begin another drawing and return what says that it is called off."""
        self._stop = Event()
        self.button.setEnabled(True)
        self.show_progress(0, 0, self._words("labels.drawing_first"))
        self._late.start()
        return self._stop

    def cancel(self) -> None:
        """Call it off: what is drawn is thrown away."""
        self._stop.set()
        self.button.setEnabled(False)

    def tell(self, done: int, total: int) -> None:
        """Say how far it is; once all are drawn they are counted and written, come what may."""
        words = self._words
        last = done >= total
        self.button.setEnabled(not last and not self._stop.is_set())
        if last:
            self.show_progress(0, 0, words("labels.recording"))
        else:
            self.show_progress(
                done, total, words("labels.drawing", done=words.number(done), total=words.number(total))
            )

    def end(self) -> None:
        """It is over, one way or another."""
        self._late.stop()
        self.hide()
