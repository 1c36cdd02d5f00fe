"""The rules as data, compiled: `resources/lexicon/*.json` with word classes, guards and folding tables.

A pattern is a stdlib regular expression in which `<name>` stands for a word class. Rule: no rule without its
statute, and no statute that is not an article of a published law. Nothing here is kept at module level: a
face loads the lexicon once and hands it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import resources
from models.claims.normalise import HAN, Folder

CATEGORIES = ("general", "food", "health", "cosmetic")
FILES = ("absolute", "disease", "health", "cosmetic", "general", "english")
_NAME = re.compile(r"<([a-z][a-z0-9]*)>")
_HAN_RUN = re.compile(rf"[{HAN}]{{2,}}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for, which law forbids it, and what to say instead.

    Args:
        statutes: statutes of a category where they differ from `statute`.
        severity: 1 look at it, 2 unlawful unless proved, 3 unlawful.
        sounding: the same pattern with every character replaced by the first of those that sound like it.
    """

    code: str
    statute: tuple[str, ...]
    statutes: Mapping[str, tuple[str, ...]]
    categories: tuple[str, ...]
    severity: int
    pattern: re.Pattern[str]
    sounding: re.Pattern[str]
    guards: tuple[str, ...]
    why: Mapping[str, str]
    suggestion: Mapping[str, str]

    def law(self, category: str) -> tuple[str, ...]:
        """Return the statutes for goods of this category, first the one that weighs most."""
        return self.statutes.get(category, self.statute)


@dataclass(frozen=True, slots=True)
class Sounds:
    """Characters that sound alike, tone included; toneless syllables for words in pinyin letters."""

    first: Mapping[int, str]
    alike: Mapping[str, str]
    syllables: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    pairs: frozenset[str]
    real: re.Pattern[str]
    short: frozenset[str]


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
    guards: Mapping[str, Mapping[str, re.Pattern[str]]]
    words: frozenset[str]
    folder: Folder
    sounds: Sounds
    parts: Mapping[str, str]
    joins: re.Pattern[str]

    def for_category(self, category: str) -> tuple[Rule, ...]:
        """Return the rules for goods of this category."""
        return tuple(rule for rule in self.rules if category in rule.categories)


def load_lexicon() -> Lexicon:
    """Read and compile the lexicon that ships with the program."""
    words, folding = _read("words"), _read("folding")
    guards, truths = _read("guards")["guards"], _read("truths")["truths"]
    written = [rule for file in FILES for rule in _read(file)["rules"]]
    classes = {name: _any_of(members) for name, members in words["classes"].items()} | words["raw"]
    spelt = {word for members in words["classes"].values() for word in members}
    runs = {run for rule in written for text in rule["patterns"] for run in _HAN_RUN.findall(text)}
    sounds = _sounds(folding, spelt | runs)
    return Lexicon(
        rules=tuple(_rule(rule, classes, sounds) for rule in written),
        truths=tuple(map(_truth, truths)),
        guards={name: _guard(guard) for name, guard in guards.items()},
        words=frozenset(word for word in spelt | runs if len(word) > 1),
        folder=Folder(folding["traditional"]),
        sounds=sounds,
        parts=folding["parts"],
        joins=re.compile("|".join(map(re.escape, sorted(folding["parts"], key=len, reverse=True)))),
    )


def _read(name: str) -> Any:
    return resources.document(f"lexicon/{name}.json")


def _rule(written: Mapping[str, Any], classes: Mapping[str, str], sounds: Sounds) -> Rule:
    text = "|".join(_NAME.sub(lambda match: classes[match[1]], pattern) for pattern in written["patterns"])
    text = text.replace("NO", "no")
    return Rule(
        code=written["code"],
        statute=tuple(written["statute"]),
        statutes={name: tuple(law) for name, law in written.get("statutes", {}).items()},
        categories=tuple(written["categories"]),
        severity=written["severity"],
        pattern=re.compile(text, re.IGNORECASE if written["code"].startswith("en-") else 0),
        sounding=re.compile(text.translate(sounds.first)),
        guards=tuple(written["guards"]),
        why=written["why"],
        suggestion=written["suggestion"],
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


def _guard(written: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    shapes = {"before": "(?:{})$", "after": "(?:{})"}
    return {part: re.compile(shapes.get(part, "{}").format(text)) for part, text in written.items()}


def _truth(written: Mapping[str, Any]) -> Truth:
    hours = written.get("hours")
    return Truth(
        code=written["code"],
        statute=tuple(written["statute"]),
        pattern=re.compile("|".join(written["patterns"])),
        schemes=tuple(written.get("schemes", ())),
        inspections=bool(written.get("inspections", False)),
        failing=bool(written.get("failing", False)),
        hours=None if hours is None else (hours[0], hours[1]),
    )


def _sounds(folding: Mapping[str, Any], words: set[str]) -> Sounds:
    groups: Mapping[str, str] = folding["sounds"]
    used = {letter for word in words for letter in word}
    toneless: dict[str, str] = {}
    reading: dict[str, str] = {}
    for syllable, letters in groups.items():
        toneless[syllable[:-1]] = toneless.get(syllable[:-1], "") + "".join(c for c in letters if c in used)
        reading.update(dict.fromkeys(letters, syllable[:-1]))
    spelt: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) > 1 and all(letter in reading for letter in word):
            spelt.setdefault("".join(reading[letter] for letter in word), []).append(word)
    return Sounds(
        first={ord(letter): letters[0] for letters in groups.values() for letter in letters},
        alike={
            c: "".join(o for o in letters if o in used and o != c)
            for letters in groups.values()
            for c in letters
        },
        syllables={syllable: letters for syllable, letters in toneless.items() if letters},
        words={text: tuple(found) for text, found in spelt.items()},
        pairs=frozenset(word[i : i + 2] for word in words for i in range(len(word) - 1)),
        real=re.compile("|".join(map(re.escape, folding["real_words"]))),
        short=frozenset(folding["short_words"]),
    )
