"""Say what a table's headings mean that nobody knows: each beside a choice of the template's columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from gui.theme import Theme
from gui.widgets import Card, Field, FlowRow, button, label
from gui.widgets.text import show_if
from gui.words import Words

if TYPE_CHECKING:
    from models.previewing import Preview

EVIDENCE = {
    "inspection": ("subject", "date", "result", "faults", "category", "number"),
    "review": ("subject", "date", "stars", "text", "rater", "channel"),
}


Names = tuple[str, ...]


class HeadingsCard(Card):
    """Unknown headings, one line until somebody wants to say what they mean."""

    told = Signal(dict)

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words, self._theme = words, theme
        self.boxes: dict[str, QComboBox] = {}
        self.text = label("")
        line = QHBoxLayout()
        line.addWidget(self.text, 1)
        self.open_button = button(words("import.headings.tell"), self.open)
        self.use_button = button(words("import.headings.use"), self._use, "primary")
        line.addWidget(self.open_button)
        line.addWidget(self.use_button)
        self.body.addLayout(line)
        self.wanted = False
        """Whether there are headings to say anything about."""
        self.row = FlowRow((), 16)
        self.add(self.row)
        self.hide()

    def show_preview(self, preview: Preview) -> None:
        """Offer the headings of a file that was looked at."""
        looked, layout = preview.looked, preview.looked.layout
        unread = looked.problem is not None
        unknown = layout.unknown if layout is not None else ()
        missing = layout.missing if layout is not None and unread else ()
        self.show_headings(unknown, missing, looked.told, columns_of(looked.kind, unread))

    def show_headings(
        self,
        unknown: tuple[str, ...],
        missing: tuple[str, ...],
        told: Mapping[str, str],
        columns: tuple[str, ...],
    ) -> None:
        """Offer these headings.

        Args:
            missing: columns without which no row can be read.
            told: what was said before; it can be changed.
            columns: what a heading may mean.
        """
        words = self._words
        self.row.clear()
        titles = dict.fromkeys((*told, *unknown))
        self.wanted = bool(titles)
        self.boxes = {title: self._box(columns, told.get(title, "")) for title in titles}
        for title, box in self.boxes.items():
            self.row.add(Field(title, box))
        if missing:
            names = words.listing(words(f"table.column.{column}") for column in missing)
            self.text.setText(words("import.headings.missing", names=names))
        else:
            names = words.listing(unknown[:6])
            self.text.setText(words("import.headings.unknown", n=len(unknown), names=names))
        self._expand(bool(missing))

    def open(self) -> None:
        """Show the choices."""
        self._expand(True)
        next(iter(self.boxes.values())).setFocus()

    def _expand(self, wide: bool) -> None:
        show_if(self.row, wide)
        show_if(self.use_button, wide)
        show_if(self.open_button, not wide)

    def _box(self, columns: tuple[str, ...], chosen: str) -> QComboBox:
        words, box = self._words, QComboBox()
        box.setMinimumWidth(self._theme.px(150))
        box.addItem(words("import.headings.none"), "")
        for column in columns:
            box.addItem(words.first(f"table.column.{column}", f"evidence.column.{column}"), column)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        return box

    def _use(self) -> None:
        chosen = {title: str(box.currentData()) for title, box in self.boxes.items()}
        self.told.emit({title: column for title, column in chosen.items() if column})


def columns_of(kind: str, unread: bool) -> Names:
    """Return what a heading of such a table may mean; of one that cannot be read yet, of any kind."""
    from ledger.events.table_words import COLUMNS

    if not unread:
        return EVIDENCE.get(kind, COLUMNS)
    return tuple(dict.fromkeys((*COLUMNS, *EVIDENCE["inspection"], *EVIDENCE["review"])))
