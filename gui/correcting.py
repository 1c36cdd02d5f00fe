"""Correct a recorded event: say what is wrong with it, and what is right where it was written down wrongly.

Rule: nothing is edited. The dialog records a declaration, and the right event before it; both are signed.
What will be said instead of what stands below the form, old and new, before anybody signs.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.amounts import amount
from gui.context import Context
from gui.factfields import FactField
from gui.widgets import CheckRow, Field, Form, button, clear, label, scrolled
from gui.widgets.text import line, rest
from gui.wording import SEVERITY_KINDS, fact_value, finding_text
from ledger.errors import EventInvalid, Problem

REASONS = ("incorrect_data", "did_not_occur")
PREVIEW_PAUSE_MS = 300
SHOWN = 3
TRADES = frozenset({"cooperative", "processor", "carrier", "merchant"})


class CorrectDialog(QDialog):
    """Asks for the reason and, where the data were wrong, for each fact as it should have been."""

    def __init__(self, context: Context, standing: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.standing = context, standing
        words = context.words
        self.names: dict[str, Any] = {}
        self.setWindowTitle(words("correction.heading", index=standing.index))
        self.resize(context.theme.px(600), context.theme.px(660))
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
        self.facts = self._fact_fields()
        self.again = label(words("correction.again"), "secondary")
        self.form.column.insertWidget(self.form.column.count() - 1, self.again)
        self.form.column.addStretch()
        column.addWidget(scrolled(self.form, name=self.windowTitle()), 1)
        self._add_foot(column)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        self._look: Any = None
        self.reason.currentIndexChanged.connect(lambda *_: self._use_reason())
        self._ask()
        self._touched()

    def record(self) -> None:
        """Sign the correction, or say beside the field why not."""
        self.form.clear_errors()
        try:
            told = self._stated()
        except EventInvalid as problem:
            self.form.show_problem(problem)
            return
        corrections = self.context.workspace.corrections
        self._pause.stop()
        self._wake = rest(self.record_button)
        self.context.workers.write(lambda: corrections.correct(**told), self._done, self._refused, self)

    def preview(self) -> None:
        """Show what the correction would bring to light; nothing is written."""
        try:
            told = self._stated()
        except EventInvalid:
            return
        corrections = self.context.workspace.corrections
        self._look = self.context.workers.read(
            lambda: corrections.findings(corrections.plan(**told)), self._show_findings, self._unfit, self
        )

    def changes(self) -> list[str]:
        """Return what will be said instead of what, one sentence each."""
        words, made = self.context.words, list[str]()
        for place, (_, (was, uom, editor)) in enumerate(self.amounts.items()):
            try:
                value = amount(editor.text(), field=f"amount{place}")
            except EventInvalid:
                continue
            if value != was:
                what = self.form.fields[f"amount{place}"].name.text()
                made.append(self._change(what, words.quantity(was, uom), words.quantity(value, uom)))
        for field in self.facts.values():
            if field.changed:
                old, new = (
                    fact_value(words, field.fact, value, self.names) if _readable(field, value) else value
                    for value in (field.fact.value, field.value)
                )
                made.append(self._change(field.name.text(), old, new))
        return made

    def _change(self, what: str, was: str, now: str) -> str:
        return self.context.words("correction.change", what=what, was=was, now=now)

    def _amount_fields(self) -> dict[str, tuple[Decimal, str | None, QLineEdit]]:
        words, made = self.context.words, dict[str, tuple[Decimal, str | None, QLineEdit]]()
        for place, (code, was, uom) in enumerate(self.context.workspace.corrections.amounts(self.standing)):
            editor = QLineEdit(f"{was.normalize():f}")
            editor.textChanged.connect(lambda *_: self._touched())
            lot = code.rsplit("/", 1)[-1]
            name = words("correction.amount", lot=lot, unit=words.code("unit", uom or "EA"))
            said = words("correction.was", value=words.quantity(was, uom))
            self.form.add(f"amount{place}", Field(name, editor)).hint.setText(said)
            editor.setAccessibleDescription(said)
            made[code] = (was, uom, editor)
        return made

    def _fact_fields(self) -> dict[str, FactField]:
        made = {}
        for fact in self.context.workspace.corrections.facts(self.standing):
            made[fact.name] = FactField(self.context.words, fact, self._touched)
            self.form.add(fact.name, made[fact.name])
        return made

    def _add_foot(self, column: QVBoxLayout) -> None:
        """Put what will change, what it brings to light, and the two buttons under the form."""
        words = self.context.words
        column.addWidget(line())
        column.addWidget(label(words("correction.changes"), "strong"))
        self.said = label("", "body")
        column.addWidget(self.said)
        self.findings = QVBoxLayout()
        self.findings.setSpacing(4)
        column.addLayout(self.findings)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.cancel"), self.reject))
        self.record_button = button(words("correction.record"), self.record, "primary")
        row.addWidget(self.record_button)
        column.addLayout(row)

    def _ask(self) -> None:
        """Ask which parties and places there are; what was said stands there already."""
        workspace, facts = self.context.workspace, [field.fact for field in self.facts.values()]
        if any(fact.kind in ("party", "place") for fact in facts):
            self.context.workers.read(
                lambda: (workspace.corrections.names(facts), workspace.parties(), workspace.places()),
                lambda told: self._offer(*told),
                owner=self,
            )

    def _offer(self, names: dict[str, Any], parties: tuple[Any, ...], places: tuple[Any, ...]) -> None:
        words = self.context.words
        mine = self.standing.party
        choices = {
            "party": [one for one in parties if one.id != mine and set(one.roles) & TRADES],
            "place": sorted(places, key=lambda place: place.party != mine),
        }
        self.names = {one.id: one for listed in choices.values() for one in listed} | names
        for field in self.facts.values():
            field.show_name(self.names)
            field.offer((words.name(one), one.id) for one in choices.get(field.fact.kind, ()))
        self._touched()

    def _stated(self) -> dict[str, Any]:
        """Return what is to be corrected; nothing changed is said at the first field."""
        reason = str(self.reason.currentData())
        told: dict[str, Any] = {"index": self.standing.index, "reason": reason}
        if reason != "incorrect_data":
            return told
        amounts = {}
        for place, (code, (was, _, editor)) in enumerate(self.amounts.items()):
            value = amount(editor.text(), field=f"amount{place}")
            if value != was:
                amounts[code] = value
        facts = {name: field.value for name, field in self.facts.items() if field.changed}
        if not amounts and not facts:
            first = next((name for name in self.form.fields if name != "reason"), "reason")
            raise EventInvalid(
                self.context.words("problem.correction-nothing"), field=first, code="correction-nothing"
            )
        return {**told, "amounts": amounts, "facts": facts}

    def _use_reason(self) -> None:
        self.form.clear_errors()
        wrong = self.reason.currentData() == "incorrect_data"
        for name, field in self.form.fields.items():
            if name != "reason":
                field.setVisible(wrong)
        self.again.setVisible(wrong)
        self._touched()

    def _touched(self) -> None:
        """Say what would change now, and soon what that brings to light."""
        words = self.context.words
        if self.reason.currentData() == "incorrect_data":
            self.said.setText("\n".join(self.changes()) or words("correction.changes.none"))
        else:
            self.said.setText(words("correction.changes.never"))
        if self._look is not None:
            self._look.cancel()
        clear(self.findings)
        self._pause.start()

    def _show_findings(self, findings: tuple[Any, ...]) -> None:
        words = self.context.words
        clear(self.findings)
        for one in findings[:SHOWN]:
            kind = SEVERITY_KINDS[one.severity]
            said = words(f"severity.{one.severity}")
            self.findings.addWidget(CheckRow(finding_text(words, one), "", said, kind))
        if len(findings) > SHOWN:
            self.findings.addWidget(label(words("correction.more", n=len(findings) - SHOWN), "secondary"))

    def _unfit(self, problem: Problem) -> None:
        """What will be refused is said at its field at once; the rest when it is signed."""
        if isinstance(problem, EventInvalid) and problem.field in self.form.fields:
            self.form.clear_errors()
            what, remedy = self.context.words.problem(problem)
            self.form.fields[problem.field].error(f"{what}\n{remedy}".strip())

    def _done(self, receipts: Any) -> None:
        words = self.context.words
        self.context.toast(words("correction.done", index=receipts[-1].index), "ok")
        self.accept()

    def _refused(self, problem: Problem) -> None:
        self._wake()
        self.form.show_problem(problem)


def _readable(field: FactField, value: str) -> bool:
    """Say whether a typed value can be shown as its kind; a reading may be no number yet."""
    if field.fact.kind != "reading":
        return True
    try:
        return Decimal(value).is_finite()
    except ArithmeticError:
        return False
