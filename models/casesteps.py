"""Which step fits a case: in which state, after which other step, and by whose hand.

Rule: the fold asks `why_unfit` and keeps what does not fit without effect; the program itself asks
`refuse_unfit`, which is stricter, before it records.
"""

from __future__ import annotations

from ledger.errors import LedgerError
from models.case import CLOSED, DECIDED, Case, Step

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
