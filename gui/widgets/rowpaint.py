"""Paint a table's visible rows in one go.

Qt's own way asks the model eight times for every cell and takes each through the style sheet: 14 ms a frame.
Here every row is painted once, as a strip, and a frame lays strips under each other: one call of the painter
a row, which also means that a reading thread is let in twenty times a frame and not five hundred. What cells
look like is said here and nowhere else; a delegate is left with the sizes.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QTableView

from gui.theme import SECONDARY, Theme

PADDING = 10
REMEMBERED = 8192
STRIPS = 72
"""How many painted rows are kept: a few screens of them, 11 MB on a window of 1280 pixels."""
PLAIN, HOVERED, SELECTED, FOCUSED = range(4)
Cell = tuple[str, str | None]
Line = tuple[Cell, ...]


class Shown(Protocol):
    """A model that says what a row shows without going through roles and indexes."""

    columns: tuple[Any, ...]

    def line(self, row: int) -> Line:
        """Return the words of a row's cells, each with the kind of its badge, if it is one."""

    def look(self, first: int, last: int) -> None:
        """Hear which rows are about to be painted."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How rows lie: each shown column's place, left edge, width and description; a row's size; the screen.

    Args:
        height: of every row, 0 where each has its own.
    """

    places: tuple[tuple[int, int, int, Any], ...]
    width: int
    height: int
    ratio: float

    @property
    def strips(self) -> bool:
        """Say whether rows may be kept painted; on a screen between 1x and 2x they would be blurred."""
        return bool(self.height) and self.ratio == round(self.ratio)


class RowsView(QTableView):
    """A table view that paints the rows of a `Shown` model itself; `resized` tells of another width."""

    resized = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._plain, self._mono = theme.font(), theme.font(SECONDARY, mono=True)
        self._bold = theme.font(12, bold=True)
        self._metrics = {False: QFontMetrics(self._plain), True: QFontMetrics(self._mono)}
        self._badge_metrics = QFontMetrics(self._bold)
        self._cut: dict[tuple[str, int, bool], str] = {}
        self._strips: OrderedDict[tuple[Line, int], QPixmap] = OrderedDict()
        self._shape: _Shape | None = None
        self._hovered = -1
        self.setMouseTracking(True)
        self.horizontalHeader().sectionResized.connect(self._reshape)
        self.horizontalHeader().sectionMoved.connect(self._reshape)
        # Every pixel is painted below, so scrolling may move what is there and paint only what is new.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell."""
        super().resizeEvent(event)
        self._reshape()
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Paint the rows anew in other colours or another type."""
        super().changeEvent(event)
        self._reshape()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show another model."""
        super().setModel(model)
        self._reshape()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(round(event.position().y())))

    def leaveEvent(self, event: Any) -> None:
        """Mark no row."""
        super().leaveEvent(event)
        self._hover(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that the event asks for."""
        model: Any = self.model()
        if not hasattr(model, "line"):
            self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
            super().paintEvent(event)
            return
        area = event.rect()
        painter = QPainter(self.viewport())
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        end = 0
        if first >= 0:
            last = last if last >= 0 else model.rowCount() - 1
            model.look(first, last)
            end = self._rows(painter, model, first, last)
        if end <= area.bottom():
            painter.fillRect(
                QRect(area.left(), end, area.width(), area.bottom() - end + 1), self._theme.colour("surface")
            )
        painter.end()

    def _rows(self, painter: QPainter, model: Shown, first: int, last: int) -> int:
        """Paint these rows and return where the last one ends."""
        shape, current = self._fit(model), self._state_of(first, last)
        left, top = -self.horizontalOffset(), self.rowViewportPosition(first)
        for row in range(first, last + 1):
            state = current.get(row, HOVERED if row == self._hovered else PLAIN)
            line, height = model.line(row), shape.height or self.rowHeight(row)
            if shape.strips:
                painter.drawPixmap(left, top, self._strip(line, state, shape))
            else:
                painter.translate(left, top)
                self._paint_row(painter, line, state, shape, height)
                painter.translate(-left, -top)
            top += height
        return top

    def _state_of(self, first: int, last: int) -> dict[int, int]:
        """Return the chosen rows among these; where the keys go is said by more than another ground."""
        state = FOCUSED if self.hasFocus() else SELECTED
        chosen = self.selectionModel().selectedRows() if self.selectionModel().hasSelection() else ()
        return {index.row(): state for index in chosen if first <= index.row() <= last}

    def _reshape(self, *_: object) -> None:
        """Throw the strips away: the columns, the window or the colours changed."""
        self._shape = None
        self._strips.clear()

    def _fit(self, model: Shown) -> _Shape:
        """Return how rows are laid out now; asked once a frame, so it is remembered."""
        ratio = self.viewport().devicePixelRatioF()
        if self._shape is None or self._shape.ratio != ratio:
            self._reshape()
            titles, places = self.horizontalHeader(), []
            for place, column in enumerate(model.columns):
                if not self.isColumnHidden(place):
                    places.append((place, titles.sectionPosition(place), self.columnWidth(place), column))
            # Rows that wrap have heights of their own.
            height = 0 if self.wordWrap() else self.verticalHeader().defaultSectionSize()
            self._shape = _Shape(tuple(places), max(self.viewport().width(), titles.length()), height, ratio)
        return self._shape

    def _strip(self, line: Line, state: int, shape: _Shape) -> QPixmap:
        known = self._strips.get((line, state))
        if known is not None:
            self._strips.move_to_end((line, state))
            return known
        strip = QPixmap(round(shape.width * shape.ratio), round(shape.height * shape.ratio))
        strip.setDevicePixelRatio(shape.ratio)
        painter = QPainter(strip)
        self._paint_row(painter, line, state, shape, shape.height)
        painter.end()
        while len(self._strips) >= STRIPS:
            self._strips.popitem(last=False)
        self._strips[line, state] = strip
        return strip

    def _paint_row(self, painter: QPainter, line: Line, state: int, shape: _Shape, height: int) -> None:
        """Paint one row with its corner at the painter's origin."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, state, shape.width, height)
        for place, left, width, column in shape.places:
            text, kind = line[place]
            if kind:
                self._badge(painter, QRect(left, 0, width, height), text, kind)
            elif text:
                self._words(painter, (left, 0, width, height), text, column)

    def _ground(self, painter: QPainter, state: int, width: int, height: int) -> None:
        ground = {PLAIN: "surface", HOVERED: "surface2"}.get(state, "selection")
        painter.fillRect(0, 0, width, height, self._theme.colour(ground))
        painter.fillRect(0, height - 1, width, 1, self._theme.colour("border"))
        if state == FOCUSED:
            painter.fillRect(0, 0, 3, height - 1, self._theme.colour("primary"))

    def _words(self, painter: QPainter, box: tuple[int, int, int, int], text: str, column: Any) -> None:
        left, top, width, height = box
        room = width - 2 * PADDING
        painter.setFont(self._mono if column.mono else self._plain)
        painter.setPen(self._theme.colour("text"))
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignVCenter
        if self.wordWrap():
            painter.drawText(left + PADDING, top, room, height, flags | Qt.TextFlag.TextWordWrap, text)
        else:
            painter.drawText(left + PADDING, top, room, height, flags, self._elided(text, room, column.mono))

    def _elided(self, text: str, room: int, mono: bool) -> str:
        key = (text, room, mono)
        cut = self._cut.get(key)
        if cut is None:
            if len(self._cut) > REMEMBERED:
                self._cut.clear()
            cut = self._cut[key] = self._metrics[mono].elidedText(text, Qt.TextElideMode.ElideRight, room)
        return cut

    def _badge(self, painter: QPainter, cell: QRect, text: str, kind: str) -> None:
        metrics = self._badge_metrics
        width = min(metrics.horizontalAdvance(text) + 20, cell.width() - 12)
        height = metrics.height() + 4
        box = QRect(cell.left() + 8, cell.center().y() - height // 2 + 1, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{kind}_bg"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(self._theme.colour(kind))
        painter.setFont(self._bold)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 14)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()
