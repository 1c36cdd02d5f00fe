"""The rows of a file and the one that is corrected, side by side where there is room; or how to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.context import Context
from gui.cooperative.importtable import RowsCard
from gui.cooperative.rowediting import RowEditor
from gui.widgets import EmptyState
from gui.widgets.text import show_if

WIDE = 900
"""A page narrower than this shows the row that is corrected in the place of the table."""


class ImportBody(QWidget):
    """The table, the form of one row, and what stands there while there is neither.

    Args:
        choose: asks for a file.
    """

    def __init__(self, context: Context, choose: Callable[[], object]) -> None:
        super().__init__()
        words = context.words
        self._wide = context.theme.px(WIDE)
        self.rows = RowsCard(context)
        self.editor = RowEditor(context)
        texts = (words("import.empty"), words("import.empty.text"), words("import.choose"))
        self.empty = EmptyState(context.theme, "import", *texts, choose)
        beside = QHBoxLayout(self)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(16)
        for part, stretch in ((self.rows, 3), (self.editor, 2), (self.empty, 1)):
            beside.addWidget(part, stretch)

    def arrange(self, filled: bool, empty: bool, width: int) -> None:
        """Show what there is: nothing yet, the rows of a file, or one row of them.

        Args:
            filled: whether a file has rows.
            empty: whether to say how to begin.
            width: of the page.
        """
        crowded = self.editor.row is not None and width < self._wide
        show_if(self.rows, filled and not crowded)
        show_if(self.empty, empty)

    def close_row(self) -> None:
        """Put away the row that is corrected, if there is one."""
        if self.editor.row is not None:
            self.editor.close_row()
