"""Read a temperature logger's file as samples, whatever its columns are called.

Rule: one column of time, one of temperature, found by their names in Chinese or English (or by looking like
it); a row that cannot be read is refused with its reason and the others are kept. Times without a zone are
in the zone the caller gives. Fahrenheit is read as Fahrenheit only where the heading says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from io import StringIO

from ledger.errors import EventInvalid
from models.provenance.coldchain import Sample

TIMES = (
    "time",
    "date/time",
    "datetime",
    "timestamp",
    "date time",
    "时间",
    "记录时间",
    "采集时间",
    "日期时间",
)
TEMPERATURES = ("temp", "celsius", "℃", "°c", "(c)", "温度", "degc")
FAHRENHEIT = ("°f", "℉", "fahrenheit", "(f)", "degf")
FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y%m%d%H%M%S",
)  # fmt: skip
"""Only orders that cannot be mistaken: 01/03/2026 is refused, nobody can know which month it is."""
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class LoggerFile:
    """What a logger's file says: its samples in order of time, and the rows that could not be read."""

    samples: tuple[Sample, ...]
    refused: tuple[EventInvalid, ...]


def read_logger(text: str, name: str, zone: tzinfo) -> LoggerFile:
    """Return the samples of a logger's CSV file.

    Raises:
        EventInvalid: no line names, or looks like, a time and a temperature.
    """
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    first, when, degrees, fahrenheit = _layout(rows, name, zone)
    samples: list[Sample] = []
    refused: list[EventInvalid] = []
    for number, row in enumerate(rows[first:], first + 1):
        try:
            samples.append(_sample(row, when, degrees, fahrenheit, zone))
        except (ValueError, IndexError):
            refused.append(_unreadable(row, f"{name}, row {number}"))
    return LoggerFile(tuple(sorted(samples, key=lambda sample: sample.time)), tuple(refused))


def _rows(text: str) -> list[list[str]]:
    plain = text.lstrip("\ufeff")
    lines = plain.splitlines()[:50]
    delimiter = max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines))
    return list(csv.reader(StringIO(plain), delimiter=delimiter))


def _layout(rows: Sequence[Sequence[str]], name: str, zone: tzinfo) -> tuple[int, int, int, bool]:
    """Return the first row of samples, the columns of time and temperature, and whether in Fahrenheit."""
    for number, row in enumerate(rows[:60]):
        heads = [cell.strip().lower() for cell in row]
        when = next((at for at, head in enumerate(heads) if head.startswith(TIMES)), None)
        warm = [at for at, head in enumerate(heads) if at != when and _is_warmth(head)]
        if when is not None and warm:
            return number + 1, when, warm[0], any(word in heads[warm[0]] for word in FAHRENHEIT)
    for number, row in enumerate(rows[:60]):
        for when in range(len(row) - 1):
            try:
                _sample(row, when, when + 1, False, zone)
            except (ValueError, IndexError):
                continue
            return number, when, when + 1, False
    raise EventInvalid(
        "no column of times and temperatures",
        field="columns",
        code="logger-columns",
        found=" | ".join(rows[0])[:200] if rows else "an empty file",
        expected="a heading such as: time,temperature (or 时间,温度)",
        where=name,
        remedy="export the logger's readings as CSV with a heading, one reading per row",
    )


def _is_warmth(head: str) -> bool:
    named = any(word in head for word in (*TEMPERATURES, *FAHRENHEIT))
    return named and not _NUMBER.match(head)


def _sample(row: Sequence[str], when: int, degrees: int, fahrenheit: bool, zone: tzinfo) -> Sample:
    number = _NUMBER.search(row[degrees])
    if number is None:
        raise ValueError(row[degrees])
    value = float(number[0].replace(",", ".").replace("−", "-"))
    celsius = (value - 32) * 5 / 9 if fahrenheit else value
    return Sample(_instant(row[when].strip(), zone), celsius)


def _instant(text: str, zone: tzinfo) -> datetime:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    if not re.match(r"\d{4}-\d\d-\d\dT", text):
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def _unreadable(row: Sequence[str], where: str) -> EventInvalid:
    return EventInvalid(
        "a reading that cannot be read",
        field="row",
        code="logger-row",
        found=" | ".join(row)[:200],
        expected="a time such as 2026-03-01 08:30:00 and a number of degrees",
        where=where,
        remedy="correct the row, or leave it out: the time will count as not measured",
    )
