"""Fit words into a box: which size, which lines, nothing lost without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gui.labels.label import Box, Label, Layout
from gui.labels.typeface import Typeface

LEADING = 1.28
SMALLEST_MM = 1.3
CLIPPED = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words: its left end on the baseline and its em, in millimetres from the label's corner."""

    text: str
    x: float
    y: float
    em: float
    role: str


def set_words(label: Label, box: Box, sizes: Layout, face: Typeface) -> tuple[Line, ...]:
    """Return the lines of a label that fit its box: title, words, then the code itself, small.

    The whole block is set smaller, down to 1.3 mm, until it fits; then the code's tail and the last lines
    give way, never the title.
    """
    for shrink in (1.0, 0.88, 0.78, 0.68, 0.6, 0.52):
        lines = list(_lines(label, box.width, sizes, face, shrink))
        if sum(em * LEADING for _, em, _ in lines) <= box.height:
            break
    placed: list[Line] = []
    y = box.y
    for text, em, role in lines:
        if placed and y + em > box.y + box.height:
            break
        placed.append(Line(text, box.x, y + em * 0.9, em, role))
        y += em * LEADING
    return tuple(placed)


def left_out(label: Label, face: Typeface) -> str:
    """Return the characters of a label's words that this face cannot draw."""
    words = "".join((label.title, *label.lines, label.code))
    return "".join(sorted({one for one in words if not face.has(one)}))


def _lines(
    label: Label, width: float, sizes: Layout, face: Typeface, shrink: float
) -> Iterator[tuple[str, float, str]]:
    parts: Iterable[tuple[str, float, str, int]] = (
        (label.title, sizes.title_mm, "title", 2),
        *((line, sizes.line_mm, "line", 2) for line in label.lines),
        (label.code, sizes.code_mm, "code", 4),
    )
    for text, size, role, most in parts:
        em = max(size * shrink, SMALLEST_MM)
        for part in _wrapped(face.drawable(text).strip(), width / em, face, most):
            yield part, em, role


def _wrapped(text: str, ems: float, face: Typeface, most: int) -> Iterator[str]:
    """Break into lines of at most `ems`; at a space where there is one late in the line, else anywhere."""
    for number in range(1, most + 1):
        if not text:
            return
        fits = _fitting(text, ems, face)
        if fits >= len(text):
            yield text
            return
        if number == most:
            yield text[: max(_fitting(text, ems - face.advance(CLIPPED), face), 1)].rstrip() + CLIPPED
            return
        space = text.rfind(" ", fits // 2, fits + 1)
        cut = space if space > 0 else max(fits, 1)
        # A separator that ends up last separates nothing.
        yield text[:cut].rstrip(" ·・,，、|/")
        text = text[cut:].lstrip()


def _fitting(text: str, ems: float, face: Typeface) -> int:
    used = 0.0
    for number, character in enumerate(text):
        used += face.advance(character)
        if used > ems:
            return number
    return len(text)
