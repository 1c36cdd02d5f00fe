"""Read a table of inspections or ratings, judge it row by row on earlier rows, and write what was known then.

The columns are generic, so that the shipped policy meets a city it has never seen. A row that cannot be read
is named with its field and left out; nothing else stops the run. Files may be plain or gzipped CSV.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from models.credit.backtest import Judged, Visit, replay
from models.credit.evidence import Evidence, day_of
from models.credit.metrics import auc, calibration_error, days_earlier, precision_at
from models.credit.policy import GRADES, Policy

Row = Mapping[str, str]
Metrics = dict[str, object]
T = TypeVar("T")


class TableInvalid(ValueError):
    """The file is no table of this kind."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found = found
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that could not be read: its number (the first below the header is 1), field and reason."""

    row: int
    field: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a run came to: how many rows were judged, the figures, and the rows refused."""

    rows: int
    metrics: Metrics
    refused: tuple[Refused, ...]


def try_inspections(file: Path, out: Path, policy: Policy) -> Trial:
    """Judge every routine row of `file` on earlier days alone and write one line for each to `out`."""
    refused: list[Refused] = []
    with reading(file, ("subject", "date")) as table:
        kinds: dict[int, str] = {}
        visits = list(read_rows(_noting(table, kinds), read_visit, refused))
    judged = list(replay(with_routine(visits, kinds), policy))
    with out.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["row", "subject", "date", "p_adverse", "score", "grade", "priority"])
        for j in judged:
            shown = "" if j.score is None else j.score
            writer.writerow([j.row, j.subject, j.date, f"{j.p_adverse:.6f}", shown, j.grade, j.priority])
    return Trial(len(judged), inspection_metrics(judged), tuple(refused))


def inspection_metrics(judged: Iterable[Judged]) -> Metrics:
    """Return the figures of a run, overall, by year, by grade and within each inspector."""
    rows = list(judged)
    metrics = _figures(rows)
    metrics["by_grade"] = _by_grade(rows)
    years = sorted({j.date.year for j in rows})
    metrics["by_year"] = {
        str(year): _figures(part) | {"by_grade": _by_grade(part)}
        for year in years
        if (part := [j for j in rows if j.date.year == year])
    }
    inspectors = sorted({j.inspector for j in rows if j.inspector})
    within = [
        (len(part), value)
        for who in inspectors
        if (part := [j for j in rows if j.inspector == who])
        and (value := auc([j.p_adverse for j in part], [j.failed for j in part])) is not None
    ]
    if within:
        total = sum(n for n, _ in within)
        metrics["auc_within_inspector"] = round(sum(n * value for n, value in within) / total, 4)
    return metrics


def read_visit(number: int, row: Row) -> Visit:
    """Return the visit a row describes; a missing kind is routine, a missing count is none.

    Raises:
        ValueError: with (field, found, expected) where the row cannot be read.
    """
    subject = (row.get("subject") or "").strip()
    if not subject:
        raise ValueError("subject", "", "the merchant's number or name")
    day = _day(row.get("date") or "")
    counts = {name: _count(name, row.get(name) or "") for name in ("critical", "serious", "minor")}
    return Visit(
        number,
        Evidence(
            stream="inspection",
            subject=subject,
            kind=kind_of(row.get("kind") or ""),
            day=day,
            record_day=day,
            index=number,
            inspector=(row.get("inspector") or "").strip(),
            category=(row.get("category") or "").strip(),
            critical=counts["critical"],
            serious=counts["serious"],
            minor=counts["minor"],
        ),
    )


def kind_of(text: str) -> str:
    """Return the policy's word for how a city names its visits.

    >>> kind_of("Routine - Unscheduled"), kind_of("Complaint Reinspection/Followup"), kind_of("")
    ('routine', 'followup', 'routine')
    """
    text = text.strip().lower()
    if not text:
        return "routine"
    for kind, signs in _KINDS:
        if any(sign in text for sign in signs):
            return kind
    return "other"


_KINDS = (
    ("followup", ("reinspection", "re-inspection", "re inspection", "follow", "revisit", "复查", "回访")),
    ("complaint", ("complaint", "illness", "poisoning", "outbreak", "投诉", "举报", "中毒")),
    ("sampling", ("sampl", "抽检", "抽样")),
    ("other", ("non-inspection", "unscheduled visit", "consult", "training", "construction", "ownership")),
    (
        "routine",
        (
            "routine", "canvass", "initial", "cycle", "periodic", "regular", "standard", "scheduled",
            "unannounced", "日常", "例行", "常规", "双随机", "监督检查",
        ),
    ),
)  # fmt: skip
"""The first sign that fits decides: a follow-up to a routine visit is a follow-up."""


def with_routine(visits: Iterable[Visit], kinds: Mapping[int, str]) -> list[Visit]:
    """Return the visits; where no word for a routine visit is known, the commonest unknown kind is one.

    Args:
        kinds: how the file names the kind of each row.
    """
    listed = list(visits)
    unknown = Counter(kinds[v.row].strip().lower() for v in listed if v.evidence.kind == "other")
    if not unknown or any(v.evidence.kind == "routine" for v in listed):
        return listed
    usual = unknown.most_common(1)[0][0]
    return [
        replace(v, evidence=replace(v.evidence, kind="routine"))
        if v.evidence.kind == "other" and kinds[v.row].strip().lower() == usual
        else v
        for v in listed
    ]


def read_rows(rows: Iterable[Row], read: Callable[[int, Row], T], refused: list[Refused]) -> Iterator[T]:
    """Yield what the rows describe; a row that cannot be read goes to `refused` with its field."""
    for number, row in enumerate(rows, 1):
        try:
            yield read(number, row)
        except ValueError as error:
            field, found, expected = (*map(str, error.args), "", "", "")[:3]
            refused.append(Refused(number, field, found, expected))


def _noting(rows: Iterable[Row], kinds: dict[int, str]) -> Iterator[Row]:
    """Yield the rows and note how each names its kind."""
    for number, row in enumerate(rows, 1):
        kinds[number] = row.get("kind") or ""
        yield row


def _day(text: str) -> int:
    try:
        return day_of(date.fromisoformat(text.strip()[:10]))
    except ValueError as error:
        raise ValueError("date", text, "a day such as 2016-03-31") from error


def _count(name: str, text: str) -> int:
    try:
        value = float(text) if text.strip() else 0.0
    except ValueError as error:
        raise ValueError(name, text, "a whole number from 0") from error
    if not 0 <= value < 10_000 or value != int(value):
        raise ValueError(name, text, "a whole number from 0")
    return int(value)


def _figures(rows: list[Judged]) -> Metrics:
    p, failed = [j.p_adverse for j in rows], [j.failed for j in rows]
    seen = [j for j in rows if j.seen]
    figures: dict[str, float | None] = {
        "auc": auc(p, failed),
        "auc_with_history": auc([j.p_adverse for j in seen], [j.failed for j in seen]),
        "auc_score": auc([-float(j.points) for j in rows], failed),
        "precision_top_decile": precision_at(p, failed),
        "ece": calibration_error(p, failed),
        "base_rate": sum(failed) / len(failed) if failed else None,
        "days_earlier": days_earlier([float(j.priority) for j in rows], failed, [j.day for j in rows]),
    }
    return {"rows": len(rows)} | {k: v if v is None else round(v, 4) for k, v in figures.items()}


def _by_grade(rows: list[Judged]) -> Metrics:
    found: Metrics = {}
    for grade in (*GRADES, "NR"):
        part = [j.failed for j in rows if j.grade == grade]
        if part:
            found[grade] = {"rows": len(part), "failed": round(sum(part) / len(part), 4)}
    return found


@contextmanager
def reading(file: Path, columns: tuple[str, ...]) -> Iterator[csv.DictReader[str]]:
    """Open a table for reading, gzipped or not, with or without a byte order mark.

    Raises:
        TableInvalid: it is no CSV text, or lacks one of the `columns`.
        OSError: it cannot be opened.
    """
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding="utf-8-sig", newline="") as source:
            table = csv.DictReader(source)
            named = table.fieldnames or ()
            if missing := [name for name in columns if name not in named]:
                raise TableInvalid(", ".join(named) or "nothing", f"also {', '.join(missing)}")
            yield table
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise TableInvalid(str(error), f"CSV text with {', '.join(columns)}") from error
