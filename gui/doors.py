"""Go to anything by its name (Ctrl+G): every page, button and field that can be used now.

A Chinese name is found by its letters as well: the first letter of each character's reading, as input
methods do. Rule: offered is what Tab would come by, so that nothing is done here that is not in sight.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from gui import keyboard
from gui.pages import ROLES, pages_of
from gui.theme import Theme
from gui.widgets import label
from gui.words import Words

if TYPE_CHECKING:
    from gui.shell import Shell

# GB 2312 orders its first level, the 3,755 everyday characters, by reading: where each letter's begin.
_BEGIN = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_STARTS = [char.encode("gb2312") for char in _BEGIN]
_LAST = "座".encode("gb2312")


@dataclass(frozen=True, slots=True)
class Door:
    """Something one can go to: its name, where it is, and what going there does."""

    name: str
    where: str
    go: Callable[[], object]

    @property
    def text(self) -> str:
        """Return the line that is shown for it."""
        return f"{self.name}    {self.where}" if self.where else self.name


def letters(name: str) -> str:
    """Return the letters by which a name can be typed: of each Chinese character the first of its reading.

    >>> letters("登记批次 Lot 3"), letters("写投诉")
    ('djpclot3', 'xts')
    """
    return "".join(_letter(char) for char in name if not char.isspace()).casefold()


def matching(doors: Iterable[Door], typed: str) -> list[Door]:
    """Return the doors whose name holds what was typed, or is spelt by it; the closest first."""
    wanted = typed.strip().casefold()

    def distance(door: Door) -> int:
        name, spelt = door.name.casefold(), letters(door.name)
        bare = wanted.replace(" ", "")
        tests = (name == wanted, spelt == bare, name.startswith(wanted), spelt.startswith(bare))
        return next((n for n, holds in enumerate((*tests, wanted in name, bare in spelt)) if holds), 9)

    return sorted((door for door in doors if distance(door) < 9), key=distance)


def doors_of(shell: Shell) -> list[Door]:
    """Return what can be done now: the shown page's controls first, then the pages, then the window's own."""
    words = shell.words
    page = shell.current
    here = [] if page is None else [_control(one) for one in keyboard.in_tab_order(page)]
    roles = (shell.role, *(role for role in ROLES if role != shell.role))
    pages = {
        spec.key: Door(words(f"page.{spec.key}.title"), words(f"role.{role}"), partial(shell.open, spec.key))
        for role in reversed(roles)
        for spec in pages_of(role)
        if spec.rail
    }
    window = (
        ("help.title", shell.show_help),
        ("preferences.title", shell.look.show_preferences),
        ("common.back", shell.back),
    )
    own = [Door(words(key), "", act) for key, act in window]
    return [*(door for door in here if door.name), *reversed(pages.values()), *own]


class GoTo(QDialog):
    """One line to type in, and what it finds; Enter goes to the marked one, Escape leaves all as it was."""

    def __init__(
        self, theme: Theme, words: Words, doors: Callable[[], list[Door]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._doors, self._found = doors, list[Door]()
        theme.dress(self)
        self.setWindowTitle(words("goto.title"))
        self.resize(theme.px(560), theme.px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(8)
        self.line = QLineEdit()
        self.line.setPlaceholderText(words("goto.hint"))
        self.line.setAccessibleName(words("goto.title"))
        self.list = QListWidget()
        self.list.setAccessibleName(words("goto.found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = label(words("goto.nothing"), "secondary")
        for widget in (self.line, self.list, self.nothing):
            column.addWidget(widget)
        self.line.textChanged.connect(self.show_found)
        self.list.itemClicked.connect(lambda *_: self.go())
        self.show_found("")

    def show_found(self, typed: str) -> None:
        """Show what the typed text finds, the closest marked."""
        # Asked anew with every letter: a page may only now get what it waited for.
        self._found = matching(self._doors(), typed)
        self.list.clear()
        self.list.addItems([door.text for door in self._found])
        self.list.setCurrentRow(0)
        self.nothing.setVisible(not self._found)

    def go(self) -> None:
        """Close, then go: what is behind must have the keys again first."""
        if self._found:
            door = self._found[max(0, self.list.currentRow())]
            self.accept()
            QTimer.singleShot(0, door.go)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, go with Enter."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go()
        elif step:
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
        else:
            super().keyPressEvent(event)


def go_to(shell: Shell) -> None:
    """Open the dialog over the window."""
    dialog = GoTo(shell.theme, shell.words, partial(doors_of, shell), shell)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _control(control: QWidget) -> Door:
    name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
    return Door(name, _place(control), partial(_use, control))


def _place(control: QWidget) -> str:
    """Return the title of the card that a control stands in."""
    from gui.widgets import Card

    one = control.parentWidget()
    while one is not None and not isinstance(one, Card):
        one = one.parentWidget()
    return one.title.text() if one is not None else ""


def _use(control: QWidget) -> None:
    if not shiboken6.isValid(control):
        return
    control.setFocus(Qt.FocusReason.TabFocusReason)
    if isinstance(control, QLineEdit | QAbstractSpinBox):
        # As Tab does: typing replaces what the field holds.
        control.selectAll()
    if isinstance(control, QAbstractButton):
        control.click()


def _letter(char: str) -> str:
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return char
    if len(code) == 1:
        return char
    return _LETTERS[bisect_right(_STARTS, code) - 1] if _STARTS[0] <= code <= _LAST else ""
