"""Run the rules over a folded text, piece by piece: only the patterns that a piece can match are tried.

A piece is a sentence, or part of a very long one. Rule: no pattern of the lexicon reaches over the end of a
sentence, so a text cut there gives the same finds (a test compares both).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from models.claims.guards import lawful
from models.claims.lexicon import Lexicon, Rule, Shape

Span = tuple[int, int]
Find = tuple[Rule, Span]
_MARK = re.compile(r"[。！？!?；;\n]")
_LONG = 240
_STEP = 160


def pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Give each piece as (start, end, first place that belongs to the next piece)."""
    start = 0
    for mark in _MARK.finditer(text):
        yield from _cut(start, mark.start())
        start = mark.end()
    yield from _cut(start, len(text))


def _cut(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    while end - start > _LONG:
        yield start, start + _LONG, start + _STEP
        start += _STEP
    if end - start > 1:
        yield start, end, end


def scan(text: str, shapes: Sequence[Shape], lexicon: Lexicon) -> Iterator[Find]:
    """Give what the rules find in a folded text, lawful uses left out."""
    for start, end, limit in pieces(text):
        for rule, span in scan_piece(text, start, end, shapes, lexicon):
            if span[0] < limit:
                yield rule, span


def scan_piece(
    text: str, start: int, end: int, shapes: Sequence[Shape], lexicon: Lexicon, touch: Span | None = None
) -> Iterator[Find]:
    """Give what the rules find between two places, the widest first.

    Args:
        touch: give only finds that touch this slice.
    """
    met = lexicon.anchors.met(text[start:end])
    found: dict[tuple[Span, str], Rule] = {}
    for shape in shapes:
        if shape.needs & met == shape.needs:
            for match in shape.pattern.finditer(text, start, end):
                span = match.span()
                if touch is None or (span[0] < touch[1] and span[1] > touch[0]):
                    found.setdefault((span, shape.rule.code), shape.rule)
    told: list[Span] = []
    for (span, _), rule in sorted(found.items(), key=lambda item: item[0][0][0] - item[0][0][1]):
        # Words inside words already told need no guard: only the widest are reported.
        if not _within(span, told) and not lawful(text, *span, rule.guards):
            told.append(span)
            yield rule, span


def _within(span: Span, told: list[Span]) -> bool:
    start, end = span
    return any(first <= start and end <= last and last - first > end - start for first, last in told)
