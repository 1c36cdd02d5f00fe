"""Find unlawful claims in a text: the rules over its folded form, then over what its disguises may hide.

Rule: a disguise must be needed. Punctuation taken out, parts joined, one character replaced by one that
sounds alike, or pinyin letters read as characters count only where the plain form found nothing there and
the guess lies inside the words found. The rules: `resources/lexicon`, statute by statute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.claims.disguise import misspelt, respelt
from models.claims.guards import lawful
from models.claims.lexicon import Lexicon, Rule
from models.claims.normalise import Folded


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
    rules = lexicon.for_category(category)
    folded = lexicon.folder.fold(text)
    hits = [_hit(text, rule, category, folded.span(*span)) for rule, span in _plain(folded, rules, lexicon)]
    for kind, form, rule, span in _disguised(folded, rules, lexicon):
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


def _plain(
    folded: Folded, rules: tuple[Rule, ...], lexicon: Lexicon
) -> Iterator[tuple[Rule, tuple[int, int]]]:
    for rule in rules:
        guards = tuple(lexicon.guards[name] for name in rule.guards)
        for match in rule.pattern.finditer(folded.text):
            if not lawful(folded.text, match.start(), match.end(), guards):
                yield rule, match.span()


def _disguised(
    folded: Folded, rules: tuple[Rule, ...], lexicon: Lexicon
) -> Iterator[tuple[str, Folded, Rule, tuple[int, int]]]:
    parts = folded.joined(lexicon.joins, lexicon.parts)
    if parts.touched:
        for rule, span in _plain(parts, rules, lexicon):
            if any(span[0] <= place < span[1] for place in parts.touched):
                yield "parts", parts, rule, span
    spread = lexicon.folder.spread(folded)
    if spread.touched:
        for rule, span in _plain(spread, rules, lexicon):
            if _needs_spread(spread, span, lexicon):
                yield "spread", spread, rule, span
    for kind, guesses in (
        ("sound", misspelt(folded, rules, lexicon)),
        ("pinyin", respelt(folded, rules, lexicon)),
    ):
        for form, rule, span in guesses:
            guards = tuple(lexicon.guards[name] for name in rule.guards)
            if not lawful(form.text, *span, guards):
                yield kind, form, rule, span


def _needs_spread(form: Folded, span: tuple[int, int], lexicon: Lexicon) -> bool:
    """Say whether punctuation inside the words hides them: in one word, or between all characters."""
    start, end = span
    inside = sum(start <= place < end - 1 for place in form.touched)
    return inside > 0 and (inside == end - start - 1 or form.text[start:end] in lexicon.words)


def _widest(hits: list[ClaimHit]) -> tuple[ClaimHit, ...]:
    kept: list[ClaimHit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, -h.severity, h.disguise is not None)):
        if not kept or hit.end > max(other.end for other in kept):
            kept.append(hit)
    return tuple(kept)
