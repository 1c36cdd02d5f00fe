"""Fold a text to the one form that the rules are written in, and keep the way back to its letters.

NFKC, small letters, simplified characters; zero-width characters, emoji and the separators put between two
Chinese characters are dropped. Rule: every folded character knows the slice of the original it came from, so
that a finding always cites the words as they were written. Tables: `resources/lexicon/folding.json`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

HAN = "\u3400-\u9fff"
# Strokes written alone (丨 丶) stand between characters as a bar or a dot would.
_SOFT = re.compile(
    rf"(?<=[{HAN}])"
    r"(?:[ \t\u3000.·•・‧∙⋅_\-—–‐―−*/\\|丨丶亅~^+=#@&$¥€£`°<>×÷¦§¤†‡′″‖∥≈±※]|</?[a-z][^<>]{0,40}>)+"
    rf"(?=[{HAN}])"
)
_HARD = re.compile(
    rf"(?<=[{HAN}])[ ，,、。:：;；'\"“”‘’()（）\[\]【】〔〕「」『』〈〉《》{{}}!！?？…\n]{{1,3}}(?=[{HAN}])"
)
# Every single letter parted from the next by the same mark, as in n·o·1 or 1~0~0~%.
_EACH = re.compile(r"[\w%.]([ ·•_\-*/|~+^=\\丨])(?:[\w%.]\1)+[\w%.](?![\w%])")
_EMOJI = re.compile("[^\\w\\s]\ufe0f\u20e3?|[\u2122\u2139\u24c2\u3297\u3299]\ufe0f")
_ONE = 1
_DROPPED = frozenset(("Cf", "Mn", "Me", "So", "Sk", "Co", "Cs", "Cn"))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts[i]` and `ends[i]` bound the original letters behind character `i`.

    Args:
        touched: places where this form guessed (a separator taken out, parts joined): a hit must need one.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    touched: frozenset[int] = frozenset()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the slice of the original behind the folded slice."""
        return self.starts[start], self.ends[end - 1]

    def without(self, spans: Iterable[tuple[int, int]]) -> Folded:
        """Return this text with the spans, in order, taken out; the character before each is touched."""
        keep: list[int] = []
        touched: set[int] = set()
        last = 0
        for start, end in spans:
            keep.extend(range(last, start))
            touched.add(len(keep) - 1)
            last = end
        if not touched:
            return self
        keep.extend(range(last, len(self.text)))
        return Folded(
            "".join(self.text[i] for i in keep),
            [self.starts[i] for i in keep],
            [self.ends[i] for i in keep],
            frozenset(touched),
        )

    def joined(self, pattern: re.Pattern[str], whole: Mapping[str, str]) -> Folded:
        """Return this text with every match replaced by the one character that `whole` gives for it."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        touched: set[int] = set()
        last = 0
        for match in pattern.finditer(self.text):
            text.append(self.text[last : match.start()])
            starts.extend(self.starts[last : match.start()])
            ends.extend(self.ends[last : match.start()])
            touched.add(len(starts))
            text.append(whole[match[0]])
            starts.append(self.starts[match.start()])
            ends.append(self.ends[match.end() - 1])
            last = match.end()
        if not touched:
            return self
        text.append(self.text[last:])
        return Folded(
            "".join(text), [*starts, *self.starts[last:]], [*ends, *self.ends[last:]], frozenset(touched)
        )


@dataclass(frozen=True, slots=True)
class Folder:
    """Folds texts; remembers how each character folds.

    Args:
        traditional: traditional character -> simplified.
    """

    traditional: Mapping[str, str]
    _seen: dict[str, str] = field(default_factory=dict)

    def fold(self, text: str) -> Folded:
        """Return the folded form of a text."""
        if "\ufe0f" in text:  # signs that are letters elsewhere, here drawn as pictures
            text = _EMOJI.sub(lambda match: "\u200b" * len(match[0]), text)
        forms = [self._seen.get(letter) or self._learn(letter) for letter in text]
        if all(map(_ONE.__eq__, map(len, forms))):
            plain = Folded("".join(forms), range(len(text)), range(1, len(text) + 1))
        else:
            plain = _spelt_out(forms)
        soft = plain.without(_soft(plain.text))
        return Folded(soft.text, soft.starts, soft.ends)

    def spread(self, folded: Folded) -> Folded:
        """Return the form without any punctuation between Chinese characters, each place marked."""
        return folded.without(match.span() for match in _HARD.finditer(folded.text))

    def _learn(self, letter: str) -> str:
        form = self._seen[letter] = self._form(letter)
        return form

    def _form(self, letter: str) -> str:
        # Tone marks go with the letters that carry them: zuì and zui are the same disguise.
        pieces = (unicodedata.normalize("NFD", piece) for piece in unicodedata.normalize("NFKC", letter))
        kept = (p for piece in pieces for p in piece if unicodedata.category(p) not in _DROPPED)
        return "".join(self.traditional.get(piece, piece) for piece in "".join(kept).lower())


def _soft(text: str) -> list[tuple[int, int]]:
    """Return where separators stand: between Chinese characters, or between single letters throughout."""
    spans = [match.span() for match in _SOFT.finditer(text)]
    for run in _EACH.finditer(text):
        spans += [(place, place + 1) for place in range(run.start() + 1, run.end(), 2)]
    return sorted({span for span in spans if not any(o != span and o[0] <= span[0] < o[1] for o in spans)})


def _spelt_out(forms: Sequence[str]) -> Folded:
    places = [index for index, form in enumerate(forms) for _ in form]
    return Folded("".join(forms), places, [index + 1 for index in places])
