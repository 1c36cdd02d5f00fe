"""Say why, and what would change it: reason codes with parameters, worded by the faces in each language.

The rule kept here: an answer to "what would change it" is computed by scoring the changed case with the very
same function, never by a rule of thumb; so what a shopkeeper is told to expect is what will happen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.credit.evidence import Evidence, day_of, known
from models.credit.policy import Policy
from models.credit.posterior import Priors
from models.credit.scorecard import Params, Score, score


@dataclass(frozen=True, slots=True)
class Change:
    """A thing that may happen, and where the score would stand then.

    Args:
        code: what happens (`change-clean-visit`, `change-resolved`, `change-failed-visit`, `change-wait`).
        points: by how much the points would move; score and grade: where they would stand.
        entries: the entries it is about, such as the open complaint.
    """

    code: str
    points: int
    score: int | None
    grade: str
    params: Params = ()
    entries: tuple[int, ...] = ()


def what_would_change(
    subject: str,
    evidence: Iterable[Evidence],
    policy: Policy,
    as_of: datetime,
    size: int,
    priors: Priors | None = None,
) -> tuple[Change, ...]:
    """Return what would move the score and by how much, the most helpful first."""
    mine = tuple(e for e in evidence if e.subject == subject)
    day = day_of(as_of)
    now = score(subject, mine, policy, as_of, size, priors)

    def then(extra: tuple[Evidence, ...], instant: datetime = as_of) -> Score:
        return score(subject, (*mine, *extra), policy, instant, size + len(extra), priors)

    visit = _visit(subject, mine, day, size)
    failed = replace(visit, critical=1, serious=1)
    changes = [
        _change("change-clean-visit", now, then((visit,))),
        _change("change-failed-visit", now, then((failed,))),
        _change("change-wait", now, then((), as_of + timedelta(days=180)), (("days", "180"),)),
    ]
    for open_complaint in _open_complaints(mine, day, size):
        resolved = replace(open_complaint, kind="resolved", day=day, record_day=day, index=size)
        changes.append(
            _change("change-resolved", now, then((resolved,)), (), (open_complaint.index,)),
        )
    serious = next((c for c in now.contributions if c.code == "serious-unrepaired"), None)
    if serious:
        rulings = tuple(
            Evidence("ruling", subject, "repair", day, day, size + n, about=index)
            for n, index in enumerate(serious.entries)
        )
        changes.append(_change("change-repaired", now, then(rulings), (), serious.entries))
    return tuple(sorted((c for c in changes if c.points or c.grade != now.grade), key=lambda c: -c.points))


def _change(code: str, now: Score, then: Score, params: Params = (), entries: tuple[int, ...] = ()) -> Change:
    return Change(code, then.points - now.points, then.score, then.grade, params, entries)


def _visit(subject: str, mine: tuple[Evidence, ...], day: int, size: int) -> Evidence:
    """Return a clean routine visit today, in the category the merchant was last known by."""
    category = next((e.category for e in reversed(known(mine, day, size)) if e.category), "")
    return Evidence("inspection", subject, "routine", day, day, size, category=category)


def _open_complaints(mine: tuple[Evidence, ...], day: int, size: int) -> list[Evidence]:
    return [
        e
        for e in known(mine, day, size)
        if e.stream == "complaint" and e.kind in ("filed", "accepted") and e.key
    ]
