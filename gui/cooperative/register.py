"""Register a batch: product, number, amount, days; refused beside the field, previewed, signed, labelled."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QGridLayout,
    QLineEdit,
    QWidget,
)

from gui.context import Context, Page, State
from gui.cooperative import happenings
from gui.cooperative.actors import ActorBox
from gui.cooperative.happenings import UNITS, Act
from gui.cooperative.recorder import Recorder
from gui.cooperative.templatebar import TemplateBar
from gui.cooperative.templates import Template, lot_of, next_lot, pattern_of
from gui.drafting import Drafting
from gui.widgets import Card, Field, FlowRow, Form, framed, label, scrolled
from gui.widgets.beside import Beside
from gui.widgets.values import put_value
from ledger.errors import EventInvalid
from ledger.events.supply import ObjectEvent, Quantity

SHELF_DAYS = 180


class RegisterPage(Page):
    """The form on the left; findings, then the receipt, on the right."""

    key = "register"
    icon = "plus"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._wanted: State = {}
        self.actor = ActorBox(context)
        self.header.add(self.actor)
        self._make_editors()
        self.form = self._make_form()
        self.form.fold(self.folded, {"has_best_before": self.has_best_before})
        self.recorder = Recorder(context, self.form, self.stated, lambda: self.actor.party, self._recorded)
        left = Card(self.words("register.form"))
        self.templates = TemplateBar(context, self.use_template, self.template)
        left.add(self.templates)
        left.add(self.form)
        self.signer = label("", "secondary")
        left.add(self.signer)
        left.add(FlowRow((self.recorder.button,)))
        self.drafting = Drafting(self, self._fields(), self._said)
        left.add(self.drafting.bar)
        left.body.addStretch()
        self.column.addWidget(Beside(((scrolled(framed(left)), 3), (self.recorder, 2))), 1)
        self._watch()
        self.actor.chosen.connect(lambda *_: self._ask())

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the form half filled."""
        product = workspace.products()[0]
        return {"gtin": product.gtin or "", "lot": "QL-261122", "quantity": "412"}

    def enter(self, **values: Any) -> None:
        """Show the form, perhaps as it was left."""
        self._wanted = self.drafting.enter(values)
        if signer := self._wanted.get("actor"):
            self.actor.choose(signer)
        self._ask()

    def leave(self) -> None:
        """Keep what is typed."""
        self.drafting.leave()

    def state(self) -> State:
        """Keep everything that is typed."""
        return {
            "gtin": self._gtin(),
            "lot": self.lot.text(),
            "quantity": self.quantity.text(),
            "uom": self.uom.currentData(),
            **self.drafting.state(),
        }

    def stated(self) -> ObjectEvent:
        """Return the event that the form states; raises EventInvalid naming the field."""
        actor = self.actor.party
        if actor is None:
            raise EventInvalid(self.words("cooperative.nobody"), field="actor", code="no-identity")
        code = happenings.lot_code(self._gtin(), self.lot.text().strip())
        goods = Quantity(code, happenings.amount(self.quantity.text()), self.uom.currentData())
        act = Act(self.context.clock().astimezone(self.words.zone), actor, self.place.currentData() or None)
        best = _day(self.best_before.date()) if self.has_best_before.isChecked() else None
        return happenings.registered(act, goods, _day(self.made.date()), best)

    def clear(self) -> None:
        """Begin anew; what was typed can be brought back."""
        self.form.clear_errors()
        self.drafting.discard()
        self.recorder.hint()
        self.lot.setFocus()

    def template(self, name: str) -> Template:
        """Return what the form holds, to be used again under a name."""
        made = _day(self.made.date())
        days = self.made.date().daysTo(self.best_before.date()) if self.has_best_before.isChecked() else None
        return Template(
            name=name,
            gtin=self._gtin(),
            lot=pattern_of(self.lot.text().strip(), made),
            quantity=self.quantity.text(),
            uom=str(self.uom.currentData()),
            shelf_days=days,
            place=str(self.place.currentData() or ""),
        )

    def use_template(self, template: Template) -> None:
        """Fill the form for today's batch; the number is the first that is free."""
        today = _day(self._today())
        plain = lot_of(template.lot, today)
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: {lot.lot_number or "" for lot in workspace.lots(plain) if lot.gtin == template.gtin},
            lambda taken: self._fill(template, next_lot(template.lot, today, taken)),
            owner=self,
        )

    def _fill(self, template: Template, lot: str) -> None:
        today = self._today()
        put_value(self.product, _choice(self.product, template.gtin))
        put_value(self.uom, {"data": template.uom})
        put_value(self.place, {"data": template.place})
        self.lot.setText(lot)
        self.quantity.setText(template.quantity)
        self.made.setDate(today)
        self.has_best_before.setChecked(template.shelf_days is not None)
        self.best_before.setDate(today.addDays(template.shelf_days or SHELF_DAYS))
        self.drafting.commit()

    def _make_editors(self) -> None:
        words = self.words
        self.product = QComboBox()
        self.product.setEditable(True)
        self.product.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        if (line := self.product.lineEdit()) is not None:
            line.setPlaceholderText(words("register.gtin.hint"))
        self.lot, self.quantity = QLineEdit(), QLineEdit()
        self.lot.setPlaceholderText(words("register.lot.hint"))
        self.lot.setMaxLength(20)
        self.quantity.setPlaceholderText(words("register.quantity.hint"))
        self.uom = QComboBox()
        for unit in UNITS:
            self.uom.addItem(words.code("unit", unit), unit)
        self.place = QComboBox()
        today = self._today()
        self.made, self.best_before = QDateEdit(today), QDateEdit(today.addDays(SHELF_DAYS))
        for editor in (self.made, self.best_before):
            editor.setCalendarPopup(True)
            editor.setDisplayFormat("yyyy-MM-dd")
        self.made.setMaximumDate(today)
        self.has_best_before = QCheckBox(words("register.has_best_before"))
        self.has_best_before.setChecked(True)
        self.has_best_before.toggled.connect(self.best_before.setEnabled)

    def _make_form(self) -> Form:
        words, form = self.words, Form(self.words)
        form.add("gtin", Field(words("register.gtin"), self.product, words("register.gtin.about")))
        form.add("lot", Field(words("register.lot"), self.lot, words("register.lot.about")))
        grid = QGridLayout()
        grid.setSpacing(12)
        grid.addWidget(form.register("quantity", Field(words("register.quantity"), self.quantity)), 0, 0)
        grid.addWidget(form.register("uom", Field(words("register.uom"), self.uom)), 0, 1)
        grid.addWidget(form.register("made", Field(words("register.made"), self.made)), 1, 0)
        grid.addWidget(
            form.register("best_before", Field(words("register.best_before"), self.best_before)), 1, 1
        )
        for place in range(2):
            grid.setColumnStretch(place, 1)
        form.column.insertLayout(form.column.count() - 1, grid)
        form.column.insertWidget(form.column.count() - 1, self.has_best_before)
        form.add("place", Field(words("register.place"), self.place, words("register.place.about")))
        return form

    def _fields(self) -> dict[str, QWidget]:
        return {
            "gtin": self.product,
            "lot": self.lot,
            "quantity": self.quantity,
            "uom": self.uom,
            "made": self.made,
            "has_best_before": self.has_best_before,
            "best_before": self.best_before,
            "place": self.place,
        }

    def _said(self) -> tuple[str, ...]:
        return (self.product.currentText(), self.lot.text(), self.quantity.text())

    def _watch(self) -> None:
        for line in (self.lot, self.quantity):
            line.textChanged.connect(self.recorder.touched)
        for box in (self.product, self.uom, self.place):
            box.currentTextChanged.connect(self.recorder.touched)
        for day in (self.made, self.best_before):
            day.dateChanged.connect(self.recorder.touched)

    def _ask(self) -> None:
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: (workspace.mine(), workspace.products(), workspace.places()),
            lambda found: self._take(*found),
            owner=self,
        )

    def _take(self, parties: tuple[Any, ...], products: tuple[Any, ...], places: tuple[Any, ...]) -> None:
        words = self.words
        self.drafting.hold()
        self.actor.show_parties(parties)
        chosen = self._wanted.get("gtin") or self._gtin()
        self.product.clear()
        for product in products:
            if product.gtin:
                self.product.addItem(f"{words.name(product)}  {product.gtin}", product.gtin)
        place = self.product.findData(chosen)
        self.product.setCurrentIndex(place)
        if place < 0 and chosen:
            self.product.setEditText(chosen)
        kept = self.place.currentData()
        self.place.clear()
        self.place.addItem(words("register.no_place"), "")
        for one in places:
            if one.party == self.actor.party:
                self.place.addItem(words.name(one), one.id)
        self.place.setCurrentIndex(max(self.place.findData(kept), 1 if self.place.count() > 1 else 0))
        name = self.actor.currentText()
        self.signer.setText(
            words("cooperative.signed_by", name=name) if name else words("cooperative.nobody")
        )
        self.recorder.button.setEnabled(bool(name))
        wanted, self._wanted = self._wanted, {}
        if "lot" in wanted:
            self.lot.setText(wanted["lot"])
            self.quantity.setText(wanted["quantity"])
        if wanted.get("uom"):
            self.uom.setCurrentIndex(self.uom.findData(wanted["uom"]))
        self.drafting.ready()
        self.recorder.settled()

    def _recorded(self, receipt: Any, event: ObjectEvent) -> None:  # noqa: ARG002
        code = event.quantity_list[0].epc_class
        self.recorder.offer(self.words("register.print"), lambda: self.context.go("labels", {"code": code}))
        self.lot.clear()
        self.quantity.clear()
        self.drafting.done()

    def _gtin(self) -> str:
        """Return what was chosen, or what was typed instead."""
        index = self.product.currentIndex()
        if index >= 0 and self.product.currentText() == self.product.itemText(index):
            return str(self.product.itemData(index))
        return self.product.currentText().strip()

    def _today(self) -> QDate:
        local = self.context.clock().astimezone(self.words.zone)
        return QDate(local.year, local.month, local.day)


def _choice(box: QComboBox, gtin: str) -> dict[str, str]:
    """Return a product as one chooses it, or as one types what is not described here."""
    return {"data": gtin} if box.findData(gtin) >= 0 else {"text": gtin}


def _day(value: QDate) -> date:
    return date(value.year(), value.month(), value.day())
