"""Charts drawn by hand: a score over time, and how a score came to be, step by step.

QPainter and nothing else (QtCharts is GPLv3). Every chart carries its content as words in its
accessible description, given by whoever makes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from gui.theme import SECONDARY, Theme
from gui.widgets.openable import Openable
from gui.widgets.text import clear, label


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One moment of a score: `value` None where there was too little to say."""

    when: str
    value: int | None
    tip: str = ""


class ScoreChart(QWidget):
    """A line through the scores of the last months, over the lower bounds of the grades."""

    def __init__(
        self,
        theme: Theme,
        bands: tuple[tuple[str, int], ...] = (),
        span: tuple[int, int] = (0, 100),
    ) -> None:
        super().__init__()
        self._theme, self._bands, self._span = theme, bands, span
        self._points: tuple[ScorePoint, ...] = ()
        self.setMouseTracking(True)
        self.setMinimumHeight(theme.px(140))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Ask for a flat picture."""
        return QSize(self._theme.px(280), self._theme.px(160))

    def show_points(self, points: tuple[ScorePoint, ...], words: str = "") -> None:
        """Show another history; `words` says the same to a screen reader."""
        self._points = points
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the grade lines, the months at both ends, the line and its last value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(SECONDARY))
        area = self._area()
        self._draw_bands(painter, area)
        self._draw_axis(painter, area)
        self._draw_line(painter, area)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the month under the pointer."""
        if not self._points:
            return
        area = self._area()
        step = area.width() / max(1, len(self._points) - 1)
        place = round((event.position().x() - area.left()) / step)
        if 0 <= place < len(self._points):
            point = self._points[place]
            QToolTip.showText(
                event.globalPosition().toPoint(), point.tip or f"{point.when}  {point.value}", self
            )

    def _area(self) -> QRectF:
        theme = self._theme
        left = theme.px(8) + max(
            (QFontMetrics(theme.font(SECONDARY)).horizontalAdvance(t) for t, _ in self._bands), default=0
        )
        return QRectF(self.rect()).adjusted(left + 8, theme.px(12), -theme.px(44), -theme.px(28))

    def _y(self, area: QRectF, value: float) -> float:
        low, high = self._span
        return area.bottom() - (min(max(value, low), high) - low) / (high - low) * area.height()

    def _at(self, area: QRectF, place: int) -> QPointF:
        step = area.width() / max(1, len(self._points) - 1)
        return QPointF(area.left() + place * step, self._y(area, self._points[place].value or 0))

    def _draw_bands(self, painter: QPainter, area: QRectF) -> None:
        for letter, lower in self._bands:
            y = self._y(area, lower)
            painter.setPen(QPen(self._theme.colour("border"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.colour("text2"))
            box = QRectF(0, y - 20, area.left() - 8, 20)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, letter)

    def _draw_axis(self, painter: QPainter, area: QRectF) -> None:
        if not self._points:
            return
        painter.setPen(self._theme.colour("text2"))
        box = QRectF(area.left(), area.bottom() + 6, area.width(), self._theme.px(20))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, self._points[0].when)
        if len(self._points) > 1:
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, self._points[-1].when)

    def _draw_line(self, painter: QPainter, area: QRectF) -> None:
        colour = self._theme.colour("primary")
        painter.setPen(
            QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        run = QPolygonF()
        for place, point in enumerate(self._points):
            # A gap stays a gap: a month without enough evidence has no score to draw.
            if point.value is None:
                painter.drawPolyline(run)
                run = QPolygonF()
            else:
                run.append(self._at(area, place))
        painter.drawPolyline(run)
        known = [place for place, point in enumerate(self._points) if point.value is not None]
        if known:
            end = self._at(area, known[-1])
            painter.setBrush(colour)
            painter.drawEllipse(end, 4, 4)
            painter.setPen(self._theme.colour("text"))
            painter.setFont(self._theme.font(bold=True))
            box = QRectF(end.x() + 9, end.y() - 12, self._theme.px(36), 24)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(self._points[known[-1]].value))


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """One step of a score: from `start` to `end`; `key` comes back when the step is opened."""

    name: str
    start: int
    end: int
    points: str
    detail: str = ""
    kind: str = "neutral"
    key: str = ""


class _Bar(QWidget):
    """One step drawn on the scale all steps share."""

    def __init__(self, theme: Theme, bar: WaterfallBar, span: tuple[int, int]) -> None:
        super().__init__()
        self._theme, self._bar, self._span = theme, bar, span
        self.setMinimumSize(theme.px(90), theme.px(18))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(self._theme.px(220), self._theme.px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track, the step and where it ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = self._span
        scale = (self.width() - 2) / max(1, high - low)
        track = QRectF(0, self.height() / 2 - 1, self.width(), 2)
        painter.fillRect(track, self._theme.colour("surface2"))
        first, last = sorted((self._bar.start, self._bar.end))
        left, width = 1 + (first - low) * scale, max(3.0, (last - first) * scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("control" if self._bar.kind == "neutral" else self._bar.kind))
        painter.drawRoundedRect(QRectF(left, 2, width, self.height() - 4), 3, 3)


class _Step(Openable):
    """One row of the waterfall; opens when it has a key."""

    def __init__(self, theme: Theme, bar: WaterfallBar, span: tuple[int, int]) -> None:
        super().__init__(bar.key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(label(bar.name, "strong" if bar.kind == "primary" else "body"))
        if bar.detail:
            texts.addWidget(label(bar.detail, "secondary"))
        row.addLayout(texts, 3)
        row.addWidget(_Bar(theme, bar, span), 2)
        points = label(
            bar.points, "strong", kind="" if bar.kind in ("neutral", "primary") else bar.kind, wrap=False
        )
        points.setFixedWidth(theme.px(44))
        points.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(points)
        self.setAccessibleName(f"{bar.name}: {bar.points}. {bar.detail}")


class Waterfall(QWidget):
    """How a number came to be: one row a step, all on one scale; `opened` carries a step's key."""

    opened = Signal(str)

    def __init__(self, theme: Theme, span: tuple[int, int] = (0, 100)) -> None:
        super().__init__()
        self._theme, self._span = theme, span
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    def show_bars(self, bars: tuple[WaterfallBar, ...]) -> None:
        """Show other steps."""
        clear(self.column)
        for bar in bars:
            step = _Step(self._theme, bar, self._span)
            step.opened.connect(self.opened)
            self.column.addWidget(step)
