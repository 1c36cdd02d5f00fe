"""Move goods: ship, receive as the other side, transform, split, merge, sell; one form in several shapes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from gui.context import Context, Page, State
from gui.cooperative import happenings
from gui.cooperative.actors import ActorBox
from gui.cooperative.balance import balance, balance_text
from gui.cooperative.happenings import Act
from gui.cooperative.movementform import MovementForm
from gui.cooperative.recorder import Recorder
from gui.cooperative.shapes import SHAPES
from gui.drafting import Drafting
from gui.widgets import Badge, Beside, Card, Chips, FlowRow, framed, label, scrolled
from gui.widgets.text import show_if
from ledger.errors import EventInvalid, Problem
from ledger.events.supply import Quantity, SupplyEvent

HELD = 1000


class MovementPage(Page):
    """What happens is chosen on top; the form below asks only what that needs, and weighs it."""

    key = "movement"
    icon = "move"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self._wanted: State = {}
        self.actor = ActorBox(context)
        self.header.add(self.actor)
        self.kinds = Chips([(kind, words(f"movement.{kind}")) for kind in SHAPES])
        self.kinds.choose(next(iter(SHAPES)))
        self.column.addWidget(self.kinds)
        self.form = MovementForm(
            context, self._touched, lambda: self.drafting.commit(), lambda built: self._follow(built)
        )
        self.recorder = Recorder(context, self.form, self.stated, lambda: self.actor.party, self._recorded)
        self.about, self.weighed = label("", "secondary"), label("", "secondary")
        self.weight = Badge("", "neutral")
        left = Card(words("movement.form"))
        for part in (self.about, self.form, FlowRow((self.weighed, self.weight))):
            left.add(part)
        left.add(FlowRow((self.recorder.button,)))
        self.column.addWidget(Beside(((scrolled(framed(left)), 3), (self.recorder, 2))), 1)
        editors = {"kind": self.kinds, **self.form.editors()}
        self.drafting = Drafting(
            self,
            editors,
            self._said,
            lambda: self.kinds.current,
            filled=self._use_kind,
            prepare=self.form.make_room,
        )
        left.add(self.drafting.bar)
        left.body.addStretch()
        self.kinds.chosen.connect(lambda *_: self._choose_kind())
        self.actor.chosen.connect(lambda *_: self._ask())
        self._choose_kind()

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show a batch being divided by somebody who has one."""
        for party in workspace.mine():
            held = workspace.goods.in_hand(party.id, 1)
            if held and _handles(party):
                return {"kind": "split", "code": held[0].lot, "actor": party.id}
        return {"kind": "ship"}

    def enter(self, kind: str = "", code: str = "", actor: str = "", **values: Any) -> None:
        """Show the form for a movement, perhaps of a lot already chosen, perhaps signed by its holder."""
        given = {"kind": kind, "code": code, "actor": actor}
        own = self.drafting.enter({name: value for name, value in (given | values).items() if value})
        self._wanted = own
        kind, actor = own.get("kind", ""), own.get("actor", "")
        if actor:
            self.actor.choose(actor)
        if kind in SHAPES:
            self.kinds.choose(kind)
            self._choose_kind()
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
            "code": self.form.box("lot").currentData() or "",
            "quantity": self.form.edit("quantity").text(),
            "receiver": self.form.receiver.currentData() or "",
            **self.drafting.state(),
        }

    def stated(self) -> SupplyEvent:
        """Return the event that the form states; raises EventInvalid naming the field."""
        actor = self.actor.party
        if actor is None:
            raise EventInvalid(self.words("cooperative.nobody"), field="actor", code="no-identity")
        act = Act(self._moment(), actor, self.form.place.currentData() or None)
        kind, goods = self.kinds.current, self.form.inputs()
        if kind == "receive":
            return happenings.received(act, goods[0], self._coming().sender)
        if kind == "ship":
            return happenings.shipped(act, goods, self.form.receiver.currentData() or "")
        if kind == "sell":
            return happenings.sold(act, goods)
        made = self.form.outputs()
        if kind == "split":
            return happenings.split(act, goods[0], made)
        if kind == "merge":
            return happenings.merged(act, goods, made[0])
        return happenings.transformed(act, goods, made)

    def _follow(self, built: Mapping[str, QWidget]) -> None:
        # The rows of the first kind are built before there is anything to follow them.
        if hasattr(self, "drafting"):
            self.drafting.follow(built)

    def _moment(self) -> datetime:
        """Return when it happened: now, or the earlier moment that was stated, in the reader's zone."""
        now = self.context.clock().astimezone(self.words.zone)
        if not self.form.earlier.isChecked():
            return now
        stated: datetime = self.form.when.dateTime().toPython()  # type: ignore[assignment]  # as the stubs say: object
        moment = stated.replace(tzinfo=self.words.zone) if self.words.zone else stated.astimezone()
        if moment > now:
            raise EventInvalid(
                "this is still to come",
                field="when",
                code="time-ahead",
                found=moment.isoformat(timespec="minutes"),
                expected="a moment that has passed",
                remedy="record it when it has happened",
            )
        return moment

    def _coming(self) -> Any:
        return self.form.arriving[self.form.coming.currentData()]

    def _touched(self, *_: object) -> None:
        self.recorder.touched()
        self._weigh()

    def _weigh(self) -> None:
        """Say what is left, lost or too much, as soon as the amounts can be read."""
        kind = self.kinds.current
        try:
            found = balance(*self._sides(kind))
        except Problem:
            found = None
        text, state, badge = balance_text(self.words, kind, found)
        self.weighed.setText(text)
        self.weight.show_status(state, badge)
        show_if(self.weight, bool(state))

    def _sides(self, kind: str) -> tuple[tuple[Quantity, ...], tuple[Quantity, ...]]:
        goods = self.form.inputs()
        if kind == "receive":
            sent = self._coming()
            return (Quantity(sent.lot.lot, sent.quantity, sent.uom),), goods
        if kind in ("ship", "sell"):
            held = (self.form.lots[each.epc_class] for each in goods)
            return tuple(Quantity(lot.lot, lot.remaining, lot.uom) for lot in held), goods
        return goods, self.form.outputs()

    def _choose_kind(self) -> None:
        self._use_kind()
        self.form.use_amount()

    def _use_kind(self) -> None:
        kind = self.kinds.current
        self.form.clear_errors()
        self.about.setText(self.words(f"movement.{kind}.about"))
        self.form.use(kind)
        self.recorder.hint()
        self._weigh()

    def _said(self) -> tuple[str, ...]:
        form = self.form
        lot = form.arriving.get(form.coming.currentData() or "")
        receiving = lot is not None and self.kinds.current == "receive"
        moved = lot.lot if lot and receiving else form.lots.get(form.box("lot").currentData())
        number = (moved.lot_number or moved.lot) if moved else ""
        return (number, *(form.text(name) for name in ("quantity", "made_lot") if name in form.fields))

    def _ask(self) -> None:
        workspace = self.context.workspace
        wanted = self.actor.wanted

        def ask() -> tuple[Any, ...]:
            mine = workspace.mine()
            actor = wanted or next((party.id for party in mine if "cooperative" in party.roles), None)
            held = workspace.goods.in_hand(actor, HELD) if actor else ()
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
        words, form = self.words, self.form
        self.drafting.hold()
        self.actor.show_parties(mine)
        form.lots = {lot.lot: lot for lot in held}
        form.arriving = {one.lot.lot: one for one in coming}
        names = {party.id: words.name(party) for party in parties}
        form.offer(
            [(self._lot_text(lot), lot.lot) for lot in held],
            [(self._coming_text(one, names), code) for code, one in form.arriving.items()],
            sorted((names[p.id], p.id) for p in parties if p.id != self.actor.party and _handles(p)),
            [(words.name(product), product.gtin) for product in products if product.gtin],
            [(words.name(place), place.id) for place in places],
        )
        self.recorder.button.setEnabled(self.actor.party is not None)
        self._use_wanted()
        self.drafting.ready()
        self.recorder.settled()
        self._weigh()

    def _use_wanted(self) -> None:
        """Choose what the page was opened for."""
        wanted, self._wanted = self._wanted, {}
        form = self.form
        for box in (form.box("lot"), form.coming):
            if (place := box.findData(wanted.get("code") or "")) >= 0:
                box.setCurrentIndex(place)
        if (place := form.receiver.findData(wanted.get("receiver") or "")) >= 0:
            form.receiver.setCurrentIndex(place)
        form.use_amount()
        if wanted.get("quantity"):
            form.edit("quantity").setText(wanted["quantity"])

    def _lot_text(self, lot: Any) -> str:
        name = lot.product_name if self.words.chinese else lot.product_name_en or lot.product_name
        left = self.words.quantity(lot.remaining, lot.uom)
        return f"{name or self.words('batches.unnamed')}  {lot.lot_number or lot.lot}  {left}"

    def _coming_text(self, one: Any, names: dict[str, str]) -> str:
        sender = names.get(one.sender, one.sender)
        return self.words("movement.coming_from", lot=self._lot_text(one.lot), name=sender)

    def _recorded(self, receipt: Any, event: SupplyEvent) -> None:  # noqa: ARG002
        made = getattr(event, "output_quantity_list", ())
        if made:
            code = made[0].epc_class
            self.recorder.offer(
                self.words("register.print"), lambda: self.context.go("labels", {"code": code})
            )
        self.form.clear_made()
        self.form.earlier.setChecked(False)
        self.drafting.done()


def _handles(party: Any) -> bool:
    return bool(set(party.roles) & {"cooperative", "processor", "carrier", "merchant"})
