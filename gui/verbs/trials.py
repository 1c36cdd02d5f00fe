"""Verbs that try the score on a city's own history and plan visits: backtest and plan."""

from __future__ import annotations

import argparse
from hashlib import sha256
from pathlib import Path
from typing import Any

from gui.verbs.outcome import DONE, PARTLY_REFUSED, Outcome, Session
from ledger.errors import EventInvalid


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    backtest = verbs.add_parser("backtest", parents=[common], help="judge a table row by row on earlier rows")
    backtest.add_argument("what", choices=["inspections", "ratings"])
    backtest.add_argument("file", metavar="FILE")
    backtest.add_argument("--out", required=True, metavar="F")
    backtest.set_defaults(run=backtest_verb)
    plan = verbs.add_parser("plan", parents=[common], help="whom to visit next, a fifth of it by lot")
    plan.add_argument("--budget", type=int, required=True, metavar="N")
    plan.add_argument("--seed", default=None, metavar="HEX", help="draw the lot of an earlier plan again")
    plan.set_defaults(run=plan_verb)


def backtest_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Replay a table under the shipped policy and write what was known before each row; needs no ledger."""
    import resources
    from models.credit.policy import Policy
    from models.evidence.rating_trials import try_ratings
    from models.evidence.trials import TableInvalid, try_inspections

    file, out = Path(options.file), Path(options.out)
    try:
        if options.what == "ratings":
            trial = try_ratings(file, out)
        else:
            trial = try_inspections(
                file, out, Policy.from_document(resources.document("policy/default.json"))
            )
    except TableInvalid as error:
        raise _unreadable(options.file, error.found, error.expected) from error
    except OSError as error:
        raise _unreadable(
            error.filename or options.file, error.strerror or "", "a readable CSV file"
        ) from error
    refused = [
        {"where": f"row {r.row}", "field": r.field, "found": r.found, "expected": r.expected}
        for r in trial.refused
    ]
    document = {"rows": trial.rows, "file": str(out), "metrics": trial.metrics, "refused": refused}
    lines = [session.words("terminal.trial", rows=str(trial.rows), file=str(out))]
    lines += [f"  {name}  {value}" for name, value in trial.metrics.items() if not isinstance(value, dict)]
    return Outcome(document, tuple(lines), PARTLY_REFUSED if refused else DONE)


def plan_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Say whom to visit next and why; the seed is told, so that the lot can be drawn again."""
    if options.budget < 1:
        raise EventInvalid(
            "a plan needs at least one visit",
            field="budget",
            code="plan-budget",
            found=options.budget,
            expected="a whole number from 1",
        )
    workspace, words = session.open(), session.words
    seed = _seed(options.seed) if options.seed else _fresh_seed(session, options)
    planned = workspace.merchants.visits(options.budget, seed)
    parties = {party.id: party for party in workspace.parties()}
    visits: list[dict[str, Any]] = [
        {
            "party": visit.subject,
            "name": parties[visit.subject].name if visit.subject in parties else visit.subject,
            "priority": visit.priority,
            "by_lot": visit.by_lot,
            "reasons": [
                {"code": code, "points": points, "words": words(f"reason.{code}")}
                for code, points in visit.reasons
            ],
        }
        for visit in planned
    ]
    lines = [
        f"{visit['priority']:4d}  {words.name(parties.get(visit['party']))}  "
        + (words("priority.by-lot") if visit["by_lot"] else "; ".join(r["words"] for r in visit["reasons"]))
        for visit in visits
    ]
    return Outcome({"budget": options.budget, "seed": seed.hex(), "visits": visits}, tuple(lines))


def _fresh_seed(session: Session, options: argparse.Namespace) -> bytes:
    """Return a new seed; a run with a clock of its own (`--at`) must give the same plan every time."""
    if not options.at:
        return session.random(16)
    root = session.open().log.checkpoint().root
    return sha256(f"suxin plan seed v1\0{options.at}\0{root}".encode()).digest()[:16]


def _seed(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise EventInvalid(
            "the seed cannot be read",
            field="seed",
            code="plan-seed",
            found=text,
            expected="hexadecimal, such as 5f0c",
        ) from error


def _unreadable(where: str, found: str, expected: str) -> EventInvalid:
    return EventInvalid(
        "the table cannot be read",
        field="FILE",
        code="table-unreadable",
        where=where,
        found=found,
        expected=expected,
        remedy="give a CSV file (also gzipped) with these columns in its first line",
    )
