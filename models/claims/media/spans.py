"""Follow what is shown from its first frame to its last: one caption, one claim, however often it is read.

Reading jitters (a character wrong here, a word cut off at the edge there), so two readings are the same thing
when most of their characters agree in order. Rule: a gap of a missed sample or two is bridged; what is gone
longer is over, and its end is the first sample that no longer showed it. Memory holds what is on screen.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from models.claims.media.reading import Box

T = TypeVar("T")
BRIDGED = 2.3
_SHORT = 3
_AGREE = 0.7


@dataclass(slots=True)
class Span(Generic[T]):
    """One thing shown from `start` to `end` (seconds); `text` and `best` are those of its clearest reading.

    Args:
        kind: only readings of the same kind can be the same thing (a rule; "" for captions).
        gone: the first sample that did not show it, while it may still come back.
    """

    kind: Hashable
    text: str
    start: float
    last: float
    score: float
    box: Box
    best: T
    end: float = 0.0
    gone: float | None = None
    readings: int = 1


@dataclass(slots=True)
class Spans(Generic[T]):
    """The things on screen now; `feed` what a sample shows, and take what is over."""

    bridged: float = BRIDGED
    open: list[Span[T]] = field(default_factory=list)

    def feed(
        self, time: float, shown: list[tuple[Hashable, str, float, Box, T]]
    ) -> tuple[list[Span[T]], list[Span[T]]]:
        """Take in one sample (kind, text, score, box, material); return what is new and what is over."""
        over = list(self._expire(time))
        new = []
        met: set[int] = set()
        for kind, text, score, box, best in shown:
            span = self._find(kind, text, box, met)
            if span is None:
                span = Span(kind, text, time, time, score, box, best)
                self.open.append(span)
                new.append(span)
            else:
                _renew(span, time, text, score, box, best)
            met.add(id(span))
        self._mark(time, met)
        return new, over

    def same(self, time: float) -> None:
        """Say that the picture has not changed: what the last sample showed is still there."""
        for span in self.open:
            if span.gone is None:
                span.last = time

    def finish(self, time: float) -> list[Span[T]]:
        """Return what was still shown when the recording ended at `time`."""
        over, self.open = self.open, []
        for span in over:
            span.end = span.gone if span.gone is not None else max(time, span.last)
        return over

    def _find(self, kind: Hashable, text: str, box: Box, met: set[int]) -> Span[T] | None:
        """Return the span this reading belongs to: the likest text of its kind, then the nearest place."""
        fits = [
            (likeness(span.text, text), -_apart(span.box, box), -place, span)
            for place, span in enumerate(self.open)
            if span.kind == kind and id(span) not in met
        ]
        best = max(fits, default=None, key=lambda fit: fit[:3])
        return best[3] if best is not None and best[0] >= _AGREE else None

    def _mark(self, time: float, met: set[int]) -> None:
        for span in self.open:
            if id(span) not in met and span.gone is None:
                span.gone = time

    def _expire(self, time: float) -> Iterator[Span[T]]:
        for span in [each for each in self.open if each.gone is not None and time - each.last > self.bridged]:
            span.end = span.gone if span.gone is not None else time
            self.open.remove(span)
            yield span


def likeness(first: str, second: str) -> float:
    """Return the share of the shorter text that agrees, in order, with the other; 1 for a part of it.

    >>> likeness("全网销量第一", "全网销最第一") > 0.8, likeness("国家级特供", "家级特供")
    (True, 1.0)
    >>> likeness("包治百病", "限时优惠")
    0.0
    """
    short, long = sorted((_plain(first), _plain(second)), key=len)
    if short == long:
        return 1.0
    if len(short) < _SHORT:
        return 0.0
    if short in long:
        return 1.0 if 2 * len(short) >= len(long) else 0.5
    blocks = SequenceMatcher(None, long, short, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(short) if 2 * len(short) >= len(long) else 0.0


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _renew(span: Span[T], time: float, text: str, score: float, box: Box, best: T) -> None:
    span.last, span.gone = time, None
    span.readings += 1
    # The longest clear reading wins: at the edge of a scrolling line words are cut off, not added.
    if (len(_plain(text)), score) > (len(_plain(span.text)), span.score) and score >= span.score - 0.05:
        span.text, span.score, span.box, span.best = text, score, box, best


def _apart(first: Box, second: Box) -> float:
    across = abs(first[0] + first[2] - second[0] - second[2])
    return (across + abs(first[1] + first[3] - second[1] - second[3])) / 2
