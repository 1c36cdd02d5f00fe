"""Which letters a text must have before a pattern can match in it: most patterns need not be tried at all.

A pattern such as `(?:治疗|根治).{0,8}(?:高血压|癌)` *needs* one of {治疗, 根治} and one of {高血压, 癌}. Each
need is one bit; the pairs and single letters of a text give the bits it has. Rule: a pattern whose needs are
not all there cannot match, so leaving it out changes nothing (a test compares both ways).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

Need = frozenset[str]
# The tree of the expression, as the standard library itself reads it; no second reader to keep in step.
_parser: Any = importlib.import_module("re._parser")
_PAIR = 2
_MOST = 4000
_SMALL_SET = 60
_NAME = re.compile(r"<([a-z][a-z0-9]*)>")
_STANDS_FOR = 0xE000


class Anchors:
    """Gives each need a bit, and each text the bits of the needs it meets.

    Args:
        classes: the word classes that patterns name as `<name>`.
    """

    def __init__(self, classes: Mapping[str, Iterable[str]]) -> None:
        self._bits: dict[Need, int] = {}
        self._grams: dict[str, int] = {}
        # One private letter stands for a whole class while the pattern is read.
        self._letters = {name: chr(_STANDS_FOR + number) for number, name in enumerate(classes)}
        self._words = {self._letters[name]: set(words) for name, words in classes.items()}

    def bits(self, pattern: str) -> int:
        """Return the needs of a pattern, its classes still by name, as bits."""
        text = _NAME.sub(lambda match: self._letters[match[1]], pattern)
        found = 0
        for need in needs(text, self._words):
            bit = self._bits.get(need)
            if bit is None:
                bit = self._bits[need] = 1 << len(self._bits)
                for gram in need:
                    self._grams[gram] = self._grams.get(gram, 0) | bit
            found |= bit
        return found

    def met(self, text: str) -> int:
        """Return the bits of the needs that a text meets."""
        get = self._grams.get
        found = 0
        for gram in {*text, *map("".join, pairwise(text))}:
            found |= get(gram, 0)
        return found


def needs(pattern: str, stand: Mapping[str, set[str]] | None = None) -> tuple[Need, ...]:
    """Return the needs of a pattern: of each, at least one must stand in a text that it matches.

    Args:
        stand: letters that stand for any of some words.

    >>> [sorted(need) for need in needs("(?:治疗|根治).{0,8}癌症?")]
    [['根治', '治疗'], ['癌']]
    """
    kept = []
    for written in _sequence(_parser.parse(pattern), stand or {}):
        need = frozenset(text[:_PAIR] for text in written)
        if need and len(need) <= _MOST:
            kept.append(need)
    return tuple(dict.fromkeys(kept))


def _sequence(items: Iterable[Any], stand: Mapping[str, set[str]]) -> list[set[str]]:
    found: list[set[str]] = []
    run = ""
    for name, value in ((str(op), value) for op, value in items):
        letter = chr(value) if name == "LITERAL" else ""
        if letter and letter not in stand:
            run += letter
            continue
        if run:
            found.append({run})
            run = ""
        found += [stand[letter]] if letter else _inside(name, value, stand)
    return [*found, {run}] if run else found


def _inside(name: str, value: Any, stand: Mapping[str, set[str]]) -> list[set[str]]:
    if name == "SUBPATTERN":
        return _sequence(value[-1], stand)
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
        return _sequence(value[2], stand)
    if name == "IN":
        letters = {chr(inner) for op, inner in value if str(op) == "LITERAL"}
        if len(letters) == len(value) <= _SMALL_SET:
            return [letters]
    if name == "BRANCH":
        return list(_branch([_sequence(option, stand) for option in value[1]]))
    return []


def _branch(options: list[list[set[str]]]) -> Iterator[set[str]]:
    """Give the one need that every option has in some form: the most telling of each, together."""
    if all(options):
        best = (max(option, key=_worth) for option in options)
        yield set().union(*best)


def _worth(need: set[str]) -> tuple[int, int]:
    return min(len(text[:_PAIR]) for text in need), -len(need)
