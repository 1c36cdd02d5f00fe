"""Say what went wrong so that a person can act: what, found, expected, where, what to do.

Three roots and no fourth. `LedgerError` is the world (a full disk, a newer file, a key that may not
say this); `EventInvalid` is the input (and names its field); `LedgerBug` is ours and is never caught.
Each problem carries a stable `code`, so that a face can say the same thing in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class Problem(Exception):
    """The shape every refusal shares.

    Args:
        what: one sentence saying what is wrong.
        code: frozen kebab-case word for this kind of problem, the key of its translations.
        found: what was there, as a person would read it.
        expected: what should have been there, with an example where that helps.
        where: file and row, index, field or address.
        remedy: what to do now, with something to copy.
    """

    def __init__(
        self,
        what: str,
        *,
        code: str = "",
        found: object = "",
        expected: object = "",
        where: object = "",
        remedy: str = "",
    ) -> None:
        super().__init__(what)
        self.what = what
        self.code = code
        self.found = str(found)
        self.expected = str(expected)
        self.where = str(where)
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"where: {self.where}")
        if self.found:
            parts.append(f"found: {self.found}")
        if self.expected:
            parts.append(f"expected: {self.expected}")
        if self.remedy:
            parts.append(f"what to do: {self.remedy}")
        return "; ".join(parts)

    def as_document(self) -> Mapping[str, str]:
        """Return the object that the terminal prints under `error`."""
        return {
            "what": self.what,
            "code": self.code,
            "found": self.found,
            "expected": self.expected,
            "where": self.where,
            "remedy": self.remedy,
        }


class LedgerError(Problem):
    """The world said no: a lost race, a full disk, a file that changed, a key without authority."""


class EventInvalid(Problem):
    """The input is not an event we can keep; `field` names the place, spelt as the user wrote it."""

    def __init__(
        self,
        what: str,
        *,
        field: str,
        code: str = "",
        found: object = "",
        expected: object = "",
        where: object = "",
        remedy: str = "",
    ) -> None:
        super().__init__(what, code=code, found=found, expected=expected, where=where or field, remedy=remedy)
        self.field = field

    def as_document(self) -> Mapping[str, str]:
        """Return the object that the terminal prints, with the field beside the rest."""
        return {**super().as_document(), "field": self.field}


class LedgerBug(AssertionError):
    """We broke our own promise; never caught, always reported."""


def file_unreadable(path: Path, error: OSError) -> EventInvalid:
    """Return the refusal of a file that the system will not read."""
    return EventInvalid(
        "the file cannot be read",
        field="FILE",
        code="file-unreadable",
        found=error.strerror or type(error).__name__,
        expected="a readable file",
        where=str(path),
        remedy=f"check the path: ls -l {path}",
    )


def file_unwritable(path: Path, error: OSError, remedy: str) -> LedgerError:
    """Return the problem of a file that the system will not write."""
    return LedgerError(
        "the file cannot be written",
        code="file-unwritable",
        found=error.strerror or type(error).__name__,
        expected="a folder this user may write to, with room",
        where=str(path),
        remedy=remedy,
    )
