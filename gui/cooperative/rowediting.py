"""Correct one refused row: its cells as they stood, the fault beside its cell, judged while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from gui.context import Context
from gui.cooperative.importrows import reason_text, state_kind, state_text, title_text
from gui.widgets import Badge, Card, Facts, Field, FlowRow, button, label, scrolled
from gui.widgets.text import clear, show_if

if TYPE_CHECKING:
    from models.previewing import Preview, PreviewRow

PAUSE_MS = 250
Choices = Mapping[str, Sequence[tuple[str, str]]]
"""column -> (what is shown, what is put into the cell)."""


class RowEditor(Card):
    """One row beside the table; a document's event is only shown, with what is wrong with it."""

    corrected = Signal(object, object)
    """The rows (their numbers) and the cells, as (place, words), that somebody put right."""
    closed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self.words = context, context.words
        self._preview: Preview | None = None
        self.row: PreviewRow | None = None
        self.alike: tuple[int, ...] = ()
        self.choices: Choices = {}
        self.fields: dict[int, Field] = {}
        self.title.show()
        words = self.words
        self.badge = Badge()
        self.add_action(self.badge)
        self.add_action(button(words("common.close"), self.close_row, "quiet"))
        self.problem = label("", "error")
        self.add(self.problem)
        inside = QWidget()
        self.cells = QVBoxLayout(inside)
        self.cells.setContentsMargins(0, 0, 12, 0)
        self.cells.setSpacing(12)
        self.add(scrolled(inside), 1)
        self.correct_button = button(words("import.correct"), self.correct, "primary")
        self.all_button = button(words("import.correct_all", n="2"), self.correct_all)
        self.back_button = button(words("import.as_it_stood"), self.put_back, "quiet")
        self.acts = FlowRow((self.correct_button, self.all_button, self.back_button))
        self.add(self.acts)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._judge)
        self.hide()

    def show_row(self, preview: Preview, row: PreviewRow) -> None:
        """Show a row to correct."""
        self._pause.stop()
        self._preview, self.row, self.alike = preview, row, (row.number,)
        clear(self.cells)
        self.fields = {}
        words, table = self.words, preview.looked.layout is not None
        key = "import.row_title" if table else "import.event_title"
        self.title.setText(words(key, n=row.number) if row.number else row.where)
        if table:
            for place, heading in enumerate(preview.headings):
                if heading:
                    self._add_field(place, heading, title_text(words, preview, place), row.cells[place])
        else:
            self._tell_event(row)
        self.cells.addStretch()
        show_if(self.acts, table)
        self._show_judged(row)
        self.show()
        self._focus(row)
        if table and row.fault >= 0:
            self._context.workers.read(lambda: preview.alike(row.number), self._show_alike, owner=self)

    def close_row(self) -> None:
        """Put the row away."""
        self._pause.stop()
        self.row = None
        self.hide()
        self.closed.emit()

    def texts(self) -> tuple[str, ...]:
        """Return the row's cells as they stand in the form."""
        cells = list(self.row.cells) if self.row is not None else []
        for place, field in self.fields.items():
            cells[place] = _typed(field.editor)
        return tuple(cells)

    def correct(self) -> None:
        """Put this row back among the good ones."""
        if self.row is not None and self._changes():
            self.corrected.emit((self.row.number,), self._changes())

    def correct_all(self) -> None:
        """Put the same words into the same cell of every row that has this fault."""
        if self.row is not None and self.row.fault in self.fields:
            text = _typed(self.fields[self.row.fault].editor)
            self.corrected.emit(self.alike, ((self.row.fault, text),))

    def put_back(self) -> None:
        """Fill in the cells as they stand in the file."""
        if self._preview is None or self.row is None:
            return
        for place, text in enumerate(self._preview.original(self.row.number)):
            if place in self.fields:
                _put(self.fields[place].editor, text)
        self._typing()

    def _changes(self) -> tuple[tuple[int, str], ...]:
        before = self.row.cells if self.row is not None else ()
        pairs = zip(self.texts(), before, strict=True)
        return tuple((place, now) for place, (now, then) in enumerate(pairs) if now != then)

    def _add_field(self, place: int, heading: str, name: str, text: str) -> None:
        offered = self.choices.get(heading, ())
        editor: QWidget
        if offered:
            box = editor = QComboBox()
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            for shown, put in offered:
                box.addItem(shown, put)
            box.setCurrentIndex(-1)
            box.activated.connect(lambda index, box=box: self._chosen(box, index))
            box.editTextChanged.connect(lambda *_: self._typing())
        else:
            editor = QLineEdit()
            editor.textEdited.connect(lambda *_: self._typing())
            editor.returnPressed.connect(self._enter)
        self.fields[place] = Field(name, editor)
        _put(editor, text)
        self.cells.addWidget(self.fields[place])

    def _tell_event(self, row: PreviewRow) -> None:
        words, problem = self.words, row.problem
        if problem is None:
            return
        facts = Facts()
        for name in ("where", "field", "found", "expected"):
            if getattr(problem, name):
                facts.add(words(f"import.{name}"), getattr(problem, name))
        remedy = words.problem(problem)[1]
        if remedy:
            facts.add(words("import.remedy"), remedy)
        self.cells.addWidget(facts)

    def _chosen(self, box: QComboBox, index: int) -> None:
        box.setEditText(str(box.itemData(index)))
        self._typing()

    def _typing(self) -> None:
        # A correction is only taken once it was judged.
        self.correct_button.setEnabled(False)
        self.all_button.setEnabled(False)
        self._pause.start()

    def _enter(self) -> None:
        if self.correct_button.isEnabled():
            self.correct()

    def _judge(self) -> None:
        preview, row = self._preview, self.row
        if preview is not None and row is not None:
            texts = self.texts()
            self._context.workers.read(
                lambda: preview.tried(row.number, texts), lambda found: self._judged(texts, found), owner=self
            )

    def _judged(self, texts: tuple[str, ...], found: PreviewRow) -> None:
        if self.row is not None and self.row.number == found.number and texts == self.texts():
            self._show_judged(found)

    def _show_judged(self, found: PreviewRow) -> None:
        words = self.words
        self.badge.show_status(state_text(words, found), state_kind(found))
        what = reason_text(words, found)
        remedy = words.problem(found.problem)[1] if found.problem is not None else ""
        for place, field in self.fields.items():
            field.error(f"{what}\n{remedy}".strip() if place == found.fault else "")
        beside = found.fault in self.fields
        self.problem.setText("" if beside else what)
        show_if(self.problem, bool(what) and not beside)
        good, changes = found.state != "refused", self._changes()
        self.correct_button.setEnabled(good and bool(changes))
        self.all_button.setEnabled(bool(changes) and self._mended(found))

    def _mended(self, found: PreviewRow) -> bool:
        """Say whether what was wrong with the cell is right now, whatever else is wrong with the row."""
        row = self.row
        changed = row is not None and any(place == row.fault for place, _ in self._changes())
        return changed and row is not None and found.fault != row.fault

    def _show_alike(self, numbers: tuple[int, ...]) -> None:
        if self.row is None or self.row.number not in numbers:
            return
        self.alike = numbers
        self.all_button.setText(self.words("import.correct_all", n=len(numbers)))
        self.all_button.setAccessibleName(self.all_button.text())
        show_if(self.all_button, len(numbers) > 1)

    def _focus(self, row: PreviewRow) -> None:
        show_if(self.all_button, False)
        field = self.fields.get(row.fault) or next(iter(self.fields.values()), None)
        if field is not None:
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            line: Any = field.editor.lineEdit() if isinstance(field.editor, QComboBox) else field.editor
            line.selectAll()


def _typed(editor: QWidget) -> str:
    if isinstance(editor, QComboBox):
        return editor.currentText().strip()
    return editor.text().strip() if isinstance(editor, QLineEdit) else ""


def _put(editor: QWidget, text: str) -> None:
    if isinstance(editor, QComboBox):
        editor.setEditText(text)
    elif isinstance(editor, QLineEdit):
        editor.setText(text)
