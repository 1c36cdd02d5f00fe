"""Fold the steps of cases and the measures imposed.

Rule: rows only; which step fits, which clock runs and which measure holds is judged when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ledger.events.cases import CaseStep, Measure
from models import tables
from models.projections.codes import name_of
from models.projections.entries import Entry
from models.views import key


def fold_cases(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the rows of these entries."""
    for entry in entries:
        event = entry.event
        if not isinstance(event, CaseStep | Measure):
            continue
        common = {
            "index": entry.index,
            "event_time": event.event_time,
            "record_time": entry.record_time,
            "author": name_of(entry.party),
            "subject": name_of(event.subject),
            "about": event.about,
        }
        if isinstance(event, CaseStep):
            step = {
                "case_id": key(event.case_id),
                "step": event.step,
                "handler": None if event.handler is None else name_of(event.handler),
                "vault_id": None if event.words is None else event.words.vault_id,
            }
            connection.execute(tables.case_steps.insert(), common | step)
        else:
            measure = {
                "code": event.code,
                "action": event.action,
                "reason": event.reason,
                "until": event.until,
            }
            connection.execute(tables.measures.insert(), common | measure)
