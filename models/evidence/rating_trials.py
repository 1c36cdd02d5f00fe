"""Read a table of ratings between people, forecast each from earlier ones, and say whom to suspect and why.

One table comes out: a line for every rating in the order of the file (`p_negative`: the chance, before it was
given, that it would be negative), each with its rater's suspicion over the whole file and the reasons; then a
line for everybody who was rated but never rated, with no row and no forecast.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.credit.metrics import auc, calibration_error
from models.credit.ratings import Forecast, Rating, replay_ratings
from models.credit.suspicion import Suspicion, suspicions
from models.evidence.trials import Metrics, Refused, Row, Trial, read_rows, reading

COLUMNS = ("row", "rater", "ratee", "rating", "unixtime", "p_negative", "suspicion", "reasons")
FULL_MARKS = 10.0


def try_ratings(file: Path, out: Path) -> Trial:
    """Forecast every row of `file` from earlier rows alone, judge the raters, and write both to `out`."""
    refused: list[Refused] = []
    with reading(file, ("rater", "ratee", "rating", "unixtime")) as table:
        ratings = list(read_rows(table, read_rating, refused))
    forecasts = sorted(replay_ratings(ratings), key=lambda f: f.row)
    full = max((abs(r.value) for r in ratings), default=FULL_MARKS)
    found = suspicions((r.rater, r.ratee, r.value / full) for r in ratings)
    with out.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_lines(ratings, forecasts, found))
    return Trial(len(forecasts), rating_metrics(forecasts, found), tuple(refused))


def rating_metrics(forecasts: Sequence[Forecast], found: Sequence[Suspicion]) -> Metrics:
    """Return the figures of all rows, and of those after the first 30 % (on which choices were made)."""
    later = forecasts[len(forecasts) * 3 // 10 :]
    figures: Metrics = {"rows": len(forecasts), "people": len(found)}
    for name, part in (("", forecasts), ("_after_30_percent", later)):
        p, negative = [f.p_negative for f in part], [f.negative for f in part]
        for metric, value in (("auc", auc(p, negative)), ("ece", calibration_error(p, negative))):
            figures[metric + name] = None if value is None else round(value, 4)
    return figures


def read_rating(number: int, row: Row) -> Rating:
    """Return the rating a row describes.

    Raises:
        ValueError: with (field, found, expected) where the row cannot be read.
    """
    for name in ("rater", "ratee"):
        if not (row.get(name) or "").strip():
            raise ValueError(name, "", "a number or name")
    return Rating(
        row=number,
        rater=row["rater"].strip(),
        ratee=row["ratee"].strip(),
        value=_number("rating", row.get("rating") or ""),
        time=_number("unixtime", row.get("unixtime") or ""),
    )


def _lines(
    ratings: list[Rating], forecasts: list[Forecast], found: Sequence[Suspicion]
) -> Iterator[tuple[object, ...]]:
    by_name = {s.rater: s for s in found}
    by_row = {f.row: f for f in forecasts}
    for r in ratings:
        p = f"{by_row[r.row].p_negative:.6f}"
        yield (r.row, r.rater, r.ratee, f"{r.value:g}", repr(r.time), p, *_told(by_name[r.rater]))
    for name in sorted(by_name.keys() - {r.rater for r in ratings}):
        yield ("", name, "", "", "", "", *_told(by_name[name]))


def _told(suspicion: Suspicion) -> tuple[int, str]:
    return suspicion.points, ";".join(f"{code}:{points:+d}" for code, points in suspicion.reasons)


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ValueError(name, text, "a number") from error
    if value != value or abs(value) > 1e15:
        raise ValueError(name, text, "a number")
    return value
