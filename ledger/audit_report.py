"""What an audit found: its numbered steps, and for every problem the entry, what was found and expected.

Rule: a problem's code is a frozen word with a remedy; nothing here judges.
"""

from __future__ import annotations

from dataclasses import dataclass

STEPS = ("checkpoint", "entries", "signatures", "author-chains", "trusted-checkpoints", "vault")
MOST_PROBLEMS = 1000
REMEDIES = {
    "rolled-back": "this is an older state: find the newer database, or fetch what is missing by a bundle",
    "history-rewritten": "keep this database as evidence; restore from a copy that matches the checkpoint",
    "guard-unreadable": "if it holds against a checkpoint kept elsewhere, remove the file named signed",
    "checkpoint-unopened": "check that the file is a checkpoint of this ledger and signed by its log key",
    "row-count-wrong": "rows were added or removed outside the program; restore the database from a backup",
    "database-damaged": "copy what can be read, then restore the database from a backup or a bundle",
}
REMEDY = (
    "keep this database as evidence and restore the entry from a backup, a bundle or another party's copy"
)


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """One thing that does not hold.

    Args:
        step: the number of the step that found it.
        index: the entry, or the first entry it can be about; None when it is about no entry.
        code: frozen word for the kind of problem.
        found: what is there.
        expected: what should be there.
        remedy: what to do.
    """

    step: int
    index: int | None
    code: str
    found: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to: `status` is pass, fail, or cancelled; `checked` counts what it looked at."""

    number: int
    code: str
    status: str
    checked: int


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an audit.

    Args:
        steps: in order.
        entries: how many entries were checked.
        root: the root over the entries that are there.
        witnessed_to: how many entries a known outside witness has vouched for.
        problems: in the order they were found, at most 1000.
        cancelled: the audit was stopped before its end.
        erased: the vault ids that were removed on request.
    """

    steps: tuple[Step, ...]
    entries: int
    root: bytes
    witnessed_to: int
    problems: tuple[AuditProblem, ...]
    cancelled: bool
    erased: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Say whether everything that was to be checked was checked and holds."""
        return not self.problems and not self.cancelled
