"""Find unlawful claims in a text: the rules over its folded form, then over what its disguises may hide.

Rule: a disguise must be needed. Punctuation taken out, parts joined, one character replaced by one that
sounds alike, or pinyin letters read as characters count only where the plain form found nothing there and
the guess lies inside the words found. The rules: `resources/lexicon`, statute by statute.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.claims.disguise import disguised
from models.claims.lexicon import Lexicon, Rule
from models.claims.scan import scan


@dataclass(frozen=True, slots=True)
class ClaimHit:
    """Unlawful words in a text: `words` is the original from `start` to `end`.

    Args:
        disguise: None, "spread", "parts", "sound" or "pinyin": how the words were hidden.
    """

    start: int
    end: int
    words: str
    rule: str
    statute: tuple[str, ...]
    severity: int
    category: str
    why: tuple[str, str]
    suggestion: tuple[str, str]
    disguise: str | None = None


def find(text: str, lexicon: Lexicon, category: str = "general") -> tuple[ClaimHit, ...]:
    """Return the unlawful claims of a text, in its order; of claims inside one another only the widest."""
    shapes = lexicon.shapes(category)
    folded = lexicon.folder.fold(text)
    plain = tuple(scan(folded.text, shapes, lexicon))
    hits = [_hit(text, rule, category, folded.span(*span)) for rule, span in plain]
    known = [span for _, span in plain]
    for kind, form, rule, span in disguised(folded, shapes, lexicon, known):
        hits.append(_hit(text, rule, category, form.span(*span), kind))
    return _widest(hits)


def _hit(
    text: str, rule: Rule, category: str, span: tuple[int, int], disguise: str | None = None
) -> ClaimHit:
    start, end = span
    return ClaimHit(
        start=start,
        end=end,
        words=text[start:end],
        rule=rule.code,
        statute=rule.law(category),
        severity=rule.severity,
        category=category,
        why=(rule.why["zh"], rule.why["en"]),
        suggestion=(rule.suggestion["zh"], rule.suggestion["en"]),
        disguise=disguise,
    )


def _widest(hits: list[ClaimHit]) -> tuple[ClaimHit, ...]:
    kept: list[ClaimHit] = []
    reached = -1
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, -h.severity, h.disguise is not None)):
        if hit.end > reached:
            kept.append(hit)
            reached = hit.end
    return tuple(kept)
