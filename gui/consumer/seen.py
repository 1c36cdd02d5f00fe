"""Record that one item was seen: a coarse place if the person likes, and whether it was on sale."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui.consumer.verdict import Answer
from gui.context import Context
from gui.widgets import Chips, Field, Form, button, label
from ledger.errors import Problem
from ledger.events.scans import SETTINGS, coarse


class NoteScanDialog(QDialog):
    """Nothing of the person is kept; a typed point is rounded before it is signed."""

    recorded = Signal()

    def __init__(self, context: Context, answer: Answer, parent: QWidget) -> None:
        super().__init__(parent)
        self.context, self.answer = context, answer
        words = context.words
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(words("seen.write"))
        self.setMinimumWidth(context.theme.px(480))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(label(words("seen.write"), "card"))
        column.addWidget(label(words("seen.about"), "secondary"))
        self.place = QComboBox()
        self.place.setEditable(True)
        self.place.addItem("", None)
        self.place.setCurrentText("")
        self.setting = Chips([(one, words(f"seen.setting.{one}")) for one in SETTINGS])
        self.form = Form(words)
        self.form.add("place", Field(words("seen.place"), self.place, words("seen.place.about")))
        self.form.add("setting", Field(words("seen.setting"), self.setting))
        column.addWidget(self.form)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.cancel"), self.reject))
        self.send_button = button(words("common.record"), self.send, "primary")
        row.addWidget(self.send_button)
        column.addLayout(row)
        workspace = context.workspace
        context.workers.read(workspace.places, self._offer, lambda _: None, self)

    def send(self) -> None:
        """Sign the receipt, or say beside the field why not."""
        self.form.clear_errors()
        workspace, item = self.context.workspace, self.answer.story.item
        known = self.place.findText(self.place.currentText())
        typed = self.place.itemData(known) if known > 0 else self.place.currentText().strip()
        place, setting = coarse(typed) if typed else None, self.setting.current or None
        held = workspace.mine("consumer")
        author = held[0].id if held else None
        self.send_button.setEnabled(False)
        self.context.workers.write(
            lambda: workspace.opinions.note_scan(item, place, setting, as_party=author),
            lambda _: self._done(),
            self._refused,
            self,
        )

    def _offer(self, places: tuple[object, ...]) -> None:
        for place in places:
            self.place.addItem(getattr(place, "name", ""), getattr(place, "id", ""))

    def _done(self) -> None:
        self.context.toast(self.context.words("seen.done"), "ok")
        self.recorded.emit()
        self.accept()

    def _refused(self, problem: Problem) -> None:
        self.send_button.setEnabled(True)
        self.form.show_problem(problem)
