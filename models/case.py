"""A case and its steps as values: what every entry of it said, and how it stands.

Rule: a case never forgets a step; one that does not fit stays in it and says why it changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

DECIDED = ("upheld", "rejected", "resolved")
OPEN = ("filed", "accepted", "appealed")
CLOSED = ("not-accepted", "withdrawn", "appeal-upheld", "appeal-rejected", "void")
STATES = ("filed", "accepted", *DECIDED, "appealed", *CLOSED)


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
