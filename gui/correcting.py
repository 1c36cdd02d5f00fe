"""Correct a recorded event: say what is wrong with it, and the right amounts where it is only those.

Rule: nothing is edited. The dialog records a declaration, and the right event before it; both are signed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.amounts import amount
from gui.context import Context
from gui.widgets import Field, Form, button, label, scrolled
from ledger.errors import EventInvalid, Problem

REASONS = ("incorrect_data", "did_not_occur")


class CorrectDialog(QDialog):
    """Asks for the reason and, where the data were wrong, for each amount as it should have been."""

    def __init__(self, context: Context, standing: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.standing = context, standing
        words = context.words
        self.setWindowTitle(words("correction.heading", index=standing.index))
        self.resize(context.theme.px(560), context.theme.px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(label(words("correction.heading", index=standing.index), "card"))
        column.addWidget(label(words("correction.about"), "secondary"))
        self.form = Form(words)
        self.reason = QComboBox()
        for reason in REASONS:
            self.reason.addItem(words(f"error_reason.{reason}"), reason)
        self.form.add("reason", Field(words("correction.reason"), self.reason))
        self.amounts = self._amount_fields()
        self.again = label(words("correction.again"), "secondary")
        self.form.column.insertWidget(self.form.column.count() - 1, self.again)
        self.form.column.addStretch()
        column.addWidget(scrolled(self.form, name=self.windowTitle()), 1)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.cancel"), self.reject))
        self.record_button = button(words("correction.record"), self.record, "primary")
        row.addWidget(self.record_button)
        column.addLayout(row)
        self.reason.currentIndexChanged.connect(lambda *_: self._use_reason())

    def record(self) -> None:
        """Sign the correction, or say beside the field why not."""
        self.form.clear_errors()
        reason = str(self.reason.currentData())
        try:
            amounts = self._stated() if reason == "incorrect_data" else {}
        except EventInvalid as problem:
            self.form.show_problem(problem)
            return
        corrections, index = self.context.workspace.corrections, self.standing.index
        self.record_button.setEnabled(False)
        self.context.workers.write(
            lambda: corrections.correct(index, reason, amounts), self._done, self._refused, self
        )

    def _amount_fields(self) -> dict[str, tuple[Decimal, QLineEdit]]:
        words, made = self.context.words, dict[str, tuple[Decimal, QLineEdit]]()
        for place, (code, was, uom) in enumerate(self.context.workspace.corrections.amounts(self.standing)):
            editor = QLineEdit(f"{was.normalize():f}")
            lot = code.rsplit("/", 1)[-1]
            name = words("correction.amount", lot=lot, unit=words.code("unit", uom or "EA"))
            said = words("correction.amount.about", value=words.quantity(was, uom))
            self.form.add(f"amount{place}", Field(name, editor, said))
            made[code] = (was, editor)
        return made

    def _stated(self) -> dict[str, Decimal]:
        """Return the amounts that differ; nothing changed is said at the first of them."""
        changed = {}
        for place, (code, (was, editor)) in enumerate(self.amounts.items()):
            value = amount(editor.text(), field=f"amount{place}")
            if value != was:
                changed[code] = value
        if self.amounts and not changed:
            raise EventInvalid(
                self.context.words("problem.correction-nothing"), field="amount0", code="correction-nothing"
            )
        return changed

    def _use_reason(self) -> None:
        self.form.clear_errors()
        wrong = self.reason.currentData() == "incorrect_data"
        for name, field in self.form.fields.items():
            if name != "reason":
                field.setVisible(wrong)
        self.again.setVisible(wrong)

    def _done(self, receipts: Any) -> None:
        words = self.context.words
        self.context.toast(words("correction.done", index=receipts[-1].index), "ok")
        self.accept()

    def _refused(self, problem: Problem) -> None:
        self.record_button.setEnabled(True)
        self.form.show_problem(problem)
