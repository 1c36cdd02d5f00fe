"""Write a report as A4 pages: headings, rows with their value on the right, bars, a foot on every page.

No Qt here: pages are made on any thread, with the Chinese face that the label sheets use, so nothing is
missing on the paper that another machine prints, and the words stay searchable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gui.labels.pdf import Pdf
from gui.labels.typeface import Typeface, typeface

WIDTH, HEIGHT = 210.0, 297.0
MARGIN, FOOT = 18.0, 26.0
BODY, SMALL, HEADING, TITLE = 3.5, 2.9, 4.8, 7.0
LEADING = 1.5
INDENT = 5.0
GAP = 4.0
BLACK, GREY, GOOD, BAD, LINE = "0 g", "0.38 g", "0.10 0.46 0.26 rg", "0.72 0.11 0.11 rg", "0.80 g"
# Punctuation that may not begin a line of Chinese.
_CLOSING = "，。、；：！？）》”’,.;:!?)"


class Paper:
    """Pages under construction, written from the top down; `finish` puts a foot on each."""

    def __init__(self, face: Typeface | None = None) -> None:
        self._face = face or typeface()
        self._pdf = Pdf(self._face)
        self._pages: list[list[str]] = [[]]
        self._y = MARGIN

    @property
    def count(self) -> int:
        """Return how many pages there are by now."""
        return len(self._pages)

    def title(self, text: str, under: str = "") -> None:
        """Begin with a name in large letters and, small below it, what it is."""
        self.line(text, TITLE)
        if under:
            self.line(under, SMALL, GREY)

    def heading(self, text: str, about: str = "") -> None:
        """Begin a part; a heading is never left alone at the foot of a page."""
        self._y += GAP if self._y > MARGIN else 0.0
        self._need(HEADING * LEADING + 4 * BODY * LEADING)
        self.line(text, HEADING)
        self._draw(f"{LINE} {MARGIN} {self._y:.2f} {WIDTH - 2 * MARGIN} 0.3 re f")
        self._y += 1.5
        if about:
            self.line(about, SMALL, GREY)
            self._y += 1.5

    def line(self, text: str, em: float = BODY, ink: str = BLACK, indent: float = 0.0) -> None:
        """Write words over as many lines as they need."""
        for part in self._wrapped(text, (WIDTH - 2 * MARGIN - indent) / em):
            self._need(em * LEADING)
            self._write(part, MARGIN + indent, em, ink)
            self._y += em * LEADING

    def row(self, text: str, value: str = "", detail: str = "", ink: str = BLACK) -> None:
        """Write words on the left and their value on the right; beneath them, small, what they rest on."""
        room = 44.0 if value else 0.0
        parts = list(self._wrapped(text, (WIDTH - 2 * MARGIN - room) / BODY))
        small = list(self._wrapped(detail, (WIDTH - 2 * MARGIN - room - INDENT) / SMALL))
        self._need(len(parts) * BODY * LEADING + min(len(small), 4) * SMALL * LEADING)
        if value:
            wide = self._face.width(self._face.drawable(value)) * BODY
            self._write(value, WIDTH - MARGIN - wide, BODY, ink)
        for part in parts:
            self._write(part, MARGIN, BODY, BLACK)
            self._y += BODY * LEADING
        if detail:
            self.line(detail, SMALL, GREY, INDENT)
        self._y += 0.8

    def bar(self, start: float, end: float, ink: str) -> None:
        """Draw a bar under the row just written, from one part of the page's width to another (0 to 1)."""
        self._need(3.0)
        wide = WIDTH - 2 * MARGIN
        left, right = sorted((start, end))
        span = max((right - left) * wide, 0.4)
        self._draw(f"{LINE} {MARGIN} {self._y + 0.6:.2f} {wide} 0.15 re f")
        self._draw(f"{ink} {MARGIN + left * wide:.2f} {self._y - 0.1:.2f} {span:.2f} 1.6 re f")
        self._y += 3.6

    def finish(self, title: str, foot: Callable[[int, int], tuple[str, ...]]) -> bytes:
        """Return the file.

        Args:
            foot: the lines under page n of how many.
        """
        for number, drawing in enumerate(self._pages, 1):
            y = HEIGHT - FOOT + 6
            for text in foot(number, self.count):
                for part in self._wrapped(text, (WIDTH - 2 * MARGIN) / SMALL):
                    written = self._pdf.text(part, MARGIN, y, SMALL)
                    drawing.append(f"{GREY} {written}")
                    y += SMALL * 1.35
            self._pdf.page(WIDTH, HEIGHT, drawing)
        return self._pdf.finish(title)

    def _need(self, height: float) -> None:
        """Go to a new page where this one has no room left."""
        if self._y + height > HEIGHT - FOOT:
            self._pages.append([])
            self._y = MARGIN

    def _write(self, text: str, x: float, em: float, ink: str) -> None:
        self._draw(f"{ink} {self._pdf.text(self._face.drawable(text), x, self._y + em, em)}")

    def _draw(self, operators: str) -> None:
        self._pages[-1].append(operators)

    def _wrapped(self, text: str, ems: float) -> Iterator[str]:
        """Break between words where a line has some; Chinese between any two characters."""
        for paragraph in map(self._face.drawable, text.splitlines()):
            rest = paragraph
            while rest:
                cut = self._fits(rest, ems)
                if cut < len(rest):
                    cut = _break(rest, cut)
                yield rest[: max(cut, 1)].rstrip()
                rest = rest[max(cut, 1) :].lstrip()

    def _fits(self, text: str, ems: float) -> int:
        used = 0.0
        for number, character in enumerate(text):
            used += self._face.advance(character)
            if used > ems:
                return number
        return len(text)


def _break(text: str, most: int) -> int:
    """Return where to break at or before `most`: inside no word or number, and before no closing mark."""
    cut = most
    while cut > most // 2 and (
        (text[cut - 1].isascii() and text[cut].isascii() and text[cut - 1 : cut + 1].isalnum())
        or text[cut] in _CLOSING
    ):
        cut -= 1
    return cut if cut > most // 2 else most
