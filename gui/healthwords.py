"""A ledger's health in words, as a document, and on paper; no Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gui.wording import hexadecimal
from gui.words import Words

if TYPE_CHECKING:
    from models.health import HealthCheck, Report

KINDS = {"ok": "ok", "notice": "info", "warning": "attention", "fault": "bad", "unknown": "neutral"}
_LISTED = 8


def check_name(words: Words, check: HealthCheck) -> str:
    """Return what a check is called."""
    return words.first(f"audit_step.{check.code}", f"health.{check.code}")


def meaning(words: Words, check: HealthCheck) -> str:
    """Return what a check's outcome means: how many, and which entries."""
    own = f"health.{check.code}.{check.state}"
    key = own if words.has(own) else f"health.state.{check.state}.means"
    said = words(key, n=words.number(check.count))
    if not check.entries or check.code == "witnesses":
        return said
    rest = len(check.entries) - _LISTED
    shown = words.listing(words.number(index) for index in check.entries[:_LISTED])
    named = words("health.entries.more" if rest > 0 else "health.entries", list=shown)
    return f"{said}{named}" if words.chinese else f"{said} {named}"


def remedy(words: Words, check: HealthCheck) -> str:
    """Return what to do now, "" where there is nothing to do."""
    return words(f"health.remedy.{check.remedy}") if check.remedy else ""


def health_document(report: Report, checks: Iterable[HealthCheck]) -> dict[str, Any]:
    """Return an audit's report with its checks as JSON can hold them."""
    return {
        "holds": not report.problems,
        "entries": report.entries,
        "root": hexadecimal(report.root),
        "witnessed_to": report.witnessed_to,
        "steps": [
            {"number": step.number, "code": step.code, "status": step.status, "checked": step.checked}
            for step in report.steps
        ],
        "problems": [
            {
                "step": problem.step,
                "index": problem.index,
                "code": problem.code,
                "found": str(problem.found),
                "expected": str(problem.expected),
                "remedy": str(problem.remedy),
            }
            for problem in report.problems
        ],
        "checks": [check_shape(check) for check in checks],
    }


def check_shape(check: HealthCheck) -> dict[str, Any]:
    """Return one check as JSON can hold it."""
    return {
        "code": check.code,
        "state": check.state,
        "count": check.count,
        "entries": list(check.entries),
        "remedy": check.remedy,
    }


def health_pdf(
    words: Words, report: Report, checks: Iterable[HealthCheck], origin: str, now: datetime
) -> bytes:
    """Return the health report as A4 pages in the reader's language."""
    from gui.paper import BAD, BLACK, GOOD, GREY, SMALL, Paper

    paper = Paper()
    title = words("health.title")
    paper.title(title, origin)
    paper.line(words("health.paper.about", n=words.number(report.entries), time=words.time(now)), SMALL, GREY)
    paper.heading(words("health.checks"))
    inks = {"ok": GOOD, "warning": BAD, "fault": BAD}
    for check in checks:
        said = [meaning(words, check), remedy(words, check)]
        state = words(f"health.state.{check.state}")
        paper.row(check_name(words, check), state, " ".join(filter(None, said)), inks.get(check.state, BLACK))
    if report.problems:
        paper.heading(words("audit.problems"))
    for problem in report.problems:
        where = "" if problem.index is None else f"#{words.number(problem.index)}  "
        what = words.first(f"audit_problem.{problem.code}", default=problem.code)
        todo = words.first(f"audit_problem.{problem.code}.remedy", "audit.default_remedy")
        seen = f"{words('audit.found')}: {problem.found}  {words('audit.expected')}: {problem.expected}"
        paper.row(f"{where}{what}", "", f"{seen}\n{todo}", BAD)
    root = words("health.paper.root", root=hexadecimal(report.root))

    def foot(page: int, of: int) -> tuple[str, ...]:
        return words("dossier.paper.made", time=words.time(now), page=page, of=of), origin, root

    return paper.finish(title, foot)
