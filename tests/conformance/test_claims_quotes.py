"""Quotes from published penalty cases are found, and clean lines left alone (data: own compilation, CC0)."""

from __future__ import annotations

import pytest
from shared import shared

from gui.benchmarks.claims import rows, share
from models.claims.lexicon import load_lexicon

LEAST_FOUND = 90.0
MOST_FALSE = 5.0


def test_quoted_claims_are_found() -> None:
    assert share(shared("claims/real_case_quotes.jsonl"), load_lexicon()) >= LEAST_FOUND


def test_clean_lines_are_left_alone() -> None:
    assert share(shared("claims/clean_lines.jsonl"), load_lexicon()) <= MOST_FALSE


def test_the_table_has_its_rows() -> None:
    table = rows(lambda line: pytest.fail(line), shared("claims"))
    assert [set(row) for row in table] == [{"what", "ours", "peer", "ratio"}] * 11
