"""Cases as their entries leave them: who said what, which step fits, how the case stands.

Rule: a case is a fold over complaints and case steps in the order of the log. What does not fit (a stranger
withdrawing, somebody who recused himself deciding) is kept as irregular and changes nothing, neither the case
nor the score. Records taken over from elsewhere may begin with their outcome; the program itself is stricter
and records a step only where `refuse_unfit` lets it. An appeal against an entry that belongs to no complaint
begins a case of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger.errors import LedgerError
from ledger.events.cases import CaseStep
from ledger.events.evidence import Complaint
from ledger.events.identifiers import canonical

DECIDED = ("upheld", "rejected", "resolved")
OPEN = ("filed", "accepted", "appealed")
CLOSED = ("not-accepted", "withdrawn", "appeal-upheld", "appeal-rejected", "void")
STATES = ("filed", "accepted", *DECIDED, "appealed", *CLOSED)
_ANY_OPEN = ("filed", "accepted", *DECIDED, "appealed")

# Which states a step may be taken in; a step that is no key here has a rule of its own below.
_FITS: dict[str, tuple[str, ...]] = {
    "filed": ("",),
    "accepted": ("", "filed"),
    "not-accepted": ("filed",),
    "withdrawn": ("", "filed", "accepted"),
    "upheld": ("", "filed", "accepted"),
    "rejected": ("", "filed", "accepted"),
    "resolved": ("", "filed", "accepted"),
    "assigned": _ANY_OPEN,
    "recused": _ANY_OPEN,
    "recusal-asked": _ANY_OPEN,
    "notified": (*_ANY_OPEN, *CLOSED),
    "lead-opened": ("filed", "accepted"),
    "lead-extended": ("filed", "accepted"),
    "lead-checked": ("filed", "accepted"),
    "lab-sent": ("filed", "accepted"),
    "lab-returned": ("filed", "accepted"),
    "mediation-opened": ("accepted",),
    "mediation-agreed": ("accepted",),
    "mediation-ended": ("accepted",),
    "replied": (*_ANY_OPEN, "not-accepted"),
    "evidence": _ANY_OPEN,
    "appealed": ("", *DECIDED, "not-accepted"),
    "appeal-upheld": ("appealed",),
    "appeal-rejected": ("appealed",),
}
# What must be under way, or must not be, for a step to fit: (step taken last of this pair, is it needed).
_NEEDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "lead-extended": ("lead-opened", ("lead-checked", "lead-extended")),
    "lead-checked": ("lead-opened", ("lead-checked",)),
    "lab-returned": ("lab-sent", ("lab-returned",)),
    "mediation-agreed": ("mediation-opened", ("mediation-agreed", "mediation-ended")),
    "mediation-ended": ("mediation-opened", ("mediation-agreed", "mediation-ended")),
}
_NOT_TWICE = {
    "lab-sent": "lab-returned",
    "lead-opened": "lead-checked",
    "mediation-opened": "mediation-ended",
}
# Where the program's own hand is more careful than the fold: what it decides was accepted before.
_STRICT = {
    "accepted": ("filed",),
    "withdrawn": ("filed", "accepted"),
    **dict.fromkeys(DECIDED, ("accepted",)),
}
MOVES = ("filed", "accepted", "withdrawn", *DECIDED, "not-accepted", "appealed", *CLOSED[2:4])
BY_THE_FILER = ("withdrawn",)
BY_THE_ACCUSED = ("replied",)
BY_EITHER = ("evidence", "appealed", "recusal-asked")
BY_THE_OFFICE = tuple(
    step for step in _FITS if step not in ("filed", *BY_THE_FILER, *BY_THE_ACCUSED, *BY_EITHER)
)
DECISIONS = (
    *DECIDED,
    "not-accepted",
    "appeal-upheld",
    "appeal-rejected",
    "mediation-agreed",
    "mediation-ended",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a case; `unfit` says why it changes nothing, "" where it counts."""

    index: int
    event_time: datetime
    author: str
    subject: str
    case_id: str
    step: str
    kind: str = ""
    severity: int = 0
    lot: str | None = None
    handler: str | None = None
    about: int | None = None
    vault_id: str | None = None
    complainant_id: str | None = None
    unfit: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands.

    Args:
        state: one of STATES; `void` where a ruling says that its complaint never happened.
        about: the entry an appeal is against.
        decided_by: who took the last decision; another hand decides the appeal.
        office: who has acted for the authority.
    """

    case_id: str
    subject: str
    state: str
    kind: str
    severity: int
    lot: str | None
    filer: str
    filed: datetime
    steps: tuple[Step, ...]
    handler: str | None = None
    recused: tuple[str, ...] = ()
    about: int | None = None
    decided_by: str | None = None
    office: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Say whether somebody still waits for an answer."""
        return self.state in OPEN

    @property
    def under_appeal(self) -> bool:
        """Say whether a decision is contested and the contest undecided."""
        return self.state == "appealed"

    def last(self, *steps: str) -> Step | None:
        """Return the newest regular step of these kinds."""
        return next((s for s in reversed(self.steps) if s.step in steps and not s.unfit), None)

    def entries(self) -> tuple[int, ...]:
        """Return every entry of the case."""
        return tuple(step.index for step in self.steps)


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


def why_unfit(case: Case | None, step: Step) -> str:
    """Return the code of why a step does not fit a case as it stands, "" if it does."""
    state = case.state if case else ""
    if step.step not in _FITS or state not in _FITS[step.step]:
        return "case-step-not-now"
    if case is None:
        return ""
    if step.subject != case.subject:
        return "case-other-subject"
    return _wrong_hand(case, step) or _not_under_way(case, step.step)


def refuse_unfit(case: Case | None, step: Step) -> None:
    """Refuse to record a step that would change nothing, or decide before the accused was told.

    Raises:
        LedgerError: a code beginning with `case-`.
    """
    unfit = why_unfit(case, step) or _careless(case, step)
    if not unfit:
        return
    state = case.state if case else "no case yet"
    raise LedgerError(
        _WHY[unfit],
        code=unfit,
        found=f"{step.step} by {step.author}",
        expected=f"case {step.case_id} is {state}: " + (", ".join(next_steps(case)) or "no step is left"),
        remedy=f"see the case first: case show {step.case_id}",
    )


def next_steps(case: Case | None) -> tuple[str, ...]:
    """Return the steps that fit a case now, whoever would take them."""
    fits = _FITS | _STRICT
    state = case.state if case else ""
    return tuple(
        step for step in _FITS if state in fits[step] and (case is None or not _not_under_way(case, step))
    )


def _careless(case: Case | None, step: Step) -> str:
    """Return why the program does not record a step that a fold would count."""
    state = case.state if case else ""
    if state not in _STRICT.get(step.step, (state,)):
        return "case-step-not-now"
    if case is None:
        return ""
    if step.step in DECISIONS and step.author in (case.filer, case.subject):
        return "case-own-matter"
    if step.step == "upheld" and not case.last("notified", "replied"):
        return "case-not-heard"
    return ""


def _wrong_hand(case: Case, step: Step) -> str:
    author = step.author
    if step.step in BY_THE_FILER and author != case.filer and author not in case.office:
        return "case-not-the-filer"
    if step.step in BY_THE_ACCUSED and author != case.subject:
        return "case-not-the-accused"
    if step.step in BY_EITHER and author not in (case.subject, case.filer):
        return "case-not-a-party"
    if step.step in BY_THE_OFFICE and step.step != "recused" and author in case.recused:
        return "case-recused"
    if step.step in ("appeal-upheld", "appeal-rejected") and author == case.decided_by:
        return "case-same-hand"
    return ""


def _not_under_way(case: Case, step: str) -> str:
    if step in _NEEDS:
        begun, over = _NEEDS[step]
        last = case.last(begun, *over)
        return "" if last is not None and last.step == begun else "case-step-not-now"
    if step in _NOT_TWICE:
        last = case.last(step, _NOT_TWICE[step], "mediation-agreed" if step == "mediation-opened" else step)
        return "case-step-not-now" if last is not None and last.step == step else ""
    return ""


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


_WHY = {
    "case-step-not-now": "this step does not fit the case as it stands",
    "case-other-subject": "the case is about another party",
    "case-not-the-filer": "only who complained may withdraw it",
    "case-not-the-accused": "only who is complained of may reply",
    "case-not-a-party": "only who complained and who is complained of may say this",
    "case-recused": "who recused himself takes no further step in the case",
    "case-own-matter": "nobody decides a case of their own",
    "case-same-hand": "an appeal is decided by another hand than the decision",
    "case-not-heard": "the merchant has not been told of the complaint yet",
}
