"""A merchant's dossier on paper: what the page shows, each line with the entries it rests on.

Rule: what people wrote is not printed. It may be removed on request, and paper cannot forget; the entry's
number leads to it for whoever may still read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gui.casewords import measure_text, record_text
from gui.evidence import (
    as_they_stand,
    certificate_item,
    claim_item,
    complaint_item,
    finding_item,
    inspection_item,
    review_item,
)
from gui.paper import BAD, BLACK, GOOD, GREY, SMALL, TITLE, Paper
from gui.scores import score_bars, score_span
from gui.wording import reason_text, score_text
from gui.words import Words
from ledger.progress import Progress, quiet

if TYPE_CHECKING:
    from gui.widgets import TimelineItem
    from models.dossier import Dossier
    from models.proving import TreeHead

KINDS = (
    ("inspections", inspection_item),
    ("complaints", complaint_item),
    ("reviews", review_item),
    ("certificates", certificate_item),
    ("claims", claim_item),
    ("findings", finding_item),
)


def dossier_pdf(
    words: Words,
    dossier: Dossier,
    head: TreeHead,
    now: datetime,
    progress: Progress = quiet,
) -> bytes:
    """Return the dossier as a PDF, with the checkpoint it can be checked against at every foot.

    Args:
        progress: told before each line of evidence how many of how many are written; what it raises ends it.
    """
    paper, name = Paper(), words.name(dossier.party)
    category = words.code("category", dossier.party.category)
    paper.title(name, f"{words('dossier.paper.title')} · {category} · {dossier.party.id}")
    _score(paper, words, dossier)
    _reasons(paper, words, dossier.score)
    _history(paper, words, dossier)
    _ladder(paper, words, dossier)
    _changes(paper, words, dossier)
    _evidence(paper, words, dossier, progress)
    checkpoint = words("dossier.paper.checkpoint", n=head.size, root=head.root)

    def foot(page: int, of: int) -> tuple[str, ...]:
        made = words("dossier.paper.made", time=words.time(now), page=page, of=of)
        return f"{name} · {made}", head.origin, checkpoint

    return paper.finish(f"{name} · {words('dossier.paper.title')}", foot)


def _score(paper: Paper, words: Words, dossier: Dossier) -> None:
    score, (low, high) = dossier.score, dossier.score.interval
    paper.heading(words("dossier.score"))
    thin = score.score is None
    said = words("score.too_thin") if thin else words("score.interval", low=low, high=high)
    paper.line(f"{score_text(words, score)}  {words('grade.' + score.grade)}", TITLE)
    paper.line(said, SMALL, GREY)
    paper.line(words("score.as_of", date=words.date(score.as_of), size=score.size), SMALL, GREY)


def _reasons(paper: Paper, words: Words, score: Any) -> None:
    """Write each step from the starting points to the score, with its bar and its entries."""
    paper.heading(words("dossier.reasons"), words("dossier.paper.reasons"))
    low, high = score_span(score)
    contributions = (None, *score.contributions, None)
    for bar, one in zip(score_bars(words, score), contributions, strict=True):
        ink = {"ok": GOOD, "bad": BAD}.get(bar.kind, BLACK)
        detail = _entries(words, one.entries) if one is not None else ""
        paper.row(bar.name, bar.points, detail, ink)
        ends = [min(max((at - low) / (high - low), 0.0), 1.0) for at in (bar.start, bar.end)]
        paper.bar(ends[0], ends[1], ink if one is not None else GREY)


def _history(paper: Paper, words: Words, dossier: Dossier) -> None:
    paper.heading(words("dossier.history"))
    for moment, score in dossier.history:
        paper.row(words.month(moment), f"{score_text(words, score)}  {words('grade.' + score.grade)}")


def _ladder(paper: Paper, words: Words, dossier: Dossier) -> None:
    """Write the step held, what is contested, the measures, and each record's window."""
    paper.heading(words("dossier.ladder"), words("dossier.ladder.about"))
    held = dossier.held
    if held is not None:
        then = words("dossier.projected", grade=words(f"grade.{held.projected}"))
        since = words.date(held.since)
        step = words("dossier.held", grade=words(f"grade.{held.grade}"), since=since)
        paper.row(step, "", then if held.projected != held.grade else "")
    for case in dossier.cases:
        if case.under_appeal:
            paper.row(words("dossier.appealed", number=case.case_id))
    for line in dossier.measures:
        paper.row(measure_text(words, line), "", line.reason or "")
    for record in dossier.records:
        paper.row(record_text(words, record))


def _changes(paper: Paper, words: Words, dossier: Dossier) -> None:
    paper.heading(words("dossier.change"), words("dossier.change.about"))
    for change in dossier.changes:
        ink = GOOD if change.points > 0 else BAD if change.points < 0 else BLACK
        paper.row(
            reason_text(words, change), words.signed(change.points), _entries(words, change.entries), ink
        )
    if not dossier.changes:
        paper.line(words("dossier.change.none"), ink=GREY)


def _evidence(paper: Paper, words: Words, dossier: Dossier, progress: Progress) -> None:
    paper.heading(words("dossier.evidence"), words("dossier.paper.unwritten"))
    done, total = 0, sum(len(getattr(dossier, name)) for name, _ in KINDS)
    for name, worded in KINDS:
        rows: Iterable[Any] = getattr(dossier, name)
        rows = as_they_stand(rows) if name == "complaints" else tuple(rows)
        paper.heading(words("dossier.tab", name=words(f"dossier.{name}"), n=len(rows)))
        for row in rows:
            progress(done, total)
            done += 1
            _item(paper, words, worded(words, row), getattr(row, "entries", ()))
        if not rows:
            paper.line(words(f"dossier.{name}.none"), ink=GREY)


def _item(paper: Paper, words: Words, item: TimelineItem, entries: tuple[int, ...]) -> None:
    """Write one line of evidence and the entries where it stands."""
    said = [] if entries else [item.detail]
    stands = _entries(words, entries) if entries else words("common.entries", n=1, list=item.key)
    text = "  ".join(part for part in (item.when, item.title) if part)
    paper.row(text, item.badge, " · ".join(part for part in (*said, item.more, stands) if part))


def _entries(words: Words, entries: tuple[int, ...]) -> str:
    """Return every entry something rests on: paper has no link to the rest of a list."""
    if not entries:
        return ""
    return words("common.entries", n=len(entries), list=words.listing(str(index) for index in entries))
