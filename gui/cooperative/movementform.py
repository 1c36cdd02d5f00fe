"""The form of a movement: rows of goods that go in and come out, as many as one needs, and who, where, when.

Rule: every kind of movement is the same form with other parts in sight; a row more is one press away, and
what a person typed in a row that is out of sight is never recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.context import Context
from gui.cooperative import happenings
from gui.cooperative.goodsrows import Parts, fill, input_row, local_now, output_row
from gui.cooperative.shapes import INPUT, MOST, OUTPUT, SHAPES, Shape, numbered
from gui.widgets import Field, FlowRow, Form, button
from gui.widgets.text import show_if
from gui.widgets.values import put_value, value_of
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
        self._rows: dict[str, list[QWidget]] = {"in": [], "out": []}
        self._sides = {"in": QVBoxLayout(), "out": QVBoxLayout()}
        self._shown = {"in": 1, "out": 1}
        self._adders: dict[str, QWidget] = {}
        self._more: dict[str, QPushButton] = {}
        self._keyed: dict[str, list[QWidget]] = {"in": [], "out": []}
        self._held: list[tuple[str, str]] = []
        self._products: list[tuple[str, str]] = []
        self.coming, self.receiver, self.place = QComboBox(), QComboBox(), QComboBox()
        self.earlier, self.when = QCheckBox(self.words("movement.earlier")), QDateTimeEdit()
        self.when.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.when.setCalendarPopup(True)
        self.add("coming", Field(self.words("movement.coming"), self.coming))
        self._add_side("in")
        self._add_side("out")
        self.add("receiver", Field(self.words("movement.receiver"), self.receiver))
        self.add("place", Field(self.words("movement.place"), self.place))
        self.column.insertWidget(self.column.count() - 1, self.earlier)
        self.add("when", Field(self.words("movement.when"), self.when))
        self.earlier.toggled.connect(lambda *_: self._begin_at(local_now(context)))
        for box in (self.coming, self.receiver, self.place):
            box.currentIndexChanged.connect(self._touched)
        self.coming.currentIndexChanged.connect(lambda *_: self.use_amount())
        self.when.dateTimeChanged.connect(self._touched)
        self.need("in", 1)

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
        self._fit("in", shape.inputs, INPUT[:1])
        self._fit("out", shape.outputs, OUTPUT[1:3])
        for name, wanted in (("coming", shape.coming), ("receiver", shape.receiver)):
            show_if(self.fields[name], wanted)
        if shape.coming:
            show_if(self._rows["in"][0], True)
        show_if(self.fields["lot"], not shape.coming)
        show_if(self.fields["when"], self.earlier.isChecked())
        for number, _ in enumerate(self._rows["out"], 1):
            for name in ("gtin", "made_uom"):
                show_if(self.fields[numbered(name, number)], shape.product)

    def make_room(self, names: Iterable[str]) -> None:
        """Build the rows that fields of these names stand in, for values that are put back."""
        for name in names:
            stem = name.rstrip("0123456789")
            if stem in (*INPUT, *OUTPUT):
                self.need("in" if stem in INPUT else "out", int(name[len(stem) :] or 1))

    def inputs(self) -> tuple[Quantity, ...]:
        """Return what goes in; raises EventInvalid naming the field."""
        if self.shape.coming:
            coming = self.arriving.get(self.coming.currentData() or "")
            if coming is None:
                raise self._not_chosen("coming")
            return (Quantity(coming.lot.lot, self._amount("quantity"), coming.uom),)
        return tuple(self._goods(number) for number in self._filled("in", INPUT[:1]))

    def outputs(self) -> tuple[Quantity, ...]:
        """Return what comes out; raises EventInvalid naming the field."""
        return tuple(self._made(number) for number in self._filled("out", OUTPUT[1:3]))

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
        for number, _ in enumerate(self._rows["out"], 1):
            for name in OUTPUT[1:3]:
                self.edit(numbered(name, number)).clear()

    def _begin_at(self, now: QDateTime) -> None:
        """An earlier moment is stated from now backwards."""
        self.when.setMaximumDateTime(now)
        if self.earlier.isChecked():
            self.when.setDateTime(now)
        self.use(self.kind)

    def _add_side(self, side: str) -> None:
        self._sides[side].setSpacing(12)
        self._more[side] = button(self.words(f"movement.more.{side}"), lambda: self._grow(side), "quiet")
        more = FlowRow((self._more[side],))
        self._adders[side] = more
        self.column.insertLayout(self.column.count() - 1, self._sides[side])
        self.column.insertWidget(self.column.count() - 1, more)

    def need(self, side: str, rows: int) -> None:
        """Build the rows of a side up to this one."""
        while len(self._rows[side]) < min(rows, MOST):
            number = len(self._rows[side]) + 1
            parts = input_row(self.words, number) if side == "in" else output_row(self.words)
            row = self._row(side, number, parts)
            self._rows[side].append(row)
            self._sides[side].addWidget(row)
            built = {numbered(name, number): field.editor for name, field, _ in parts}
            for name, editor in built.items():
                self._watch(name, editor)
            self._offer_row(number)
            self._order()
            self._grown(built)

    def _order(self) -> None:
        """Let Tab go down the form as the eye does; rows are built later than what stands below them."""
        ends = (self.receiver, self.place, self.earlier, self.when)
        down = (
            self.coming,
            *self._keyed["in"],
            self._more["in"],
            *self._keyed["out"],
            self._more["out"],
            *ends,
        )
        for one, after in pairwise(down):
            QWidget.setTabOrder(one, after)

    def _row(self, side: str, number: int, parts: Parts) -> QWidget:
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for name, field, stretch in parts:
            row.addWidget(self.register(numbered(name, number), field), stretch, Qt.AlignmentFlag.AlignTop)
            self._keyed[side].append(field.editor)
        if number > 1:
            text = self.words("movement.less", n=number)
            less = button("×", lambda: self._shrink(side, number), "quiet", tip=text)
            row.addWidget(less, 0, Qt.AlignmentFlag.AlignBottom)
            self._keyed[side].append(less)
        return frame

    def _fit(self, side: str, bounds: tuple[int, int], telling: tuple[str, ...]) -> None:
        fewest, most = bounds
        held = [n for n, _ in enumerate(self._rows[side], 1) if self._holds(n, telling)]
        self._shown[side] = min(max(fewest, self._shown[side], *held, 0), most)
        self.need(side, self._shown[side])
        for number, row in enumerate(self._rows[side], 1):
            show_if(row, number <= self._shown[side])
        show_if(self._adders[side], bool(self._shown[side]) and self._shown[side] < most)

    def _filled(self, side: str, telling: tuple[str, ...]) -> list[int]:
        """Return the rows in sight that are meant: those there must be, and those that hold something."""
        fewest = self.shape.inputs[0] if side == "in" else self.shape.outputs[0]
        shown = range(1, self._shown[side] + 1)
        return [n for n in shown if n <= fewest or self._holds(n, telling)]

    def _holds(self, number: int, names: Iterable[str]) -> bool:
        # The first row always offers something; only what stands in a further one was put there.
        return number > 1 and any(self.fields[numbered(name, number)].text() for name in names)

    def _grow(self, side: str) -> None:
        self._shown[side] += 1
        self.use(self.kind)
        first = INPUT[0] if side == "in" else OUTPUT[0 if self.shape.product else 1]
        self.fields[numbered(first, self._shown[side])].editor.setFocus()
        self._resized()

    def _shrink(self, side: str, number: int) -> None:
        """Take a row away: those below move up."""
        names = INPUT if side == "in" else OUTPUT
        last = self._shown[side]
        for place in range(number, last):
            for name in names:
                below = value_of(self.fields[numbered(name, place + 1)].editor)
                put_value(self.fields[numbered(name, place)].editor, below)
        for name in names:
            editor = self.fields[numbered(name, last)].editor
            if isinstance(editor, QLineEdit):
                editor.clear()
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex(0)
        self._shown[side] = last - 1
        self.use(self.kind)
        self._resized()

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
                for number, _ in enumerate(self._rows["out"], 1):
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
