"""Where a scan begins: what to do, the ways to do it, and codes that can be looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.consumer.verdict import product_name
from gui.context import Context
from gui.widgets import Card, FlowRow, button, label
from gui.widgets.text import show_if
from ledger.events.identifiers import gtin_of, lot_number_of, serial_of


class Start(Card):
    """Signals say which way was chosen; `code_wanted` carries one that was clicked."""

    camera_wanted = Signal()
    file_wanted = Signal()
    paste_wanted = Signal()
    screen_wanted = Signal()
    code_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        words, theme = context.words, context.theme
        self._words = words
        self.body.addStretch(2)
        picture = QLabel()
        picture.setPixmap(theme.pixmap("scan", "primary", 72))
        picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.add(picture)
        for text, role in (("scan.start", "verdict"), ("scan.start.text", "secondary")):
            line = label(words(text), role)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.add(line)
        self.body.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch()
        self.camera_button = button(
            words("scan.camera"), self.camera_wanted.emit, "primary", theme.icon("camera", "on_primary")
        )
        self.file_button = button(words("scan.file"), self.file_wanted.emit, icon=theme.icon("image"))
        self.paste_button = button(words("scan.paste"), self.paste_wanted.emit, icon=theme.icon("paste"))
        self.screen_button = button(words("scan.screen"), self.screen_wanted.emit, icon=theme.icon("screen"))
        for one in (self.camera_button, self.file_button, self.paste_button, self.screen_button):
            row.addWidget(one)
        self.more_button = button(words("form.more"), self.show_more, "quiet")
        row.addWidget(self.more_button)
        self._rest = (self.paste_button, self.screen_button)
        for one in self._rest:
            show_if(one, not theme.elder)
        show_if(self.more_button, theme.elder)
        row.addStretch()
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.choice = _Codes(words("scan.choice"), self.code_wanted.emit)
        self.recent = _Codes(words("scan.recent"), self.code_wanted.emit)
        self.examples = _Codes(words("scan.examples"), self.code_wanted.emit)
        for widget in (self.choice, self.recent, self.examples):
            self.add(widget)
        self.body.addStretch(1)

    def show_more(self) -> None:
        """Show the ways that large type leaves out."""
        for one in self._rest:
            one.show()
        self.more_button.hide()

    def show_choice(self, codes: list[str]) -> None:
        """Let the person choose among the codes of one picture."""
        self.choice.show_codes((code, self._name(code)) for code in codes)
        self.recent.hide()
        self.examples.hide()
        next(iter(self.choice.buttons.values())).setFocus()

    def show_recent(self, codes: list[str]) -> None:
        """Show the codes looked at last."""
        self.choice.hide()
        self.recent.show_codes((code, self._name(code)) for code in codes)

    def show_examples(self, lots: Iterable[Any]) -> None:
        """Show some lots that the ledger knows, for who has no label at hand."""
        self.examples.show_codes((row.lot, self._lot_name(row)) for row in lots)

    def _lot_name(self, row: Any) -> str:
        name = product_name(self._words, row) or row.lot
        return f"{name} · {row.lot_number}" if row.lot_number else str(name)

    def _name(self, code: str) -> str:
        lot, serial = lot_number_of(code), serial_of(code)
        parts = [self._words("scan.lot", lot=lot)] if lot else []
        parts += [self._words("scan.serial", serial=serial)] if serial else []
        parts = parts or [gtin_of(code) or code]
        text = " · ".join(parts)
        return text if len(text) <= 40 else f"{text[:24]}…{text[-14:]}"


class _Codes(QWidget):
    """A line of codes to click, under a quiet heading; hidden while there are none."""

    def __init__(self, title: str, clicked: Any) -> None:
        super().__init__()
        self._clicked = clicked
        self.buttons: dict[str, Any] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(title, "secondary"))
        self.row = FlowRow()
        column.addWidget(self.row)
        self.hide()

    def show_codes(self, codes: Iterable[tuple[str, str]]) -> None:
        self.row.clear()
        self.buttons = {}
        for code, name in codes:
            made = button(name, partial(self._clicked, code), "chip", tip=code)
            self.buttons[code] = made
            self.row.add(made)
        self.setVisible(bool(self.buttons))
