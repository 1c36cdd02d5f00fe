"""One row of a movement's form: a batch that goes in with its amount, or what comes out with its number."""

from __future__ import annotations

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QComboBox, QLineEdit

from gui.context import Context
from gui.cooperative.happenings import UNITS
from gui.widgets import Field
from gui.words import Words

Parts = tuple[tuple[str, Field, int], ...]
"""Name, field and share of the row's width, from the left."""


def input_row(words: Words, number: int) -> Parts:
    """Return the fields of what goes in."""
    amount = QLineEdit()
    amount.setPlaceholderText(words("register.quantity.hint"))
    name = words("movement.lot") if number == 1 else words("movement.lot_more", n=number)
    return (
        ("lot", Field(name, QComboBox()), 3),
        ("quantity", Field(words("register.quantity"), amount), 1),
    )


def output_row(words: Words) -> Parts:
    """Return the fields of what comes out."""
    lot, amount, unit = QLineEdit(), QLineEdit(), QComboBox()
    lot.setPlaceholderText(words("register.lot.hint"))
    lot.setMaxLength(20)
    amount.setPlaceholderText(words("register.quantity.hint"))
    for code in UNITS:
        unit.addItem(words.code("unit", code), code)
    return (
        ("gtin", Field(words("movement.made_product"), QComboBox()), 3),
        ("made_lot", Field(words("movement.made_lot"), lot), 2),
        ("made_quantity", Field(words("movement.made_quantity"), amount), 2),
        ("made_uom", Field(words("register.uom"), unit), 1),
    )


def fill(box: QComboBox, rows: list[tuple[str, str]], chosen: str = "") -> None:
    """Offer these rows and keep the choice where it is still there."""
    wanted = box.currentData() or chosen
    box.blockSignals(True)
    box.clear()
    for text, data in rows:
        box.addItem(text, data)
    place = box.findData(wanted) if wanted else -1
    box.setCurrentIndex(place if place >= 0 else 0 if rows else -1)
    box.blockSignals(False)


def local_now(context: Context) -> QDateTime:
    """Return the clock's minute as the reader's clock shows it."""
    now = context.clock().astimezone(context.words.zone)
    return QDateTime.fromString(f"{now:%Y-%m-%d %H:%M}", "yyyy-MM-dd HH:mm")
