"""Verbs about complaints: complain, cases, case (show, the next step, appeal, void) and rule."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from gui.casewords import clock_text
from gui.verbs.outcome import Outcome, Session
from ledger.events.cases import STEP_WORDS
from ledger.events.evidence import COMPLAINT_KINDS
from ledger.events.governance import DECISIONS

if TYPE_CHECKING:
    from models.case import Case, Step
    from models.clocks import Clock
    from models.workspace import Workspace

ALIASES = {
    "accepted": "accept",
    "upheld": "uphold",
    "rejected": "reject",
    "resolved": "resolve",
    "withdrawn": "withdraw",
    "not-accepted": "refuse",
    "notified": "notify",
    "assigned": "assign",
    "recused": "recuse",
    "replied": "reply",
}
OFFICE = ("inspector", "administrator")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    complain = verbs.add_parser("complain", parents=[common], help="file a complaint about a party")
    complain.add_argument("party")
    complain.add_argument("--kind", required=True, choices=COMPLAINT_KINDS)
    complain.add_argument("--severity", type=int, default=2, choices=(1, 2, 3))
    complain.add_argument("--text", required=True, help="what happened; kept in the vault")
    complain.add_argument("--who", default="", metavar="TEXT", help="name and phone; kept in the vault")
    complain.add_argument("--lot", default=None, metavar="CODE")
    complain.add_argument("--key", default=None, metavar="TOKEN", help="the item's 26 letters; proves it")
    complain.set_defaults(run=complain_verb)
    cases = verbs.add_parser("cases", parents=[common], help="every case with its statutory clocks")
    cases.add_argument("--party", default=None, metavar="PARTY")
    cases.add_argument("--open", action="store_true", dest="only_open", help="only those still open")
    cases.set_defaults(run=cases_verb)
    case = verbs.add_parser("case", parents=[common], help="one case: show it, or take its next step")
    acts = case.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=type(case))
    show = acts.add_parser("show", parents=[common], help="every step and clock of a case")
    show.add_argument("case_id", metavar="ID")
    show.set_defaults(run=show_verb)
    for word in STEP_WORDS:
        step = acts.add_parser(word, parents=[common], aliases=[ALIASES[word]] if word in ALIASES else [])
        step.add_argument("case_id", metavar="ID")
        step.add_argument("--text", default="", help="words for the file; kept in the vault")
        step.add_argument(
            "--handler", default=None, metavar="PARTY", help="who handles the case, or steps back"
        )
        step.set_defaults(run=step_verb, step=word)
    appeal = acts.add_parser("appeal", parents=[common], help="contest an entry")
    appeal.add_argument("entry", type=int)
    appeal.add_argument("--text", default="", help="why; kept in the vault")
    appeal.set_defaults(run=appeal_verb)
    void = acts.add_parser("void", parents=[common], help="decide that a complaint never happened")
    void.add_argument("case_id", metavar="ID")
    void.add_argument("--reason", required=True)
    void.set_defaults(run=void_verb)
    rule = verbs.add_parser("rule", parents=[common], help="decide about an entry: void, suspend, repair ...")
    rule.add_argument("decision", choices=DECISIONS)
    rule.add_argument("entry", type=int)
    rule.add_argument("--reason", required=True)
    rule.set_defaults(run=rule_verb)


def complain_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """File a complaint; words and identity go to the vault, never into an entry."""
    workspace = session.open()
    party = workspace.party(options.party)
    receipt, number = workspace.opinions.complain(
        party.id,
        options.kind,
        options.severity,
        options.text,
        lot=workspace.label_words(options.lot)[1].lot if options.key else options.lot,
        complainant=options.who,
        token=options.key,
    )
    line = session.words("case.filed", number=number, index=receipt.index)
    return Outcome({"case": number, "entry": receipt.index, **_shape(session, number)}, (line,))


def cases_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """List cases, the most urgent clock of each first to be seen."""
    workspace = session.open()
    party = workspace.party(options.party).id if options.party else None
    found = [case for case in workspace.cases.all(party) if case.is_open or not options.only_open]
    shapes = [case_shape(workspace, case) for case in found]
    lines = [line for case in found for line in _lines(session, workspace, case)]
    return Outcome({"cases": shapes, "calendar": _calendar(workspace)}, tuple(lines))


def show_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show one case whole."""
    workspace = session.open()
    case = workspace.cases.case(options.case_id)
    lines = [*_lines(session, workspace, case)]
    lines += [
        f"  {step.index:>6}  {session.words.time(step.event_time)}  {_step_text(session, step)}"
        for step in case.steps
    ]
    return Outcome(_shape(session, case.case_id), tuple(lines))


def step_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Take the next step of a case; refused where it does not fit, or by the wrong hand."""
    workspace = session.open()
    handler = workspace.party(options.handler).id if options.handler else None
    receipts = workspace.opinions.take_step(options.case_id, options.step, options.text, handler=handler)
    return _taken(session, options.case_id, [receipt.index for receipt in receipts])


def appeal_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Contest an entry; it is shown as under appeal until somebody else decides."""
    workspace = session.open()
    receipt = workspace.opinions.appeal(options.entry, options.text)
    event: Any = workspace.entry(receipt.index).event
    return _taken(session, event.case_id, [receipt.index])


def void_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Take every entry of a complaint back: in scores and dossiers it never happened."""
    workspace = session.open()
    indexes = [receipt.index for receipt in workspace.supervision.void_case(options.case_id, options.reason)]
    return _taken(session, options.case_id, indexes)


def rule_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Decide about one entry."""
    receipt = session.open().supervision.rule(options.entry, options.decision, options.reason)
    document = {"entry": receipt.index, "about": options.entry, "decision": options.decision}
    line = session.words(f"ruling.{options.decision}", about=options.entry, index=receipt.index)
    return Outcome(document, (line,))


def case_shape(workspace: Workspace, case: Case) -> dict[str, Any]:
    """Return a case with its clocks and the steps that fit now."""
    from models.casesteps import next_steps

    return {
        "case": case.case_id,
        "party": case.subject,
        "state": case.state,
        "kind": case.kind or None,
        "severity": case.severity or None,
        "lot": case.lot,
        "filed": case.filed,
        "handler": case.handler,
        "recused": list(case.recused),
        "under_appeal": case.under_appeal,
        "about": case.about,
        "entries": list(case.entries()),
        "next": list(next_steps(case)),
        "clocks": [clock_shape(clock) for clock in workspace.cases.clocks(case)],
    }


def clock_shape(clock: Clock) -> dict[str, Any]:
    """Return one statutory clock; a missing calendar year is named, never guessed."""
    return {
        "code": clock.code,
        "state": clock.state,
        "due": clock.due,
        "left": clock.left,
        "working_days": clock.days,
        "paused_days": clock.paused_days,
        "missing_year": clock.missing_year,
        "began": clock.began,
        "ended": clock.ended,
        "basis": clock.basis,
    }


def _shape(session: Session, case_id: str) -> dict[str, Any]:
    workspace = session.open()
    case = workspace.cases.case(case_id)
    office = any(workspace.mine(role) for role in OFFICE)
    return {
        **case_shape(workspace, case),
        "steps": [_step_shape(workspace, step, office) for step in case.steps],
    }


def _step_shape(workspace: Workspace, step: Step, office: bool) -> dict[str, Any]:
    who = workspace.words_of(step.complainant_id) if step.complainant_id and office else None
    return {
        "entry": step.index,
        "time": step.event_time,
        "step": step.step,
        "by": step.author,
        "handler": step.handler,
        "about": step.about,
        "text": workspace.words_of(step.vault_id) if step.vault_id else None,
        "complainant": who,
        "counts": not step.unfit,
        "why_not": step.unfit or None,
    }


def _taken(session: Session, case_id: str, entries: list[int]) -> Outcome:
    shape = _shape(session, case_id)
    words = session.words
    state = words(f"case.state.{shape['state']}")
    line = words("case.taken", number=case_id, state=state, index=entries[0])
    return Outcome({**shape, "recorded": entries}, (line,))


def _lines(session: Session, workspace: Workspace, case: Case) -> list[str]:
    words = session.words
    names = {party.id: words.name(party) for party in workspace.parties()}
    name = names.get(case.subject, case.subject)
    lines = [f"{case.case_id}  {name}  {words('case.state.' + case.state)}"]
    return lines + [f"    {clock_text(words, clock)}" for clock in workspace.cases.clocks(case)]


def _step_text(session: Session, step: Step) -> str:
    said = session.words(f"case.step.{step.step}")
    return said if not step.unfit else f"{said} ({session.words('case.irregular')})"


def _calendar(workspace: Workspace) -> dict[str, str]:
    return {str(year): source for year, source in workspace.cases.calendar.sources.items()}
