"""The first start: what this is, that the ledger shown is a demonstration, and where to begin."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.pages import ROLES
from gui.theme import Theme
from gui.widgets import Banner, button, label
from gui.words import Words

ICONS = {"consumer": "scan", "cooperative": "batch", "regulator": "merchants"}


class Welcome(QDialog):
    """Three doors, one for each role; `chosen` carries the role whose door was taken."""

    chosen = Signal(str)
    own = Signal()

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        theme.dress(self)
        self.setWindowTitle(words("welcome.title"))
        self.setMinimumWidth(theme.px(720))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 28, 28, 28)
        column.setSpacing(16)
        column.addWidget(label(words("welcome.title"), "page"))
        column.addWidget(label(words("welcome.text")))
        column.addWidget(
            Banner(theme, "info", words("welcome.demonstration"), words("welcome.demonstration.text"))
        )
        doors = QHBoxLayout()
        doors.setSpacing(12)
        for role in ROLES:
            doors.addWidget(self._door(role), 1)
        column.addLayout(doors)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("welcome.own"), self._take_own, "quiet"))
        column.addLayout(row)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the wrapped words need at this width, known only once styled."""
        super().showEvent(event)
        if (layout := self.layout()) is not None:
            width = self._theme.px(760)
            self.resize(width, layout.totalHeightForWidth(width))

    def _door(self, role: str) -> QWidget:
        words = self._words
        frame = QFrame()
        frame.setProperty("role", "surface")
        column = QVBoxLayout(frame)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        picture = QLabel()
        picture.setPixmap(self._theme.pixmap(ICONS[role], "primary", 32))
        column.addWidget(picture)
        column.addWidget(label(words(f"role.{role}"), "card"))
        column.addWidget(label(words(f"welcome.{role}"), "secondary"), 1)
        made = button(words(f"welcome.{role}.go"), lambda: self._take(role), "primary")
        made.setSizePolicy(made.sizePolicy().Policy.Expanding, made.sizePolicy().Policy.Fixed)
        column.addWidget(made)
        return frame

    def _take_own(self) -> None:
        self.accept()
        self.own.emit()

    def _take(self, role: str) -> None:
        self.chosen.emit(role)
        self.accept()
