"""Rows: a check with its status, facts with their names, things that wrap, choices as chips."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.text import Badge, HashLabel, button, clear, label, show_if


class CheckRow(QWidget):
    """What was checked, what was seen, and the outcome in one word; perhaps a way to see more."""

    def __init__(
        self,
        title: str,
        detail: str = "",
        status: str = "",
        kind: str = "neutral",
        more: str = "",
        clicked: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self.title = label(title)
        self.detail = label(detail, "secondary")
        show_if(self.detail, bool(detail))
        texts.addWidget(self.title)
        texts.addWidget(self.detail)
        row.addLayout(texts, 1)
        self._more = button(more, clicked, "quiet") if more else None
        if self._more is not None:
            # "Open" alone, said ten times on a page, tells nobody what opens.
            self._more.setAccessibleName(f"{more} · {title}")
            row.addWidget(self._more)
        self.badge = Badge(status, kind)
        show_if(self.badge, bool(status))
        row.addWidget(self.badge)

    def offer_more(self, wanted: bool) -> None:
        """Show the way to see more, where there is one, or take it away."""
        if self._more is not None:
            show_if(self._more, wanted)

    def say(self, detail: str, status: str, kind: str) -> None:
        """Show another outcome."""
        self.detail.setText(detail)
        show_if(self.detail, bool(detail))
        self.badge.show_status(status, kind)
        show_if(self.badge, bool(status))


class Facts(QWidget):
    """Names on the left, what they are on the right."""

    def __init__(self, facts: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(1, 1)
        for name, value in facts:
            self.add(name, value)

    def add(self, name: str, value: str | QWidget) -> None:
        """Put one more fact under the others; words can be selected and copied."""
        row = self.grid.rowCount()
        self.grid.addWidget(label(name, "secondary", wrap=False), row, 0, Qt.AlignmentFlag.AlignTop)
        if isinstance(value, str):
            value = label(value)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.grid.addWidget(value, row, 1)

    def add_hash(self, name: str, digest: str) -> None:
        """Put one more hash under the others."""
        self.add(name, HashLabel(digest))

    def clear(self) -> None:
        """Free the facts."""
        clear(self.grid)


class FlowLayout(QLayout):
    """Lay things in lines, left to right, wrapping like words."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def invalidate(self) -> None:
        """Measure anew: something in it is another, or of another size (Qt calls this)."""
        self._heights.clear()
        super().invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more item (Qt calls this)."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give one item back, or None past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Say that the flow asks for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that a narrower flow is a taller one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at this width; layouts around it ask a dozen times before anything changes."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Move the items into `rect`."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of one unbroken line; asked narrower, the flow grows taller."""
        hints = [item.sizeHint() for item in self._items]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, move: bool) -> int:
        x, y, height = rect.x(), rect.y(), 0
        line: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if (widget := item.widget()) is not None and widget.isHidden():
                continue
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                _settle(line, height, move)
                x, y, height = rect.x(), y + height + self.spacing(), 0
            line.append((item, QRect(QPoint(x, y), hint)))
            x, height = x + hint.width() + self.spacing(), max(height, hint.height())
        _settle(line, height, move)
        return y + height - rect.y()


def _settle(line: list[tuple[QLayoutItem, QRect]], height: int, move: bool) -> None:
    """Move the things of one line to their places, the lower ones to its middle, and begin another."""
    for item, place in line if move else ():
        item.setGeometry(place.translated(0, (height - place.height()) // 2))
    line.clear()


class FlowRow(QWidget):
    """A row of small things that wraps when it gets narrow."""

    def __init__(self, widgets: Iterable[QWidget] = (), spacing: int = 8) -> None:
        super().__init__()
        self.flow = FlowLayout(self, spacing)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QWidget) -> None:
        """Put one more thing at the end."""
        self.flow.addWidget(widget)

    def clear(self) -> None:
        """Free what is in the row."""
        clear(self.flow)


class Chips(FlowRow):
    """A choice of one among a few, each a chip; arrow keys move, space chooses."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]], current: str = "") -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, QPushButton] = {}
        for key, text in choices:
            chip = button(text, role="chip")
            chip.setCheckable(True)
            chip.setChecked(key == current)
            chip.clicked.connect(lambda *_, key=key: self.chosen.emit(key))
            self._group.addButton(chip)
            self.buttons[key] = chip
            self.add(chip)

    @property
    def current(self) -> str:
        """Return the key of the chosen chip, "" when none is."""
        return next((key for key, chip in self.buttons.items() if chip.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose a chip without telling anybody; "" chooses none."""
        if key in self.buttons:
            self.buttons[key].setChecked(True)
        elif not key and self.current:
            # A group lets go of its last one only while it is not exclusive.
            self._group.setExclusive(False)
            self.buttons[self.current].setChecked(False)
            self._group.setExclusive(True)
