"""What happens between a complaint and its end, and what follows for a merchant: case steps and measures.

Rule: a step is said by whoever takes it and binds nobody else to believe it in order: which step fits when is
judged by `models.casesteps`; what does not fit is shown and never hidden. A measure is in force because a
regulator signed it; no program can.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.events import checks
from ledger.events.checks import put, refusal
from ledger.events.evidence import COMPLAINT_STATUSES, Commitment
from ledger.events.values import PartyId

OFFICE_STEPS = (
    "not-accepted",
    "assigned",
    "recused",
    "notified",
    "lead-opened",
    "lead-extended",
    "lead-checked",
    "lab-sent",
    "lab-returned",
    "mediation-opened",
    "mediation-agreed",
    "mediation-ended",
    "appeal-upheld",
    "appeal-rejected",
)
"""Said by a regulator; `appeal-upheld` means that who appealed was right."""
ACCUSED_STEPS = ("replied",)
PARTY_STEPS = ("evidence", "recusal-asked", "appealed")
CASE_STEPS = (*OFFICE_STEPS, *ACCUSED_STEPS, *PARTY_STEPS)
STEP_WORDS = (*COMPLAINT_STATUSES[1:], *(step for step in CASE_STEPS if step != "appealed"))
"""What may come next in a case; a complaint is filed, and an appeal lodged, in ways of their own."""
MEASURE_ACTIONS = ("imposed", "lifted")


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case; words lie in the vault, `about` is the entry appealed against, `handler` who acts.

    A case has the number of its complaint; an appeal against any other entry begins a case of its own.
    """

    event_time: datetime
    subject: PartyId
    case_id: str
    step: str
    handler: PartyId | None = None
    about: int | None = None
    words: Commitment | None = None

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        checks.identifier(self.subject, "subject")
        checks.text(self.case_id, "case_id", 100)
        checks.one_of(self.step, CASE_STEPS, "step", "case-step-unknown")
        if self.handler is not None:
            checks.identifier(self.handler, "handler")
        if self.about is not None:
            checks.whole(self.about, "about", 0, 2**53 - 1)
        if self.words is not None and not isinstance(self.words, Commitment):
            raise refusal(
                "words must lie in the vault",
                "words",
                "words-not-committed",
                type(self.words).__name__,
                "a Commitment from the vault, never the text itself",
            )


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the catalogue imposed on a party, or lifted again, by the regulator who signs this."""

    event_time: datetime
    subject: PartyId
    code: str
    action: str
    reason: str
    about: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        checks.identifier(self.subject, "subject")
        checks.code_word(self.code, "code")
        checks.one_of(self.action, MEASURE_ACTIONS, "action", "measure-action")
        checks.text(self.reason, "reason", 200)
        if self.about is not None:
            checks.whole(self.about, "about", 0, 2**53 - 1)
        if self.until is not None:
            checks.day(self.until, "until")


CaseEvent = CaseStep | Measure
