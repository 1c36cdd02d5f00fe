"""The laws that findings cite: their full names, the version, and whether their text was checked.

Rule: a law counts as checked when a test reads its official text and finds the cited article speaking of what
the rule forbids. The others say since when they are cited and that nobody has compared them yet. Data:
`resources/lexicon/statutes.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Statute:
    """A law as the rules cite it.

    Args:
        full: its official name.
        version: the day of the text that is cited.
        checked: whether each cited article was read in that text.
    """

    name: str
    full: str
    version: date
    checked: bool
    note: str


def read_statutes(document: Mapping[str, Any]) -> dict[str, Statute]:
    """Return the laws by the name that rules cite them under."""
    return {
        written["name"]: Statute(
            name=written["name"],
            full=written["full"],
            version=date.fromisoformat(written["version"]),
            checked=written["checked"],
            note=written.get("note", ""),
        )
        for written in document["laws"]
    }
