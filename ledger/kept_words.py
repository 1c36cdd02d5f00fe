"""Compare the words that are kept here with the commitments to them in the entries (step 5 of the audit).

Rule: words that are kept elsewhere, or were removed on request, are not missing; words that say something
else than was committed to are altered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.errors import LedgerError
from ledger.tiling import Report

DigestOf = Callable[[sa.Connection, str], bytes | None]
"""Gives the digest of kept words by vault id, or None where they are not kept here."""


@dataclass(slots=True)
class KeptWords:
    """Opens the words of one ledger; `checked` counts them.

    Args:
        report: takes what does not hold.
        digest_of: None where no words shall be opened.
    """

    report: Report
    connection: sa.Connection
    digest_of: DigestOf | None
    checked: int = 0

    def check(self, index: int, digest: str, vault_id: str) -> None:
        """Compare the words that an entry commits to."""
        if self.digest_of is None:
            return
        try:
            found = self.digest_of(self.connection, vault_id)
        except LedgerError as problem:
            self.report(5, index, problem.code, problem.what, f"words {vault_id}")
            return
        if found is not None:
            self.checked += 1
            if found.hex() != digest:
                self.report(5, index, "words-altered", found.hex(), digest)
