"""Find codes in pictures: in files, in memory, on the screen.

Rule: what decodes is loaded when it is first needed; a page that only waits for a code does without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from gui.scanner import Decoded

# Long enough for the compositor to take our window away before the screen is looked at.
HIDE_MS = 250


def codes_in(file: Path) -> tuple[Decoded, ...]:
    """Read a picture from a file (on a reading thread)."""
    from gui.scanner import decode, open_picture

    return decode(open_picture(file), every=True)


def codes_of(pictures: Iterable[QImage]) -> tuple[Decoded, ...]:
    """Read pictures that are in memory already (on a reading thread)."""
    from gui.pixels import grey_of_image
    from gui.scanner import decode

    return tuple(one for picture in pictures for one in decode(grey_of_image(picture), every=True))


def look_at_screen(page: QWidget, then: Callable[[tuple[QImage, ...]], object]) -> None:
    """Give pictures of the screens without our window on them; none where they may not be taken so."""
    window = page.window()
    window.setWindowOpacity(0.0)

    def grab() -> None:
        from gui.frames import grab_screens

        pictures = grab_screens()
        window.setWindowOpacity(1.0)
        then(tuple(pictures))

    QTimer.singleShot(HIDE_MS, page, grab)
