"""`bench ledger`: how fast the ledger records, proves and verifies, beside the libraries it is built on."""

from __future__ import annotations

from ledger.measure import rows

__all__ = ["rows"]
