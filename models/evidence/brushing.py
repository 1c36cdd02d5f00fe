"""Signs of brushing: praise or smear that comes in bursts, repeats itself, or comes from one hand.

The rule kept here: a sign is a finding that cites its reviews; it deletes nothing and works on praise and
smear alike. What it does to the score is fixed in the score itself and the same for everybody who computes
it again: what nobody can prove is capped a day and in all, and one voice counts once (`evidence.known`).
Texts lie in the vault of one machine, so a repeated text is shown to people and never moves a score. Texts
are compared by hashes of short runs of characters, so that no words are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from models.credit.evidence import Evidence
from models.finding import Finding, finding

BURST_DAYS = 3
BURST_LEAST = 8
BURST_TIMES = 4
"""A burst: at least 8 unproven reviews in 3 days, and four times what the merchant gets otherwise."""
_FEW = 0.5
"""Fewer than one review in six days is counted as that: the first reviews of a shop are no burst."""
ALIKE = 0.45
"""Texts that share nearly half of all their runs say nearly the same; unrelated ones share a tenth."""
SKETCH = 6
"""Only texts that share one of their six smallest hashes are compared: time grows with their number."""
Shingles = frozenset[int]
_ORDER = {"review-burst": 0, "review-duplicate": 1, "review-one-rater": 2}


def shingles(text: str) -> Shingles | None:
    """Return what a text is compared by, or None where it is too short to tell.

    Case, digits, spaces and marks are left out; what is kept are hashes of runs of two characters in
    Chinese and three elsewhere, never the words.

    >>> shingles("very good fresh apples") == shingles("Very good, fresh apples!!")
    True
    """
    plain = "".join(ch for ch in text.lower() if ch.isalpha())
    size = 2 if any(ch >= "\u2e80" for ch in plain) else 3
    if len(plain) < 2 * size + 2:
        return None
    runs = {plain[start : start + size] for start in range(len(plain) - size + 1)}
    return frozenset(int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs)


def likeness(one: Shingles, another: Shingles) -> float:
    """Return the share of runs that two texts have in common, from 0 to 1."""
    return len(one & another) / len(one | another)


def findings(
    subject: str, reviews: Iterable[Evidence], texts: Mapping[int, Shingles] | None = None
) -> tuple[Finding, ...]:
    """Return each sign of brushing around a merchant as a finding that cites the reviews.

    Args:
        reviews: the merchant's, and everybody else's as far as known: a festival brings reviews to all.
        texts: what a review's text is compared by (`shingles`), by its entry, where the words are at hand.
    """
    listed = [e for e in reviews if e.stream == "review"]
    suspects = [e for e in listed if not e.proven and e.subject == subject]
    others = Counter(e.day for e in listed if e.subject != subject)
    proven = Counter(e.day for e in listed if e.subject == subject and e.proven)
    return tuple(
        finding(code, "attention", subject, tuple(e.index for e in found), n=len(found))
        for code, found in sorted(
            _signs(suspects, texts or {}, (others, proven)), key=lambda sign: (_ORDER[sign[0]], -len(sign[1]))
        )
    )


def _signs(
    suspects: Sequence[Evidence], texts: Mapping[int, Shingles], trade: Sequence[Counter[int]]
) -> list[tuple[str, tuple[Evidence, ...]]]:
    found = [("review-burst", burst) for burst in _bursts(suspects, trade)]
    found += [("review-duplicate", group) for group in _duplicates(suspects, texts)]
    found += [("review-one-rater", group) for group in _same_rater(suspects)]
    return found


def _bursts(suspects: Sequence[Evidence], trade: Sequence[Counter[int]]) -> list[tuple[Evidence, ...]]:
    """Return the runs of days on which far more reviews of one direction came than otherwise.

    "Far more" is measured against trade itself: on a day when everybody, or the merchant's own proven
    buyers, write five times as much, five times as many are usual.
    """
    bursts = []
    for wanted in (("star-1", "star-2"), ("star-4", "star-5")):
        mine = sorted((e for e in suspects if e.kind in wanted), key=lambda e: (e.day, e.index))
        if len(mine) < BURST_LEAST:
            continue
        daily = Counter(e.day for e in mine)
        window = {day: sum(daily[day + n] for n in range(BURST_DAYS)) for day in daily}
        length = max(mine[-1].day - mine[0].day + 1, 30)
        hot: set[int] = set()
        for day, many in window.items():
            usual = (len(mine) - many) * BURST_DAYS / length
            busy = max(1.0, *(_busier(counted, day, length) for counted in trade))
            if many >= BURST_LEAST and many >= BURST_TIMES * max(usual, _FEW) * busy:
                hot |= {day + n for n in range(BURST_DAYS)}
        if hot:
            bursts.append(tuple(e for e in mine if e.day in hot))
    return bursts


def _busier(counted: Counter[int], day: int, length: int) -> float:
    """Return how many times the usual number came in the days from `day` on; 1 where few ever come."""
    here = sum(counted[day + n] for n in range(BURST_DAYS))
    rest = counted.total() - here
    return here * length / (rest * BURST_DAYS) if here >= BURST_LEAST and rest else 1.0


def _duplicates(suspects: Sequence[Evidence], texts: Mapping[int, Shingles]) -> list[tuple[Evidence, ...]]:
    """Return groups of reviews whose texts say nearly the same."""
    groups: list[tuple[Shingles, list[Evidence]]] = []
    by_sketch: defaultdict[int, list[int]] = defaultdict(list)
    for e in sorted(suspects, key=lambda e: e.index):
        text = texts.get(e.index)
        if text is None:
            continue
        sketch = sorted(text)[:SKETCH]
        near = sorted({at for one in sketch for at in by_sketch[one]})
        fits = next((at for at in near if likeness(groups[at][0], text) >= ALIKE), None)
        if fits is None:
            groups.append((text, [e]))
            for one in sketch:
                by_sketch[one].append(len(groups) - 1)
        else:
            groups[fits][1].append(e)
    return [tuple(group) for _, group in groups if len(group) > 1]


def _same_rater(suspects: Sequence[Evidence]) -> list[tuple[Evidence, ...]]:
    """Return the reviews one rater wrote about the same merchant, where there are several."""
    by_rater: defaultdict[str, list[Evidence]] = defaultdict(list)
    for e in suspects:
        if e.rater:
            by_rater[e.rater].append(e)
    return [tuple(group) for _, group in sorted(by_rater.items()) if len(group) > 1]
