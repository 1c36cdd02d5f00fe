"""The ledger itself, newest first: every entry, who said it, when, and its way to hashes and proof."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

from gui.context import Context, Page
from gui.entry import open_entry
from gui.itemmodels import PAGE_ROWS, WindowedModel
from gui.widgets import Card, Column, DataTable, EmptyState
from gui.wording import entry_text

Line = tuple[Any, str, str]
"""One entry as the table shows it, its author's name, and what it says happened."""


class EntriesPage(Page):
    """A windowed table over the whole ledger."""

    key = "ledger"
    icon = "ledger"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self._size = 0
        self._names: dict[str, str] = {}
        self.jump = QLineEdit()
        self.jump.setPlaceholderText(words("entries.jump"))
        self.jump.setAccessibleName(words("entries.jump"))
        self.jump.setValidator(QIntValidator(0, 2_000_000_000, self.jump))
        self.jump.setFixedWidth(theme.px(200))
        self.jump.returnPressed.connect(self._jump)
        self.header.add(self.jump)
        self.model = WindowedModel[Any](self._columns(), theme, context.workers, self._fetch, self)
        self.model.failed.connect(context.workers.unhandled)
        self.table = DataTable(
            theme,
            self.model,
            self.title,
            EmptyState(theme, "ledger", words("entries.empty"), words("entries.empty.text")),
        )
        self.table.opened.connect(lambda row: row is not None and open_entry(context, row[0].index, self))
        card = Card()
        card.column.setContentsMargins(8, 8, 8, 8)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)

    def enter(self, index: int | None = None, **_: Any) -> None:
        """Show the newest entries, or the one at `index`."""
        self._wanted = index
        self.refresh()

    def refresh(self) -> None:
        """Ask how long the ledger is, and for its newest entries with it: nobody waits for them twice."""
        self.context.workers.read(self._begin, self._take, owner=self)

    def show_entry(self, index: int) -> None:
        """Bring the entry at `index` into view."""
        if 0 <= index < self._size:
            cell = self.model.index(self._size - 1 - index, 0)
            self.table.view.scrollTo(cell, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.table.view.setCurrentIndex(cell)
        else:
            text = self.words("entries.no_such", index=index, last=self._size - 1)
            self.context.toast(text, "attention")

    def _begin(self) -> tuple[int, list[Line]]:
        """Read the ledger's size and its newest rows (on a reading thread)."""
        size: int = self.context.workspace.log.checkpoint().size
        return size, self._rows(size, 0, min(size, PAGE_ROWS))

    def _take(self, found: tuple[int, list[Line]]) -> None:
        self._size, first = found
        self.model.set_count(self._size, first)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.show_entry(wanted)

    def _fetch(self, start: int, stop: int) -> list[Line]:
        return self._rows(self._size, start, stop)

    def _rows(self, size: int, start: int, stop: int) -> list[Line]:
        """Read rows (on a reading thread): row r is entry size-1-r; names are looked up here too."""
        workspace, names = self.context.workspace, self._names
        entries = workspace.entry_lines(size - stop, size - start)
        # All that are new at once: a look for each takes longer than the rows themselves.
        unknown = {entry.party for entry in entries} - names.keys()
        for party in workspace.parties_of(unknown):
            names[party.id] = self.words.name(party)
        done = workspace.goods.done(size - stop, size - start)
        return [
            (
                entry,
                names.get(entry.party, entry.party),
                entry_text(self.words, entry.type, *done.get(entry.index, ())),
            )
            for entry in reversed(entries)
        ]

    def _jump(self) -> None:
        if self.jump.text():
            self.show_entry(int(self.jump.text()))
            self.table.view.setFocus()

    def _columns(self) -> tuple[Column[Any], ...]:
        words = self.words
        return (
            Column(words("entries.index"), lambda row: words.number(row[0].index), width=90, right=True),
            Column(words("entries.recorded"), lambda row: words.time(row[0].record_time), width=170),
            Column(words("entries.type"), lambda row: row[2], width=190),
            Column(words("entries.author"), lambda row: row[1], least=120),
            Column(
                words("entries.happened"), lambda row: words.time(row[0].event_time), width=170, extra=True
            ),
            Column(
                words("entries.hash"),
                lambda row: f"{row[0].leaf_hash.hex()[:4]}…{row[0].leaf_hash.hex()[-4:]}",
                width=120,
                mono=True,
                extra=True,
            ),
        )
