"""Save what the import page has to give: refused rows to correct elsewhere, and the table to fill in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gui.context import Page
from gui.cooperative.refusals import refusals_table, template_bytes
from gui.verbs.files import write_bytes
from ledger.errors import Problem

if TYPE_CHECKING:
    from models.previewing import Preview


class Saving:
    """Asks where, and writes off the window's thread."""

    def __init__(self, page: Page, refused: Callable[[Problem], object]) -> None:
        self._page, self._refused = page, refused

    def ask_refused(self, preview: Preview | None) -> None:
        """Ask where, then write the refused rows with their reasons."""
        path = self._asked("import.save_refused", "refused.csv", "*.csv")
        if path is not None and preview is not None:
            self.write_refused(preview, path)

    def ask_template(self) -> None:
        """Ask where, then write the empty table to fill in."""
        path = self._asked("import.template", self._page.words("import.template_file"), "*.xlsx")
        if path is not None:
            self.write_template(path)

    def write_refused(self, preview: Preview, path: Path) -> None:
        """Write the refused rows as a table that a spreadsheet opens, to be corrected and imported again."""
        words = self._page.words
        self._write(path, lambda: preview.rejected() or refusals_table(words, preview))

    def write_template(self, path: Path) -> None:
        """Write the table to fill in, in the window's language."""
        words, made = self._page.words, self._page.context.clock()
        self._write(path, lambda: template_bytes(words, made))

    def _asked(self, title: str, name: str, endings: str) -> Path | None:
        suggested = str(Path.home() / name)
        path, _ = QFileDialog.getSaveFileName(self._page, self._page.words(title), suggested, endings)
        return Path(path) if path else None

    def _write(self, path: Path, made: Callable[[], bytes]) -> None:
        context, saved = self._page.context, self._page.words("common.saved", path=str(path))
        context.workers.read(
            lambda: write_bytes(path, made()), lambda _: context.toast(saved, "ok"), self._refused, self._page
        )
