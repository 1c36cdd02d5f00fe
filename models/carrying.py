"""Cut a bundle into texts for a row of QR codes, and put one together again, in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Engine

from ledger import bundle
from ledger.bundle import BundleReport
from ledger.errors import LedgerError
from ledger.tlog.note_keys import SignerKey

__all__ = ["PART", "BundleReport", "adopt", "joined", "parts_of"]
PART = bundle.PART


def parts_of(data: bytes) -> tuple[str, ...]:
    """Return a bundle as texts, each for one QR code."""
    return bundle.split(data)


def joined(parts: Iterable[str]) -> bytes:
    """Return the bundle of these texts.

    Raises:
        LedgerError: `bundle-parts-missing`, naming them, or `bundle-malformed`.
    """
    data, missing = bundle.join(parts)
    if data is None:
        raise LedgerError(
            "some of the codes of this bundle are missing",
            code="bundle-parts-missing",
            found=", ".join(str(number + 1) for number in missing),
            expected="every code of the row, in any order",
            remedy="photograph the missing ones too and give all pictures together",
        )
    return data


def adopt(engine: Engine, data: bytes, log_key: SignerKey, clock: Callable[[], datetime]) -> BundleReport:
    """Make a ledger of our own, under our own log key, from another's whole bundle.

    Raises:
        LedgerError: `bundle-partial`, or what reading the bundle raises.
    """
    return bundle.adopt(engine, bundle.read_bundle(data), log_key=log_key, clock=clock)
