"""A picture as wide as its place allows: it never makes the place wider, so no layout gives way to it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

LEAST = 80


class Picture(QLabel):
    """Shows a picture at most so wide.

    Args:
        most: its greatest width in pixels.
    """

    def __init__(self, name: str, most: int) -> None:
        super().__init__()
        self._most = most
        self._whole = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(LEAST)

    def show_picture(self, picture: bytes) -> None:
        """Show another picture (of any format Qt reads)."""
        self._whole = QPixmap()
        self._whole.loadFromData(picture)
        self._fit(fresh=True)

    def sizeHint(self) -> QSize:
        """Ask for the width there is, and the height that belongs to it."""
        return QSize(LEAST, self.pixmap().height())

    def minimumSizeHint(self) -> QSize:
        """Allow any width."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture to its place."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self, fresh: bool = False) -> None:
        width = min(self._most, max(self.width(), LEAST))
        if not self._whole.isNull() and (fresh or self.pixmap().width() != width):
            self.setPixmap(self._whole.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation))
            self.updateGeometry()
