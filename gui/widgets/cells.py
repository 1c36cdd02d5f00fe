"""How one cell of a table is drawn: plain words, or a status as a badge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
KIND = Qt.ItemDataRole.UserRole + 1


class Cells(QStyledItemDelegate):
    """Draws a status as a badge; everything else as the style does."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        kind = index.data(KIND)
        if not kind:
            super().paint(painter, option, index)
            return
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        text, plain.text = plain.text, ""
        style = plain.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget)
        self._badge(painter, option.rect, text, kind)

    def _badge(self, painter: QPainter, cell_rect: QRect, text: str, kind: str) -> None:
        font = self._theme.font(12, bold=True)
        metrics = QFontMetrics(font)
        width = min(metrics.horizontalAdvance(text) + 20, cell_rect.width() - 12)
        height = metrics.height() + 4
        box = QRect(cell_rect.left() + 8, cell_rect.center().y() - height // 2 + 1, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{kind}_bg"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(self._theme.colour(kind))
        painter.setFont(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 14)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()
