"""Check a whole text at once for a face: its remarks, each with what may stand there instead.

Rule: the lexicon is loaded once for each checker, on the thread that first checks, never when a page is made.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from models.claims.crosscheck import Facts
from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.screen import Remark, screen
from models.claims.wording import Offer, Wording, load_wording, offers


@dataclass(frozen=True, slots=True)
class CheckedRemark:
    """A remark and the offers for its place."""

    remark: Remark
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A text with every remark on it, in its order."""

    text: str
    rows: tuple[CheckedRemark, ...]


@dataclass(slots=True)
class Checker:
    """Checks texts; may be used by several threads."""

    _lexicon: Lexicon | None = None
    _table: tuple[Wording, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lexicon(self) -> Lexicon:
        """Return the lexicon, loaded at its first use."""
        with self._lock:
            if self._lexicon is None:
                self._lexicon, self._table = load_lexicon(), load_wording()
            return self._lexicon

    def check(self, text: str, category: str = "general", facts: Facts | None = None) -> Checked:
        """Return every remark on a text, line by line as the terminal judges it, with offers."""
        lexicon = self.lexicon()

        def judge(words: str) -> tuple[Remark, ...]:
            return screen(words, lexicon, category, facts)

        rows: list[CheckedRemark] = []
        at = 0
        for line in text.split("\n"):
            for remark in judge(line):
                found = offers(line, remark, judge, self._table)
                rows.append(CheckedRemark(moved(remark, at), tuple(_moved(offer, at) for offer in found)))
            at += len(line) + 1
        return Checked(text, tuple(rows))


def moved(remark: Remark, by: int) -> Remark:
    """Return the remark with its place counted from another start."""
    return replace(remark, start=remark.start + by, end=remark.end + by)


def _moved(offer: Offer, by: int) -> Offer:
    return Offer(offer.start + by, offer.end + by, offer.words)
