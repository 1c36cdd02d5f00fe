"""Whoever opens an embedded ledger waits for no library that only a workbook or another engine needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
HEAVY = (
    *("psycopg", "openpyxl", "numpy", "PIL", "http.server", "urllib.request", "jsonschema"),
    *("sqlalchemy.dialects.postgresql", "models.boardkeeping", "models.claims", "models.importing"),
    *("models.supervision", "models.files", "models.packs", "models.batches", "models.corrections"),
)


def test_a_workspace_is_there_without_the_heavy_libraries() -> None:
    words = f"import sys, models.workspace; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", words], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert found.stdout.strip() == "[]"
