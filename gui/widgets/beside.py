"""Parts side by side where they fit, one above the other where they do not (large type, small screens)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui.widgets.surfaces import scrolled

GAP = 16


class Beside(QWidget):
    """Parts with their stretches, in the order of reading."""

    def __init__(self, parts: Iterable[tuple[QWidget, int]]) -> None:
        super().__init__()
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(GAP)
        self._parts = tuple(parts)
        for part, stretch in self._parts:
            self.box.addWidget(part, stretch)
            inside = part.widget() if isinstance(part, QScrollArea) else part
            if inside is not None:
                inside.installEventFilter(self)

    @property
    def stacked(self) -> bool:
        """Say whether the parts stand one above the other."""
        return self.box.direction() == QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        """Allow the narrow arrangement, whichever is shown."""
        return QSize(max(_least(part) for part, _ in self._parts), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew where the parts no longer fit, or fit again."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when a part gets other contents."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange(self.width())
        return super().eventFilter(watched, event)

    def _arrange(self, width: int) -> None:
        whole = sum(stretch for _, stretch in self._parts)
        room = width - GAP * (len(self._parts) - 1)
        fits = all(_least(part) * whole <= room * stretch for part, stretch in self._parts)
        wanted = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self.box.direction() != wanted:
            self.box.setDirection(wanted)


def columns(*stretches: int) -> tuple[Beside, list[QVBoxLayout]]:
    """Return columns that scroll each by itself, beside each other where they fit, and where to fill them."""
    filled: list[QVBoxLayout] = []
    parts: list[tuple[QWidget, int]] = []
    for stretch in stretches:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(GAP)
        filled.append(column)
        parts.append((scrolled(inside), stretch))
    return Beside(parts), filled


def _least(part: QWidget) -> int:
    """Return how narrow a part can be; what scrolls up and down can be no narrower than its contents."""
    inside = part.widget() if isinstance(part, QScrollArea) else None
    if inside is None:
        return part.minimumSizeHint().width()
    return inside.minimumSizeHint().width() + 16
