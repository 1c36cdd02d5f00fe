"""How the rows of the quality page read: gates that hold, values beside their limits, promises."""

from __future__ import annotations

from typing import Any

from gui.widgets import Column
from gui.words import NOTHING, Words

STANDING_KINDS = {"open": "ok", "failed": "bad"}
VERDICT_KINDS = {"pass": "ok", "fail": "bad", "no-limit": "neutral"}
"""Any other verdict is a doubt somebody has to look at."""


def held_columns(words: Words) -> tuple[Column[Any], ...]:
    """Return what is said of a lot that a gate holds."""
    return (
        *_lot_columns(words),
        Column(
            words("quality.steps"),
            lambda row: words.listing(words.code("step", step) for step in row.gate.steps),
        ),
        Column(words("quality.check"), lambda row: words(f"check.{row.gate.check}"), width=150),
        Column(
            words("quality.standing"),
            lambda row: words(f"standing.{row.gate.standing}"),
            kind=lambda row: STANDING_KINDS.get(row.gate.standing, "attention"),
            width=110,
        ),
    )


def value_columns(words: Words) -> tuple[Column[Any], ...]:
    """Return what is said of one measured value."""
    return (
        *_lot_columns(words),
        Column(words("quality.report"), lambda row: row.report.number, width=110),
        Column(
            words("quality.substance"),
            lambda row: words.code("substance", row.judged.substance),
            width=100,
        ),
        Column(
            words("quality.value"),
            lambda row: f"{row.judged.value} {row.judged.unit or ''}".strip(),
            width=110,
            right=True,
        ),
        Column(words("quality.limit"), _limit, width=110, right=True),
        Column(words("quality.clause"), _clause, width=140),
        Column(
            words("quality.verdict"),
            lambda row: words(f"verdict_lab.{row.judged.verdict}"),
            kind=lambda row: VERDICT_KINDS.get(row.judged.verdict, "attention"),
            width=120,
        ),
    )


def promise_columns(words: Words) -> tuple[Column[Any], ...]:
    """Return what is said of a lot and its promise."""
    return (
        *_lot_columns(words),
        Column(
            words("quality.quantity"),
            lambda row: words.quantity(row.lot.quantity, row.lot.uom),
            width=110,
            right=True,
        ),
        Column(words("quality.number"), lambda row: row.number or NOTHING, width=170),
        Column(words("quality.since"), lambda row: words.time(row.since), width=140),
        Column(
            words("quality.state"),
            lambda row: words("quality.missing" if row.entry is None else "quality.issued"),
            kind=lambda row: "attention" if row.entry is None else "ok",
            width=100,
        ),
    )


def _lot_columns(words: Words) -> tuple[Column[Any], ...]:
    def product(row: Any) -> str:
        name = row.lot.product_name if words.chinese else row.lot.product_name_en or row.lot.product_name
        return name or words("batches.unnamed")

    return (
        Column(words("quality.product"), product),
        Column(words("quality.lot"), lambda row: row.lot.lot_number or row.lot.lot, width=130),
    )


def _limit(row: Any) -> str:
    limit = row.judged.limit
    return NOTHING if limit is None else f"≤ {limit.most} {limit.unit}"


def _clause(row: Any) -> str:
    limit = row.judged.limit
    return NOTHING if limit is None else f"{limit.standard} {limit.clause}"
