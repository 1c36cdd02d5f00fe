"""What the list of merchants shows of each, and what each column is sorted by."""

from __future__ import annotations

from typing import Any

from gui.widgets import Column
from gui.wording import GRADE_KINDS
from gui.words import NOTHING, Words

SORTS = ("name", "category", "grade", "score", "interval", "trend", "complaints", "last_inspection")
"""What the database calls each column's order, in the order of the columns."""
SCORE = SORTS.index("score")


def merchant_columns(words: Words) -> tuple[Column[Any], ...]:
    """Return the columns, one for each of `SORTS`."""
    return (
        Column(words("merchants.name"), words.name, least=120),
        Column(words("merchants.category"), lambda row: words.code("category", row.category), width=96),
        Column(
            words("merchants.grade"),
            lambda row: words(f"grade.{row.grade}") + (" *" if row.thin else ""),
            kind=lambda row: GRADE_KINDS[row.grade],
            width=128,
        ),
        Column(words("merchants.score"), lambda row: words.number(row.score), width=80, right=True),
        Column(words("merchants.interval"), _interval, width=100, right=True),
        Column(words("merchants.trend"), lambda row: _trend(words, row.trend), width=110, right=True),
        Column(
            words("merchants.complaints"),
            lambda row: words.number(row.complaints_open),
            width=110,
            right=True,
        ),
        Column(
            words("merchants.last_inspection"),
            lambda row: words.date(row.last_inspection),
            width=128,
            right=True,
            # Only the last ones may be left out: `SORTS` counts by place.
            extra=True,
        ),
    )


def _interval(row: Any) -> str:
    return NOTHING if row.score is None else f"{row.interval[0]}–{row.interval[1]}"


def _trend(words: Words, trend: int | None) -> str:
    if trend is None:
        return NOTHING
    arrow = "↑" if trend > 0 else "↓" if trend < 0 else "→"
    return f"{arrow} {words.signed(trend)}"
