"""Tables: columns that know how to read a row, a model over rows in memory, and the view for any model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QWidget,
)

from gui.theme import ROW, SECONDARY, Theme
from gui.widgets.cells import KIND, Cells, Index
from gui.widgets.rowpaint import Line, RowsView

Row = TypeVar("Row")
ROW_OBJECT = Qt.ItemDataRole.UserRole + 2


# No slots: `Column[Row](...)` sets __orig_class__, which a frozen slotted class meets with a TypeError.
@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its title, how a row reads in it, and perhaps a status colour, an order and a width.

    Args:
        kind: the badge colour of a row's cell ("ok", "bad", ...), or None for plain words.
        order: what the column sorts by, where that is not the text.
        width: pixels at normal type; 0 takes a share of what is left, but no less than `least`.
        extra: left out in large type; opening the row says it.
    """

    title: str
    text: Callable[[Row], str]
    kind: Callable[[Row], str] | None = None
    order: Callable[[Row], Any] | None = None
    width: int = 0
    least: int = 60
    right: bool = False
    mono: bool = False
    extra: bool = False


def shown(columns: Sequence[Column[Row]], theme: Theme) -> tuple[Column[Row], ...]:
    """Return the columns that this type size has room for."""
    return tuple(one for one in columns if not (one.extra and theme.elder))


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows held in memory, for lists of up to a few thousand; the ledger's own list is windowed."""

    def __init__(self, columns: Sequence[Column[Row]], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = shown(columns, theme)
        self._theme = theme
        self._rows: list[Row] = []
        self._lines: dict[int, Line] = {}
        self._sorted: tuple[int, bool] | None = None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows in the order chosen before."""
        self.beginResetModel()
        self._rows = list(rows)
        self._order()
        self.endResetModel()

    def row(self, place: int) -> Row:
        """Return one row."""
        return self._rows[place]

    def line(self, row: int) -> Line:
        """Return what the view paints in one row; words are made once for as long as the rows stay."""
        known = self._lines.get(row)
        if known is None:
            known = self._lines[row] = line(self.columns, self._rows[row])
        return known

    def look(self, first: int, last: int) -> None:
        """Do nothing: every row is here."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows as shown."""
        return tuple(self._rows)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are; a cell has none below it."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what one cell shows."""
        if not index.isValid() or not (0 <= index.row() < len(self._rows)):
            return None
        return cell(self.columns[index.column()], self._rows[index.row()], role, self._theme)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        return header(self.columns, section, orientation, role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by one column; equal rows keep their order."""
        self._sorted = (column, order == Qt.SortOrder.DescendingOrder)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [self._rows[index.row()] for index in before]
        self._order()
        places = {id(row): place for place, row in enumerate(self._rows)}
        after = [self.index(places[id(row)], old.column()) for row, old in zip(kept, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _order(self) -> None:
        self._lines.clear()
        if self._sorted is None or not (0 <= self._sorted[0] < len(self.columns)):
            return
        column = self.columns[self._sorted[0]]
        self._rows.sort(key=column.order or column.text, reverse=self._sorted[1])


def line(columns: Sequence[Column[Row]], row: Row) -> Line:
    """Return the words of a row's cells, each with the kind of its badge, if it is one."""
    return tuple([(one.text(row), one.kind(row) if one.kind else None) for one in columns])


def cell(column: Column[Row], row: Row, role: int, theme: Theme) -> Any:
    """Return what one cell shows for a role: words, badge colour, alignment, face."""
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return column.text(row)
    if role == Qt.ItemDataRole.ToolTipRole:
        return column.text(row)
    if role == KIND:
        return column.kind(row) if column.kind else None
    if role == ROW_OBJECT:
        return row
    if role == Qt.ItemDataRole.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
    if role == Qt.ItemDataRole.FontRole and column.mono:
        return theme.font(13, mono=True)
    return None


def header(columns: Sequence[Column[Any]], section: int, orientation: Qt.Orientation, role: int) -> Any:
    """Return a column's title, aligned as its cells are."""
    if orientation != Qt.Orientation.Horizontal or not (0 <= section < len(columns)):
        return None
    if role == Qt.ItemDataRole.DisplayRole:
        return columns[section].title
    if role == Qt.ItemDataRole.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if columns[section].right else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
    return None


class DataTable(QWidget):
    """A table over any model, or what to do when it is empty; `opened` carries the row that was opened."""

    opened = Signal(object)
    selected = Signal(object)

    def __init__(
        self, theme: Theme, model: QAbstractItemModel, name: str, empty: QWidget | None = None
    ) -> None:
        super().__init__()
        self._theme = theme
        self.model = model
        self.view = RowsView(theme)
        self.view.setAccessibleName(name)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.view)
        self._empty = empty
        if empty is not None:
            self._stack.addWidget(empty)
        self._dress()
        self.view.setModel(model)
        self._widths()
        self.view.resized.connect(self._share)
        self.view.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW_OBJECT)))
        self.view.selectionModel().currentRowChanged.connect(
            lambda index, _: self.selected.emit(index.data(ROW_OBJECT))
        )
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._choose)
        self._choose()

    def current(self) -> Any:
        """Return the row under the cursor, or None."""
        return self.view.currentIndex().data(ROW_OBJECT)

    def sort_by(self, column: int, descending: bool = False) -> None:
        """Let people sort by clicking a title, and begin with this column."""
        self.view.setSortingEnabled(True)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.view.sortByColumn(column, order)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() is not None:
            self.opened.emit(self.current())
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Ask for a handful of rows."""
        return QSize(640, self._theme.px(ROW) * 6)

    def _dress(self) -> None:
        view = self.view
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.setTabKeyNavigation(False)
        view.setItemDelegate(Cells(self._theme, view))
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(self._theme.px(ROW))
        view.horizontalHeader().setHighlightSections(False)

    def _widths(self) -> None:
        columns: Sequence[Column[Any]] = getattr(self.model, "columns", ())
        titles = self.view.horizontalHeader()
        for place, column in enumerate(columns):
            if column.width:
                titles.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                titles.resizeSection(place, max(self._theme.px(column.width), self._title(column)))
            else:
                titles.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
        self._share()

    def _title(self, column: Column[Any]) -> int:
        """Return the width that a column's title needs between its paddings."""
        return QFontMetrics(self._theme.font(SECONDARY, bold=True)).horizontalAdvance(column.title) + 24

    def _share(self) -> None:
        """Give the columns without a width of their own what is left, and never less than they need."""
        columns: Sequence[Column[Any]] = getattr(self.model, "columns", ())
        titles, free = self.view.horizontalHeader(), [n for n, c in enumerate(columns) if not c.width]
        if not free:
            return
        fixed = sum(titles.sectionSize(n) for n, c in enumerate(columns) if c.width)
        share = (self.view.viewport().width() - fixed) // len(free)
        for place in free:
            titles.resizeSection(
                place, max(share, self._theme.px(columns[place].least), self._title(columns[place]))
            )

    def _choose(self, *_: object) -> None:
        if self._empty is not None:
            self._stack.setCurrentWidget(self.view if self.model.rowCount() else self._empty)
