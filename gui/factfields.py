"""The editors of what an entry says: each kind of fact in its own, beginning with what was said.

Rule: what a person left alone is exactly what was said before, to the second. Choices come when read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QDate, QDateTime
from PySide6.QtWidgets import QComboBox, QDateEdit, QDateTimeEdit, QLineEdit, QWidget

from gui.widgets import Field
from gui.widgets.values import MINUTE
from gui.wording import fact_name, fact_value
from gui.words import Words

DAY = "yyyy-MM-dd"


class FactField(Field):
    """One fact with its editor, which tells a screen reader what was said.

    Args:
        changed: called whenever the editor holds something else, by a hand or not.
    """

    def __init__(self, words: Words, fact: Any, changed: Callable[[], object]) -> None:
        self.words, self.fact = words, fact
        super().__init__(fact_name(words, fact), self._editor())
        self.show_name({})
        editor = self.editor
        if isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(lambda *_: changed())
        elif isinstance(editor, QDateTimeEdit):
            editor.dateTimeChanged.connect(lambda *_: self._forget())
            editor.dateTimeChanged.connect(lambda *_: changed())
        elif isinstance(editor, QLineEdit):
            editor.textChanged.connect(lambda *_: changed())

    @property
    def value(self) -> str:
        """Return what the fact says now, as text."""
        editor, said = self.editor, self.fact.value
        if isinstance(editor, QComboBox):
            return str(editor.currentData() or "")
        if isinstance(editor, QDateEdit):
            return editor.date().toString(DAY)
        if isinstance(editor, QDateTimeEdit):
            stated: datetime = editor.dateTime().toPython()  # type: ignore[assignment]  # as the stubs say: object
            same = editor.dateTime() == self._minute()
            return said if same else self._in_zone(stated).isoformat()
        assert isinstance(editor, QLineEdit)
        return editor.text().strip()

    @property
    def changed(self) -> bool:
        """Say whether it says something else than before."""
        return bool(self.value != self.fact.value)

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer what can be chosen (text, id) beside what was said."""
        box = self.editor
        if isinstance(box, QComboBox):
            for text, code in choices:
                if box.findData(code) < 0:
                    box.addItem(text, code)

    def show_name(self, names: Mapping[str, Any]) -> None:
        """Say what was said, by its name where that is known; on the screen it stands below the form."""
        said = fact_value(self.words, self.fact, self.fact.value, names)
        self.hint.setText(self.words("correction.was", value=said))
        self.editor.setAccessibleDescription(self.hint.text())
        if isinstance(self.editor, QComboBox) and self.fact.value:
            self.editor.setItemText(self.editor.findData(self.fact.value), said)

    def _editor(self) -> QWidget:
        kind, value = self.fact.kind, self.fact.value
        if kind in ("place", "party"):
            box = QComboBox()
            if kind == "place" and not self.fact.detail:
                box.addItem(self.words("fact.unsaid"), "")
            if value:
                box.addItem(value, value)
            box.setCurrentIndex(box.findData(value))
            return box
        if kind == "day":
            return _with_calendar(QDateEdit(QDate.fromString(value, DAY)), DAY)
        if kind == "moment":
            return _with_calendar(QDateTimeEdit(self._minute()), MINUTE)
        return QLineEdit(value)

    def _minute(self) -> QDateTime:
        """Return the minute that was said, as the reader's clock shows it."""
        moment = datetime.fromisoformat(self.fact.value).astimezone(self.words.zone)
        return QDateTime.fromString(f"{moment:%Y-%m-%d %H:%M}", MINUTE)

    def _in_zone(self, stated: datetime) -> datetime:
        return stated.replace(tzinfo=self.words.zone) if self.words.zone else stated.astimezone()


def _with_calendar(editor: QDateTimeEdit, form: str) -> QDateTimeEdit:
    editor.setDisplayFormat(form)
    editor.setCalendarPopup(True)
    return editor
