"""Verbs about what lets a batch go: promises of conformity, laboratory sheets and gates."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.verbs.files import read_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, PARTLY_REFUSED, REFUSED, Outcome, Session
from ledger.errors import EventInvalid

if TYPE_CHECKING:
    from models.provenance.legs import Leg

STEPS = ("shipping", "labelling", "retail_selling", "packing")
CHECKS = ("lab-report", "conformity")
BASES = ("quality-control", "own-test", "commissioned-test", "own-promise")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    promise = verbs.add_parser(
        "promise", parents=[common], help="issue 承诺达标合格证 for batches of your own"
    )
    promise.add_argument("code", nargs="*", help="batches; none: every batch of yours without one")
    promise.add_argument("--basis", choices=BASES, nargs="+", default=["quality-control"])
    promise.set_defaults(run=promise_verb)
    lab = verbs.add_parser("lab", parents=[common], help="take in a laboratory sheet and judge its values")
    lab.add_argument("file", type=Path)
    lab.add_argument("--lot", default=None, metavar="CODE", help="where the sheet names no lot")
    lab.add_argument("--number", default=None, metavar="N", help="where the sheet names no report number")
    lab.add_argument("--laboratory", default=None, metavar="NAME")
    lab.set_defaults(run=lab_verb)
    gate = verbs.add_parser("gate", parents=[common], help="hold a product's batches until a check passes")
    gate.add_argument("product", nargs="?", default=None, help="a GTIN, a product's id, or a category")
    gate.add_argument("--step", nargs="+", choices=STEPS, default=["shipping", "labelling"])
    gate.add_argument("--check", choices=CHECKS, default="lab-report")
    gate.add_argument("--days", type=int, default=None, metavar="N", help="how old the check may be")
    gate.add_argument("--lift", action="store_true", help="the gate no longer holds")
    gate.set_defaults(run=gate_verb)
    logger = verbs.add_parser("logger", parents=[common], help="record a cold leg from its logger")
    logger.add_argument("file", type=Path)
    logger.add_argument("--lot", required=True, metavar="CODE")
    logger.add_argument("--zone", default="+08:00", metavar="+HH:MM", help="of times that name none")
    logger.add_argument("--device", default=None, metavar="ID")
    logger.set_defaults(run=logger_verb)
    quality = verbs.add_parser("quality", parents=[common], help="gates, reports and labels of a batch")
    quality.add_argument("code")
    quality.set_defaults(run=quality_verb)


def promise_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Promise that batches conform; a batch that was packed again names the promises it rests on."""
    workspace = session.open()
    issued = workspace.batches.promise(options.code, options.basis, as_party=options.actor)
    promises = [
        {
            "entry": receipt.index,
            "number": event.number,
            "lot": event.lot,
            "quantity": event.quantity,
            "uom": event.uom,
            "based_on": list(event.based_on),
        }
        for receipt, event in issued
    ]
    words = session.words
    lines = [words("terminal.promised", n=str(len(promises)))]
    lines += [f"  {each['number']}  {each['lot']}" for each in promises]
    return Outcome({"promises": promises}, tuple(lines))


def lab_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Record the reports of a sheet and say how each value stands beside its limit; exit 1 if one fails."""
    workspace, words = session.open(), session.words
    taken = workspace.files.take_lab_sheet(
        read_bytes(options.file),
        options.file.name,
        lot=options.lot,
        number=options.number,
        laboratory=options.laboratory,
        as_party=options.actor,
    )
    reports = [
        {"entry": receipt.index, "lot": row.lot.lot, **_report(row.report)} for receipt, row in taken.reports
    ]
    refused = [problem.as_document() for problem in taken.refused]
    lines = [words("terminal.lab", n=str(len(reports)), refused=str(len(refused)))]
    for report in reports:
        lines.append(f"{report['number']}  {report['lot']}  {words('verdict_lab.' + report['verdict'])}")
        lines += [f"  {_value_line(each, words)}" for each in report["results"]]
    if refused:
        code = PARTLY_REFUSED if reports else REFUSED
    else:
        code = CHECK_FAILED if any(each["verdict"] == "fail" for each in reports) else DONE
    return Outcome({"reports": reports, "refused": refused}, tuple(lines), code)


def gate_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Set or lift a gate; with no product, list those that are set."""
    workspace, words = session.open(), session.words
    if options.product is not None:
        workspace.batches.set_gate(
            options.product,
            options.step,
            options.check,
            options.days,
            lift=options.lift,
            as_party=options.actor,
        )
    gates: list[dict[str, Any]] = [
        {
            "entry": gate.index,
            "product": gate.product,
            "steps": list(gate.steps),
            "check": gate.check,
            "valid_days": gate.valid_days,
        }
        for gate in workspace.quality.gates()
    ]
    lines = [words("terminal.gates", n=str(len(gates)))]
    lines += [
        f"  {each['product']}  {words('check.' + str(each['check']))}: "
        + words.listing(words.code("step", step) for step in each["steps"])
        for each in gates
    ]
    return Outcome({"gates": gates}, tuple(lines))


def quality_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show what decides whether a batch may go on; exit 1 where a gate holds it."""
    workspace, words = session.open(), session.words
    meant, row = workspace.label_words(options.code)
    found = workspace.quality.batch(row.lot)
    document = {
        "lot": found.row.lot,
        "held": any(gate.standing != "open" for gate in found.gates),
        "gates": [
            {
                "entry": gate.index,
                "steps": list(gate.steps),
                "check": gate.check,
                "standing": gate.standing,
                "entries": list(gate.entries),
            }
            for gate in found.gates
        ],
        "reports": [{"entry": each.index, "lot": each.lot, **_report(each)} for each in found.reports],
        "labels": {
            "printed": found.labels.printed,
            "spoiled": found.labels.spoiled,
            "reprinted": found.labels.reprinted,
            "live": found.labels.live,
            "left": found.labels.left(),
        },
    }
    lines = [meant]
    lines += [
        f"  {words('check.' + gate.check)}: {words('standing.' + gate.standing)} ("
        + words.listing(words.code("step", step) for step in gate.steps)
        + ")"
        for gate in found.gates
    ]
    lines += [f"  {each.number}  {words('verdict_lab.' + each.verdict)}" for each in found.reports]
    return Outcome(document, tuple(lines), CHECK_FAILED if document["held"] else DONE)


def _report(report: Any) -> dict[str, Any]:
    return {
        "number": report.number,
        "laboratory": report.laboratory,
        "own": report.own,
        "verdict": report.verdict,
        "results": [
            {
                "substance": each.substance,
                "value": each.value,
                "unit": each.unit,
                "verdict": each.verdict,
                "limit": None if each.limit is None else f"{each.limit.most} {each.limit.unit}",
                "standard": None if each.limit is None else each.limit.standard,
                "clause": None if each.limit is None else each.limit.clause,
                "source": None if each.limit is None else each.limit.source,
            }
            for each in report.results
        ],
    }


def _value_line(row: dict[str, Any], words: Any) -> str:
    limit = "" if row["limit"] is None else f"  ≤ {row['limit']}  {row['standard']} {row['clause']}"
    verdict = words("verdict_lab." + row["verdict"])
    return f"{row['substance']}  {row['value']} {row['unit'] or ''}{limit}  {verdict}"


def logger_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Record a logger's file as one event; exit 1 where it left its limits, 3 where rows were refused."""
    workspace, words = session.open(), session.words
    receipt, leg = workspace.files.take_logger(
        read_bytes(options.file),
        options.file.name,
        options.lot,
        zone=_zone(options.zone),
        device=options.device,
        as_party=options.actor,
    )
    found = leg.assessment
    line = words(
        f"terminal.logger.{leg.status}",
        n=str(len(leg.file.samples)),
        most=f"{found.most:.1f}",
        area=f"{found.degree_minutes:.0f}",
        gaps=str(len(found.gaps)),
    )
    if leg.status == "fail":
        code = CHECK_FAILED
    else:
        code = PARTLY_REFUSED if leg.file.refused else DONE
    return Outcome({"entry": receipt.index, **_leg_shape(leg)}, (line,), code)


def _leg_shape(leg: Leg) -> dict[str, Any]:
    """Return what a logger's file said of one leg, and how it was judged."""
    found, judged = leg.assessment, leg.limits is not None
    return {
        "status": leg.status,
        "samples": len(leg.file.samples),
        "refused": [problem.as_document() for problem in leg.file.refused],
        "since": leg.file.samples[0].time,
        "until": leg.file.samples[-1].time,
        "least": round(found.least or 0.0, 3),
        "most": round(found.most or 0.0, 3),
        "mean_kinetic": round(found.mean_kinetic or 0.0, 4),
        "degree_minutes": found.degree_minutes if judged else None,
        "excursions": [
            {
                "since": each.since,
                "until": each.until,
                "worst": each.worst,
                "degree_minutes": each.degree_minutes,
            }
            for each in (found.excursions if judged else ())
        ],
        "gaps": [{"since": since, "until": until} for since, until in found.gaps],
        "limits": None
        if leg.limits is None
        else {"most": leg.limits.most, "least": leg.limits.least, "source": leg.limits.source},
        "digest": leg.digest,
    }


def _zone(text: str) -> timezone:
    match = re.fullmatch(r"([+-])(\d\d):(\d\d)", text)
    if match is None:
        raise EventInvalid(
            "not a time zone",
            field="--zone",
            code="offset-unfit",
            found=text,
            expected="such as +08:00",
            remedy="logger FILE --lot CODE --zone +08:00",
        )
    shift = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-shift if match[1] == "-" else shift)
