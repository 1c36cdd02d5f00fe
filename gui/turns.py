"""Build a page part by part, each in a turn of the event loop: what matters first, and no long standstill."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer


class Turns(QTimer):
    """Calls each part in a turn of its own; newly asked for, what is left of the old is dropped."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.setSingleShot(True)
        self.timeout.connect(self._next)
        self._parts: list[Callable[[], object]] = []

    def take(self, parts: Iterable[Callable[[], object]]) -> None:
        """Begin with the first part in the next turn."""
        self._parts = list(parts)
        self._go_on()

    def _next(self) -> None:
        if self._parts:
            self._parts.pop(0)()
        self._go_on()

    def _go_on(self) -> None:
        if self._parts:
            self.start(0)
        else:
            self.stop()
