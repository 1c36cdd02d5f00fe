"""A story from its beginning to now: when, what, where, each with its status."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.theme import SECONDARY, Theme
from gui.widgets.openable import Openable
from gui.widgets.text import Badge, clear, label


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One station: `key` comes back when it is opened, `kind` colours its dot, `badge` words it."""

    when: str
    title: str
    detail: str = ""
    kind: str = "ok"
    badge: str = ""
    key: str = ""
    more: str = ""
    badge_kind: str = ""


class _Rail(QWidget):
    """The dot of one station and the line to its neighbours."""

    def __init__(self, theme: Theme, kind: str, first: bool, last: bool) -> None:
        super().__init__()
        self._theme, self._kind, self._first, self._last = theme, kind, first, last
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Ask for the width of a dot."""
        return QSize(self._theme.px(16), 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line, then the dot over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, top, radius = self.width() / 2, self._theme.px(12), self._theme.px(6)
        painter.setPen(QPen(self._theme.colour("control"), 1.5))
        if not self._first:
            painter.drawLine(QPointF(middle, 0), QPointF(middle, top - radius - 2))
        if not self._last:
            painter.drawLine(QPointF(middle, top + radius + 2), QPointF(middle, self.height()))
        colour: QColor = self._theme.colour(self._kind)
        painter.setPen(QPen(colour, 2))
        # A hollow dot for "nobody says so": shape speaks too, not only colour.
        painter.setBrush(Qt.BrushStyle.NoBrush if self._kind == "neutral" else colour)
        painter.drawEllipse(QPointF(middle, top), radius - 1, radius - 1)


class _Station(Openable):
    """One row; Enter, space or a click opens it when it has a key."""

    def __init__(self, theme: Theme, item: TimelineItem, first: bool, last: bool, width: int) -> None:
        super().__init__(item.key)
        # Not Maximum: that is the height of one line, and a narrow column needs two.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        when = label(item.when, "secondary", wrap=False)
        when.setFixedWidth(width)
        when.setContentsMargins(0, 3, 0, 0)
        row.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(_Rail(theme, item.kind, first, last))
        texts = QVBoxLayout()
        texts.setContentsMargins(0, 2, 0, 12)
        texts.setSpacing(2)
        texts.addWidget(label(item.title))
        for text in (item.detail, item.more):
            if text:
                texts.addWidget(label(text, "secondary"))
        texts.addStretch()
        row.addLayout(texts, 1)
        if item.badge:
            row.addWidget(Badge(item.badge, item.badge_kind or item.kind), 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(", ".join(t for t in (item.when, item.title, item.detail, item.badge) if t))


class Timeline(QWidget):
    """Stations from first to last; `opened` carries the key of the one that was clicked."""

    opened = Signal(str)

    def __init__(self, theme: Theme, items: tuple[TimelineItem, ...] = ()) -> None:
        super().__init__()
        self._theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.show_items(items)

    def show_items(self, items: tuple[TimelineItem, ...]) -> None:
        """Show another story."""
        clear(self.column)
        metrics = QFontMetrics(self._theme.font(SECONDARY))
        width = max((metrics.horizontalAdvance(item.when) for item in items), default=0) + self._theme.px(6)
        for place, item in enumerate(items):
            station = _Station(self._theme, item, place == 0, place == len(items) - 1, width)
            station.opened.connect(self.opened)
            self.column.addWidget(station)
        # The end takes all spare height; the stations stay close together.
        self.column.addStretch(1)
