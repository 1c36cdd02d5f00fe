"""Fold what stands between a batch and its way out: promises, laboratory reports, gates, printed labels.

Rule: rows only; whether a value passes or a gate is open is judged when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from ledger.events.quality import ConformityPromise, LabelsPrinted, LabReport, Measured, QualityGate
from models import tables
from models.projections.codes import name_of, thing_of
from models.projections.entries import Entry
from models.views import key

Row = dict[str, Any]


def fold_quality(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the rows of these entries."""
    for entry in entries:
        found = _ROWS.get(type(entry.event))
        if found is not None:
            table, row_of = found
            common = {
                "index": entry.index,
                "event_time": entry.event.event_time,
                "record_time": entry.record_time,
                "author": name_of(entry.party),
            }
            connection.execute(table.insert(), common | row_of(entry.event))


def _promise(event: ConformityPromise) -> Row:
    return {
        "number": key(event.number),
        "lot": thing_of(event.lot).code,
        "quantity": event.quantity,
        "uom": event.uom,
        "origin": None if event.origin is None else name_of(event.origin),
        "basis": list(event.basis),
        "based_on": list(event.based_on),
        "status": event.status,
    }


def _report(event: LabReport) -> Row:
    return {
        "subject": name_of(event.subject),
        "lot": thing_of(event.lot).code,
        "number": key(event.number),
        "laboratory": event.laboratory,
        "sampled": event.sampled,
        "results": [_measured(each) for each in event.results],
    }


def _measured(result: Measured) -> Row:
    limit = result.detection_limit
    return {
        "substance": result.substance,
        "value": result.value,
        "unit": result.unit,
        "detection_limit": None if limit is None else str(limit),
        "method": result.method,
    }


def _gate(event: QualityGate) -> Row:
    return {
        "product": name_of(event.product) if ":" in event.product else event.product,
        "steps": list(event.steps),
        "check": event.check,
        "valid_days": event.valid_days,
        "status": event.status,
    }


def _labels(event: LabelsPrinted) -> Row:
    return {
        "lot": thing_of(event.lot).code,
        "kind": event.kind,
        "count": event.count,
        "content": event.content,
        "uom": event.uom,
    }


_ROWS: dict[type, tuple[Table, Callable[[Any], Row]]] = {
    ConformityPromise: (tables.promises, _promise),
    LabReport: (tables.lab_reports, _report),
    QualityGate: (tables.gates, _gate),
    LabelsPrinted: (tables.labels, _labels),
}
