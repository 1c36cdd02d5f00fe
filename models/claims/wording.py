"""Offer other words for a claim: what may stand in its place, or the text without it.

Rule: an offer must help. It is made only where the resulting text has fewer wrong remarks than before, judged
by the same rules that found the claim; so no table of wording can lead anyone into the next violation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import resources
from models.claims.screen import Remark

Judge = Callable[[str], Sequence[Remark]]
MOST = 3
_BEFORE = "，,、；;：: \t"
_AFTER = "，,、；; \t"
_ENDS = "。！!？?\n"


@dataclass(frozen=True, slots=True)
class Offer:
    """Words for text[start:end]; empty where it is better left out."""

    start: int
    end: int
    words: str

    def applied(self, text: str) -> str:
        """Return the text with the offer taken."""
        return text[: self.start] + self.words + text[self.end :]


@dataclass(frozen=True, slots=True)
class Wording:
    """One line of the table: for which rules, which words, and what may stand there."""

    rules: tuple[str, ...]
    pattern: re.Pattern[str]
    offers: tuple[str, ...]


def load_wording() -> tuple[Wording, ...]:
    """Read the table that ships with the program."""
    rows = resources.document("listing/wording.json")["rules"]
    return tuple(
        Wording(tuple(row["rules"]), re.compile(row["pattern"]), tuple(row["offers"])) for row in rows
    )


def offers(text: str, remark: Remark, judge: Judge, table: Sequence[Wording]) -> tuple[Offer, ...]:
    """Return what may be put in the place of a wrong remark's words, best first."""
    if not remark.wrong:
        return ()
    before = _wrong(judge, text)
    good: list[Offer] = []
    for offer in _candidates(text, remark, table):
        if offer not in good and _wrong(judge, offer.applied(text)) < before:
            good.append(offer)
        if len(good) == MOST:
            break
    return tuple(good)


def _candidates(text: str, remark: Remark, table: Sequence[Wording]) -> Iterator[Offer]:
    for row in table:
        if remark.rule in row.rules:
            for match in row.pattern.finditer(text, max(0, remark.start - 4), min(len(text), remark.end + 4)):
                if match.start() < remark.end and match.end() > remark.start:
                    for words in row.offers:
                        yield Offer(match.start(), match.end(), match.expand(words))
    yield left_out(text, remark.start, remark.end)
    yield left_out(text, *clause(text, remark.start, remark.end))


def left_out(text: str, start: int, end: int) -> Offer:
    """Return the offer to leave words out, with the comma that would be left over."""
    while end < len(text) and text[end] in _AFTER and (start == 0 or text[start - 1] in _BEFORE + _ENDS):
        end += 1
    if end == len(text) or text[end] in _ENDS:
        while start > 0 and text[start - 1] in _BEFORE:
            start -= 1
    return Offer(start, end, "")


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around some words, between its commas or ends."""
    edges = _BEFORE.strip(" \t：:") + _ENDS
    while start > 0 and text[start - 1] not in edges:
        start -= 1
    while end < len(text) and text[end] not in edges:
        end += 1
    return start, end


def _wrong(judge: Judge, text: str) -> int:
    return sum(remark.severity for remark in judge(text) if remark.wrong)
