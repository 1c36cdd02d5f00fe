"""Disguise unlawful words the ways sellers do, one kind at a time, the same on every run.

Rule: the words found are hidden, put alone into a neutral line, and must be found there again. A homophone
replaces one character by a common one (GB 2312, first level) with the same sound and tone; a separator stands
between every two characters or at one place alone, turn by turn. Choices follow a digest of the words, so
that no run is luckier than another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from models.claims.lexicon import Lexicon
from models.claims.rules import find

CARRIER = "这款{}，放心拍"
_SEPARATORS = " .·-_*/|~+、，。：!^=丨…"
_EMOJI = ("🔥", "❤️", "✅", "👍🏻", "😀", "⭐", "💯", "🌿")
_ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\ufeff", "\u2060", "\u00ad")
_WIDE = 0xFEE0

Hide = Callable[[str, int], str | None]


def kinds(lexicon: Lexicon) -> dict[str, Hide]:
    """Return each kind of disguise: (words, seed) -> the words hidden, or None where it cannot be done."""
    return {
        "separators": lambda words, seed: _between(words, _SEPARATORS, seed),
        "emoji": lambda words, seed: _between(words, _EMOJI, seed),
        "zero-width": lambda words, seed: _between(words, _ZERO_WIDTH, seed),
        "full width": _wide,
        "traditional": lambda words, seed: _mapped(words, _reversed(lexicon.folder.traditional), seed),
        "one homophone": lambda words, seed: _homophone(words, _homophones(lexicon), seed),
        "split characters": lambda words, seed: _one_of(words, _reversed(lexicon.parts), seed),
        "pinyin letters": lambda words, seed: _one_of(words, _letters(lexicon), seed),
    }


def measure(texts: Sequence[tuple[str, str]], lexicon: Lexicon) -> Iterator[tuple[str, int, list[str]]]:
    """Give each kind with how many disguises were tried and those that hid the words.

    Args:
        texts: (text, category) with unlawful words in them.
    """
    base = sorted(
        {
            (hit.words, category)
            for text, category in texts
            for hit in find(text, lexicon, category)
            if hit.disguise is None and find(CARRIER.format(hit.words), lexicon, category)
        }
    )
    for kind, hide in kinds(lexicon).items():
        tried, missed = 0, []
        for words, category in base:
            hidden = hide(words, _seed(kind + words))
            if hidden is not None and hidden != words:
                tried += 1
                if not find(CARRIER.format(hidden), lexicon, category):
                    missed.append(f"{words} -> {hidden}")
        yield kind, tried, missed


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _between(words: str, marks: Sequence[str], seed: int) -> str | None:
    mark = marks[seed % len(marks)]
    if len(words) > 1 and (seed >> 8) % 2:
        place = 1 + (seed >> 16) % (len(words) - 1)
        return words[:place] + mark + words[place:]
    return mark.join(words)


def _wide(words: str, seed: int) -> str | None:  # noqa: ARG001 - there is nothing to choose
    return "".join(chr(ord(c) + _WIDE) if "!" <= c <= "~" else c for c in words)


def _mapped(words: str, table: dict[str, list[str]], seed: int) -> str:
    return "".join(table[c][seed % len(table[c])] if c in table else c for c in words)


def _one_of(words: str, table: dict[str, list[str]], seed: int) -> str | None:
    places = [place for place, letter in enumerate(words) if letter in table]
    if not places:
        return None
    place = places[seed % len(places)]
    options = table[words[place]]
    return words[:place] + options[(seed >> 16) % len(options)] + words[place + 1 :]


def _homophone(words: str, table: dict[str, list[str]], seed: int) -> str | None:
    return _one_of(
        words, {c: [o for o in table[c] if o != c] for c in words if len(table.get(c, ())) > 1}, seed
    )


def _reversed(table: object) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for written, plain in dict(table).items():  # type: ignore[call-overload]  # any mapping of two texts
        found.setdefault(plain, []).append(written)
    return found


def _common() -> str:
    rows = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return b"".join(rows).decode("gb2312", errors="ignore")


def _homophones(lexicon: Lexicon) -> dict[str, list[str]]:
    hears = lexicon.sounds.hears
    groups: dict[str, list[str]] = {}
    for letter in _common():
        if ord(letter) in hears:
            groups.setdefault(hears[ord(letter)], []).append(letter)
    return {letter: group for group in groups.values() for letter in group}


def _letters(lexicon: Lexicon) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for syllable, letters in lexicon.sounds.syllables.items():
        for letter in letters:
            if lexicon.sounds.hears.get(ord(letter)) in lexicon.sounds.named[syllable]:
                found.setdefault(letter, []).append(syllable)
    return found
