"""A scratch roll as a PDF: one secret a sticker, in no order, to be covered by a scratch layer.

Rule: a sticker says the lot and the 26 letters, nothing that tells one item from another; the file is the
only copy of the secrets, so it is printed and then destroyed.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from gui.labels.pdf import Pdf
from gui.labels.typeface import typeface
from ledger.progress import Progress, quiet

PAGE_MM = (210.0, 297.0)
MARGIN_MM = 12.0
STICKER_MM = (62.0, 18.0)
ACROSS, DOWN = 3, 15


def roll_pdf(lot: str, tokens: Sequence[str], title: str, hint: str, progress: Progress = quiet) -> bytes:
    """Return the file: 45 stickers a page, each with the lot's number, the hint and one secret.

    Args:
        lot: what people read of the lot; title: of the file; hint: what to do with the secret.
        progress: told after each page how many of how many stickers are drawn.
    """
    document = Pdf(typeface())
    for start in range(0, len(tokens), ACROSS * DOWN):
        drawing: list[str] = []
        for place, token in enumerate(tokens[start : start + ACROSS * DOWN]):
            down, across = divmod(place, ACROSS)
            x, y = MARGIN_MM + across * STICKER_MM[0], MARGIN_MM + down * STICKER_MM[1]
            drawing += _sticker(document, x, y, lot, token, hint)
        document.page(*PAGE_MM, drawing)
        progress(min(start + ACROSS * DOWN, len(tokens)), len(tokens))
    return document.finish(title)


def grouped(token: str) -> str:
    """Return a token in groups of five, as people read it.

    >>> grouped("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    'ABCDE FGHIJ KLMNO PQRST UVWXY Z'
    """
    return " ".join(wrap(token, 5))


def _sticker(document: Pdf, x: float, y: float, lot: str, token: str, hint: str) -> list[str]:
    width, height = STICKER_MM
    return [
        f"0.1 w {x:.2f} {y:.2f} {width - 2:.2f} {height - 2:.2f} re S",
        document.text(lot[:28], x + 2, y + 4.2, 2.6),
        document.text(grouped(token), x + 2, y + 9.6, 3.0),
        document.text(hint, x + 2, y + 14, 2.2),
    ]
