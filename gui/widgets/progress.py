"""How far something long has come, with a way out that the keys reach."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui.widgets.text import button, label


class Progress(QWidget):
    """How far something long has come, in words and a bar, with a way out."""

    def __init__(self, cancel: str, cancelled: Callable[[], object]) -> None:
        super().__init__()
        self._takes_keys = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        self.text = label("", "secondary")
        self.button: QPushButton = button(cancel, cancelled)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        column.addLayout(row)
        column.addWidget(self.bar)

    def take_keys_of(self, *held: QWidget) -> None:
        """Let Cancel have the keys, once it is in sight, if they are with one of these, which are to wait."""
        keys = self.window().focusWidget()
        self._takes_keys = keys is not None and any(keys is each or each.isAncestorOf(keys) for each in held)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt hands the keys of what waits to the next part, maybe at the other end of the window."""
        super().showEvent(event)
        if self._takes_keys:
            self._takes_keys = False
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show `done` of `total` (0 = nobody knows how much there is)."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setAccessibleName(text)
        self.text.setText(text)
