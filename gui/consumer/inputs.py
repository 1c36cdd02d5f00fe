"""Every way a code comes in, turned into the same two things: text, or a picture to look for text in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from gui.files import VIDEOS, local_files

LONGEST_TYPED = 2000
_BLANKS = " \t\r\n\v\f\u00a0\ufeff\u200b"
# Digits, letters and signs typed with a Chinese keyboard in full-width mode mean their plain forms.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave us: exactly one of the three is set."""

    text: str = ""
    file: Path | None = None
    picture: QImage | None = None

    @property
    def is_video(self) -> bool:
        """Say whether the file is a moving picture."""
        return self.file is not None and self.file.suffix.lower() in VIDEOS


def given(data: QMimeData | None) -> Given | None:
    """Return what a drop or the clipboard holds: a file, a picture, or text; None for nothing of use."""
    if data is None:
        return None
    files = local_files(data)
    if files:
        return Given(file=files[0])
    if data.hasImage():
        picture = QImage(data.imageData())
        if not picture.isNull():
            return Given(picture=picture)
    text = tidy(data.text())
    return Given(text=text) if text else None


def tidy(text: str) -> str:
    """Return typed or pasted text as a code: one line, no blanks around it, plain letters and digits.

    >>> tidy(" （０１）09521234543213\\n")
    '(01)09521234543213'
    """
    # Not str.strip and str.splitlines: to them the separator of GS1 data is white space and a line's end.
    line = re.split(r"[\r\n]", text.translate(_PLAIN).strip(_BLANKS))[0]
    return line.strip(_BLANKS)[:LONGEST_TYPED]


class CodeEdit(QLineEdit):
    """The one line for typed, pasted and wedge-scanned codes; a pasted picture goes to `pasted`."""

    pasted = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a picture on the clipboard be pasted here too; Escape empties the line."""
        if event.matches(QKeySequence.StandardKey.Paste):
            held = given(QGuiApplication.clipboard().mimeData())
            if held is not None and not held.text:
                self.pasted.emit(held)
                return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
