"""Say what a run came to when it came to nothing: the contract's error document, or the same in words.

Rule: nothing here needs an installed package, because a missing one is among the things it has to say.
"""

from __future__ import annotations

from typing import Any, TextIO

from gui.verbs.files import document_bytes
from gui.verbs.outcome import REFUSED
from ledger.errors import Problem


def refuse(problem: Problem, *, as_json: bool, out: TextIO, err: TextIO, words: Any = None) -> int:
    """Say why nothing was done: the error document, or the same in words on stderr."""
    if as_json:
        print_document({"error": problem.as_document()}, out)
        return REFUSED
    what, remedy = words.problem(problem) if words is not None else (problem.what, problem.remedy)
    err.write(f"{what}\n")
    for name in ("where", "found", "expected"):
        value = getattr(problem, name)
        if value:
            label = words(f"terminal.{name}") if words is not None else name
            err.write(f"  {label}: {value}\n")
    if remedy:
        err.write(f"  → {remedy}\n")
    return REFUSED


def report_bug(bug: Exception, *, as_json: bool, out: TextIO, code: int) -> int:
    """Say that the fault is ours; the trace is on stderr already."""
    if as_json:
        print_document(
            {
                "error": {
                    "what": "the program failed",
                    "code": "internal",
                    "found": repr(bug),
                    "expected": "",
                    "where": "",
                    "remedy": "report the trace on stderr",
                }
            },
            out,
        )
    return code


def print_document(document: Any, out: TextIO) -> None:
    """Write the one JSON document of a run."""
    out.write(document_bytes(document).decode())
