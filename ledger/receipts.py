"""What the desk answers: a receipt for what was appended, and what became of what was handed in.

Rule: values only, so that whoever passes an answer on need not import the desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import Problem


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the author keeps: where the entry is, and the signed tree head that covers it."""

    index: int
    entry_hash: bytes
    size: int
    root: bytes
    checkpoint: str
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a leaf signed elsewhere: added, known already, in conflict, or refused."""

    status: str
    entry_hash: bytes
    index: int | None
    problem: Problem | None = None
