"""A million rows in a table: only the pages on screen are in memory, and no row is read on the GUI thread.

Small pages, so that a reading thread is soon done; the latest are kept, and when the view rests the pages
beside it are fetched too. A row whose page is on its way shows a dot and is painted again when it arrives.
Words are made once a row, for as long as its page is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, Signal

from gui.theme import Theme
from gui.widgets.cells import Index
from gui.widgets.rowpaint import Line
from gui.widgets.tables import ROW_OBJECT, Column, Row, cell, header, line, shown
from gui.workers import Job, Workers
from ledger.errors import Problem

PAGE_ROWS = 64
PAGES_KEPT = 256
REQUESTS = 4
REST_MS = 40
WAITING = "…"


class WindowedModel(QAbstractTableModel, Generic[Row]):
    """A table over rows that are fetched by position: `fetch(start, stop)` runs on a reading thread."""

    failed = Signal(object)
    sort_asked = Signal(int, bool)
    """A title was clicked: the column and whether descending; who fetches the rows puts them in order."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        theme: Theme,
        workers: Workers,
        fetch: Callable[[int, int], Sequence[Row]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = shown(columns, theme)
        self._theme, self._workers, self._fetch = theme, workers, fetch
        self._count = 0
        self._generation = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._lines: dict[int, dict[int, Line]] = {}
        self._asked: OrderedDict[int, Job[Sequence[Row]]] = OrderedDict()
        self._waiting: Line = ((WAITING, None),) * len(self.columns)
        self._looked = (-1, -1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._read_on)

    def set_count(self, count: int, first: Sequence[Row] = ()) -> None:
        """Show another number of rows and forget every page (rows may have moved).

        Args:
            first: the rows of the first page, where they came with the count.
        """
        self.beginResetModel()
        self._generation += 1
        for job in self._asked.values():
            job.cancel()
        self._asked.clear()
        self._pages.clear()
        self._lines.clear()
        self._looked = (-1, -1)
        self._count = count
        if first and len(first) >= min(count, PAGE_ROWS):
            self._pages[0] = first[:PAGE_ROWS]
        self.endResetModel()

    def grow(self, count: int) -> None:
        """Show more rows behind those that are here; what was read of them stays."""
        if count <= self._count:
            return
        # The page that was not full is read again.
        last = self._count // PAGE_ROWS
        self._pages.pop(last, None)
        self._lines.pop(last, None)
        if (asked := self._asked.pop(last, None)) is not None:
            asked.cancel()
        self._looked = (-1, -1)
        self.beginInsertRows(QModelIndex(), self._count, count - 1)
        self._count = count
        self.endInsertRows()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Tell that another order is wanted."""
        self.sort_asked.emit(column, order == Qt.SortOrder.DescendingOrder)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are, read or not."""
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what one cell shows; a row that is not here yet is asked for."""
        if not index.isValid() or not (0 <= index.row() < self._count):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.line(index.row())[index.column()][0]
        row = self.row(index.row())
        return None if row is None else cell(self.columns[index.column()], row, role, self._theme)

    def line(self, row: int) -> Line:
        """Return what the view paints in one row; words are made once for as long as their page is kept."""
        number = row // PAGE_ROWS
        lines = self._lines.get(number)
        known = lines.get(row) if lines is not None else None
        if known is None:
            held = self.row(row)
            if held is None:
                return self._waiting
            known = line(self.columns, held)
            self._lines.setdefault(number, {})[row] = known
        return known

    def look(self, first: int, last: int) -> None:
        """Ask for the pages that are about to be painted, and for their neighbours once the view rests."""
        pages = (first // PAGE_ROWS, last // PAGE_ROWS)
        if pages != self._looked:
            self._looked = pages
            self._rest.start()
        for number in range(pages[0], pages[1] + 1):
            if number not in self._pages:
                self._ask(number)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        return header(self.columns, section, orientation, role)

    def row(self, place: int) -> Row | None:
        """Return one row, or None while its page is on its way."""
        number = place // PAGE_ROWS
        page = self._pages.get(number)
        if page is None:
            self._ask(number)
            return None
        self._pages.move_to_end(number)
        offset = place - number * PAGE_ROWS
        return page[offset] if offset < len(page) else None

    def waiting(self) -> bool:
        """Say whether pages are on their way."""
        return bool(self._asked)

    def _read_on(self) -> None:
        """Fetch the pages beside those looked at, so that scrolling meets rows that are here already."""
        first, last = self._looked
        for number in (last + 1, first - 1):
            if 0 <= number * PAGE_ROWS < self._count and number not in self._pages:
                self._ask(number)

    def _ask(self, number: int) -> None:
        if number in self._asked:
            self._asked.move_to_end(number)
            return
        # Somebody dragging the scroll bar passes pages nobody will look at: drop the oldest request.
        while len(self._asked) >= REQUESTS:
            self._asked.popitem(last=False)[1].cancel()
        start, stop = number * PAGE_ROWS, min(self._count, (number + 1) * PAGE_ROWS)
        generation = self._generation
        self._asked[number] = self._workers.read(
            lambda: self._fetch(start, stop),
            lambda rows: self._arrive(generation, number, rows),
            lambda problem: self._refused(number, problem),
            self,
        )

    def _arrive(self, generation: int, number: int, rows: Sequence[Row]) -> None:
        if generation != self._generation:
            return
        self._asked.pop(number, None)
        self._pages[number] = rows
        self._pages.move_to_end(number)
        while len(self._pages) > PAGES_KEPT:
            dropped, _ = self._pages.popitem(last=False)
            self._lines.pop(dropped, None)
        first = self.index(number * PAGE_ROWS, 0)
        last = self.index(min(self._count, (number + 1) * PAGE_ROWS) - 1, len(self.columns) - 1)
        self.dataChanged.emit(first, last)

    def _refused(self, number: int, problem: Problem) -> None:
        self._asked.pop(number, None)
        self.failed.emit(problem)


__all__ = ["PAGES_KEPT", "PAGE_ROWS", "ROW_OBJECT", "WAITING", "WindowedModel"]
