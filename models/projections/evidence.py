"""Fold what others say: certificates, inspections, complaints, reviews, recalls, rulings, scores, policies.

Rule: rows only; nothing is weighed here. A later word never deletes an earlier row: complaints keep every
step, and a recall that was closed stays as a row that is no longer open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from ledger.events.evidence import (
    Certificate,
    ClaimFinding,
    Commitment,
    Complaint,
    Inspection,
    Recall,
    Review,
)
from ledger.events.governance import Erased, PolicyAdopted, Ruling, ScorePublished
from ledger.events.origin import OriginStory
from ledger.events.scans import ScanReceipt
from models import tables
from models.projections.codes import name_of, serial_key, thing_of
from models.projections.entries import Entry, plain
from models.views import key

Row = dict[str, Any]


def fold_evidence(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the rows of these entries."""
    for entry in entries:
        if type(entry.event) in _ROWS:
            table, row_of = _ROWS[type(entry.event)]
            common = {
                "index": entry.index,
                "event_time": entry.event.event_time,
                "record_time": entry.record_time,
                "author": name_of(entry.party),
            }
            connection.execute(table.insert(), common | row_of(entry.event))
        if isinstance(entry.event, Recall):
            _recall(connection, entry, entry.event)
        elif isinstance(entry.event, Ruling) and entry.event.decision == "void":
            named = tables.recall_lots.c.index == entry.event.about
            connection.execute(tables.recall_lots.update().where(named).values(opened=False))


def _recall(connection: Connection, entry: Entry, event: Recall) -> None:
    lots = sorted({thing_of(lot).code for lot in event.lots})
    opened = event.status == "opened"
    if not opened:
        mine = select(tables.recalls.c.index).where(tables.recalls.c.author == name_of(entry.party))
        listed = tables.recall_lots
        closed = listed.c.lot.in_(lots) & listed.c.index.in_(mine)
        connection.execute(listed.update().where(closed).values(opened=False))
    rows = [{"index": entry.index, "lot": lot, "opened": opened} for lot in lots]
    connection.execute(tables.recall_lots.insert(), rows)


def _inspection(event: Inspection) -> Row:
    return _subject(event) | {
        "kind": event.kind,
        "critical": event.critical,
        "serious": event.serious,
        "minor": event.minor,
        "category": event.category,
        "summary": event.summary,
        "place": None if event.place is None else name_of(event.place),
    }


def _certificate(event: Certificate) -> Row:
    return {
        "subject": name_of(event.subject),
        "scheme": event.scheme,
        "number": key(event.number),
        "valid_from": event.valid_from,
        "valid_until": event.valid_until,
        "scope": list(event.scope),
        "status": event.status,
        "issuer_name": event.issuer_name,
    }


def _complaint(event: Complaint) -> Row:
    return (
        _subject(event)
        | _words(event.words)
        | {
            "complaint_id": key(event.complaint_id),
            "status": event.status,
            "kind": event.kind,
            "severity": event.severity,
            "complainant_id": None if event.complainant is None else event.complainant.vault_id,
            "item_key": event.item_key,
        }
    )


def _review(event: Review) -> Row:
    return (
        _subject(event)
        | _words(event.words)
        | {
            "stars": event.stars,
            "item": None if event.item is None else name_of(event.item),
            "channel": event.channel,
            "rater": event.rater,
            "item_key": event.item_key,
            "item_signature": event.item_signature,
        }
    )


def _recall_row(event: Recall) -> Row:
    return {"level": event.level, "reason": event.reason, "status": event.status}


def _claim(event: ClaimFinding) -> Row:
    return _subject(event) | {
        "rule": event.rule,
        "statute": event.statute,
        "verdict": event.verdict,
        "clip": event.clip,
        "confirmed": event.confirmed,
    }


def _ruling(event: Ruling) -> Row:
    return {"about": event.about, "decision": event.decision, "reason": event.reason}


def _score(event: ScorePublished) -> Row:
    return {
        "subject": name_of(event.subject),
        "score": event.score,
        "grade": event.grade,
        "tree_size": event.tree_size,
        "policy_digest": event.policy_digest,
        "as_of": event.as_of,
        "contributions": plain(event.contributions),
    }


def _policy(event: PolicyAdopted) -> Row:
    return {"version": event.version, "document": plain(event.document), "effective": event.effective}


def _scan(event: ScanReceipt) -> Row:
    thing = thing_of(event.code)
    item = thing.item or thing.code
    place = None if event.place is None else name_of(event.place)
    return {"serial": serial_key(item), "item": item, "place": place, "setting": event.setting}


def _origin(event: OriginStory) -> Row:
    photos = [{"name": each.name, "digest": each.digest, "caption": each.caption} for each in event.photos]
    return {
        "about": thing_of(event.about).code,
        "title": event.title,
        "text": event.text,
        "photos": photos,
    }


def _erased(event: Erased) -> Row:
    return {"vault_id": event.vault_id}


_ROWS: dict[type, tuple[Table, Callable[[Any], Row]]] = {
    Inspection: (tables.inspections, _inspection),
    Certificate: (tables.certificates, _certificate),
    Complaint: (tables.complaints, _complaint),
    Review: (tables.reviews, _review),
    Recall: (tables.recalls, _recall_row),
    ClaimFinding: (tables.claim_findings, _claim),
    Ruling: (tables.rulings, _ruling),
    ScorePublished: (tables.scores, _score),
    PolicyAdopted: (tables.policies, _policy),
    Erased: (tables.erasures, _erased),
    ScanReceipt: (tables.scans, _scan),
    OriginStory: (tables.origins, _origin),
}


def _subject(event: Inspection | Complaint | Review | ClaimFinding) -> Row:
    return {
        "subject": name_of(event.subject),
        "lot": None if event.lot is None else thing_of(event.lot).code,
    }


def _words(words: Commitment | None) -> Row:
    return {
        "digest": None if words is None else words.digest,
        "vault_id": None if words is None else words.vault_id,
    }
