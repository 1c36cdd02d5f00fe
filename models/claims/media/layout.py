"""Join the lines of one screen into the passages that a person reads as one.

Rule: lines belong together when they stand side by side at the same height, or under one another with the
same letter size, little room between and a common edge or middle; a claim that is wrapped is found whole, and
a price tag does not run into the caption below. Every character knows the line it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.claims.media.reading import Box, Seen

_SIMILAR = 1.45
_GAP = 0.9
_BESIDE = 1.2


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that is read as one; `lines` in reading order, `starts[i]` where line i begins in the text."""

    text: str
    lines: tuple[Seen, ...]
    starts: tuple[int, ...]

    def box(self, start: int, end: int) -> Box:
        """Return the box around the lines in which text[start:end] stands, narrowed within a single line."""
        inside = [
            (line, at)
            for line, at in zip(self.lines, self.starts, strict=True)
            if at < end and at + len(line.text) > start
        ]
        if len(inside) == 1:
            (line, at) = inside[0]
            left, top, right, bottom = line.box
            if right - left < bottom - top:
                return line.box
            each = (right - left) / max(1, len(line.text))
            return (
                max(left, int(left + each * (start - at) - each / 2)),
                top,
                min(right, int(left + each * (end - at) + each / 2)),
                bottom,
            )
        return around([line.box for line, _ in inside] or [line.box for line in self.lines])

    @property
    def score(self) -> float:
        """Return how sure the reading of the least clear line is."""
        return min(line.score for line in self.lines)


def passages(lines: Sequence[Seen]) -> tuple[Passage, ...]:
    """Return the passages of one screen, top to bottom."""
    rows = _rows(lines)
    groups: list[list[Seen]] = []
    for row in rows:
        fits = next((group for group in reversed(groups) if _follows(group[-1], row)), None)
        if fits is None:
            groups.append([row])
        else:
            fits.append(row)
    return tuple(map(_passage, groups))


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of these."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def joined(first: str, second: str) -> str:
    """Return two pieces of text as one: Latin words keep a space, Chinese takes none.

    >>> joined("全网", "第一"), joined("made in", "China")
    ('全网第一', 'made in China')
    """
    latin = first[-1:].isascii() and first[-1:].isalnum() and second[:1].isascii() and second[:1].isalnum()
    return f"{first} {second}" if latin else first + second


def _rows(lines: Sequence[Seen]) -> list[Seen]:
    """Join what stands side by side into rows; give the rows from top to bottom."""
    rows: list[Seen] = []
    for line in sorted(lines, key=lambda each: (each.box[0], each.box[1])):
        place = next((i for i, row in enumerate(rows) if _beside(row, line)), None)
        if place is None:
            rows.append(line)
        else:
            row = rows[place]
            text = joined(row.text, line.text)
            rows[place] = Seen(text, min(row.score, line.score), around([row.box, line.box]))
    return sorted(rows, key=lambda each: (each.box[1], each.box[0]))


def _beside(left: Seen, right: Seen) -> bool:
    overlap = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
    lower = min(left.height, right.height)
    gap = right.box[0] - left.box[2]
    return _alike(left, right) and overlap > 0.6 * lower and -0.5 * lower < gap < _BESIDE * lower


def _follows(upper: Seen, lower: Seen) -> bool:
    gap = lower.box[1] - upper.box[3]
    height = min(upper.height, lower.height)
    if not _alike(upper, lower) or not -0.4 * height < gap < _GAP * height:
        return False
    lefts, rights = abs(upper.box[0] - lower.box[0]), abs(upper.box[2] - lower.box[2])
    middles = abs(upper.box[0] + upper.box[2] - lower.box[0] - lower.box[2]) / 2
    return min(lefts, middles, rights) < 1.5 * height


def _alike(first: Seen, second: Seen) -> bool:
    small, large = sorted((first.height, second.height))
    return large <= _SIMILAR * max(1, small)


def _passage(lines: list[Seen]) -> Passage:
    text, starts = "", []
    for line in lines:
        text = joined(text, line.text) if text else line.text
        starts.append(len(text) - len(line.text))
    return Passage(text, tuple(lines), tuple(starts))
