"""Clocks, measures and records in words: the same on the terminal and on the regulator's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.words import Words

if TYPE_CHECKING:
    from models.clocks import Clock
    from models.measures import MeasureLine, Record

CLOCK_KINDS = {
    "running": "info",
    "paused": "neutral",
    "met": "ok",
    "late": "attention",
    "overdue": "bad",
    "unknown": "attention",
}
STATE_KINDS = {
    "filed": "attention",
    "accepted": "info",
    "appealed": "attention",
    "upheld": "bad",
    "resolved": "ok",
    "appeal-upheld": "ok",
}
MEASURE_KINDS = {"in-force": "info", "proposed": "attention", "imposed": "bad", "lifted": "neutral"}
RECORD_KINDS = {"published": "bad", "repairable": "attention", "repaired": "ok", "unlimited": "bad"}


def clock_text(words: Words, clock: Clock) -> str:
    """Return a clock in words: its day, what is left, or which year's calendar is missing."""
    name = words(f"clock.{clock.code}")
    if clock.missing_year is not None and clock.due is None:
        return str(words("clock.missing", name=name, year=str(clock.missing_year)))
    due = words.date(clock.due) if clock.due else ""
    return str(words(f"clock.state.{clock.state}", name=name, due=due, left=abs(clock.left or 0)))


def clock_left(words: Words, clock: Clock) -> str:
    """Return how a clock stands in two or three words, for a table's cell."""
    if clock.missing_year is not None and clock.due is None:
        return words("clock.left.missing", year=str(clock.missing_year))
    if clock.left is None or clock.state not in ("running", "overdue"):
        return words(f"clock.short.{clock.state}")
    return words(f"clock.left.{clock.state}", left=abs(clock.left))


def measure_text(words: Words, line: MeasureLine) -> str:
    """Return a measure in words."""
    name = words.first(f"measure.{line.code}", default=line.code)
    return str(words("measure.line", measure=name, state=words(f"measure.state.{line.state}")))


def record_text(words: Words, record: Record) -> str:
    """Return a record's window in words."""
    return str(
        words(
            f"record.{record.state}",
            index=str(record.entry),
            kind=words(f"record.kind.{record.kind}"),
            severity=words(f"record.severity.{record.severity}"),
            first=words.date(record.repair_from) if record.repair_from else "",
            last=words.date(record.ends) if record.ends else "",
        )
    )
