"""One leg's temperatures over time: the line, its limits in words, excursions, and what nobody measured.

Rule: a gap is drawn as a gap and called unknown, never bridged; where only the summary is known, three level
lines are drawn and it is said why there is no curve. QPainter alone; the same is told in words beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import SECONDARY, Theme

Point = tuple[float, float]
Span = tuple[float, float]
_LEAST_SPAN = 2.0


@dataclass(frozen=True, slots=True)
class ColdPicture:
    """What is drawn; times are seconds, temperatures degrees Celsius.

    Args:
        runs: the measured stretches, each a line of its own.
        levels: the summary's lines with their words, where there is no series.
        limits: the limit lines with their words.
        ends: the words under both ends of the axis.
        note: said across the picture where there is no curve.
    """

    span: Span
    runs: tuple[tuple[Point, ...], ...] = ()
    levels: tuple[tuple[float, str], ...] = ()
    limits: tuple[tuple[float, str], ...] = ()
    excursions: tuple[Span, ...] = ()
    gaps: tuple[Span, ...] = ()
    ends: tuple[str, str] = ("", "")
    excursion_word: str = ""
    gap_word: str = ""
    note: str = ""


class ColdCurve(QWidget):
    """Draws one `ColdPicture`; `words` say the same to a screen reader."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture = ColdPicture((0.0, 1.0))
        self.setMinimumSize(theme.px(240), theme.px(200))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Ask for a wide picture."""
        return QSize(self._theme.px(520), self._theme.px(220))

    def show_picture(self, picture: ColdPicture, name: str, words: str) -> None:
        """Show another leg."""
        self._picture = picture
        self.setAccessibleName(name)
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what lies behind first: shades, then limits, then what was measured."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(SECONDARY))
        area = self._area()
        self._draw_axis(painter, area)
        for span in self._picture.excursions:
            self._draw_shade(painter, area, span, "bad", self._picture.excursion_word)
        for span in self._picture.gaps:
            self._draw_shade(painter, area, span, "neutral", self._picture.gap_word)
        self._draw_levels(painter, area)
        self._draw_runs(painter, area)
        if self._picture.note:
            painter.setPen(self._theme.colour("text2"))
            line = QRectF(area.left(), 0, area.width(), self._theme.px(22))
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._picture.note)

    def scale(self) -> Span:
        """Return the lowest and highest temperature of the axis, with air on both sides."""
        picture = self._picture
        values = [celsius for run in picture.runs for _, celsius in run]
        values += [value for value, _ in (*picture.levels, *picture.limits)]
        low, high = min(values, default=0.0), max(values, default=1.0)
        air = max((high - low) * 0.12, _LEAST_SPAN / 4)
        return low - air, high + air

    def _area(self) -> QRectF:
        theme = self._theme
        metrics = QFontMetrics(theme.font(SECONDARY))
        said = [said for _, said in (*self._picture.limits, *self._picture.levels)]
        right = max((metrics.horizontalAdvance(text) for text in said), default=0) + theme.px(12)
        left = metrics.horizontalAdvance("−00.0") + theme.px(8)
        # Narrow windows keep at least half for the curve; the words are then cut by the edge, not the line.
        right = min(right, self.width() // 2)
        return QRectF(self.rect()).adjusted(left, theme.px(26), -right, -theme.px(28))

    def _x(self, area: QRectF, when: float) -> float:
        first, last = self._picture.span
        share = (when - first) / (last - first) if last > first else 0.5
        return area.left() + min(max(share, 0.0), 1.0) * area.width()

    def _y(self, area: QRectF, celsius: float) -> float:
        low, high = self.scale()
        return area.bottom() - (celsius - low) / (high - low) * area.height()

    def _draw_axis(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(self._theme.colour("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(self._theme.colour("text2"))
        low, high = self.scale()
        for share in (0.1, 0.5, 0.9):
            y = self._y(area, low + (high - low) * share)
            text = f"{low + (high - low) * share:.1f}".replace("-", "−")
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 10, area.left() - self._theme.px(6), 20), right, text)
        ends = QRectF(area.left(), area.bottom() + 6, area.width(), self._theme.px(20))
        painter.drawText(ends, Qt.AlignmentFlag.AlignLeft, self._picture.ends[0])
        painter.drawText(ends, Qt.AlignmentFlag.AlignRight, self._picture.ends[1])

    def _draw_shade(self, painter: QPainter, area: QRectF, span: Span, kind: str, word: str) -> None:
        left, right = self._x(area, span[0]), self._x(area, span[1])
        box = QRectF(left, area.top(), max(2.0, right - left), area.height())
        painter.fillRect(box, self._theme.colour(f"{kind}_bg"))
        if kind == "neutral":
            painter.fillRect(box, QBrush(self._theme.colour("border"), Qt.BrushStyle.BDiagPattern))
        painter.setPen(self._theme.colour(kind))
        wide = QFontMetrics(self._theme.font(SECONDARY)).horizontalAdvance(word)
        # The word may be wider than its span: it stands centred above it, kept inside the picture.
        at = min(max(box.center().x() - wide / 2, area.left()), area.right() - wide)
        above = area.bottom() - self._theme.px(20) if kind == "neutral" else area.top()
        painter.drawText(QRectF(at, above, wide + 2, self._theme.px(20)), Qt.AlignmentFlag.AlignCenter, word)

    def _draw_levels(self, painter: QPainter, area: QRectF) -> None:
        dashed, solid = Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine
        lines = [(value, said, "bad", "bad", dashed) for value, said in self._picture.limits]
        lines += [(value, said, "primary", "text", solid) for value, said in self._picture.levels]
        free = 0.0
        for value, said, colour, ink, style in sorted(lines, key=lambda line: -line[0]):
            y = self._y(area, value)
            painter.setPen(QPen(self._theme.colour(colour), 1.5, style))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            # Two lines may lie closer than their words are high: the lower words then move down.
            height = self._theme.px(20)
            top = max(free, y - height / 2)
            free = top + height - 2
            painter.setPen(self._theme.colour(ink))
            box = QRectF(area.right() + self._theme.px(6), top, self.width() - area.right(), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, said)

    def _draw_runs(self, painter: QPainter, area: QRectF) -> None:
        colour = self._theme.colour("primary")
        painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for run in self._picture.runs:
            line = QPolygonF([QPointF(self._x(area, when), self._y(area, celsius)) for when, celsius in run])
            painter.drawPolyline(line)
            if len(run) == 1:
                painter.setBrush(colour)
                painter.drawEllipse(line.at(0), 3, 3)
