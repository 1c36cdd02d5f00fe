"""Which code a person means: what is typed may be a lot number alone, or a code declared wrong since."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.errors import LedgerError
from ledger.reader import Reader
from models.provenance import lots
from models.provenance.correction import corrected


def meant(reader: Reader, connection: Connection, code: str) -> str:
    """Return the code a person means: what they typed may be only the lot number on the label.

    Raises:
        LedgerError: code `lot-ambiguous`.
    """
    if lots.lot(connection, code) is not None:
        return code
    fits = lots.codes_like(connection, code, 5)
    if len(fits) > 1:
        raise LedgerError(
            "several lots carry this number",
            code="lot-ambiguous",
            found=code,
            expected=", ".join(fits),
            remedy="scan the label, or give the whole code",
        )
    # The code on an old label may have been declared wrong since; it leads to what corrects it.
    return fits[0] if fits else corrected(connection, reader, code) or code


def lot_unknown(code: str) -> LedgerError:
    """Return the refusal of a code that stands for nothing recorded here."""
    return LedgerError(
        "the ledger knows nothing of this code",
        code="lot-unknown",
        found=code,
        expected="a Digital Link, an EPC URN, or the lot number of something recorded here",
        remedy="check the label, or import the events that speak of it",
    )
