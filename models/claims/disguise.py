"""Undo one homophone, or pinyin letters standing for characters: guess by sound, confirm by the rules.

Homophones are tone-aware: without the tone, the ordinary 国家机 would read as 国家级. Rule: exactly one
character is replaced, it belongs to a word of the lexicon, and it is no part of an ordinary word with
that spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from models.claims.lexicon import Lexicon, Rule
from models.claims.normalise import HAN, Folded

Guess = tuple[Folded, Rule, tuple[int, int]]
_LETTERS = re.compile(r"[a-z]{2,30}(?:[1-5](?![0-9]))?")
_HAN = re.compile(f"[{HAN}]")
_REACH = 14
_MOST = 400
_PAIR = 2
_SHORT = 4


def misspelt(folded: Folded, rules: tuple[Rule, ...], lexicon: Lexicon) -> Iterator[Guess]:
    """Give what the rules find once one character is replaced by another that sounds the same."""
    sounding = folded.text.translate(dict(lexicon.sounds.first))
    for rule in rules:
        for match in rule.sounding.finditer(sounding):
            if rule.pattern.search(folded.text[match.start() : match.end()]):
                continue
            yield from _one_off(folded, rule, match.span(), lexicon)


def _one_off(folded: Folded, rule: Rule, span: tuple[int, int], lexicon: Lexicon) -> Iterator[Guess]:
    text = folded.text
    for place in range(*span):
        for other in lexicon.sounds.alike.get(text[place], ""):
            changed = text[:place] + other + text[place + 1 :]
            found = rule.pattern.match(changed, span[0], min(len(text), span[1] + 1))
            if found is None or not found.start() <= place < found.end():
                continue
            if _in_a_word(changed, place, found.span(), lexicon) and not _ordinary(text, place, lexicon):
                yield Folded(changed, folded.starts, folded.ends), rule, found.span()
                return


def _in_a_word(text: str, place: int, span: tuple[int, int], lexicon: Lexicon) -> bool:
    """Say whether the changed character stands in a word of the lexicon, or the whole find is short."""
    if span[1] - span[0] == _PAIR:
        return text[slice(*span)] in lexicon.sounds.short
    if span[1] - span[0] <= _SHORT:
        return True
    return any(
        text[start : start + size] in lexicon.words
        for size in (2, 3, 4)
        for start in range(max(span[0], place - size + 1), min(place, span[1] - size) + 1)
    )


def _ordinary(text: str, place: int, lexicon: Lexicon) -> bool:
    near = range(max(0, place - 3), place + 1)
    return any((word := lexicon.sounds.real.match(text, start)) and word.end() > place for start in near)


def respelt(folded: Folded, rules: tuple[Rule, ...], lexicon: Lexicon) -> Iterator[Guess]:
    """Give what the rules find once pinyin letters are read as the characters they spell."""
    text = folded.text
    for run in _LETTERS.finditer(text):
        beside = text[max(0, run.start() - 1) : run.start()] + text[run.end() : run.end() + 1]
        letters = run[0].rstrip("12345")
        guesses = list(lexicon.sounds.words.get(letters, ()))
        if _HAN.search(beside):
            guesses += _spellings(letters, lexicon)
        for guess in guesses:
            hit = _read_as(folded, run.span(), guess, rules)
            if hit is not None:
                yield hit
                break


def _spellings(letters: str, lexicon: Lexicon) -> list[str]:
    found: list[str] = []
    for syllables in _cut(letters, lexicon, 3):
        choices = product(*(lexicon.sounds.syllables[syllable] for syllable in syllables))
        for choice in choices:
            guess = "".join(choice)
            # Two characters that stand together in no word of the lexicon cannot be what was meant.
            if all(guess[i : i + 2] in lexicon.sounds.pairs for i in range(len(guess) - 1)):
                found.append(guess)
    return found[:_MOST]


def _cut(letters: str, lexicon: Lexicon, most: int) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield ()
    elif most:
        for size in range(1, min(6, len(letters)) + 1):
            if letters[:size] in lexicon.sounds.syllables:
                for rest in _cut(letters[size:], lexicon, most - 1):
                    yield letters[:size], *rest


def _read_as(folded: Folded, run: tuple[int, int], guess: str, rules: tuple[Rule, ...]) -> Guess | None:
    start, end = run
    left, right = max(0, start - _REACH), min(len(folded.text), end + _REACH)
    window = folded.text[left:start] + guess + folded.text[end:right]
    first = start - left
    for rule in rules:
        for match in rule.pattern.finditer(window):
            if match.start() < first + len(guess) and match.end() > first:
                starts = [
                    *folded.starts[left:start],
                    *[folded.starts[start]] * len(guess),
                    *folded.starts[end:right],
                ]
                ends = [
                    *folded.ends[left:start],
                    *[folded.ends[end - 1]] * len(guess),
                    *folded.ends[end:right],
                ]
                return Folded(window, starts, ends), rule, match.span()
    return None
