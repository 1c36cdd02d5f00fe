"""Move goods: ship, receive as the other side, transform, sell; one form that changes its parts."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from gui.context import Context, Page, State
from gui.cooperative import happenings
from gui.cooperative.actors import ActorBox
from gui.cooperative.happenings import Act
from gui.cooperative.recorder import Recorder
from gui.drafting import Drafting
from gui.widgets import Card, Chips, Field, FlowRow, Form, framed, label, scrolled
from ledger.errors import EventInvalid
from ledger.events.supply import Quantity, SupplyEvent

KINDS = ("ship", "receive", "transform", "sell")
INPUTS = 3
HELD = 1000


class MovementPage(Page):
    """What happens is chosen on top; the form below asks only what that needs."""

    key = "movement"
    icon = "move"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self._wanted: State = {}
        self._lots: dict[str, Any] = {}
        self._arriving: dict[str, Any] = {}
        self.actor = ActorBox(context)
        self.header.add(self.actor)
        self.kinds = Chips([(kind, words(f"movement.{kind}")) for kind in KINDS])
        self.kinds.choose(KINDS[0])
        self.column.addWidget(self.kinds)
        self._make_editors()
        self.form = self._make_form()
        self.recorder = Recorder(context, self.form, self.stated, lambda: self.actor.party, self._recorded)
        self.about = label("", "secondary")
        left = Card(words("movement.form"))
        left.add(self.about)
        left.add(self.form)
        left.add(FlowRow((self.recorder.button,)))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(scrolled(framed(left)), 3)
        row.addWidget(self.recorder, 2)
        self.column.addLayout(row, 1)
        self.kinds.chosen.connect(lambda *_: self._use_kind())
        self.actor.chosen.connect(lambda *_: self._ask())
        self._watch()
        self.drafting = Drafting(self, self._fields(), self._said, lambda: self.kinds.current, self._use_kind)
        left.add(self.drafting.bar)
        left.body.addStretch()
        self._use_kind()

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show goods being shipped by somebody who has some."""
        for party in workspace.mine():
            held = workspace.lots("", party.id, "active", 1)
            if held and _handles(party):
                return {"kind": "ship", "code": held[0].lot, "actor": party.id}
        return {"kind": "ship"}

    def enter(self, kind: str = "", code: str = "", actor: str = "", **values: Any) -> None:
        """Show the form for a movement, perhaps of a lot already chosen, perhaps signed by its holder."""
        given = {"kind": kind, "code": code, "actor": actor}
        own = self.drafting.enter({name: value for name, value in (given | values).items() if value})
        self._wanted = own
        kind, actor = own.get("kind", ""), own.get("actor", "")
        if actor:
            self.actor.choose(actor)
        if kind in KINDS:
            self.kinds.choose(kind)
            self._use_kind()
        self._ask()

    def leave(self) -> None:
        """Keep what is typed."""
        self.drafting.leave()

    def refresh(self) -> None:
        """Ask again what is held and what is on its way."""
        self._ask()

    def state(self) -> State:
        """Keep what is chosen and typed."""
        return {
            "kind": self.kinds.current,
            "code": self.lot.currentData() or "",
            "quantity": self.quantity.text(),
            "receiver": self.receiver.currentData() or "",
            **self.drafting.state(),
        }

    def stated(self) -> SupplyEvent:
        """Return the event that the form states; raises EventInvalid naming the field."""
        actor = self.actor.party
        if actor is None:
            raise EventInvalid(self.words("cooperative.nobody"), field="actor", code="no-identity")
        act = Act(self.context.clock().astimezone(self.words.zone), actor, self._place)
        kind = self.kinds.current
        if kind == "receive":
            coming = self._arriving.get(self.coming.currentData() or "")
            if coming is None:
                raise EventInvalid(self.words("movement.nothing_chosen"), field="coming", code="not-chosen")
            goods = Quantity(coming.lot.lot, happenings.amount(self.quantity.text()), coming.uom)
            return happenings.received(act, goods, coming.sender)
        if kind == "transform":
            return happenings.transformed(act, self._inputs(), (self._output(),))
        goods = self._goods(self.lot, self.quantity, "lot", "quantity")
        if kind == "ship":
            return happenings.shipped(act, goods, self.receiver.currentData() or "")
        return happenings.sold(act, goods)

    def _make_editors(self) -> None:
        words = self.words
        self.lot, self.coming, self.receiver, self.product = (QComboBox() for _ in range(4))
        self.quantity, self.made_lot, self.made_quantity = (QLineEdit() for _ in range(3))
        self.quantity.setPlaceholderText(words("register.quantity.hint"))
        self.made_quantity.setPlaceholderText(words("register.quantity.hint"))
        self.made_lot.setPlaceholderText(words("register.lot.hint"))
        self.more = [(QComboBox(), QLineEdit()) for _ in range(INPUTS - 1)]

    def _make_form(self) -> Form:
        words, form = self.words, Form(self.words)
        form.add("coming", Field(words("movement.coming"), self.coming))
        form.add("lot", Field(words("movement.lot"), self.lot))
        form.add("quantity", Field(words("register.quantity"), self.quantity))
        for number, (box, line) in enumerate(self.more, 2):
            form.add(f"lot{number}", Field(words("movement.lot_more", n=number), box))
            form.add(f"quantity{number}", Field(words("register.quantity"), line))
        form.add("receiver", Field(words("movement.receiver"), self.receiver))
        form.add("gtin", Field(words("movement.made_product"), self.product))
        form.add("made_lot", Field(words("movement.made_lot"), self.made_lot))
        form.add("made_quantity", Field(words("movement.made_quantity"), self.made_quantity))
        return form

    def _use_kind(self) -> None:
        kind = self.kinds.current
        self.form.clear_errors()
        self.about.setText(self.words(f"movement.{kind}.about"))
        shown = {
            "ship": ("lot", "quantity", "receiver"),
            "receive": ("coming", "quantity"),
            "transform": ("lot", "quantity", *self._more_fields(), "gtin", "made_lot", "made_quantity"),
            "sell": ("lot", "quantity"),
        }[kind]
        for name, field in self.form.fields.items():
            field.setVisible(name in shown)
        self.recorder.hint()
        self._use_amount()

    def _more_fields(self) -> tuple[str, ...]:
        return tuple(f"{name}{number}" for number in range(2, INPUTS + 1) for name in ("lot", "quantity"))

    def _fields(self) -> dict[str, QWidget]:
        named: dict[str, QWidget] = {"kind": self.kinds, "coming": self.coming, "lot": self.lot}
        for number, (box, line) in enumerate(self.more, 2):
            named |= {f"lot{number}": box, f"quantity{number}": line}
        named |= {"receiver": self.receiver, "gtin": self.product, "quantity": self.quantity}
        return named | {"made_lot": self.made_lot, "made_quantity": self.made_quantity}

    def _said(self) -> tuple[str, ...]:
        lot = self._arriving.get(self.coming.currentData() or "")
        moved = lot.lot if lot and self.kinds.current == "receive" else self._lots.get(self.lot.currentData())
        number = (moved.lot_number or moved.lot) if moved else ""
        return (number, self.quantity.text(), self.made_lot.text())

    def _watch(self) -> None:
        boxes = (self.lot, self.coming, self.receiver, self.product, *(box for box, _ in self.more))
        for box in boxes:
            box.currentIndexChanged.connect(self.recorder.touched)
        for line in (self.quantity, self.made_lot, self.made_quantity, *(line for _, line in self.more)):
            line.textChanged.connect(self.recorder.touched)
        self.lot.currentIndexChanged.connect(lambda *_: self._use_amount())
        self.coming.currentIndexChanged.connect(lambda *_: self._use_amount())

    def _ask(self) -> None:
        workspace = self.context.workspace
        wanted = self.actor.wanted

        def ask() -> tuple[Any, ...]:
            mine = workspace.mine()
            actor = wanted or next((party.id for party in mine if "cooperative" in party.roles), None)
            held = workspace.lots("", actor, "active", HELD) if actor else ()
            coming = workspace.arriving(actor) if actor else ()
            places = workspace.places(actor) if actor else ()
            return mine, held, coming, workspace.parties(), workspace.products(), places

        self.context.workers.read(ask, lambda found: self._take(*found), owner=self)

    def _take(
        self,
        mine: tuple[Any, ...],
        held: tuple[Any, ...],
        coming: tuple[Any, ...],
        parties: tuple[Any, ...],
        products: tuple[Any, ...],
        places: tuple[Any, ...],
    ) -> None:
        words = self.words
        self.drafting.hold()
        self.actor.show_parties(mine)
        self._place = places[0].id if places else None
        self._lots = {lot.lot: lot for lot in held}
        self._arriving = {one.lot.lot: one for one in coming}
        names = {party.id: words.name(party) for party in parties}
        lots = [(self._lot_text(lot), lot.lot) for lot in held]
        wanted, self._wanted = self._wanted, {}
        _fill(self.lot, lots, wanted.get("code") or self.lot.currentData())
        for box, _ in self.more:
            _fill(box, [(words("common.none"), ""), *lots], box.currentData())
        arriving = [
            (
                words(
                    "movement.coming_from",
                    lot=self._lot_text(one.lot),
                    name=names.get(one.sender, one.sender),
                ),
                code,
            )
            for code, one in self._arriving.items()
        ]
        _fill(self.coming, arriving, wanted.get("code") or self.coming.currentData())
        others = [
            (names[party.id], party.id)
            for party in parties
            if party.id != self.actor.party and _handles(party)
        ]
        _fill(self.receiver, sorted(others), wanted.get("receiver") or self.receiver.currentData())
        _fill(
            self.product,
            [(words.name(product), product.gtin) for product in products if product.gtin],
            self.product.currentData(),
        )
        self.recorder.button.setEnabled(self.actor.party is not None)
        self._use_amount()
        if wanted.get("quantity"):
            self.quantity.setText(wanted["quantity"])
        self.drafting.ready()

    _place: str | None = None

    def _use_amount(self) -> None:
        """What is left, or what was sent, is nearly always the amount meant."""
        if self.kinds.current == "receive":
            coming = self._arriving.get(self.coming.currentData() or "")
            value = coming.quantity if coming else None
        else:
            lot = self._lots.get(self.lot.currentData() or "")
            value = lot.remaining if lot else None
        self.quantity.setText("" if value is None else f"{value.normalize():f}")

    def _lot_text(self, lot: Any) -> str:
        name = lot.product_name if self.words.chinese else lot.product_name_en or lot.product_name
        left = self.words.quantity(lot.remaining, lot.uom)
        return f"{name or self.words('batches.unnamed')}  {lot.lot_number or lot.lot}  {left}"

    def _goods(self, box: QComboBox, line: QLineEdit, lot_field: str, amount_field: str) -> Quantity:
        lot = self._lots.get(box.currentData() or "")
        if lot is None:
            raise EventInvalid(self.words("movement.nothing_chosen"), field=lot_field, code="not-chosen")
        return Quantity(lot.lot, happenings.amount(line.text(), field=amount_field), lot.uom)

    def _inputs(self) -> tuple[Quantity, ...]:
        goods = [self._goods(self.lot, self.quantity, "lot", "quantity")]
        for number, (box, line) in enumerate(self.more, 2):
            if box.currentData():
                goods.append(self._goods(box, line, f"lot{number}", f"quantity{number}"))
        return tuple(goods)

    def _output(self) -> Quantity:
        code = happenings.lot_code(self.product.currentData() or "", self.made_lot.text().strip())
        value = happenings.amount(self.made_quantity.text(), field="made_quantity")
        return Quantity(code, value, self._lots[self.lot.currentData()].uom)

    def _recorded(self, receipt: Any, event: SupplyEvent) -> None:  # noqa: ARG002
        if self.kinds.current == "transform":
            code = happenings.lot_code(self.product.currentData() or "", self.made_lot.text().strip())
            self.recorder.offer(
                self.words("register.print"), lambda: self.context.go("labels", {"code": code})
            )
        self.made_lot.clear()
        self.made_quantity.clear()
        self.drafting.done()


def _fill(box: QComboBox, rows: list[tuple[str, str]], chosen: Any) -> None:
    """Offer these rows and keep the choice where it is still there."""
    box.blockSignals(True)
    box.clear()
    for text, data in rows:
        box.addItem(text, data)
    place = box.findData(chosen) if chosen else -1
    box.setCurrentIndex(place if place >= 0 else 0 if rows else -1)
    box.blockSignals(False)


def _handles(party: Any) -> bool:
    return bool(set(party.roles) & {"cooperative", "processor", "carrier", "merchant"})
