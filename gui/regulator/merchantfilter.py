"""What the list of merchants is narrowed by: words, a grade, a trade, a kind of business, the watch list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.context import State
from gui.keyboard import ASIDE
from gui.theme import Theme
from gui.widgets import Chips, FlowRow, label
from gui.wording import GRADES
from gui.words import Words

TYPING_PAUSE_MS = 200
ROLES = ("merchant", "cooperative", "processor", "carrier")


class MerchantFilter(QWidget):
    """The choices in two lines; `changed` follows each, typing when it pauses. `search` stands elsewhere."""

    changed = Signal()

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words = words
        self.search = QLineEdit()
        self.search.setPlaceholderText(words("merchants.search"))
        self.search.setAccessibleName(words("merchants.search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(theme.px(280))
        self.chips = Chips([("", words("common.all")), *((g, words(f"grade.{g}")) for g in GRADES)])
        self.chips.choose("")
        self.category = self._choice(words("merchants.every_category"), words("merchants.category"))
        self.role = self._choice(words("merchants.every_role"), words("merchants.role"))
        for role in ROLES:
            self.role.addItem(words(f"party_role.{role}"), role)
        self.watched = QCheckBox(words("merchants.watched"))
        self.watched.setToolTip(words("merchants.watched.text"))
        self.count = label("", "secondary", wrap=False)
        self._lay_out()
        # Typing asks only when it pauses: a query a letter would queue behind itself.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda *_: self._pause.start())
        self.chips.chosen.connect(lambda *_: self.changed.emit())
        self.watched.toggled.connect(lambda *_: self.changed.emit())
        for box in (self.category, self.role):
            box.activated.connect(lambda *_: self.changed.emit())

    def chosen(self) -> dict[str, Any]:
        """Return what is chosen, as the list of merchants is asked."""
        text = self.search.text().strip()
        return {
            "text": text,
            "categories": self._trades_called(text),
            "grade": self.chips.current,
            "category": str(self.category.currentData() or ""),
            "role": str(self.role.currentData() or ""),
            "watched": self.watched.isChecked(),
        }

    def state(self) -> State:
        """Keep what is typed and chosen."""
        kept = self.chosen()
        del kept["categories"]
        return kept

    def choose(
        self,
        text: str | None = None,
        grade: str | None = None,
        category: str | None = None,
        role: str | None = None,
        watched: bool | None = None,
    ) -> None:
        """Choose what is named and leave the rest; nobody is told."""
        self.blockSignals(True)
        if text is not None:
            self.search.setText(text)
        if grade is not None:
            self.chips.choose(grade)
        if category is not None:
            self._offer(category)
            self.category.setCurrentIndex(max(0, self.category.findData(category)))
        if role is not None:
            self.role.setCurrentIndex(max(0, self.role.findData(role)))
        if watched is not None:
            self.watched.setChecked(watched)
        self._pause.stop()
        self.blockSignals(False)

    def choices(self) -> tuple[QWidget, ...]:
        """Return what the keyboard goes through, in order."""
        return (*self.chips.buttons.values(), self.category, self.role, self.watched)

    def show_summary(self, grades: dict[str, int], categories: tuple[str, ...]) -> None:
        """Say how many there are of each grade, and offer the trades there are."""
        for grade, chip in self.chips.buttons.items():
            name = self._words(f"grade.{grade}") if grade else self._words("common.all")
            number = grades.get(grade, 0) if grade else sum(grades.values())
            chip.setText(f"{name}  {self._words.number(number)}")
        for category in sorted(categories, key=lambda code: self._words.code("category", code)):
            self._offer(category)

    def show_count(self, shown: int, total: int) -> None:
        """Say how many of how many are shown."""
        words = self._words
        self.count.setText(words("merchants.count", n=words.number(shown), total=words.number(total)))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.chips)
        row = QHBoxLayout()
        row.addWidget(FlowRow((self.category, self.role, self.watched), 12), 1)
        row.addWidget(self.count)
        column.addLayout(row)

    def _choice(self, every: str, name: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(ASIDE)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.addItem(every, "")
        return box

    def _offer(self, category: str) -> None:
        if category and self.category.findData(category) < 0:
            self.category.addItem(self._words.code("category", category), category)

    def _trades_called(self, text: str) -> tuple[str, ...]:
        """Return the trades whose word in this language holds the text."""
        wanted = text.casefold()
        offered = [self.category.itemData(place) for place in range(1, self.category.count())]
        return tuple(
            code for code in offered if wanted and wanted in self._words.code("category", code).casefold()
        )
