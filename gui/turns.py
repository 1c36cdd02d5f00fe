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

    def take(self, parts: Iterable[Callable[[], object]], after_ms: int = 0) -> None:
        """Begin with the first part in the next turn, or when what stands has had its time to be painted."""
        self._parts = list(parts)
        self._go_on(after_ms)

    def add(self, parts: Iterable[Callable[[], object]]) -> None:
        """Put more parts behind those that wait."""
        self._parts += parts
        if not self.isActive():
            self._go_on()

    @property
    def idle(self) -> bool:
        """Say whether no part waits."""
        return not self._parts

    def _next(self) -> None:
        try:
            if self._parts:
                self._parts.pop(0)()
        finally:
            # A part that fails is told by whoever hears of all failures; those behind it are wanted still.
            self._go_on()

    def _go_on(self, after_ms: int = 0) -> None:
        if self._parts:
            self.start(after_ms)
        else:
            self.stop()
