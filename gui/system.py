"""What the machine around the window offers: input method, fonts, language, Qt's messages."""

from __future__ import annotations

import platform
import sys
from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtGui import QFont, QFontDatabase, QRawFont
from PySide6.QtWidgets import QApplication

from gui.theme import FAMILIES

FONT_PACKAGE = "fonts-noto-cjk"
# Everyday characters and a few that subset fonts leave out (a county, a fish, a given name).
SAMPLE = "溯信账本产地证据检验投诉郫鳜喆"


def missing_characters(text: str = SAMPLE) -> str:
    """Return the characters of `text` that no font here can draw (they would be empty boxes)."""
    families = list(FAMILIES) + QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    left = dict.fromkeys(text.replace("\n", ""))
    for family in dict.fromkeys(families):
        raw = QRawFont.fromFont(QFont(family))
        left = {char: None for char in left if not raw.supportsCharacter(ord(char))}
        if not left:
            break
    return "".join(left)


def system_languages() -> tuple[str, ...]:
    """Return the languages the system asks for, best first."""
    return tuple(QLocale.system().uiLanguages())


class Translations:
    """Qt's own words (buttons of file dialogs, menus of text fields) in the window's language."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._translator: QTranslator | None = None

    def use(self, locale: str) -> bool:
        """Switch Qt to `locale`; return whether Qt has it (English needs none)."""
        QLocale.setDefault(QLocale(locale))
        self.drop()
        if locale == "en":
            return True
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._translator = QTranslator(self._app)
        return self._translator.load(f"qtbase_{locale}", folder) and self._app.installTranslator(
            self._translator
        )

    def drop(self) -> None:
        """Let Qt speak English again."""
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None


class QtMessages:
    """Keeps Qt's latest messages for the crash report and passes warnings on to the error stream."""

    def __init__(self, ignored: Iterable[str] = ("propagateSizeHints",)) -> None:
        self.kept: deque[str] = deque(maxlen=100)
        self._ignored = tuple(ignored)

    def install(self) -> None:
        """Receive Qt's messages from now on."""
        qInstallMessageHandler(self)

    def __call__(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        """Keep one message (Qt calls this, from any thread)."""
        if any(word in text for word in self._ignored):
            return
        self.kept.append(f"{kind.name}: {text}")
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            sys.stderr.write(f"Qt: {text}\n")


def surroundings(version: str, environment: Callable[[str, str], str]) -> tuple[str, ...]:
    """Return the lines of a crash report that say where the program ran; nothing about the person."""
    return (
        f"Suxin {version}",
        f"Python {platform.python_version()} Qt {qVersion()}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
        f"platform {QApplication.platformName()} session {environment('XDG_SESSION_TYPE', '')}",
    )
