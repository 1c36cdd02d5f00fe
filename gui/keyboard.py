"""Where the keys go: into the page that opens, and with F6 between the rail and the page.

Rule: whoever opens a page by a key can go on with keys at once; the way back to the rail is one key too.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)

EDITORS = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
CONTROLS = (QAbstractButton, *EDITORS, QAbstractItemView)
INNER = ("qt_", "QComboBoxListView", "QTableCornerButton")
BACK = "back"
"""The object name of a page's way back: the last place one wants to begin at."""
ASIDE = "aside"
"""The object name of an editor that only helps with the work, such as a template or a filter."""


def is_inner(control: QWidget) -> bool:
    """Say whether Qt put this inside a control of its own (a spin box's line, a table's corner)."""
    held = isinstance(control.parentWidget(), QComboBox | QAbstractSpinBox | QLineEdit)
    name = control.objectName()
    return held or name.startswith("qt_") or control.metaObject().className().startswith(INNER)


def in_tab_order(window: QWidget) -> Iterator[QWidget]:
    """Give the controls of `window` that can be used now, in the order in which Tab comes by them."""
    one = window.nextInFocusChain()
    while one is not None and one is not window:
        if window.isAncestorOf(one) and _usable(one):
            yield one
        one = one.nextInFocusChain()


def first_of(page: QWidget, header: QWidget) -> QWidget | None:
    """Return where work on a page begins: an editor in its body, one in its header, else any control."""

    def rank(one: QWidget) -> tuple[bool, bool, bool]:
        return not isinstance(one, EDITORS), one.objectName() == ASIDE, header.isAncestorOf(one)

    found = [one for one in in_tab_order(page) if isinstance(one, CONTROLS) and one.objectName() != BACK]
    return min(found, key=rank, default=None)


def enter(page: QWidget, header: QWidget, kept: QWidget | None = None) -> None:
    """Give the keys to a page: to the control that had them when it was left, else to its first."""
    if QApplication.activeModalWidget() is None:
        target = kept if kept is not None and _usable(kept) else first_of(page, header)
        (target or page).setFocus(Qt.FocusReason.OtherFocusReason)


def arrive(page: QWidget, header: QWidget) -> None:
    """Now that a page has its data: name what has no name, and find the keys a place if they have none."""
    for place in page.findChildren(QWidget):
        if isinstance(place, QScrollArea | QTabBar) and not place.accessibleName():
            place.setAccessibleName(page.accessibleName())
    held = page.window().focusWidget()
    if held is None or held is page or not held.isVisible() or isinstance(held, QScrollArea):
        enter(page, header)


def _usable(control: QWidget) -> bool:
    return (
        bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and control.isVisible()
        and control.isEnabled()
        and control.focusProxy() is None
        and not is_inner(control)
    )
