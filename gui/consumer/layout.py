"""How a story's cards and tabs stand: beside each other where there is room, as high as what is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QTabBar, QVBoxLayout, QWidget

from gui.widgets import Place


class Tabs(QWidget):
    """Tabs as high as the one that is shown; Qt's own are always as high as the longest."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.pages: list[Place] = []
        self._makers: list[Callable[[], QWidget]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.bar)
        self.bar.currentChanged.connect(self.show_page)

    def add(self, title: str, make: Callable[[], QWidget]) -> None:
        """Put one more tab behind the others; it is made when somebody first looks at it."""
        self._makers.append(make)
        place = Place()
        place.hide()
        self.pages.append(place)
        self._column.addWidget(place)
        self.bar.addTab(title)

    def show_page(self, current: int) -> None:
        """Show one page and hide the others."""
        for number, page in enumerate(self.pages):
            if number == current and page.empty:
                page.fill(self._makers[number]())
            page.setVisible(number == current)


class Columns(QWidget):
    """Three cards side by side where there is room, else two beside the long one."""

    def __init__(self, cards: tuple[QWidget, QWidget, QWidget], limit: int) -> None:
        super().__init__()
        self._cards, self._limit = cards, limit
        self._wide: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(16)
        self._arrange(True)

    def minimumSizeHint(self) -> QSize:
        """Allow the narrow arrangement, whichever is shown."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew when the width passes the limit."""
        super().resizeEvent(event)
        wide = event.size().width() >= self._limit
        if wide != self._wide:
            self._arrange(wide)

    def _arrange(self, wide: bool) -> None:
        self._wide = wide
        beside = ((0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1))
        # The way from origin to shelf is the longest: the two others stand beside it, one above the other.
        below = ((0, 0, 1, 1), (0, 1, 3, 1), (1, 0, 1, 1))
        for card in self._cards:
            self._grid.removeWidget(card)
        for card, place in zip(self._cards, beside if wide else below, strict=True):
            self._grid.addWidget(card, *place)
        for number, stretch in enumerate((9, 10, 8) if wide else (9, 10, 0)):
            self._grid.setColumnStretch(number, stretch)
        self._grid.setRowStretch(2, 0 if wide else 1)
