"""One sticker of a roll of scratch codes, drawn in the proportions of the paper."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.labels.roll import STICKER_MM, grouped
from gui.theme import Theme

SPECIMEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Sticker(QWidget):
    """One sticker as it will be printed, with a code that is nobody's; black on white, as paper is."""

    def __init__(self, theme: Theme, hint: str, name: str) -> None:
        super().__init__()
        self._hint, self._lot = hint, ""
        self.setFixedHeight(theme.px(130))
        self.setAccessibleName(name)

    def show_lot(self, lot: str) -> None:
        """Show the sticker of a lot."""
        self._lot = lot
        self.setAccessibleDescription(lot)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it in the proportions of the paper."""
        width, height = STICKER_MM
        scale = min(self.width() / width, self.height() / height)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.setPen(QPen(QColor("#000000"), 0.2))
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawRect(QRectF(0.2, 0.2, width - 2, height - 2))
        for text, top, em in (
            (self._lot[:28], 1.6, 2.6),
            (grouped(SPECIMEN), 6.6, 3.0),
            (self._hint, 11.8, 2.2),
        ):
            self._write(painter, QRectF(2, top, width - 6, em * 1.6), text, em)
        painter.end()

    def _write(self, painter: QPainter, place: QRectF, text: str, em: float) -> None:
        font = self.font()
        # Fonts have whole pixels: drawn ten times as large, then made small again.
        font.setPixelSize(round(em * 10))
        painter.save()
        painter.setFont(font)
        painter.scale(0.1, 0.1)
        large = QRectF(place.x() * 10, place.y() * 10, place.width() * 10, place.height() * 10)
        painter.drawText(large, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
