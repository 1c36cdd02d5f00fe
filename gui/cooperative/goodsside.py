"""One side of a movement: the rows of what goes in, or of what comes out, as many as one needs.

Rule: a row is built when it is first needed and never again; a row more is one press away, and one taken
away leaves no gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.cooperative.goodsrows import Parts
from gui.cooperative.shapes import MOST, numbered
from gui.widgets import Field, FlowRow, Form, button
from gui.widgets.text import show_if
from gui.widgets.values import put_value, value_of


class GoodsSide:
    """The rows of a side in a form; the form knows their fields by name and number.

    Args:
        names: the fields of a row, from the left.
        telling: those of them that say that a further row is meant.
        parts: makes the fields of a row.
        more: the words of the button for one row more.
        built: called with the number and the parts of a row that was built.
        resized: called when a row was added or taken away by a hand.
    """

    def __init__(
        self,
        form: Form,
        names: tuple[str, ...],
        telling: tuple[str, ...],
        parts: Callable[[int], Parts],
        more: str,
        built: Callable[[int, Parts], object],
        resized: Callable[[], object],
    ) -> None:
        self._form, self._names, self._telling = form, names, telling
        self._parts, self._built, self._resized = parts, built, resized
        self.rows: list[QWidget] = []
        self.shown = 1
        self.keyed: list[QWidget] = []
        self.column = QVBoxLayout()
        self.column.setSpacing(12)
        self.more = button(more, self.grow, "quiet")
        self.adder = FlowRow((self.more,))

    def need(self, rows: int) -> None:
        """Build the rows up to this one."""
        while len(self.rows) < min(rows, MOST):
            number = len(self.rows) + 1
            parts = self._parts(number)
            row = self._row(number, parts)
            self.rows.append(row)
            self.column.addWidget(row)
            self._built(number, parts)

    def fit(self, bounds: tuple[int, int]) -> None:
        """Show no fewer and no more rows than these; a row that holds something is in sight."""
        fewest, most = bounds
        held = [number for number in range(1, len(self.rows) + 1) if self._holds(number)]
        self.shown = min(max(fewest, self.shown, *held, 0), most)
        self.need(self.shown)
        for number, row in enumerate(self.rows, 1):
            show_if(row, number <= self.shown)
        show_if(self.adder, bool(self.shown) and self.shown < most)

    def filled(self, fewest: int) -> list[int]:
        """Return the rows in sight that are meant: those there must be, and those that hold something."""
        return [number for number in range(1, self.shown + 1) if number <= fewest or self._holds(number)]

    def fields(self, name: str) -> Iterator[Field]:
        """Give the fields of that name, row by row."""
        for number in range(1, len(self.rows) + 1):
            yield self._form.fields[numbered(name, number)]

    def grow(self) -> None:
        """Show one row more, and give it the keys."""
        self.shown += 1
        self._resized()
        for name in self._names:
            field = self._form.fields[numbered(name, self.shown)]
            if not field.isHidden():
                field.editor.setFocus()
                return

    def shrink(self, number: int) -> None:
        """Take a row away: those below move up."""
        fields = self._form.fields
        for place in range(number, self.shown):
            for name in self._names:
                below = value_of(fields[numbered(name, place + 1)].editor)
                put_value(fields[numbered(name, place)].editor, below)
        for name in self._names:
            _empty(fields[numbered(name, self.shown)].editor)
        self.shown -= 1
        self._resized()

    def _row(self, number: int, parts: Parts) -> QWidget:
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for name, field, stretch in parts:
            made = self._form.register(numbered(name, number), field)
            row.addWidget(made, stretch, Qt.AlignmentFlag.AlignTop)
            self.keyed.append(field.editor)
        if number > 1:
            text = self._form.words("movement.less", n=number)
            less = button("×", lambda: self.shrink(number), "quiet", tip=text)
            row.addWidget(less, 0, Qt.AlignmentFlag.AlignBottom)
            self.keyed.append(less)
        return frame

    def _holds(self, number: int) -> bool:
        # The first row always offers something; only what stands in a further one was put there.
        fields = self._form.fields
        return number > 1 and any(fields[numbered(name, number)].text() for name in self._telling)


def _empty(editor: QWidget) -> None:
    if isinstance(editor, QLineEdit):
        editor.clear()
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(0)
