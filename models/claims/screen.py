"""Judge one passage both ways: by the rules, and by what the ledger says of claims lawful only if true.

Rule: every remark carries its statute and the slice of the passage it is about; nothing here knows where the
passage came from (a line, a cue, a frame, speech), so every face and every medium judges alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.claims.crosscheck import Facts, claimed, crosscheck
from models.claims.lexicon import Lexicon
from models.claims.rules import find

WRONG = ("violation", "contradicted")
SEVERITIES = {"supported": 0, "unsupported": 1, "contradicted": 3}


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say about some words of a passage.

    Args:
        verdict: violation, supported, unsupported, contradicted, or to_check where no lot was given.
        unverified: those of the statutes whose text nobody has compared yet.
        why: (Chinese, English) of the rule; empty where `reason` is the code of the words that say why.
    """

    start: int
    end: int
    words: str
    rule: str
    statute: tuple[str, ...]
    verdict: str
    severity: int
    why: tuple[str, str] = ("", "")
    suggestion: tuple[str, str] = ("", "")
    reason: str = ""
    entries: tuple[int, ...] = ()
    disguise: str | None = None
    unverified: tuple[str, ...] = ()

    @property
    def wrong(self) -> bool:
        """Say whether this is against the law, or against the ledger."""
        return self.verdict in WRONG


def screen(
    text: str, lexicon: Lexicon, category: str = "general", facts: Facts | None = None
) -> tuple[Remark, ...]:
    """Return every remark on a passage, in its order; without `facts` true-only claims are `to_check`."""
    found = [
        Remark(
            hit.start,
            hit.end,
            hit.words,
            hit.rule,
            hit.statute,
            "violation",
            hit.severity,
            why=hit.why,
            suggestion=hit.suggestion,
            disguise=hit.disguise,
            unverified=lexicon.unverified(hit.statute),
        )
        for hit in find(text, lexicon, category)
    ]
    if facts is None:
        found += [
            Remark(start, end, text[start:end], truth.code, truth.statute, "to_check", 0)
            for truth, start, end in claimed(text, lexicon)
        ]
    else:
        found += [
            Remark(
                judged.start,
                judged.end,
                judged.words,
                judged.rule,
                judged.statute,
                judged.verdict,
                SEVERITIES[judged.verdict],
                reason=judged.reason,
                entries=judged.entries,
            )
            for judged in crosscheck(text, lexicon, facts)
        ]
    return tuple(sorted(found, key=lambda each: (each.start, each.end, each.rule)))
