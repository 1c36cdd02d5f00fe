"""A finding: something in the record that a person should look at, with the entries that show it.

Rule: a finding is not evidence. It refuses nothing, changes no score by itself and accuses nobody until
someone answerable has confirmed it; it only names what does not fit, and where to read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "attention", "bad"]
SEVERITIES: tuple[Severity, ...] = ("info", "attention", "bad")


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit: a stable `code`, the lot or party it is about, and the entries that show it.

    Args:
        params: (name, text) pairs, by name, for its words; numbers and instants in their plain form.
        entries: ledger indexes, ascending; the last one is normally the entry that made it visible.
    """

    code: str
    severity: Severity
    subject: str
    params: tuple[tuple[str, str], ...] = ()
    entries: tuple[int, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """Return the parameters as a mapping, ready for a translation."""
        return dict(self.params)


def finding(
    code: str, severity: Severity, subject: str, entries: tuple[int, ...], **params: object
) -> Finding:
    """Make a finding with its parameters as text, its entries in order and each once.

    >>> finding("sold-before-made", "bad", "lot", (7, 3, 7), step="retail_selling").entries
    (3, 7)
    """
    words = tuple(sorted((name, str(value)) for name, value in params.items()))
    return Finding(code, severity, subject, words, tuple(sorted(set(entries))))


def worst(findings: tuple[Finding, ...]) -> Severity | None:
    """Return the gravest severity among findings, or `None` when there is none."""
    return max((found.severity for found in findings), key=SEVERITIES.index, default=None)
