"""Cases as their entries leave them: a fold over who said what.

Rule: a case is a fold over complaints and case steps in the order of the log. What does not fit (a stranger
withdrawing, somebody who recused himself deciding) is kept as irregular and changes nothing, neither the case
nor the score. Records taken over from elsewhere may begin with their outcome; the program itself is stricter
and records a step only where `refuse_unfit` lets it. An appeal against an entry that belongs to no complaint
begins a case of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ledger.events.cases import CaseStep
from ledger.events.evidence import Complaint
from ledger.events.identifiers import canonical
from models.case import CLOSED, DECIDED, Case, Step
from models.casesteps import BY_THE_OFFICE, why_unfit

MOVES = ("filed", "accepted", "withdrawn", *DECIDED, "not-accepted", "appealed", *CLOSED[2:4])


def fold(steps: Iterable[Step], voided: frozenset[int] = frozenset()) -> tuple[Case, ...]:
    """Return the cases that these entries make, the newest case first.

    Args:
        voided: entries that a ruling took back; a case whose every complaint entry is void never happened.
    """
    docket = Docket()
    for step in sorted(steps, key=lambda each: each.index):
        docket.admit(step)
    said = (_voided(case, voided) for case in docket.cases.values())
    return tuple(sorted(said, key=lambda case: -case.steps[0].index))


@dataclass(slots=True)
class Docket:
    """Cases while their entries are read in order."""

    cases: dict[str, Case] = field(default_factory=dict)

    def admit(self, step: Step) -> str:
        """Add a step to its case and return why it changes nothing, "" if it counts."""
        known = self.cases.get(step.case_id)
        case = known or _begun(step)
        unfit = why_unfit(known, step)
        marked = replace(step, unfit=unfit)
        case = replace(case, steps=(*case.steps, marked))
        self.cases[step.case_id] = case if unfit else _after(case, marked)
        return unfit


def _begun(step: Step) -> Case:
    return Case(
        step.case_id,
        step.subject,
        "",
        step.kind,
        step.severity,
        step.lot,
        step.author,
        step.event_time,
        (),
        about=step.about,
    )


def _after(case: Case, step: Step) -> Case:
    """Return the case after a step that fits."""
    if step.step in MOVES:
        case = replace(case, state=step.step)
    if step.step == "appealed":
        decision = case.last(*DECIDED, "not-accepted")
        about = step.about if step.about is not None else decision.index if decision else None
        case = replace(case, about=about)
    if step.step in DECIDED or step.step == "not-accepted":
        case = replace(case, decided_by=step.author)
    if step.step in BY_THE_OFFICE:
        case = replace(case, office=case.office | {step.author})
    if step.step == "assigned":
        case = replace(case, handler=step.handler or step.author)
    if step.step == "recused":
        gone = step.handler or step.author
        handler = None if case.handler == gone else case.handler
        case = replace(case, recused=(*case.recused, gone), handler=handler)
    return case


def _voided(case: Case, voided: frozenset[int]) -> Case:
    first = case.steps[0]
    return replace(case, state="void") if first.step == "filed" and first.index in voided else case


def entry_step(index: int, author: str, event: Complaint | CaseStep) -> Step:
    """Return an entry as the step of a case."""
    handler = None if isinstance(event, Complaint) or event.handler is None else canonical(event.handler)
    return Step(
        index,
        event.event_time,
        canonical(author),
        canonical(event.subject),
        event.complaint_id if isinstance(event, Complaint) else event.case_id,
        event.status if isinstance(event, Complaint) else event.step,
        event.kind if isinstance(event, Complaint) else "",
        handler=handler,
    )
