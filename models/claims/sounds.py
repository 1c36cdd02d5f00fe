"""How characters sound, tone included, and which words sound like a word of the lexicon.

Readings come from pypinyin's table, the ordinary words and traditional characters from OpenCC's, both read as
plain files and never imported; without them our own small tables in `resources/lexicon/folding.json` stand.
Rule: a character is heard by its usual reading; a few characters of the lexicon have two.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_PLANES = range(0x3400, 0xA000)
_MOST_READINGS = 6
_LONGEST = 4
# Of these the second reading is as usual as the first.
_TWO = "调血行重率脏便长发得着"


@dataclass(frozen=True)
class Sounds:
    """Words by their sound.

    Args:
        hears: character -> one letter for its sound, for `str.translate`.
        heads: first two sounds -> the words that begin so, each with its sounds.
        syllables: toneless syllable -> the characters of the lexicon with it.
        named: toneless syllable -> the letters that `hears` gives for its tones.
        words: toneless letters, whole or initials -> the words they spell.
        pairs: two characters that stand together in some word of the lexicon.
        chance: pairs that stand together by chance often enough, one word ending and the next beginning.
        own_words: ordinary words that sound like one of the lexicon's.
    """

    hears: dict[int, str]
    heads: Mapping[str, tuple[tuple[str, str], ...]]
    syllables: Mapping[str, str]
    named: Mapping[str, frozenset[str]]
    words: Mapping[str, tuple[str, ...]]
    pairs: frozenset[str]
    chance: frozenset[str]
    own_words: frozenset[str] = field(repr=False)

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Ordinary words of two to four characters; read only when a guess has to be weighed."""
        lines = _lines("opencc", "dictionary/STPhrases.txt")
        spelt = (line.partition("\t")[0] for line in lines)
        return self.own_words | {word for word in spelt if 1 < len(word) <= _LONGEST}


def load_sounds(folding: Mapping[str, Any], words: Iterable[str]) -> Sounds:
    """Return the sounds of these words.

    Args:
        folding: `real_words`, `chance_pairs`, `initials` and our own `sounds`.
    """
    spelt = sorted(word for word in set(words) if len(word) > 1)
    read = _readings(folding["sounds"])
    letters = {syllable: chr(0xF0000 + n) for n, syllable in enumerate(sorted({r[0] for r in read.values()}))}
    heads: dict[str, list[tuple[str, str]]] = {}
    toneless: dict[str, dict[str, None]] = {}
    in_letters: dict[str, list[str]] = {}
    for word in spelt:
        if not all(letter in read for letter in word):
            continue
        for heard in _heard(word, read, letters):
            heads.setdefault(heard[:2], []).append((heard, word))
        for letter in word:
            for reading in read[letter][:2]:
                toneless.setdefault(reading[:-1], {})[letter] = None
        in_letters.setdefault("".join(read[letter][0][:-1] for letter in word), []).append(word)
    for initials, word in folding.get("initials", {}).items():
        in_letters.setdefault(initials, []).append(word)
    own = frozenset(folding["real_words"])
    return Sounds(
        hears={ord(letter): letters[heard[0]] for letter, heard in read.items()},
        heads={head: tuple(found) for head, found in heads.items()},
        syllables={syllable: "".join(found) for syllable, found in toneless.items()},
        named={
            toneless_one: frozenset(letter for heard, letter in letters.items() if heard[:-1] == toneless_one)
            for toneless_one in toneless
        },
        words={spelling: tuple(found) for spelling, found in in_letters.items()},
        pairs=frozenset(word[i : i + 2] for word in spelt for i in range(len(word) - 1)),
        chance=frozenset(folding["chance_pairs"]),
        own_words=own,
    )


def traditional(own: Mapping[str, str]) -> dict[str, str]:
    """Return traditional character -> simplified: OpenCC's table where it is installed, ours on top."""
    pairs = (line.rstrip("\n").partition("\t") for line in _lines("opencc", "dictionary/TSCharacters.txt"))
    table = {old: new.split(" ")[0] for old, _, new in pairs if len(old) == 1}
    return {old: new for old, new in (table | dict(own)).items() if len(new) == 1 and old != new}


def _heard(word: str, read: Mapping[str, tuple[str, ...]], letters: Mapping[str, str]) -> Iterator[str]:
    options = [
        [letters[r] for r in read[letter][: 2 if letter in _TWO else 1] if r in letters] for letter in word
    ]
    for number, heard in enumerate(product(*options)):
        if number == _MOST_READINGS:
            return
        yield "".join(heard)


def _readings(own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return character -> its readings as syllable and tone digit, the usual one first."""
    read: dict[str, tuple[str, ...]] = {}
    for syllable, letters in own.items():
        for letter in letters:
            read[letter] = (*read.get(letter, ()), syllable)
    text = "".join(_lines("pypinyin", "pinyin_dict.json"))
    seen: dict[str, str] = {}
    for code, written in (json.loads(text) if text else {}).items():
        if int(code) in _PLANES:
            readings = []
            for reading in written.split(",")[:3]:
                if reading not in seen:
                    seen[reading] = _numbered(reading)
                readings.append(seen[reading])
            read[chr(int(code))] = tuple(dict.fromkeys(readings))
    return read


def _numbered(reading: str) -> str:
    """Return a reading with its tone as a digit.

    >>> _numbered("zhì"), _numbered("lǜ"), _numbered("de")
    ('zhi4', 'lv4', 'de5')
    """
    pieces = unicodedata.normalize("NFD", reading)
    tone = next((_TONES[piece] for piece in pieces if piece in _TONES), "5")
    plain = "".join(piece for piece in pieces if piece not in _TONES)
    return unicodedata.normalize("NFC", plain).replace("ü", "v") + tone


def _lines(package: str, name: str) -> list[str]:
    """Return the lines of a package's data file; none where the package is not installed."""
    found = importlib.util.find_spec(package)
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / name
        if path.exists():
            return path.read_text(encoding="utf-8").splitlines(keepends=True)
    return []
