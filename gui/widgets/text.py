"""Words on the screen: labels by role, status badges, hashes a person can compare, buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLayout, QPushButton, QSizePolicy, QWidget

BODY, ICON = 14, 18
"""The type's size and an icon's, as they are where nobody asked for larger ones."""


def repolish(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose properties changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def show_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide a part; one that stands nowhere yet is only made ready to be shown.

    `setVisible(True)` on a widget without a parent opens a window for a moment: it flashes, takes the keys
    away from the window one works in, and costs milliseconds.
    """
    if not wanted:
        widget.hide()
    elif widget.parentWidget() is not None:
        widget.show()
    else:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)


def label(text: str = "", role: str = "body", kind: str = "", wrap: bool = True) -> QLabel:
    """Return a label: role page, card, strong, body, secondary, score, verdict, error or mono."""
    made = QLabel(text)
    # Words from the ledger are never markup: a name may hold "<b>".
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    if kind:
        made.setProperty("kind", kind)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def line() -> QFrame:
    """Return a hairline between two parts of a card."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def button(
    text: str,
    clicked: Callable[[], object] | None = None,
    role: str = "plain",
    icon: QIcon | None = None,
    tip: str = "",
) -> QPushButton:
    """Return a button: role primary, plain, quiet, danger; `tip` also tells screen readers more."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if icon is not None:
        made.setIcon(icon)
        # As large beside its words in elder mode as otherwise.
        side = round(ICON * max(QApplication.font().pixelSize(), BODY) / BODY)
        made.setIconSize(QSize(side, side))
    if tip:
        made.setToolTip(tip)
        made.setAccessibleDescription(tip)
    made.setAccessibleName(text or tip)
    if clicked is not None:
        # The lambda drops Qt's `checked`, so that a method with defaults is not handed a bool.
        made.clicked.connect(lambda *_: clicked())
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and free it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            # Not unparented: that would style the whole subtree once more, only to free it.
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def rest(held: QWidget) -> Callable[[], None]:
    """Disable what begins or shapes an act while it is under way; what is returned enables it, keys and all.

    Qt hands the keys of a disabled widget to the next one, which may stand at the other end of the window.
    """
    had_keys = held.window().focusWidget() is held
    held.setEnabled(False)

    def wake() -> None:
        held.setEnabled(True)
        if had_keys:
            held.setFocus(Qt.FocusReason.OtherFocusReason)

    return wake


class Badge(QLabel):
    """A status in one word on its colour: kind ok, attention, bad, info or neutral."""

    def __init__(self, text: str = "", kind: str = "neutral") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "badge")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_status(text, kind)

    def show_status(self, text: str, kind: str) -> None:
        """Show another status."""
        self.setText(text)
        if kind != self.property("kind"):
            self.setProperty("kind", kind)
            repolish(self)


def grouped(digest: str, width: int = 4) -> str:
    """Return a hash in groups a person can read aloud: "9c1e 07af ..."."""
    return " ".join(digest[i : i + width] for i in range(0, len(digest), width))


class HashLabel(QLabel):
    """A hash in monospaced groups, selectable; `short` shows its two ends and tells the rest on hover."""

    def __init__(self, digest: str = "", short: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "mono")
        self.setWordWrap(not short)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._short = short
        self.show_hash(digest)

    def show_hash(self, digest: str) -> None:
        """Show another hash."""
        self.digest = digest
        cut = self._short and len(digest) > 12
        self.setText(f"{digest[:4]}…{digest[-4:]}" if cut else grouped(digest))
        self.setToolTip(grouped(digest) if cut else "")
        self.setAccessibleName(digest)
