"""Leave the lawful uses alone: grades, best-before advice, service, one's own range, negation, quoted law.

Each guard is data (`resources/lexicon/guards.json`) with up to four looks at the words found: `before` ends
where they begin, `after` begins where they end, `inside` is in them, `clause` is in their clause; `only`
names the words it is about. Rule: a guard never looks past its sentence, and never excuses more than the
words it stands beside: a lawful phrase elsewhere in the sentence is no excuse. Source: Advertising Law 16,
18, 28; Food Safety Law 73.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from models.claims.anchors import needs

_END = re.compile(r"[。！？!?；;\n]")
_PAUSE = re.compile(r"[。！？!?；;，,\n]")
_BEFORE = 44
_AFTER = 40
_FAR = 80


@dataclass(frozen=True, slots=True)
class Look:
    """A pattern, and letters of which one must be there for it to match: most looks end with these."""

    pattern: re.Pattern[str]
    letters: frozenset[str]

    def finds(self, text: str) -> bool:
        """Say whether the pattern stands anywhere in the text."""
        if self.letters and self.letters.isdisjoint(text):
            return False
        return self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Guard:
    """One lawful use; it holds where any of its looks finds something."""

    before: Look | None = None
    after: Look | None = None
    inside: Look | None = None
    clause: Look | None = None
    both: tuple[Look, Look] | None = None
    only: Look | None = None

    def holds(self, seen: Beside) -> bool:
        """Say whether this use explains the words."""
        if self.only is not None and not self.only.finds(seen.inside):
            return False
        looks = (
            (self.after, seen.after),
            (self.inside, seen.inside),
            (self.before, seen.before),
            (self.clause, seen.clause),
        )
        if any(look is not None and look.finds(text) for look, text in looks):
            return True
        return self.both is not None and self.both[0].finds(seen.before) and self.both[1].finds(seen.after)


@dataclass(frozen=True, slots=True)
class Beside:
    """The words found, and what stands beside them in their sentence."""

    before: str
    inside: str
    after: str
    clause: str


def beside(text: str, start: int, end: int) -> Beside:
    """Return what stands beside a slice."""
    left, right = sentence(text, start, end)
    return Beside(
        before=text[max(left, start - _BEFORE) : start],
        inside=text[start:end],
        after=text[end : min(right, end + _AFTER)],
        clause=clause(text, start, end),
    )


def read_guard(written: Mapping[str, str]) -> Guard:
    """Return a guard as it is written in the lexicon; `lead` and `tail` must both hold."""
    ends = {part: f"(?:{written[part]})$" for part in ("before", "lead") if part in written}
    begins = {part: rf"\A(?:{written[part]})" for part in ("after", "tail") if part in written}
    looks = {part: _look(text) for part, text in (dict(written) | ends | begins).items()}
    return Guard(
        before=looks.get("before"),
        after=looks.get("after"),
        inside=looks.get("inside"),
        clause=looks.get("clause"),
        only=looks.get("only"),
        both=(looks["lead"], looks["tail"]) if "lead" in looks else None,
    )


def _look(text: str) -> Look:
    needed = min(needs(text), key=len, default=frozenset())
    return Look(re.compile(text), frozenset(gram[0] for gram in needed))


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentence that holds a slice.

    >>> sentence("甲。乙丙。丁", 2, 3)
    (2, 4)
    """
    return _bounds(text, start, end, _END)


def clause(text: str, start: int, end: int) -> str:
    """Return the part of the sentence between commas that holds a slice.

    >>> clause("甲，乙丙、丁，戊", 2, 3)
    '乙丙、丁'
    """
    left, right = _bounds(text, start, end, _PAUSE)
    return text[left:right]


def _bounds(text: str, start: int, end: int, mark: re.Pattern[str]) -> tuple[int, int]:
    """Return the nearest marks; a text without any is cut, so that a hit costs the same in a long line."""
    left = low = max(0, start - _FAR)
    for found in mark.finditer(text, low, start):
        left = found.end()
    right = mark.search(text, end, min(len(text), end + _FAR))
    return left, right.start() if right else min(len(text), end + _FAR)


def lawful(text: str, start: int, end: int, guards: tuple[Guard, ...]) -> bool:
    """Say whether one of the guards holds for the words at `start` to `end`."""
    seen = beside(text, start, end)
    return any(guard.holds(seen) for guard in guards)
