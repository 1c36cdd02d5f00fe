"""What an editor holds, as plain JSON, and how to put it back; who changed it, a person or the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QDate, QDateTime
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

MINUTE = "yyyy-MM-dd HH:mm"


@runtime_checkable
class Choice(Protocol):
    """An editor of ours in which one thing is chosen: chips, stars. Choosing by call tells nobody."""

    chosen: Any

    @property
    def current(self) -> Any:
        """Return what is chosen."""

    def choose(self, key: Any) -> None:
        """Choose without telling anybody."""


def value_of(editor: QWidget) -> Any:
    """Return what an editor holds."""
    if isinstance(editor, QLineEdit):
        return editor.text()
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    if isinstance(editor, QComboBox):
        index = editor.currentIndex()
        if editor.isEditable() and (index < 0 or editor.currentText() != editor.itemText(index)):
            return {"text": editor.currentText()}
        return {"data": editor.currentData()}
    if isinstance(editor, QDateEdit):
        return editor.date().toString("yyyy-MM-dd")
    if isinstance(editor, QDateTimeEdit):
        return editor.dateTime().toString(MINUTE)
    if isinstance(editor, QSpinBox):
        return editor.value()
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, Choice):
        return editor.current
    raise TypeError(f"no value of a {type(editor).__name__}")


def put_value(editor: QWidget, value: Any) -> None:
    """Let an editor hold what `value_of` returned; a choice that is no longer there changes nothing."""
    if value == value_of(editor):
        return
    if isinstance(editor, QLineEdit):
        editor.setText(value)
    elif isinstance(editor, QPlainTextEdit):
        editor.setPlainText(value)
    elif isinstance(editor, QComboBox):
        _choose(editor, value)
    elif isinstance(editor, QDateEdit):
        editor.setDate(QDate.fromString(value, "yyyy-MM-dd"))
    elif isinstance(editor, QDateTimeEdit):
        editor.setDateTime(QDateTime.fromString(value, MINUTE))
    elif isinstance(editor, QSpinBox):
        editor.setValue(value)
    elif isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, Choice):
        editor.choose(value)


def on_change(
    editor: QWidget, typing: Callable[[], object], changed: Callable[[], object], *, quiet: Callable[[], bool]
) -> None:
    """Call `typing` while a person types in an editor and `changed` when a change is complete.

    Args:
        quiet: says that the program is filling fields in; dates and numbers cannot tell it from a hand.
    """
    if isinstance(editor, QLineEdit):
        editor.textEdited.connect(lambda *_: typing())
        editor.editingFinished.connect(changed)
    elif isinstance(editor, QComboBox):
        editor.activated.connect(lambda *_: changed())
        if (line := editor.lineEdit()) is not None:
            line.textEdited.connect(lambda *_: typing())
            line.editingFinished.connect(changed)
    elif isinstance(editor, QDateTimeEdit | QSpinBox):
        signal = editor.dateTimeChanged if isinstance(editor, QDateTimeEdit) else editor.valueChanged
        signal.connect(lambda *_: None if quiet() else changed())
    elif isinstance(editor, QCheckBox):
        editor.clicked.connect(lambda *_: changed())
    elif isinstance(editor, Choice):
        editor.chosen.connect(lambda *_: changed())
    elif isinstance(editor, QPlainTextEdit):
        editor.textChanged.connect(lambda: typing() if editor.hasFocus() and not quiet() else None)


def _choose(box: QComboBox, value: Any) -> None:
    if "text" in value:
        box.setCurrentIndex(-1)
        box.setEditText(value["text"])
        return
    place = -1 if value["data"] is None else box.findData(value["data"])
    if place >= 0 or value["data"] is None:
        box.setCurrentIndex(place)
