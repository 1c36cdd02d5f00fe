"""Gates: what is held at which step until which check passes, who releases it; set one, or lift it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox, QVBoxLayout, QWidget

from gui.context import Page
from gui.drafting import Drafting
from gui.entry import open_entry
from gui.widgets import Beside, Card, EmptyState, Field, FlowRow, Form, button, clear, framed, label, scrolled
from ledger.errors import EventInvalid, Problem

STEPS = ("labelling", "packing", "shipping", "retail_selling")
USUAL = ("labelling", "shipping")
CHECKS = ("lab-report", "conformity")
LONGEST = 3650


class GatesSide(QWidget):
    """The gates in force on the left, each with a way to lift it; the form of another on the right.

    Args:
        page: the page it stands on; its drafts are the page's.
        actor: whose key signs.
        said: called with what was done, for the page to say.
    """

    def __init__(self, page: Page, actor: Callable[[], str | None], said: Callable[[str], object]) -> None:
        super().__init__()
        self._context, self._actor, self._said = page.context, actor, said
        self.words = words = page.words
        self.list = Card(words("gates.set"), words("gates.set.about"))
        self.form = self._make_form()
        self.set_button = button(words("gates.add"), self.set, "primary")
        form = Card(words("gates.new"), words("gates.new.about"))
        form.add(self.form)
        form.add(FlowRow((self.set_button,)))
        steps = {f"step.{step}": box for step, box in self.steps.items()}
        self.drafting = Drafting(
            page,
            {"product": self.product, "check": self.check, "valid_days": self.days, **steps},
            lambda: (self.product.currentText(), self.check.currentText()),
            lambda: "gate",
            self.form.clear_errors,
        )
        form.add(self.drafting.bar)
        form.body.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(Beside(((scrolled(framed(self.list)), 3), (scrolled(framed(form)), 2))))

    def show_gates(self, gates: tuple[Any, ...], products: tuple[Any, ...]) -> None:
        """List the gates in force and offer the products one can be set for."""
        words = self.words
        self.drafting.hold()
        names = {product.id: words.name(product) for product in products}
        clear(self.list.body)
        for gate in gates:
            self.list.add(self._row(gate, names))
        if not gates:
            self.list.add(
                EmptyState(self._context.theme, "ok", words("gates.none"), words("gates.none.text"))
            )
        self.list.body.addStretch()
        kept = self.product.currentData()
        self.product.clear()
        for product in products:
            self.product.addItem(words.name(product), product.id)
        for category in sorted({product.category for product in products if product.category}):
            name = words.code("category", category)
            self.product.addItem(words("gates.category", name=name), category)
        self.product.setCurrentIndex(max(self.product.findData(kept), 0) if self.product.count() else -1)
        self.drafting.ready()

    def set(self) -> None:
        """Set the gate that the form states, or say beside the field what is missing."""
        self.form.clear_errors()
        steps = tuple(step for step, box in self.steps.items() if box.isChecked())
        if not steps:
            text = self.words("problem.gate-steps")
            self.form.show_problem(EventInvalid(text, field="steps", code="gate-steps"))
            return
        if self.product.currentData() is None:
            text = self.words("problem.gate-product")
            self.form.show_problem(EventInvalid(text, field="product", code="gate-product"))
            return
        product, check = str(self.product.currentData()), str(self.check.currentData())
        self._write(product, steps, check, self.days.value() or None, lift=False)

    def lift(self, gate: Any) -> None:
        """Let the batches of a product pass again."""
        self._write(gate.product, gate.steps, gate.check, gate.valid_days, lift=True)

    def _write(
        self, product: str, steps: tuple[str, ...], check: str, days: int | None, *, lift: bool
    ) -> None:
        batches, actor = self._context.workspace.batches, self._actor()
        done = self.words("gates.lifted" if lift else "gates.done")
        self._context.workers.write(
            lambda: batches.set_gate(product, steps, check, days, lift=lift, as_party=actor),
            lambda _: self._written(done, lift),
            self._refused,
            self,
        )

    def _written(self, done: str, lift: bool) -> None:
        if not lift:
            self.drafting.done()
        self._said(done)

    def _refused(self, problem: Problem) -> None:
        self.form.show_problem(problem)

    def _make_form(self) -> Form:
        words, form = self.words, Form(self.words)
        self.product, self.check, self.days = QComboBox(), QComboBox(), QSpinBox()
        for check in CHECKS:
            self.check.addItem(words(f"check.{check}"), check)
        self.days.setRange(0, LONGEST)
        self.days.setSpecialValueText(words("gates.days.any"))
        self.steps = {step: QCheckBox(words.code("step", step)) for step in STEPS}
        for step, box in self.steps.items():
            box.setChecked(step in USUAL)
            box.clicked.connect(lambda *_: form.fields["steps"].error(""))
        form.add("product", Field(words("gates.product"), self.product))
        form.add(
            "steps", Field(words("gates.steps"), FlowRow(self.steps.values()), words("gates.steps.about"))
        )
        form.add("check", Field(words("gates.check"), self.check))
        form.add("valid_days", Field(words("gates.days"), self.days, words("gates.days.about")))
        return form

    def _row(self, gate: Any, names: dict[str, str]) -> QWidget:
        words = self.words
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(2)
        name = names.get(gate.product) or words.code("category", gate.product)
        steps = words.listing(words.code("step", step) for step in gate.steps)
        check = words(f"check.{gate.check}")
        age = words("gates.row.days", n=gate.valid_days) if gate.valid_days else ""
        column.addWidget(label(name, "strong"))
        column.addWidget(label(words("gates.row", steps=steps, check=check) + age))
        column.addWidget(label(words(f"gates.release.{gate.check}"), "secondary"))
        column.addWidget(
            FlowRow(
                (
                    button(
                        words("common.details"),
                        partial(open_entry, self._context, gate.index, self),
                        "quiet",
                        tip=name,
                    ),
                    button(words("gates.lift"), partial(self.lift, gate), "quiet", tip=name),
                )
            )
        )
        return made
