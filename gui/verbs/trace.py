"""Verbs that follow goods: trace and recall."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from gui.verbs.files import document_bytes, read_text, write_bytes
from gui.verbs.goods import footprint_shape
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.shapes import correction_shape, event_shape, finding_shape, lot_shape
from gui.wording import correction_text, finding_text, step_text
from ledger.errors import LedgerError

DIRECTIONS = ("back", "forward", "both")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    trace = verbs.add_parser("trace", parents=[common], help="what is in it, where did it go")
    trace.add_argument("code", help="Digital Link, EPC URN, or lot")
    trace.add_argument("--direction", choices=DIRECTIONS, default="both")
    trace.set_defaults(run=trace_verb)
    recall = verbs.add_parser("recall", parents=[common], help="every affected lot and who holds it")
    recall.add_argument("code", nargs="?", default="")
    recall.add_argument("--drill", action="store_true", help="time it, record nothing")
    recall.add_argument("--level", choices=("I", "II", "III"), default="II")
    recall.add_argument("--reason", default="unspecified")
    recall.add_argument("--out", type=Path, default=None, help="write the report here")
    recall.add_argument(
        "--check", type=Path, default=None, metavar="FILE", help="is this signed report whole"
    )
    recall.set_defaults(run=recall_verb)


def trace_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show every event on the way of a lot, back to its origins and forward to where it went."""
    workspace, words = session.open(), session.words
    found = workspace.trace(options.code, options.direction)
    names = {place.id: words.name(place) for place in workspace.places()}
    wrong = workspace.corrections.of_lot(found.subjects[0].lot)
    carbon = workspace.goods.footprint(found.subjects[0].lot)
    document = {
        "code": found.code,
        "events": [event_shape(event) for event in found.events],
        "lots_upstream": [lot_shape(lot) for lot in found.lots_upstream],
        "lots_downstream": [lot_shape(lot) for lot in found.lots_downstream],
        "findings": [finding_shape(finding, words) for finding in found.findings],
        "corrections": [correction_shape(one) for one in wrong],
        "footprint": None if carbon is None else footprint_shape(carbon),
    }
    lines = [found.code]
    lines += [_event_line(event, words, names) for event in found.events]
    lines += [f"! {finding_text(words, finding)}" for finding in found.findings]
    lines += [f"~ {correction_text(words, one)}" for one in wrong]
    return Outcome(document, tuple(lines))


def _event_line(event: Any, words: Any, names: dict[str, str]) -> str:
    step = step_text(words, event.type, event.biz_step)
    sides = [", ".join(sorted({_short(lot) for lot, *_ in side})) for side in (event.inputs, event.outputs)]
    goods = " → ".join(side for side in sides if side)
    place = names.get(event.place, event.place or "")
    return f"#{event.index:<6} {words.date(event.event_time)}  {step}  {place}  {goods}".rstrip()


def _short(lot: str) -> str:
    """Return the lot's own number; what is not a lot of a product stays whole."""
    return lot.partition("/10/")[2] or lot


def recall_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Find the affected lots; without `--drill` the recall itself is recorded."""
    if options.check:
        return _checked(session, options.check)
    workspace = session.open()
    start = time.perf_counter()
    plan = workspace.recall_plan(options.code)
    seconds = round(time.perf_counter() - start, 3)
    entry = None
    if not options.drill:
        named = [row.lot.lot for row in plan.affected if row.depth == 0]
        entry = workspace.batches.open_recall(named, options.level, options.reason).index
    document: dict[str, Any] = {
        "affected": [
            {
                "lot": row.lot.lot,
                "product": row.lot.product_name,
                "depth": row.depth,
                "holder": row.holder.id if row.holder else None,
                "holder_name": row.holder.name if row.holder else None,
                "where": row.where,
                "remaining": row.remaining,
                "uom": row.uom,
            }
            for row in plan.affected
        ],
        "holders": [{"party": party.id, "name": party.name, "lots": lots} for party, lots in plan.holders],
        "coverage": plan.coverage,
        "seconds": seconds,
        "drill": options.drill,
        "entry": entry,
        "report": str(options.out) if options.out else None,
    }
    if options.out or options.drill:
        document["signed"] = _signed(workspace, plan, seconds, options)
    if options.out:
        write_bytes(options.out, document_bytes(document))
    lines = [session.words("terminal.recall", n=str(len(plan.affected)), seconds=f"{seconds:.2f}")]
    names = [session.words.name(row.holder) if row.holder else "?" for row in plan.affected]
    lines += [f"  {row.lot.lot}  {name}  {row.where}" for row, name in zip(plan.affected, names, strict=True)]
    return Outcome(document, tuple(lines))


def _signed(workspace: Any, plan: Any, seconds: float, options: argparse.Namespace) -> dict[str, Any] | None:
    """Return the signed report; a machine that holds no key reports all the same, unsigned."""
    try:
        found: dict[str, Any] = workspace.batches.recall_report(
            plan, seconds, drill=options.drill, as_party=options.actor
        )
    except LedgerError as error:
        if options.actor or error.code not in ("no-identity", "key-locked"):
            raise
        return None
    return found


def _checked(session: Session, path: Path) -> Outcome:
    """Say whether a signed report is as it was signed; no ledger is needed."""
    from models.provenance.drill import holds

    try:
        document = json.loads(read_text(path))
    except ValueError:
        document = None
    whole = holds(document.get("signed", document) if isinstance(document, dict) else None)
    word = session.words("terminal.recall.whole" if whole else "terminal.recall.broken")
    return Outcome({"holds": whole, "report": str(path)}, (word,), DONE if whole else CHECK_FAILED)
