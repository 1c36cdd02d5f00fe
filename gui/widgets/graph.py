"""A graph one can walk: boxes in columns, curves between them; arrow keys move, enter or a click opens.

Rule: it draws what it is given and knows no workspace. Columns are the caller's: what is first stands left. A
column that is too long ends with how many more there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import SECONDARY, Theme

WIDTH, HEIGHT, GAP_X, GAP_Y, EDGE = 176, 48, 72, 12, 12
WIDEST, GAP_WIDEST = 300, 160
MOST_ROWS = 12
COLOURS = {"": "border", "here": "primary", "ok": "ok", "attention": "attention", "bad": "bad"}


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One box: two lines of words in a column; `kind` colours its edge, its words say the same."""

    key: str
    title: str
    note: str
    column: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A curve from one box to another; `weight` 0 to 1 makes it thicker."""

    source: str
    target: str
    weight: float = 0.0
    kind: str = ""


class Graph(QWidget):
    """Shows nodes and edges; `opened` carries the key of the box that was chosen."""

    opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._edges: tuple[GraphEdge, ...] = ()
        self._nodes: dict[str, GraphNode] = {}
        self._places: dict[str, QRectF] = {}
        self._more: list[tuple[QPointF, int]] = []
        self._listed: Sequence[GraphNode] = ()
        self._least = QSize()
        self._focus = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)

    def show_graph(self, nodes: Sequence[GraphNode], edges: Sequence[GraphEdge], words: str) -> None:
        """Show another graph; `words` says the same to a screen reader."""
        self._listed = nodes
        self._lay_out(WIDTH, GAP_X)
        self._least = self._size()
        self._spread()
        self._edges = tuple(e for e in edges if e.source in self._places and e.target in self._places)
        here = next((node.key for node in nodes if node.kind == "here"), "")
        self._focus = here or (nodes[0].key if nodes else "")
        self.setAccessibleName(words)
        self.setMinimumSize(self.sizeHint())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for room for every box."""
        return self._least

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread over the room there is: longer names are read, and nothing clings to the left."""
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        columns = len({node.column for node in self._listed})
        spare = (self.width() - self._least.width()) * 1000 / self._theme.px(1000)
        if columns:
            # Names first, then the way between them.
            wide = min(WIDTH + max(spare, 0) / columns, WIDEST)
            spare -= (wide - WIDTH) * columns
            gap = min(GAP_X + max(spare, 0) / max(columns - 1, 1), GAP_WIDEST)
            self._lay_out(wide, gap)

    def _size(self) -> QSize:
        px = self._theme.px
        right = max((place.right() for place in self._places.values()), default=0.0)
        bottom = max((place.bottom() for place in self._places.values()), default=0.0)
        return QSize(int(right) + px(EDGE), int(bottom) + px(EDGE + (20 if self._more else 0)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the curves, then the boxes over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(SECONDARY))
        for edge in self._edges:
            self._draw_edge(painter, edge)
        for key, place in self._places.items():
            self._draw_node(painter, self._nodes[key], place)
        painter.setPen(self._theme.colour("text2"))
        for point, count in self._more:
            painter.drawText(point, f"+{count}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the box under the pointer."""
        key = self._at(event.position())
        if key and event.button() == Qt.MouseButton.LeftButton:
            self._focus = key
            self.opened.emit(key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the whole name of the box under the pointer."""
        key = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if key else Qt.CursorShape.ArrowCursor)
        if key:
            node = self._nodes[key]
            QToolTip.showText(event.globalPosition().toPoint(), f"{node.title}\n{node.note}", self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys; enter opens."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._focus:
            self.opened.emit(self._focus)
        elif key in steps and self._focus in self._places:
            self._step(*steps[key])
        else:
            super().keyPressEvent(event)

    def _step(self, across: int, down: int) -> None:
        here = self._places[self._focus].center()
        column = self._nodes[self._focus].column + across
        others = [
            (abs(place.center().y() - here.y()), key)
            for key, place in self._places.items()
            if self._nodes[key].column == column
            and key != self._focus
            and (not down or (place.center().y() - here.y()) * down > 0)
        ]
        if others:
            self._focus = min(others)[1]
            self.update()

    def _lay_out(self, width: float, gap: float) -> None:
        """Place every box.

        Args:
            width, gap: of a box and between two columns, at normal type.
        """
        px, scale = self._theme.px, self._theme.px(1000) / 1000
        columns: dict[int, list[GraphNode]] = defaultdict(list)
        for node in self._listed:
            columns[node.column].append(node)
        self._nodes, self._places, self._more = {}, {}, []
        deepest = max((min(len(listed), MOST_ROWS) for listed in columns.values()), default=0)
        high = deepest * px(HEIGHT) + max(0, deepest - 1) * px(GAP_Y)
        for place, number in enumerate(sorted(columns)):
            shown = columns[number][:MOST_ROWS]
            left = px(EDGE) + place * (width + gap) * scale
            own = len(shown) * px(HEIGHT) + (len(shown) - 1) * px(GAP_Y)
            top = px(EDGE) + (high - own) / 2
            for row, node in enumerate(shown):
                self._nodes[node.key] = node
                at = top + row * px(HEIGHT + GAP_Y)
                self._places[node.key] = QRectF(left, at, width * scale, px(HEIGHT))
            if len(columns[number]) > MOST_ROWS:
                self._more.append((QPointF(left, top + own + px(18)), len(columns[number]) - MOST_ROWS))

    def _at(self, point: QPointF) -> str:
        return next((key for key, place in self._places.items() if place.contains(point)), "")

    def _draw_edge(self, painter: QPainter, edge: GraphEdge) -> None:
        source, target = self._places[edge.source], self._places[edge.target]
        start = QPointF(source.right(), source.center().y())
        end = QPointF(target.left(), target.center().y())
        bend = max(self._theme.px(GAP_X) / 2, abs(end.x() - start.x()) / 2)
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
        pen = QPen(self._theme.colour(COLOURS.get(edge.kind, "border") if edge.kind else "control"))
        pen.setWidthF(self._theme.px(1) + edge.weight * self._theme.px(5))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _draw_node(self, painter: QPainter, node: GraphNode, place: QRectF) -> None:
        theme = self._theme
        focused = node.key == self._focus and self.hasFocus()
        pen = QPen(theme.colour("primary" if focused else COLOURS.get(node.kind, "border")))
        pen.setWidthF(theme.px(2) if node.kind or focused else theme.px(1))
        painter.setPen(pen)
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(place, theme.px(8), theme.px(8))
        inside = place.adjusted(theme.px(10), theme.px(5), -theme.px(10), -theme.px(5))
        metrics = QFontMetrics(painter.font())
        for text, colour, where in (
            (node.title, "text", Qt.AlignmentFlag.AlignTop),
            (node.note, "text2", Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setPen(theme.colour(colour))
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(inside.width()))
            painter.drawText(inside, where | Qt.AlignmentFlag.AlignLeft, short)
