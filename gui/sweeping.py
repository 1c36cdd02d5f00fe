"""Sweep the interpreter's memory at hours when nobody looks.

Rule: while somebody works in the window, the interpreter never looks through everything it holds. Such a
sweep stops every thread for a tenth of a second; it is made when the window is not the active one.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

LOOK_MS = 10_000
STILL = 30
"""After so many looks without a movement of the hand, five minutes, nobody is there."""
MANY = 400
"""So many sweeps of what is young, about 3 million new things, call for a look at what they left behind."""


class Sweeper(QObject):
    """Sweeps at its own hours: everything when nobody looks, what is new when there is much of it.

    Args:
        idle: says whether no work is under way, whose things are many and will be gone by themselves.
    """

    def __init__(self, app: QApplication, parent: QObject, idle: Callable[[], bool] = lambda: True) -> None:
        super().__init__(parent)
        self._idle = idle
        self._closed, self._still, self._hand = False, 0, QCursor.pos()
        app.applicationStateChanged.connect(self._state)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)

    def settle(self) -> None:
        """Take everything that is here now for lasting: no sweep looks at it while somebody works."""
        gc.freeze()

    def sweep(self) -> None:
        """Free everything that nobody can reach any more."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Leave sweeping to the interpreter again."""
        self._timer.stop()
        self._closed = True
        gc.unfreeze()

    def look(self) -> None:
        """See whether somebody is there, and whether much that is new has come."""
        hand = QCursor.pos()
        self._still, self._hand = (self._still + 1 if hand == self._hand else 0), hand
        if self._still == STILL:
            self.sweep()
        elif gc.get_count()[2] >= MANY and self._idle():
            # Only what came since the last time and stayed: a few milliseconds. In the midst of an import
            # that would be thousands of events, a third of a second.
            gc.collect()
            gc.freeze()

    def _state(self, state: Qt.ApplicationState) -> None:
        if not self._closed and state != Qt.ApplicationState.ApplicationActive:
            self.sweep()
