"""What a person chooses for this window: language, look, type size; and the key that signs here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui.setup import Keys, Surroundings, phrase_button
from gui.widgets import Card, Field, button, label

LANGUAGES = ("zh_CN", "en")
SCHEMES = ("system", "light", "dark")


class PreferencesDialog(QDialog):
    """Choices that take effect at once; the shell says how."""

    language = Signal(str)
    scheme = Signal(str)
    large = Signal(bool)
    setup = Signal()

    def __init__(
        self,
        around: Surroundings,
        chosen: tuple[str, str, bool],
        keys: Keys | None,
        party: str | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        words, theme = around.words, around.theme
        locale, scheme, large = chosen
        theme.dress(self)
        self.setWindowTitle(words("preferences.title"))
        self.setMinimumWidth(theme.px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(16)
        column.addWidget(label(words("preferences.title"), "page"))
        look = Card(words("preferences.look"))
        names = {name: words(f"language.{name}") for name in LANGUAGES}
        look.add(self._choice(words("preferences.language"), names, locale, self.language.emit))
        names = {name: words(f"scheme.{name}") for name in SCHEMES}
        look.add(self._choice(words("preferences.scheme"), names, scheme, self.scheme.emit))
        self.large_box = QCheckBox(words("preferences.large"))
        self.large_box.setChecked(large)
        self.large_box.toggled.connect(self.large)
        look.add(self.large_box)
        column.addWidget(look)
        if keys is not None:
            card = Card(words("preferences.key"), words("preferences.key.text"))
            row = QHBoxLayout()
            if party is not None:
                row.addWidget(phrase_button(around, keys, party, self))
            row.addWidget(button(words("preferences.setup"), self._set_up))
            row.addStretch()
            card.body.addLayout(row)
            column.addWidget(card)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.close"), self.accept, "primary"))
        column.addLayout(row)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the wrapped words need at this width, known only once styled."""
        super().showEvent(event)
        if (layout := self.layout()) is not None:
            width = max(self.width(), self.minimumWidth())
            self.resize(width, max(layout.totalHeightForWidth(width), layout.totalSizeHint().height()))

    def _choice(self, name: str, choices: dict[str, str], chosen: str, tell: Callable[[str], None]) -> Field:
        box = QComboBox()
        for key, text in choices.items():
            box.addItem(text, key)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.activated.connect(lambda *_: tell(str(box.currentData())))
        return Field(name, box)

    def _set_up(self) -> None:
        self.accept()
        self.setup.emit()
