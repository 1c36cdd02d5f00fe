"""What stands in the window: the rail, one page beside it, a notice above the page, toasts over all.

It is dressed in one style and speaks one language; on a switch another takes its place.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.rail import Rail
from gui.theme import Theme
from gui.widgets import Banner, EmptyState, OnePage, Toasts, button
from gui.words import Words
from ledger.errors import LedgerError, Problem


class Inside(QWidget):
    """The parts of the window; `stack` holds the page that is shown."""

    def __init__(self, theme: Theme, words: Words, role: str) -> None:
        super().__init__()
        self._theme, self._words = theme, words
        self.setObjectName("shell")
        # Only Qt's own plain widget paints its ground by itself.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.dress(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = Rail(theme, words, role)
        self.stack = OnePage()
        self.notice = Banner(theme, "attention")
        self.notice.hide()
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.notice)
        beside.addWidget(self.stack, 1)
        row.addWidget(self.rail)
        row.addLayout(beside, 1)
        self.toasts = Toasts(theme, self)

    def say_read_only(self, why: LedgerError | None) -> None:
        """Say above every page that nothing can be recorded, and why, where that is so."""
        self.notice.setVisible(why is not None)
        if why is not None:
            what, remedy = self._words.problem(why)
            text = self._words("shell.read_only.text", why=what.rstrip("。."), remedy=remedy.rstrip("。."))
            self.notice.say("attention", self._words("shell.read_only"), text)

    def show_failure(self, problem: Problem, retry: Callable[[], object]) -> None:
        """Say in the place of a page that the ledger could not be opened, and offer to try again."""
        what, remedy = self._words.problem(problem)
        text = f"{what}\n{remedy}".strip()
        banner = Banner(self._theme, "bad", self._words("shell.cannot_open"), text)
        banner.add_action(button(self._words("common.retry"), retry, "primary"))
        self._show_alone(banner).addStretch()

    def show_waiting(self, text: str) -> None:
        """Say in the place of a page what the window is waiting for."""
        self._show_alone(EmptyState(self._theme, "ledger", self._words("shell.opening"), text))

    def _show_alone(self, widget: QWidget) -> QVBoxLayout:
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(28, 20, 28, 20)
        column.addWidget(widget)
        self.stack.show_page(frame)
        return column
