"""The JSON shapes that several verbs share; keys are the terminal contract and only ever added to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.wording import finding_text, reason_text, told

if TYPE_CHECKING:
    from gui.words import Words
    from models.credit.scorecard import Score
    from models.finding import Finding
    from models.provenance.story import Story


def finding_shape(finding: Finding, words: Words) -> dict[str, Any]:
    """Return a finding with its words in the reader's language."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "subject": finding.subject,
        "params": dict(finding.params),
        "words": finding_text(words, finding),
        "entries": list(finding.entries),
    }


def event_shape(event: Any) -> dict[str, Any]:
    """Return one event of a trace."""
    return {
        "index": event.index,
        "type": event.type,
        "biz_step": event.biz_step,
        "event_time": event.event_time,
        "party": event.party,
        "place": event.place,
        "inputs": [_goods(row) for row in event.inputs],
        "outputs": [_goods(row) for row in event.outputs],
    }


def _goods(row: Any) -> dict[str, Any]:
    lot, quantity, uom = row[:3]
    return {"lot": lot, "quantity": quantity, "uom": uom}


def fact_shape(fact: Any) -> dict[str, Any]:
    """Return what an entry says that `correct --set` can put right."""
    return {name: getattr(fact, name) for name in ("name", "kind", "value", "detail", "unit")}


def change_shape(change: Any) -> dict[str, Any]:
    """Return what an entry said and what its correction says."""
    fact = change.fact
    what = {"name": fact.name, "kind": fact.kind, "detail": fact.detail, "unit": fact.unit}
    return {**what, "was": fact.value, "is": change.value}


def correction_shape(found: Any) -> dict[str, Any]:
    """Return what was declared wrong, by which entry and why, and the entries that say it right."""
    return {
        "index": found.index,
        "type": found.type,
        "biz_step": found.biz_step,
        "party": found.party,
        "declared_by": found.declared,
        "declaration_time": found.when,
        "reason": found.reason,
        "corrective": list(found.corrective),
    }


def lot_shape(lot: Any) -> dict[str, Any]:
    """Return one lot of a lineage."""
    return {
        "lot": lot.lot,
        "depth": lot.depth,
        "quantity": lot.quantity,
        "uom": lot.uom,
        "product": lot.product_name,
        "holder": lot.holder,
    }


def score_shape(score: Score, words: Words) -> dict[str, Any]:
    """Return a score with its contributions in words; base and points always add up to it."""
    return {
        "party": score.subject,
        "score": score.score,
        "grade": score.grade,
        "interval": list(score.interval) if score.interval else None,
        "base": score.base,
        "contributions": [
            {
                "code": part.code,
                "points": part.points,
                "words": reason_text(words, part),
                "entries": list(part.entries),
            }
            for part in score.contributions
        ],
        "policy": score.policy,
        "size": score.size,
        "as_of": score.as_of,
    }


def story_shape(story: Story, words: Words, rating: Score | None = None) -> dict[str, Any]:
    """Return what a consumer sees of a code."""
    return {
        "code": story.code,
        "verdict": story.verdict,
        "product": story.lot.product_name if story.lot else None,
        "lot": story.lot.lot if story.lot else None,
        "seller": story.seller,
        "rating": score_shape(rating, words) if rating else None,
        "checks": [
            {
                "code": check.code,
                "status": check.status,
                "words": told(words, f"check.{check.code}.{check.status}", check.params),
                "entries": list(check.entries),
            }
            for check in story.checks
        ],
        "steps": [
            {
                "index": step.index,
                "type": step.event_type,
                "biz_step": step.biz_step,
                "event_time": step.event_time,
                "party": step.party,
                "party_name": step.party_name,
                "place": step.place[1] or step.place[0] if step.place else None,
                "depth": step.depth,
                "witnessed": step.proof.witnessed,
            }
            for step in story.steps
        ],
        "custody": [
            {
                "party": span.party,
                "name": span.name,
                "since": span.since,
                "until": span.until,
                "signed_both": span.signed_both,
            }
            for span in story.custody
        ],
        "findings": [finding_shape(finding, words) for finding in story.findings],
        "corrections": [correction_shape(one) for one in story.corrections],
        "scans": [
            {
                "index": scan.index,
                "event_time": scan.event_time,
                "party": scan.author,
                "place": scan.place,
                "setting": scan.setting,
            }
            for scan in story.scans
        ],
    }
