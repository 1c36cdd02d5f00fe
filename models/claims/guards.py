"""Leave the lawful uses alone: grades, best-before advice, service, one's own range, negation, quoted law.

Each guard is data (`resources/lexicon/guards.json`) with up to five looks: `before` ends where the words
begin, `after` begins where they end, `inside` is in them, `sentence` is anywhere in their sentence, and
`not` calls a `before` off. Source: Advertising Law 16, 18, 28; guide of 2023 on absolute terms, 5 and 6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_END = re.compile(r"[。！？!?；;\n]")
_NEAR = 24


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentence that holds a slice.

    >>> sentence("甲。乙丙。丁", 2, 3)
    (2, 4)
    """
    left = max((text.rfind(mark, 0, start) for mark in "。！？!?；;\n"), default=-1) + 1
    right = _END.search(text, end)
    return left, right.start() if right else len(text)


def lawful(text: str, start: int, end: int, guards: tuple[Mapping[str, re.Pattern[str]], ...]) -> bool:
    """Say whether one of the guards holds for the words at `start` to `end`."""
    left, right = sentence(text, start, end)
    whole, before = text[left:right], text[max(left, start - _NEAR) : start]
    return any(_holds(guard, whole, before, text[start:end], text[end:right]) for guard in guards)


def _holds(guard: Mapping[str, re.Pattern[str]], whole: str, before: str, inside: str, after: str) -> bool:
    if "sentence" in guard and guard["sentence"].search(whole):
        return True
    if "after" in guard and guard["after"].match(after):
        return True
    if "inside" in guard and guard["inside"].search(inside):
        return True
    found = guard["before"].search(before) if "before" in guard else None
    return found is not None and not ("not" in guard and guard["not"].search(found[0]))
