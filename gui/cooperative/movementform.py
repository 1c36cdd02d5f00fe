"""The form of a movement: the goods that go in and come out, and who, where, when.

Rule: every kind of movement is the same form with other parts in sight; what a person typed in a row that is
out of sight is never recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QLineEdit, QWidget

from gui.context import Context
from gui.cooperative import happenings
from gui.cooperative.goodsrows import Parts, fill, input_row, local_now, output_row
from gui.cooperative.goodsside import GoodsSide
from gui.cooperative.shapes import INPUT, MOST, OUTPUT, SHAPES, Shape, numbered
from gui.widgets import Field, Form
from gui.widgets.text import show_if
from ledger.errors import EventInvalid
from ledger.events.supply import Quantity


class MovementForm(Form):
    """The fields of every kind of movement; `use` shows those of one.

    Args:
        touched: called whenever something is typed or chosen, by a hand or not.
        resized: called when a row was added or taken away by a hand.
        grown: called with the editors of a row that was built: rows are built when they are first needed.
    """

    def __init__(
        self,
        context: Context,
        touched: Callable[[], object],
        resized: Callable[[], object],
        grown: Callable[[Mapping[str, QWidget]], object],
    ) -> None:
        super().__init__(context.words)
        self._touched, self._resized, self._grown = touched, resized, grown
        self.kind = "ship"
        self.lots: Mapping[str, Any] = {}
        self.arriving: Mapping[str, Any] = {}
        self.going = self._side("in", INPUT, INPUT[:1], partial(input_row, self.words))
        self.made = self._side("out", OUTPUT, OUTPUT[1:3], lambda _: output_row(self.words))
        self._held: list[tuple[str, str]] = []
        self._products: list[tuple[str, str]] = []
        self.coming, self.receiver, self.place = QComboBox(), QComboBox(), QComboBox()
        self.earlier, self.when = QCheckBox(self.words("movement.earlier")), QDateTimeEdit()
        self.when.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.when.setCalendarPopup(True)
        self.add("coming", Field(self.words("movement.coming"), self.coming))
        for side in (self.going, self.made):
            self.column.insertLayout(self.column.count() - 1, side.column)
            self.column.insertWidget(self.column.count() - 1, side.adder)
        self.add("receiver", Field(self.words("movement.receiver"), self.receiver))
        self.add("place", Field(self.words("movement.place"), self.place))
        self.column.insertWidget(self.column.count() - 1, self.earlier)
        self.add("when", Field(self.words("movement.when"), self.when))
        self.earlier.toggled.connect(lambda *_: self._begin_at(local_now(context)))
        for box in (self.coming, self.receiver, self.place):
            box.currentIndexChanged.connect(self._touched)
        self.coming.currentIndexChanged.connect(lambda *_: self.use_amount())
        self.when.dateTimeChanged.connect(self._touched)
        self.going.need(1)

    @property
    def shape(self) -> Shape:
        """Return what the kind in sight asks for."""
        return SHAPES[self.kind]

    def editors(self) -> dict[str, QWidget]:
        """Return every editor there is by its field's name, amounts after what fills them in."""
        late = [name for name in self.fields if "quantity" in name]
        names = [name for name in self.fields if name not in late] + late
        return {name: self.fields[name].editor for name in names} | {"earlier": self.earlier}

    def use(self, kind: str) -> None:
        """Show what this kind of movement asks for; a row that holds something is in sight."""
        self.kind = kind
        shape = self.shape
        self.going.fit(shape.inputs)
        self.made.fit(shape.outputs)
        for name, wanted in (("coming", shape.coming), ("receiver", shape.receiver)):
            show_if(self.fields[name], wanted)
        if shape.coming:
            show_if(self.going.rows[0], True)
        show_if(self.fields["lot"], not shape.coming)
        show_if(self.fields["when"], self.earlier.isChecked())
        for name in ("gtin", "made_uom"):
            for field in self.made.fields(name):
                show_if(field, shape.product)

    def make_room(self, names: Iterable[str]) -> None:
        """Build the rows that fields of these names stand in, for values that are put back."""
        for name in names:
            stem = name.rstrip("0123456789")
            if stem in (*INPUT, *OUTPUT):
                side = self.going if stem in INPUT else self.made
                side.need(int(name[len(stem) :] or 1))

    def inputs(self) -> tuple[Quantity, ...]:
        """Return what goes in; raises EventInvalid naming the field."""
        if self.shape.coming:
            coming = self.arriving.get(self.coming.currentData() or "")
            if coming is None:
                raise self._not_chosen("coming")
            return (Quantity(coming.lot.lot, self._amount("quantity"), coming.uom),)
        return tuple(self._goods(number) for number in self.going.filled(self.shape.inputs[0]))

    def outputs(self) -> tuple[Quantity, ...]:
        """Return what comes out; raises EventInvalid naming the field."""
        return tuple(self._made(number) for number in self.made.filled(self.shape.outputs[0]))

    def offer(
        self,
        lots: Iterable[tuple[str, str]],
        arriving: Iterable[tuple[str, str]],
        receivers: Iterable[tuple[str, str]],
        products: Iterable[tuple[str, str]],
        places: Iterable[tuple[str, str]],
    ) -> None:
        """Fill the choices (text, data) and keep what was chosen where it is still there."""
        self._held, self._products = list(lots), list(products)
        for number in range(1, MOST + 1):
            self._offer_row(number)
        self.coming.setPlaceholderText(self.words("movement.no_coming"))
        fill(self.coming, list(arriving))
        fill(self.receiver, list(receivers))
        known = list(places)
        # The first place of one's own is nearly always the one meant.
        fill(self.place, [(self.words("register.no_place"), ""), *known], known[0][1] if known else "")

    def _offer_row(self, number: int) -> None:
        if (name := numbered("lot", number)) in self.fields:
            none = [] if number == 1 else [(self.words("common.none"), "")]
            self.box(name).setPlaceholderText(self.words("movement.no_lots"))
            fill(self.box(name), [*none, *self._held])
        if (name := numbered("gtin", number)) in self.fields:
            fill(self.box(name), self._products)

    def clear_made(self) -> None:
        """Empty the rows of what was made: the next batch has numbers of its own."""
        for number in range(1, len(self.made.rows) + 1):
            for name in OUTPUT[1:3]:
                self.edit(numbered(name, number)).clear()

    def _begin_at(self, now: QDateTime) -> None:
        """An earlier moment is stated from now backwards."""
        self.when.setMaximumDateTime(now)
        if self.earlier.isChecked():
            self.when.setDateTime(now)
        self.use(self.kind)

    def _side(
        self, name: str, names: tuple[str, ...], telling: tuple[str, ...], parts: Callable[[int], Parts]
    ) -> GoodsSide:
        more = self.words(f"movement.more.{name}")
        return GoodsSide(self, names, telling, parts, more, self._row_built, self._row_count_changed)

    def _row_built(self, number: int, parts: Parts) -> None:
        built = {numbered(name, number): field.editor for name, field, _ in parts}
        for name, editor in built.items():
            self._watch(name, editor)
        self._offer_row(number)
        self._order()
        self._grown(built)

    def _row_count_changed(self) -> None:
        self.use(self.kind)
        self._resized()

    def _order(self) -> None:
        """Let Tab go down the form as the eye does; rows are built later than what stands below them."""
        ends = (self.receiver, self.place, self.earlier, self.when)
        down = (
            self.coming,
            *self.going.keyed,
            self.going.more,
            *self.made.keyed,
            self.made.more,
            *ends,
        )
        for one, after in pairwise(down):
            QWidget.setTabOrder(one, after)

    def _watch(self, name: str, editor: QWidget) -> None:
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(self._touched)
        elif isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(self._touched)
            if name.startswith("lot"):
                editor.currentIndexChanged.connect(lambda *_: self.use_amount(name))

    def use_amount(self, name: str = "lot") -> None:
        """What is left of a batch, or what was sent, is nearly always the amount meant."""
        if self.shape.coming:
            coming = self.arriving.get(self.coming.currentData() or "")
            value = coming.quantity if coming else None
        else:
            lot = self.lots.get(self.box(name).currentData() or "")
            value = lot.remaining if lot else None
            if lot and name == "lot":
                unit = lot.uom or "EA"
                for number in range(1, len(self.made.rows) + 1):
                    box = self.box(numbered("made_uom", number))
                    box.setCurrentIndex(max(box.findData(unit), 0))
        text = "" if value is None else f"{value.normalize():f}"
        self.edit(name.replace("lot", "quantity")).setText(text)

    def _goods(self, number: int) -> Quantity:
        name = numbered("lot", number)
        lot = self.lots.get(self.box(name).currentData() or "")
        if lot is None:
            raise self._not_chosen(name)
        return Quantity(lot.lot, self._amount(numbered("quantity", number)), lot.uom)

    def _made(self, number: int) -> Quantity:
        first = self.lots.get(self.box("lot").currentData() or "")
        if self.shape.product:
            gtin = str(self.box(numbered("gtin", number)).currentData() or "")
            unit = self.box(numbered("made_uom", number)).currentData()
        else:
            gtin, unit = (first.gtin or "", first.uom) if first else ("", None)
        name = numbered("made_lot", number)
        code = happenings.lot_code(gtin, self.edit(name).text().strip(), field=name)
        return Quantity(code, self._amount(numbered("made_quantity", number)), unit)

    def _amount(self, name: str) -> Any:
        return happenings.amount(self.edit(name).text(), field=name)

    def _not_chosen(self, field: str) -> EventInvalid:
        return EventInvalid(self.words("movement.nothing_chosen"), field=field, code="not-chosen")
