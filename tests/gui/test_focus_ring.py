"""Who has the keys can be seen: the ring stands out from what is around it (WCAG 2.2 1.4.11, 2.4.7)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import resources
from gui.theme import DARK, LIGHT, Theme, Tokens, contrast
from gui.widgets import Column, RowsModel, button
from gui.widgets.openable import Openable
from gui.widgets.rowpaint import RowsView

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("bg", "surface", "surface2", "selection")
LEAST = 3.0
# A ring of one pixel around the smallest thing that takes the keys, a 16-pixel tick box.
PIXELS = 40


def rings() -> set[str]:
    """The tokens in which the style sheet draws what has the keys."""
    rules = re.findall(r"([^{}]*):focus[^{]*\{([^}]*)\}", resources.text("style/suxin.qss"))
    found = {token for _, body in rules for token in re.findall(r"border: \dpx solid \$(\w+)", body)}
    assert all("border" in body for _, body in rules), "a change of the text's colour alone is no ring"
    return found


@SCHEMES
def test_every_ring_keeps_3_against_every_ground_it_can_stand_on(tokens: Tokens) -> None:
    values = asdict(tokens)
    weak = {
        (ring, ground): round(contrast(values[ring], values[ground]), 2)
        for ring in rings()
        for ground in GROUNDS
    }
    assert rings() == {"primary", "text"}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < LEAST} == {}


@dataclass(frozen=True)
class Line:
    text: str


def table(theme: Theme) -> QWidget:
    made = RowsView(theme)
    model = RowsModel[Line]((Column("a", lambda row: row.text),), theme, made)
    model.set_rows([Line("one"), Line("two")])
    made.setModel(model)
    made.setSelectionBehavior(RowsView.SelectionBehavior.SelectRows)
    made.selectRow(0)
    made.setFixedHeight(120)
    return made


def checked(made: QCheckBox) -> QCheckBox:
    made.setChecked(True)
    return made


def tabs() -> QTabBar:
    made = QTabBar()
    made.addTab("one")
    made.addTab("two")
    return made


def wrong() -> QLineEdit:
    made = QLineEdit("x")
    made.setProperty("wrong", "true")
    return made


def row() -> QWidget:
    made = Openable("3")
    made.setFixedSize(200, 40)
    return made


def chosen(role: str) -> QWidget:
    made = button("Chosen", role=role)
    made.setCheckable(True)
    made.setChecked(True)
    return made


def all_kinds(theme: Theme) -> dict[str, QWidget]:
    """One of each thing that can have the keys."""
    roles = ("", "primary", "danger", "quiet", "switch", "chip", "segment", "rail", "star")
    made: dict[str, QWidget] = {f"button {role}": button("Button", role=role) for role in roles}
    made |= {f"chosen {role}": chosen(role) for role in ("chip", "segment", "rail")}
    return made | {
        "line": QLineEdit("x"),
        "wrong": wrong(),
        "text": QPlainTextEdit("x"),
        "choice": QComboBox(),
        "number": QSpinBox(),
        "day": QDateEdit(),
        "box": QCheckBox("x"),
        "ticked": checked(QCheckBox("x")),
        "tabs": tabs(),
        "table": table(theme),
        "row": row(),
        "slider": QSlider(Qt.Orientation.Horizontal),
    }


def change(before: QImage, after: QImage) -> Counter[tuple[str, str]]:
    """Which colour became which, and how often."""
    pairs: Counter[tuple[str, str]] = Counter()
    for y in range(after.height()):
        for x in range(after.width()):
            old, new = before.pixel(x, y), after.pixel(x, y)
            if old != new:
                pairs[QColor(old).name(), QColor(new).name()] += 1
    return pairs


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_has_the_keys_is_drawn_so_that_one_sees_it(
    qapp: QApplication, qtbot: QtBot, scheme: str
) -> None:
    theme = Theme(qapp, scheme)
    grounds = [getattr(theme.tokens, ground) for ground in GROUNDS]
    window = QWidget()
    qtbot.addWidget(window)
    theme.dress(window)
    column = QVBoxLayout(window)
    resting = QLineEdit()
    column.addWidget(resting)
    kinds = all_kinds(theme)
    for made in kinds.values():
        column.addWidget(made)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    unseen = {}
    for name, made in kinds.items():
        resting.setFocus()
        before = made.grab().toImage()
        made.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda: resting is not qapp.focusWidget())
        pairs = change(before, made.grab().toImage())
        # A pixel counts that shows now against every ground it may lie on.
        shown = sum(n for (_, new), n in pairs.items() if all(contrast(new, g) >= LEAST for g in grounds))
        if shown < PIXELS:
            unseen[name] = shown
    assert unseen == {}
