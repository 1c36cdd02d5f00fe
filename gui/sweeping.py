"""Sweep the interpreter's memory at hours when nobody looks.

Rule: while somebody works in the window, the interpreter never looks through everything it holds. Such a
sweep stops every thread for a tenth of a second; it is made when the window is not the active one.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

LOOK_MS = 10_000
STILL = 30
"""After so many looks without a movement of the hand, five minutes, nobody is there."""
MANY = 400
"""So many sweeps of what is young, about 3 million new things, call for a look at what they left behind."""


class Sweeper(QObject):
    """Sweeps at its own hours: everything when nobody looks, what is new when there is much of it."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._closed, self._still, self._hand = False, 0, QCursor.pos()
        app.applicationStateChanged.connect(self._state)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def settle(self) -> None:
        """Take everything that is here now for lasting: no sweep looks at it while somebody works."""
        gc.freeze()

    def sweep(self) -> None:
        """Free everything that nobody can reach any more."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _state(self, state: Qt.ApplicationState) -> None:
        if not self._closed and state != Qt.ApplicationState.ApplicationActive:
            self.sweep()

    def close(self) -> None:
        """Leave sweeping to the interpreter again."""
        self._timer.stop()
        self._closed = True
        gc.unfreeze()

    def _look(self) -> None:
        hand = QCursor.pos()
        self._still, self._hand = (self._still + 1 if hand == self._hand else 0), hand
        if self._still == STILL:
            self.sweep()
        elif gc.get_count()[2] >= MANY:
            # Only what came since the last time: a few milliseconds.
            gc.collect()
            gc.freeze()
