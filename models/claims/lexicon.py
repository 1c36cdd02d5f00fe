"""The rules as data, compiled: `resources/lexicon/*.json` with word classes, guards and folding tables.

A pattern is a stdlib regular expression in which `<name>` stands for a word class. Rule: no rule without its
statute, and no statute that is not an article of a published law. Nothing here is kept at module level: a
face loads the lexicon once and hands it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import resources
from models.claims.anchors import Anchors
from models.claims.guards import Guard, read_guard
from models.claims.normalise import HAN, Folder
from models.claims.sounds import Sounds, load_sounds, traditional
from models.claims.statutes import Statute, read_statutes

CATEGORIES = ("general", "food", "health", "cosmetic")
FILES = ("absolute", "disease", "health", "cosmetic", "general", "english")
_NAME = re.compile(r"<([a-z][a-z0-9]*)>")
_HAN_RUN = re.compile(rf"[{HAN}]{{2,}}")
_LONGEST = 8
_DEEP = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which law forbids what it finds, and what to say instead.

    Args:
        statutes: statutes of a category where they differ from `statute`.
        severity: 1 look at it, 2 unlawful unless proved, 3 unlawful.
        exempt: which uses are lawful, in words.
    """

    code: str
    statute: tuple[str, ...]
    statutes: Mapping[str, tuple[str, ...]]
    categories: tuple[str, ...]
    severity: int
    guards: tuple[Guard, ...]
    why: Mapping[str, str]
    suggestion: Mapping[str, str]
    exempt: str = ""

    def law(self, category: str) -> tuple[str, ...]:
        """Return the statutes for goods of this category, first the one that weighs most."""
        return self.statutes.get(category, self.statute)


@dataclass(frozen=True)
class Shape:
    """One pattern of a rule, compiled when first tried.

    Args:
        needs: the bits of `Anchors` without which it cannot match.
    """

    text: str
    needs: int
    rule: Rule
    classes: Mapping[str, str] = field(repr=False)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression with its word classes in place."""
        return re.compile(_expand(self.text, self.classes))


@dataclass(frozen=True, slots=True)
class Truth:
    """A claim that is lawful only if it is true, and what would bear it out."""

    code: str
    statute: tuple[str, ...]
    pattern: re.Pattern[str]
    schemes: tuple[str, ...]
    inspections: bool
    failing: bool
    hours: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the monitor knows about words."""

    rules: tuple[Rule, ...]
    truths: tuple[Truth, ...]
    words: frozenset[str]
    heads: Mapping[str, tuple[str, ...]]
    folder: Folder
    sounds: Sounds
    parts: Mapping[str, str]
    joins: re.Pattern[str]
    anchors: Anchors
    statutes: Mapping[str, Statute]
    by_category: Mapping[str, tuple[Shape, ...]] = field(repr=False)

    def for_category(self, category: str) -> tuple[Rule, ...]:
        """Return the rules for goods of this category."""
        return tuple(rule for rule in self.rules if category in rule.categories)

    def shapes(self, category: str) -> tuple[Shape, ...]:
        """Return the patterns for goods of this category."""
        return self.by_category[category]

    def word_over(self, text: str, place: int) -> tuple[int, int] | None:
        """Return a word of the lexicon over `place` and the next character, the longest of one start."""
        for start in range(max(0, place - _LONGEST + 2), place + 1):
            for word in self.heads.get(text[start : start + 2], ()):
                if start + len(word) > place + 1 and text.startswith(word, start):
                    return start, start + len(word)
        return None

    def unverified(self, statute: Iterable[str]) -> tuple[str, ...]:
        """Return those of the citations whose text does not ship with the program."""
        return tuple(law for law in statute if not self.statutes[law.rpartition(" ")[0]].checked)


def load_lexicon() -> Lexicon:
    """Read and compile the lexicon that ships with the program."""
    words, folding = _read("words"), _read("folding")
    guards, truths = _read("guards")["guards"], _read("truths")["truths"]
    written = [rule for file in FILES for rule in _read(file)["rules"]]
    classes: dict[str, str] = words["raw"]
    spelt = {word for members in words["classes"].values() for word in members}
    runs = {run for rule in written for text in rule["patterns"] for run in _HAN_RUN.findall(text)}
    runs |= {f"最{word}" for word in words["classes"]["bestness"]} | set(folding["short_words"])
    compiled = classes | {name: _any_of(members) for name, members in words["classes"].items()}
    lawful = {name: _guard(guard, compiled) for name, guard in guards.items()}
    anchors = Anchors(words["classes"])
    rules = [_rule(rule, lawful) for rule in written]
    shapes = [
        Shape(text, anchors.bits(_expand(text, classes)), rule, compiled)
        for rule, source in zip(rules, written, strict=True)
        for text in source["patterns"]
    ]
    return Lexicon(
        rules=tuple(rules),
        truths=tuple(_truth(truth, compiled) for truth in truths),
        words=frozenset(word for word in spelt | runs if len(word) > 1),
        heads=_by_head(word for word in spelt | runs if 1 < len(word) <= _LONGEST),
        folder=Folder(traditional(folding["traditional"])),
        sounds=load_sounds(folding, spelt | runs),
        parts=folding["parts"],
        joins=re.compile("|".join(map(re.escape, sorted(folding["parts"], key=len, reverse=True)))),
        anchors=anchors,
        statutes=read_statutes(_read("statutes")),
        by_category={
            category: tuple(shape for shape in shapes if category in shape.rule.categories)
            for category in CATEGORIES
        },
    )


def _read(name: str) -> Any:
    return resources.document(f"lexicon/{name}.json")


def _expand(text: str, classes: Mapping[str, str]) -> str:
    """Return a pattern with its word classes in place, in the small letters that folding leaves."""
    for _ in range(_DEEP):
        text = _NAME.sub(lambda match: classes.get(match[1], match[0]), text)
    return text.lower()


def _rule(written: Mapping[str, Any], guards: Mapping[str, Guard]) -> Rule:
    return Rule(
        code=written["code"],
        statute=tuple(written["statute"]),
        statutes={name: tuple(law) for name, law in written.get("statutes", {}).items()},
        categories=tuple(written["categories"]),
        severity=written["severity"],
        guards=tuple(guards[name] for name in written["guards"]),
        why=written["why"],
        suggestion=written["suggestion"],
        exempt=written.get("exempt", ""),
    )


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first, that branches letter by letter.

    >>> _any_of(["根治", "根除", "根"])
    '(?:根(?:治|除)?)'
    """
    tails: dict[str, set[str]] = {}
    for word in words:
        tails.setdefault(word[0], set()).add(word[1:])
    branches = []
    for first in sorted(tails):
        rest = _any_of(tail for tail in tails[first] if tail) if tails[first] - {""} else ""
        branches.append(re.escape(first) + rest + ("?" if rest and "" in tails[first] else ""))
    return "(?:" + "|".join(branches) + ")"


def _by_head(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    heads: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        heads.setdefault(word[:2], []).append(word)
    return {head: tuple(found) for head, found in heads.items()}


def _guard(written: Mapping[str, str], classes: Mapping[str, str]) -> Guard:
    return read_guard({part: _expand(text, classes) for part, text in written.items()})


def _truth(written: Mapping[str, Any], classes: Mapping[str, str]) -> Truth:
    hours = written.get("hours")
    return Truth(
        code=written["code"],
        statute=tuple(written["statute"]),
        pattern=re.compile(_expand("|".join(written["patterns"]), classes)),
        schemes=tuple(written.get("schemes", ())),
        inspections=bool(written.get("inspections", False)),
        failing=bool(written.get("failing", False)),
        hours=None if hours is None else (hours[0], hours[1]),
    )
