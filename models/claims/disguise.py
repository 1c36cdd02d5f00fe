"""Undo what hides words: punctuation inside them, characters in parts, one homophone, pinyin letters.

Guess, then confirm by the rules around the place of the guess alone. Homophones are tone-aware: without the
tone, the ordinary 国家机 would read as 国家级. Rule: exactly one character is replaced, what results is a
word of the lexicon, and the character is no part of an ordinary word as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from models.claims.lexicon import Lexicon, Rule, Shape
from models.claims.normalise import HAN, Folded
from models.claims.scan import Find, Span, scan, scan_piece

Guess = tuple[str, Folded, Rule, Span]
_LETTERS = re.compile(r"[a-z]{2,30}(?:[1-5](?![0-9]))?")
_HAN = re.compile(f"[{HAN}]")
_MARKS = re.compile(r"[。！？!?；;\n]")
_REACH = 24
_MOST = 400
_NEAR = 6
_PAIR = 2


def disguised(
    folded: Folded, shapes: Sequence[Shape], lexicon: Lexicon, known: Sequence[Span]
) -> Iterator[Guess]:
    """Give what the rules find once a disguise is undone, and did not find before (`known`)."""
    yield from _in_parts(folded, shapes, lexicon)
    yield from _spread(folded, shapes, lexicon)
    yield from _misspelt(folded, shapes, lexicon, known)
    if any("a" <= letter <= "z" for letter in folded.text):
        yield from _respelt(folded, shapes, lexicon)


def _around(
    text: str, place: int, end: int, shapes: Sequence[Shape], lexicon: Lexicon, reach: int = _REACH
) -> Iterator[Find]:
    """Give the finds that touch the slice `place` to `end`, within its sentence."""
    low, high = max(0, place - reach), min(len(text), end + reach)
    for mark in _MARKS.finditer(text, low, high):
        if mark.end() <= place:
            low = mark.end()
        elif mark.start() >= end:
            high = mark.start()
            break
    yield from scan_piece(text, low, high, shapes, lexicon, (place, end))


def _in_parts(folded: Folded, shapes: Sequence[Shape], lexicon: Lexicon) -> Iterator[Guess]:
    parts = folded.joined(lexicon.joins, lexicon.parts)
    for place in sorted(parts.touched):
        for rule, span in _around(parts.text, place, place + 1, shapes, lexicon):
            yield "parts", parts, rule, span


def _spread(folded: Folded, shapes: Sequence[Shape], lexicon: Lexicon) -> Iterator[Guess]:
    """Read over punctuation that stands inside a word, or between every two characters."""
    spread = lexicon.folder.spread(folded)
    text, touched = spread.text, spread.touched
    for place in sorted(touched):
        word = lexicon.word_over(text, place)
        alone = place + 1 in touched or place - 1 in touched
        if word is None and not alone:
            continue
        if not alone and word is not None and _natural(text, place, word, lexicon):
            continue
        start, end = word or (place, place + 2)
        for rule, span in _around(text, start, end, shapes, lexicon):
            if _needs_spread(spread, span, word):
                yield "spread", spread, rule, span


def _natural(text: str, place: int, word: Span, lexicon: Lexicon) -> bool:
    """Say whether words end and begin at the mark anyway: a comma may part any two letters."""
    ordinary = lexicon.sounds.ordinary
    before, after = text[place - 1 : place + 1], text[place + 1 : place + 3]
    ends, begins = (pair in ordinary or pair in lexicon.words for pair in (before, after))
    return (ends or begins) if word[1] - word[0] == _PAIR else (ends and begins)


def _needs_spread(form: Folded, span: Span, word: Span | None) -> bool:
    """Say whether punctuation inside the words hides them: in one word, or between all characters."""
    start, end = span
    inside = [place for place in form.touched if start <= place < end - 1]
    if len(inside) == end - start - 1:
        return True
    return word is not None and start <= word[0] < word[1] <= end


def _misspelt(
    folded: Folded, shapes: Sequence[Shape], lexicon: Lexicon, known: Sequence[Span]
) -> Iterator[Guess]:
    text = folded.text
    hidden = {place for span in known for place in range(*span)}
    for start, word in _sounding(text, lexicon):
        wrong = [start + i for i, letter in enumerate(word) if text[start + i] != letter]
        if len(wrong) != 1 or wrong[0] in hidden or _ordinary(text, wrong[0], lexicon):
            continue
        if len(word) == _PAIR and text[start : start + _PAIR] in lexicon.sounds.chance:
            continue
        changed = text[:start] + word + text[start + len(word) :] if len(text) <= _MOST else None
        low = 0 if changed else max(0, start - 2 * _REACH)
        form = changed or text[low:start] + word + text[start + len(word) : start + len(word) + 2 * _REACH]
        place = wrong[0] - low
        for rule, span in _around(form, place, place + 1, shapes, lexicon):
            yield "sound", folded, rule, (span[0] + low, span[1] + low)
            hidden.add(wrong[0])
            break


def _sounding(text: str, lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """Give each place where a word of the lexicon sounds, and the word."""
    sounds = lexicon.sounds
    heard = text.translate(sounds.hears)
    heads = sounds.heads
    for start, head in enumerate(map("".join, pairwise(heard))):
        if head in heads:
            for sound, word in heads[head]:
                if heard.startswith(sound, start) and not text.startswith(word, start):
                    yield start, word


def _ordinary(text: str, place: int, lexicon: Lexicon) -> bool:
    words = lexicon.sounds.ordinary
    return any(
        text[start : start + size] in words
        for size in (2, 3, 4)
        for start in range(max(0, place - size + 1), place + 1)
        if start + size <= len(text)
    )


def _respelt(folded: Folded, shapes: Sequence[Shape], lexicon: Lexicon) -> Iterator[Guess]:
    """Read pinyin letters as the characters they spell: a whole word, or some beside a character."""
    text = folded.text
    for run in _LETTERS.finditer(text):
        beside = text[max(0, run.start() - 1) : run.start()] + text[run.end() : run.end() + 1]
        letters = run[0].rstrip("12345")
        near = text[max(0, run.start() - _NEAR) : run.end() + _NEAR]
        # A name in letters among letters is a name: 风湿 is spelt as the place Fengshi is.
        guesses = list(lexicon.sounds.words.get(letters, ())) if _HAN.search(near) else []
        if _HAN.search(beside):
            guesses += _spellings(letters, lexicon)
        for guess in guesses:
            hit = _read_as(folded, run.span(), guess, shapes, lexicon)
            if hit is not None:
                yield hit
                break


def _spellings(letters: str, lexicon: Lexicon) -> list[str]:
    found: list[str] = []
    for syllables in _cut(letters, lexicon, 4):
        choices = product(*(lexicon.sounds.syllables[syllable] for syllable in syllables))
        for choice in choices:
            guess = "".join(choice)
            # Two characters that stand together in no word of the lexicon cannot be what was meant.
            if all(guess[i : i + 2] in lexicon.sounds.pairs for i in range(len(guess) - 1)):
                found.append(guess)
            if len(found) == _MOST:
                return found
    return found


def _cut(letters: str, lexicon: Lexicon, most: int) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield ()
    elif most:
        for size in range(1, min(6, len(letters)) + 1):
            if letters[:size] in lexicon.sounds.syllables:
                for rest in _cut(letters[size:], lexicon, most - 1):
                    yield letters[:size], *rest


def _read_as(
    folded: Folded, run: Span, guess: str, shapes: Sequence[Shape], lexicon: Lexicon
) -> Guess | None:
    start, end = run
    left, right = max(0, start - _REACH), min(len(folded.text), end + _REACH)
    window = folded.text[left:start] + guess + folded.text[end:right]
    first = start - left
    for rule, span in scan(window, shapes, lexicon):
        if span[0] < first + len(guess) and span[1] > first:
            return "pinyin", _form(folded, (left, start, end, right), window, len(guess)), rule, span
    return None


def _form(folded: Folded, bounds: tuple[int, int, int, int], window: str, size: int) -> Folded:
    left, start, end, right = bounds
    starts = [*folded.starts[left:start], *[folded.starts[start]] * size, *folded.starts[end:right]]
    ends = [*folded.ends[left:start], *[folded.ends[end - 1]] * size, *folded.ends[end:right]]
    return Folded(window, starts, ends)
