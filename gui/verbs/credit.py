"""Verbs that judge merchants: score, scores and publish."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gui.verbs.outcome import Outcome, Session
from gui.verbs.shapes import score_shape
from gui.wording import finding_text, reason_text

if TYPE_CHECKING:
    from gui.words import Words
    from models.credit.explained import Why
    from models.credit.ladder import Standing


MOST_SIGNS = 5


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    score = verbs.add_parser("score", parents=[common], help="one merchant's score and why")
    score.add_argument("party")
    score.add_argument("--as-of", default=None, metavar="D")
    score.set_defaults(run=score_verb)
    scores = verbs.add_parser("scores", parents=[common], help="every merchant's score")
    scores.add_argument("--as-of", default=None, metavar="D")
    scores.set_defaults(run=scores_verb)
    publish = verbs.add_parser("publish", parents=[common], help="record a score as a leaf of the ledger")
    publish.add_argument("party")
    publish.set_defaults(run=publish_verb)


def day(text: str | None) -> datetime | None:
    """Return the instant an option names, or None where it was not given."""
    from gui.terminal import instant

    return None if text is None else instant(text)


def score_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Explain one score: base and contributions add up to it, exactly."""
    workspace = session.open()
    party = workspace.party(options.party)
    score = workspace.merchants.rating(party.id, as_of=day(options.as_of))
    words = session.words
    document = {
        **score_shape(score, words),
        "name": party.name,
        "held": held_shape(workspace.merchants.held_grade(party.id)),
        "appeals": [
            {"entry": case.about, "case": case.case_id} for case in workspace.cases.appeals(party.id)
        ],
    }
    signs = workspace.merchants.signs(party.id)
    why = document["why"] = why_shape(workspace.merchants.why(party.id), words)
    document["signs"] = [
        {
            "code": sign.code,
            "words": finding_text(words, sign),
            "entries": list(sign.entries),
        }
        for sign in signs
    ]
    shown = words("terminal.no_rating") if score.score is None else str(score.score)
    lines = [
        f"{words.name(party)}  {words('grade.' + score.grade)}  {shown}",
        f"  {words('terminal.base')}  {score.base:+d}",
    ]
    lines += [f"  {part.points:+4d}  {reason_text(words, part)}" for part in score.contributions]
    lines += [f"     *  {reason['words']}" for reason in why]
    # A person reads the gravest few; the document has them all.
    lines += [f"     !  {sign['words']}" for sign in document["signs"][:MOST_SIGNS]]
    return Outcome(document, tuple(lines))


def held_shape(held: Standing) -> dict[str, Any]:
    """Return the ladder's step: the grade held, since when, and the grade the score itself would give."""
    return {"grade": held.grade, "since": held.since, "projected": held.projected}


def why_shape(found: Iterable[Why], words: Words) -> list[dict[str, Any]]:
    """Return why a grade is not what the points alone say, in words."""
    return [{"code": code, "words": words.render(f"why.{code}", params)} for code, params in found]


def scores_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """List every merchant by grade and score."""
    workspace = session.open()
    rows = workspace.merchants.rows(as_of=day(options.as_of))
    words = session.words
    document = {
        "scores": [
            {
                "party": row.party,
                "name": row.name,
                "category": row.category,
                "score": row.score,
                "grade": row.grade,
                "interval": list(row.interval) if row.interval else None,
                "held": workspace.merchants.held_grade(row.party).grade,
                "why": why_shape(workspace.merchants.why(row.party), words),
            }
            for row in rows
        ]
    }
    lines = [
        f"{words('grade.' + row.grade)}  {row.score if row.score is not None else '-':>4}  {words.name(row)}"
        for row in rows
    ]
    return Outcome(document, tuple(lines))


def publish_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Record the score as it stands; anyone can compute it again from the ledger."""
    workspace = session.open()
    party = workspace.party(options.party)
    receipt, score = workspace.supervision.publish(party.id)
    document = {**score_shape(score, session.words), "entry": receipt.index}
    name = session.words.name(party)
    return Outcome(document, (session.words("terminal.published", name=name, index=str(receipt.index)),))
