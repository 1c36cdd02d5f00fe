"""The verb `verify`: the numbered audit, what it means for the ledger's health, and a report to keep."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from gui.healthwords import check_name, health_document, health_pdf, meaning, remedy
from gui.notes import read_note
from gui.verbs.files import document_bytes, read_bytes, write_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.static import verify_static
from ledger.errors import LedgerError


def verify_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Run the numbered audit; exit 1 when anything does not hold."""
    if options.check is not None:
        return _check_health(session, options.check)
    if options.static is not None:
        return verify_static(session, options)
    against = tuple(read_note(path) for path in options.against)
    try:
        report = session.audit(against, _progress(session))
    except LedgerError as error:
        if error.code != "ledger-damaged":
            raise
        return _unreadable(session, error)
    words = session.words
    checks = _checks(session, report)
    document = health_document(report, checks)
    problems = document["problems"]
    if options.out is not None:
        document["report"] = str(options.out)
        _write_health(session, options, report, checks, document)
    lines = [
        f"({step.number}) {words('audit_step.' + step.code)}: {words('status.' + step.status)}"
        for step in report.steps
    ]
    lines += [
        f"{words('health.state.' + check.state)}: {check_name(words, check)}. {meaning(words, check)} "
        f"{remedy(words, check)}".rstrip()
        for check in checks
        if check.state != "ok"
    ]
    lines += [_problem_line(row) for row in problems]
    lines.append(_witness_line(session, report.entries, report.witnessed_to))
    return Outcome(document, tuple(lines), CHECK_FAILED if problems else DONE)


def _checks(session: Session, report: Any) -> tuple[Any, ...]:
    """Return the health checks; where the ledger cannot even be opened, what the audit alone shows."""
    from models.health import checks_of

    try:
        return session.open().health.checks(report)
    except LedgerError:
        return checks_of(report)


def _write_health(
    session: Session,
    options: argparse.Namespace,
    report: Any,
    checks: tuple[Any, ...],
    document: dict[str, Any],
) -> None:
    """Write the report as A4 pages or as JSON, signed where somebody can sign here."""
    if options.out.suffix.lower() == ".pdf":
        origin = session.open().log.checkpoint().origin
        write_bytes(options.out, health_pdf(session.words, report, checks, origin, session.clock()))
        return
    try:
        document["signed"] = session.open().health.signed(health_document(report, checks), options.actor)
    except LedgerError as error:
        if options.actor:
            raise
        document["unsigned"] = error.code
    write_bytes(options.out, document_bytes(document))


def _check_health(session: Session, path: Path) -> Outcome:
    """Say whether a signed health report is as it was signed; no ledger is needed."""
    from models.health import holds

    try:
        document = json.loads(read_bytes(path))
    except ValueError:
        document = None
    whole = holds(document.get("signed", document) if isinstance(document, dict) else None)
    line = session.words("health.whole" if whole else "health.broken")
    return Outcome({"holds": whole, "report": str(path)}, (line,), DONE if whole else CHECK_FAILED)


def _unreadable(session: Session, error: LedgerError) -> Outcome:
    """A file too damaged to be read is an audit that failed, not a question that was refused."""
    remedy = "keep the file as evidence; restore the ledger from a backup, or from another party's bundle"
    problem = {
        "step": 1,
        "index": None,
        "code": error.code,
        "found": error.found,
        "expected": "a ledger that can be read",
        "remedy": remedy,
    }
    document = {
        "holds": False,
        "entries": 0,
        "root": "",
        "witnessed_to": 0,
        "steps": [],
        "problems": [problem],
        "checks": [{"code": "entries", "state": "fault", "count": 1, "entries": [], "remedy": "restore"}],
    }
    what, _ = session.words.problem(error)
    return Outcome(document, (what, _problem_line(problem)), CHECK_FAILED)


def _problem_line(row: dict[str, Any]) -> str:
    where = "" if row["index"] is None else f"#{row['index']} "
    return f"! {where}{row['code']}: {row['found']} / {row['expected']} → {row['remedy']}"


def _witness_line(session: Session, entries: int, witnessed_to: int) -> str:
    if witnessed_to >= entries:
        return session.words("terminal.all_witnessed", n=str(entries))
    return session.words("terminal.not_witnessed", first=str(witnessed_to), last=str(entries - 1))


def _progress(session: Session) -> Any:
    def tell(done: int, total: int, step: str) -> None:
        if total and (done == total or done % 20_000 == 0):
            session.say(f"{step}: {done}/{total}")

    return tell
