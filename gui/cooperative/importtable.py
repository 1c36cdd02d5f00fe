"""The rows of a previewed file: chips that choose by what would become of them, and what to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from gui.context import Context
from gui.cooperative.importrows import preview_columns
from gui.itemmodels import WindowedModel
from gui.widgets import Card, Chips, DataTable, FlowRow, Place, button
from gui.widgets.text import show_if

if TYPE_CHECKING:
    from models.previewing import Preview

SHOWN = ("all", "good", "known", "refused", "corrected")


class RowsCard(Card):
    """One file's rows, a window of them in memory."""

    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self.words = context, context.words
        words = self.words
        self.preview: Preview | None = None
        self.model: WindowedModel[Any] | None = None
        self._show, self._reasons = "all", False
        self.chips = Chips([(show, words(f"import.show.{show}", n=0)) for show in SHOWN], "all")
        self.chips.chosen.connect(self.show_state)
        self.add(self.chips)
        self._place = Place()
        self.add(self._place, 1)
        self.record_button = button(words("import.record", n="0"), None, "primary")
        self.save_button = button(words("import.save_refused"))
        self.undo_button = button(words("draft.undo"), None, "quiet", tip=words("draft.undo.tip"))
        self.redo_button = button(words("draft.redo"), None, "quiet", tip=words("draft.redo.tip"))
        self.undo_button.setEnabled(False)
        self.redo_button.setEnabled(False)
        self.acts = FlowRow((self.record_button, self.save_button, self.undo_button, self.redo_button))
        self.add(self.acts)

    def show_preview(self, preview: Preview, growing: bool = False) -> None:
        """Show another file's rows; while they still come, a refused one may be among the next."""
        self.preview, self._reasons = preview, growing or preview.counts()["refused"] > 0
        columns = preview_columns(self.words, preview, self._reasons)
        self.model = WindowedModel[Any](
            columns, self._context.theme, self._context.workers, self._fetch, self
        )
        self.model.failed.connect(self.failed)
        table = DataTable(self._context.theme, self.model, self.words("import.rows"))
        table.opened.connect(self.opened)
        self._place.fill(table)
        self.refresh()

    def show_state(self, show: str) -> None:
        """Show the rows in one state, or `all`."""
        self.chips.choose(show)
        self._show = show
        self.refresh()

    def refresh(self) -> None:
        """Show the rows as they stand now, and how many there are of each."""
        if self.preview is not None and self.model is not None:
            self.model.set_count(self._count(self.preview))

    def grow(self) -> None:
        """Show the rows that have come behind those that are here."""
        if self.preview is not None and self.model is not None:
            self.model.grow(self._count(self.preview))

    def complete(self) -> None:
        """All rows have come: what nobody needs any more goes."""
        if self.preview is not None and self._reasons and not self.preview.counts()["refused"]:
            self.show_preview(self.preview)
        self.grow()

    def _count(self, preview: Preview) -> int:
        """Say how many rows there are of each, and return how many are shown."""
        words, counts = self.words, preview.counts()
        for key, chip in self.chips.buttons.items():
            chip.setText(words(f"import.show.{key}", n=words.number(counts[key])))
            chip.setAccessibleName(chip.text())
            show_if(chip, key in ("all", self._show) or counts[key] > 0)
        self.chips.flow.invalidate()
        self.record_button.setText(words("import.record", n=words.number(counts["good"])))
        self.record_button.setAccessibleName(self.record_button.text())
        self.acts.flow.invalidate()
        return counts[self._show]

    def allow(self, free: bool) -> None:
        """Let the rows be recorded or saved, or not while something is under way."""
        counts = self.preview.counts() if self.preview is not None else {"good": 0, "refused": 0}
        self.record_button.setEnabled(free and counts["good"] > 0)
        self.save_button.setEnabled(free and counts["refused"] > 0)

    def _fetch(self, start: int, stop: int) -> Any:
        return self.preview.page(self._show, start, stop) if self.preview is not None else ()
