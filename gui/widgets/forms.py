"""Forms that say what is wrong beside the field it is wrong in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.text import button, label, repolish, show_if
from gui.words import Words
from ledger.errors import EventInvalid, Problem


class Field(QWidget):
    """A label, its editor, a hint, and the error that belongs to exactly this editor."""

    def __init__(self, name: str, editor: QWidget, hint: str = "") -> None:
        super().__init__()
        self.editor = editor
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.name = label(name, "strong")
        self.name.setBuddy(editor)
        self.hint = label(hint, "secondary")
        show_if(self.hint, bool(hint))
        self.problem = label("", "error")
        self.problem.hide()
        for widget in (self.name, editor, self.hint, self.problem):
            column.addWidget(widget)
        editor.setAccessibleName(name)
        editor.setAccessibleDescription(hint)
        if isinstance(editor, QSpinBox | QDoubleSpinBox) and (line := editor.lineEdit()) is not None:
            # Qt leaves a spin box's padding on the left out of its text's place.
            line.setTextMargins(9, 0, 0, 0)
        elif isinstance(editor, QComboBox):
            # The longest choice must not make a form wider than its window.
            editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            editor.setMinimumContentsLength(5)
        self._forget_on_edit()

    def error(self, text: str) -> None:
        """Say what is wrong here; "" when nothing is."""
        self.problem.setText(text)
        show_if(self.problem, bool(text))
        self.editor.setProperty("wrong", "true" if text else "false")
        self.editor.setAccessibleDescription(text or self.hint.text())
        repolish(self.editor)

    def text(self) -> str:
        """Return what is typed or chosen, without the blanks around it."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.text().strip()
        if isinstance(self.editor, QPlainTextEdit):
            return self.editor.toPlainText().strip()
        if isinstance(self.editor, QComboBox):
            data = self.editor.currentData()
            return str(data) if data is not None else self.editor.currentText().strip()
        return self.editor.text() if isinstance(self.editor, QAbstractSpinBox) else ""

    def _forget_on_edit(self) -> None:
        """An error goes away when its field is corrected, not before."""
        editor = self.editor
        if isinstance(editor, QLineEdit | QPlainTextEdit):
            editor.textChanged.connect(lambda *_: self._forget())
        elif isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(lambda *_: self._forget())
        elif isinstance(editor, QAbstractSpinBox):
            editor.editingFinished.connect(self._forget)

    def _forget(self) -> None:
        if not self.problem.isHidden():
            self.error("")


class Form(QWidget):
    """Fields by the name of the event's field they fill, and what is wrong with the whole."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.problem = label("", "error")
        self.problem.hide()
        self.column.addWidget(self.problem)
        self._folded: dict[str, QWidget] = {}
        self._left_out: set[str] = set()
        self.more_button: QPushButton | None = None

    def fold(self, names: Iterable[str], beside: Mapping[str, QWidget] | None = None) -> None:
        """Put fields away behind a button "more"; what they hold is stated all the same.

        Args:
            beside: editors that stand in the form without a field of their own, by name.
        """
        parts = {**self.fields, **(beside or {})}
        self._folded = {name: parts[name] for name in names if name in parts}
        if not self._folded:
            return
        self.more_button = button(self.words("form.more"), self.unfold, "quiet")
        self.column.insertWidget(self.column.count() - 1, self.more_button)
        for part in self._folded.values():
            part.hide()

    def unfold(self) -> None:
        """Show every field that was put away; a step that cannot be asked back needs no way back."""
        folded, self._folded = self._folded, {}
        for name, part in folded.items():
            show_if(part, name not in self._left_out)
        if self.more_button is not None:
            self.more_button.hide()

    def show_only(self, names: Iterable[str]) -> None:
        """Show these fields, and of them only what is not folded away."""
        shown = set(names)
        self._left_out = set(self.fields) - shown
        for name, field in self.fields.items():
            field.setVisible(name in shown and name not in self._folded)
        if self.more_button is not None:
            self.more_button.setVisible(bool(shown & set(self._folded)))

    def add(self, name: str, field: Field) -> Field:
        """Put a field under the others; `name` is the event's own word for it."""
        self.register(name, field)
        self.column.insertWidget(self.column.count() - 1, field)
        return field

    def register(self, name: str, field: Field) -> Field:
        """Know a field that is laid out elsewhere (two in a row, in a card)."""
        self.fields[name] = field
        return field

    def text(self, name: str) -> str:
        """Return what one field holds."""
        return self.fields[name].text()

    def box(self, name: str) -> QComboBox:
        """Return the choice of that name."""
        editor = self.fields[name].editor
        assert isinstance(editor, QComboBox)
        return editor

    def edit(self, name: str) -> QLineEdit:
        """Return the line of that name."""
        editor = self.fields[name].editor
        assert isinstance(editor, QLineEdit)
        return editor

    def clear_errors(self) -> None:
        """Forget every error."""
        self.problem.hide()
        for field in self.fields.values():
            field.error("")

    def show_problem(self, problem: Problem) -> None:
        """Show a refusal beside its field and move there; one without a field goes under the form."""
        self.clear_errors()
        what, remedy = self.words.problem(problem)
        text = f"{what}\n{remedy}" if remedy else what
        name = problem.field.split("[")[0].split(".")[0] if isinstance(problem, EventInvalid) else ""
        field = self.fields.get(getattr(problem, "field", "")) or self.fields.get(name)
        if field is None:
            self.problem.setText(text)
            self.problem.show()
            return
        if field in self._folded.values():
            self.unfold()
        field.error(text)
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
