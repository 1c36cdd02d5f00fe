"""The window's first frame: two grounds and the name, painted before anything else is loaded.

Rule: nothing here names `Qt`, a painter or a style sheet; each of them alone costs more than this frame.
The shell moves into this very window afterwards, so nothing jumps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget

from gui.tokens import DARK, ELDER_RAIL, FAMILIES, LIGHT, NAME, RAIL

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent

    from gui.settings import Settings

SIZE = (1280, 800)
LEAST = (960, 620)


class Opening(QMainWindow):
    """The one window of the program; `painted` is called once, after its first frame."""

    def __init__(self, settings: Settings, painted: Callable[[], object]) -> None:
        super().__init__()
        self._painted: Callable[[], object] | None = painted
        self._inside: QWidget | None = None
        dark = settings.theme == "dark" or (settings.theme == "system" and _system_is_dark())
        tokens, scale = (DARK if dark else LIGHT), (1.4 if settings.elder else 1.0)
        self.setWindowTitle(NAME)
        _colour(self, tokens.bg, tokens.text)
        self._rail = QWidget(self)
        _colour(self._rail, tokens.surface, tokens.text)
        self._rail.setFixedWidth(round(RAIL * (ELDER_RAIL if settings.elder else 1.0)))
        name, font = QLabel(NAME, self._rail), QFont()
        font.setFamilies(list(FAMILIES))
        font.setPixelSize(round(17 * scale))
        name.setFont(font)
        name.move(12, 20)
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        if settings.window:
            self.restoreGeometry(QByteArray.fromBase64(settings.window.encode()))

    def take(self, inside: QWidget) -> None:
        """Let the shell move in; from here on it decides what the title says and whether to close."""
        self._inside = inside
        self.setWindowTitle(inside.windowTitle())
        inside.windowTitleChanged.connect(self.setWindowTitle)
        self.setCentralWidget(inside)
        inside.show()
        self._rail.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and the first time go on with the work."""
        super().paintEvent(event)
        if self._painted is not None:
            # Through the event loop: the frame is on the screen before the work begins.
            QTimer.singleShot(0, self._painted)
            self._painted = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the rail as tall as the window."""
        super().resizeEvent(event)
        if self._inside is None:
            self._rail.setFixedHeight(self.height())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what is inside first: it puts down what it holds and may refuse."""
        if self._inside is not None and not self._inside.close():
            event.ignore()
            return
        super().closeEvent(event)


def _system_is_dark() -> bool:
    """Say whether the system's window ground is a dark one (asking for its scheme would load `Qt`)."""
    return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def _colour(widget: QWidget, ground: str, ink: str) -> None:
    # Not `QPalette(...)`: choosing among its constructors loads `Qt`, a fifth of a bare window's start.
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(ground))
    palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
    widget.setPalette(palette)
    widget.setAutoFillBackground(True)
