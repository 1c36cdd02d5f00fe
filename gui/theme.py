"""The look: tokens, two palettes, one style sheet over Fusion, and icons tinted to match.

Every colour a widget shows is a token of `Tokens`; every pair of text and ground keeps 4.5:1 and every
control's edge 3:1 (WCAG 2.1 1.4.3, 1.4.11), which a test computes from these very values.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

import resources
from gui.tokens import DARK as DARK
from gui.tokens import FAMILIES as FAMILIES
from gui.tokens import LIGHT as LIGHT
from gui.tokens import Tokens as Tokens

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

MONOSPACE = ("Noto Sans Mono", "DejaVu Sans Mono", "Consolas", "Menlo", "monospace")
BODY, SECONDARY, CARD, PAGE, SCORE = 14, 13, 17, 24, 36
ELDER = 1.4
ROW = 38
ICON_SIDES = (16, 20, 24, 32, 40, 48, 64, 96, 128)
LARGEST_ICON = 48
"""On a button, in large type too, where a point is a pixel."""


KINDS = ("ok", "attention", "bad", "info", "neutral")


def luminance(colour: str) -> float:
    """Return the relative luminance of "#RRGGBB" (WCAG 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21: black on white is 21.

    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


class Theme(QObject):
    """The scheme in force; `changed` tells the shell to draw everything anew."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: str = "system", elder: bool = False) -> None:
        super().__init__(app)
        self._app = app
        self.mode = mode
        self.elder = elder
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._pictures: dict[tuple[str, str, int], QPixmap] = {}
        self._sheet = ""
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.apply()

    @property
    def dark(self) -> bool:
        """Say whether the dark scheme is shown: as set, else as the system says, else light."""
        if self.mode in ("light", "dark"):
            return self.mode == "dark"
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    @property
    def tokens(self) -> Tokens:
        """Return the colours in force."""
        return DARK if self.dark else LIGHT

    def set_mode(self, mode: str, elder: bool | None = None) -> None:
        """Show "light", "dark" or what the system says, and perhaps large type; then tell everybody."""
        self.mode = mode
        self.elder = self.elder if elder is None else elder
        self.apply()
        self.changed.emit()

    def px(self, size: int) -> int:
        """Return a type size or a length that grows with it, in pixels."""
        return round(size * ELDER) if self.elder else size

    def apply(self) -> None:
        """Give the application its palette and font; the style sheet is for windows, see `dress`."""
        self._icons.clear()
        self._pictures.clear()
        self._app.setPalette(self._palette())
        self._app.setFont(self.font())
        self._sheet = style_sheet(self.tokens, self.px)

    def dress(self, window: QWidget) -> None:
        """Give a window the style sheet; all that is put into it, now or later, is styled once, there.

        Not the application: it would style every part anew each time that part is put into another, and a
        page is made from the inside out (three quarters of the time to make a page).
        """
        window.setStyleSheet(self._sheet)

    def colour(self, name: str) -> QColor:
        """Return a token as a colour; the "neutral" kind is quiet text on the second surface."""
        name = {"neutral": "text2", "neutral_bg": "surface2"}.get(name, name)
        return QColor(getattr(self.tokens, name))

    def font(self, size: int = BODY, bold: bool = False, mono: bool = False) -> QFont:
        """Return the face for drawing text by hand."""
        font = QFont()
        font.setFamilies(list(MONOSPACE + FAMILIES[:1] if mono else FAMILIES))
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def icon(self, name: str, colour: str = "text2") -> QIcon:
        """Return the line icon `name` in a token's colour, sharp on 1x, 2x and 3x screens."""
        key = (name, colour)
        if key not in self._icons:
            self._icons[key] = self._draw(name, self.colour(colour).name())
        return self._icons[key]

    def pixmap(self, name: str, colour: str, size: int) -> QPixmap:
        """Return the icon as a picture for a label, sharp on the densest screen."""
        ratio = self._app.devicePixelRatio()
        key = (name, colour, round(self.px(size) * ratio))
        if key not in self._pictures:
            picture = _drawn(self._outline(name, self.colour(colour).name()), key[2])
            picture.setDevicePixelRatio(ratio)
            self._pictures[key] = picture
        return self._pictures[key]

    def _draw(self, name: str, colour: str) -> QIcon:
        outline, icon = self._outline(name, colour), QIcon()
        # The large sizes take most of the time to draw, and only dense screens show them.
        largest = LARGEST_ICON * ceil(self._app.devicePixelRatio())
        for side in ICON_SIDES:
            if side <= largest:
                icon.addPixmap(_drawn(outline, side))
        if colour == self.colour("on_primary").name():
            # A button that waits loses its colour, and what was drawn to stand on that would be unseen.
            faint = self._outline(name, self.tokens.text2)
            for side in ICON_SIDES[:2]:
                icon.addPixmap(_drawn(faint, side), QIcon.Mode.Disabled)
        return icon

    def _outline(self, name: str, colour: str) -> QSvgRenderer:
        # Imported here: the first frame has no icon yet, and the library takes 20 ms to load.
        from PySide6.QtSvg import QSvgRenderer

        source = resources.text(f"icons/{name}.svg").replace("currentColor", colour)
        return QSvgRenderer(QByteArray(source.encode()))

    def _palette(self) -> QPalette:
        palette, roles, tokens = QPalette(), QPalette.ColorRole, self.tokens
        for role, token in (
            (roles.Window, tokens.bg),
            (roles.WindowText, tokens.text),
            (roles.Base, tokens.surface),
            (roles.AlternateBase, tokens.surface2),
            (roles.Text, tokens.text),
            (roles.Button, tokens.surface),
            (roles.ButtonText, tokens.text),
            (roles.BrightText, tokens.bad),
            (roles.Highlight, tokens.primary),
            (roles.HighlightedText, tokens.on_primary),
            (roles.Link, tokens.info),
            (roles.LinkVisited, tokens.info),
            (roles.ToolTipBase, tokens.surface2),
            (roles.ToolTipText, tokens.text),
            (roles.PlaceholderText, tokens.text2),
            (roles.Mid, tokens.border),
            (roles.Light, tokens.surface),
            (roles.Midlight, tokens.surface2),
            (roles.Dark, tokens.control),
            (roles.Shadow, tokens.control),
        ):
            palette.setColor(role, QColor(token))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.control))
        return palette

    def _system_changed(self) -> None:
        if self.mode == "system":
            self.apply()
            self.changed.emit()


def style_sheet(tokens: Tokens, px: object = None) -> str:
    """Return the one style sheet with `$token` and `$14px` put in."""
    values = asdict(tokens)
    # A style sheet can only name files; these two have a grey that shows on both schemes.
    values |= {name: resources.path(f"icons/{name}.svg").as_posix() for name in ("arrow_up", "arrow_down")}
    tick = "tick_white" if tokens.on_primary.upper() == "#FFFFFF" else "tick_ink"
    values["tick"] = resources.path(f"icons/{tick}.svg").as_posix()
    scale = px if callable(px) else int

    def value(match: re.Match[str]) -> str:
        word = match.group(1)
        return f"{scale(int(word[:-2]))}px" if word[0].isdigit() else values[word]

    return re.sub(r"\$(\d+px|\w+)", value, resources.text("style/suxin.qss"))


def _drawn(outline: QSvgRenderer, side: int) -> QPixmap:
    """Return an icon's outline as a picture of this many pixels."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    outline.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return picture
