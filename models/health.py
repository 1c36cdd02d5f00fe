"""The health of a ledger as a person reads it: each check, how grave, how many, and what to do now.

Rule: it judges the audit's report and where the views stand, and checks nothing again itself. What was not
looked at is unknown, never sound. The whole can be signed, so that who gets the report knows whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ledger.audit_report import Report, Step
from ledger.canonical import jcs
from ledger.errors import LedgerError, Problem
from ledger.keys import PublicKey
from models.recorder import Recorder

__all__ = ["GRAVEST", "Health", "HealthCheck", "Report", "State", "checks_of", "holds", "worst"]
State = Literal["ok", "notice", "warning", "fault", "unknown"]
GRAVEST: tuple[State, ...] = ("fault", "warning", "notice", "unknown", "ok")
DOMAIN = b"suxin/health-report/v1"
_NAMED = 20


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One check.

    Args:
        code: which; state: how it came out.
        count: how many things are concerned; for a sound check, how many were looked at.
        entries: the first of the entries concerned.
        remedy: what to do now: witness, keep-checkpoint, restore, rebuild, republish, again; "" for nothing.
    """

    code: str
    state: State
    count: int
    entries: tuple[int, ...] = ()
    remedy: str = ""


def checks_of(report: Report, behind: int | None = None) -> tuple[HealthCheck, ...]:
    """Return every check, the gravest first.

    Args:
        behind: how many entries the views have not folded; None where nobody could look.
    """
    found = [_of_step(report, step) for step in report.steps]
    found += [_witnesses(report), _views(behind), HealthCheck("erased", "ok", len(report.erased))]
    return tuple(sorted(found, key=lambda check: GRAVEST.index(check.state)))


def worst(checks: tuple[HealthCheck, ...]) -> State:
    """Return the gravest state among checks."""
    return min((check.state for check in checks), key=GRAVEST.index, default="unknown")


class Health:
    """Judge an audit of this installation's ledger, and sign what came of it."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def checks(self, report: Report) -> tuple[HealthCheck, ...]:
        """Return every check of the ledger that was audited, the gravest first."""
        return checks_of(report, max((view.behind for view in self._recorder.standings()), default=0))

    def signed(self, report: Mapping[str, Any], as_party: str | None = None) -> dict[str, Any]:
        """Return a report (JSON without fractions) with its signer, time, key and signature."""
        recorder = self._recorder
        party = recorder.signer(as_party)
        pair = recorder.home.author(party)
        if pair is None:
            raise LedgerError("the key of this party is not here", code="key-locked", found=party)
        said = {
            "report": dict(report),
            "party": party,
            "at": recorder.clock().isoformat(),
            "key": pair.public.did,
        }
        return {**said, "signature": pair.sign(DOMAIN, jcs(said)).hex()}


def holds(document: Any) -> bool:
    """Say whether a signed report is as it was signed, by the key it names."""
    try:
        said = {name: document[name] for name in ("report", "party", "at", "key")}
        signature = bytes.fromhex(document["signature"])
        return PublicKey.from_did(document["key"]).verify(DOMAIN, jcs(said), signature)
    except (Problem, KeyError, TypeError, ValueError):
        return False


def _of_step(report: Report, step: Step) -> HealthCheck:
    problems = [problem for problem in report.problems if problem.step == step.number]
    if step.status == "fail" or problems:
        entries = tuple(dict.fromkeys(one.index for one in problems if one.index is not None))[:_NAMED]
        if step.code == "scores":
            return HealthCheck(step.code, "warning", len(problems), entries, "republish")
        return HealthCheck(step.code, "fault", len(problems), entries, "restore")
    if step.status != "pass":
        return HealthCheck(step.code, "unknown", 0, remedy="again")
    if step.code == "trusted-checkpoints" and not step.checked:
        return HealthCheck(step.code, "notice", 0, remedy="keep-checkpoint")
    return HealthCheck(step.code, "ok", step.checked)


def _witnesses(report: Report) -> HealthCheck:
    if not report.entries or report.cancelled:
        return HealthCheck("witnesses", "unknown", 0, remedy="again")
    unseen = report.entries - report.witnessed_to
    if unseen <= 0:
        return HealthCheck("witnesses", "ok", report.entries)
    first = (report.witnessed_to,)
    state: State = "notice" if report.witnessed_to else "warning"
    return HealthCheck("witnesses", state, unseen, first, "witness")


def _views(behind: int | None) -> HealthCheck:
    if behind is None:
        return HealthCheck("views", "unknown", 0)
    return (
        HealthCheck("views", "warning", behind, remedy="rebuild") if behind else HealthCheck("views", "ok", 0)
    )
