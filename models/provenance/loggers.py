"""Read a temperature logger's file as samples, whatever its columns are called.

Rule: one column of time, one of temperature, found by their names in Chinese or English (or by looking like
it); a row that cannot be read is refused with its reason and the others are kept. Times without a zone are
in the zone the caller gives. Fahrenheit is read as Fahrenheit only where the heading says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from io import StringIO

from ledger.errors import EventInvalid
from ledger.events.spreadsheet import decode
from ledger.events.written import moment as moment_of
from models.provenance.coldchain import Sample

TIMES = (
    "date time",
    "measurement time",
    "reading time",
    "log time",
    "time",
    "date/time",
    "datetime",
    "timestamp",
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
DAYS = ("date", "日期", "采集日期", "记录日期")
CLOCKS = ("time", "时间", "时刻", "clock")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?=\D|$)")
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class LoggerFile:
    """What a logger's file says: its samples in order of time, and the rows that could not be read."""

    samples: tuple[Sample, ...]
    refused: tuple[EventInvalid, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a row's moment and temperature stand, and how they are meant.

    Args:
        clock: the column of the time of day, where the day stands alone.
        day_first: the order of day and month, once the file itself has settled it.
    """

    when: int
    degrees: int
    fahrenheit: bool
    zone: tzinfo
    clock: int | None = None
    day_first: bool | None = None


def logger_text(data: bytes, name: str) -> str:
    """Return the text of a logger's file, whatever its encoding.

    Raises:
        EventInvalid: not text.
    """
    return decode(data, name)


def read_logger(text: str, name: str, zone: tzinfo) -> LoggerFile:
    """Return the samples of a logger's CSV file.

    Raises:
        EventInvalid: no line names, or looks like, a time and a temperature.
    """
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    first, columns = _layout(rows, name, zone)
    columns = replace(columns, day_first=_day_first(rows[first:], columns))
    samples: list[Sample] = []
    refused: list[EventInvalid] = []
    for number, row in enumerate(rows[first:], first + 1):
        try:
            samples.append(_sample(row, columns))
        except (ValueError, IndexError):
            refused.append(_unreadable(row, f"{name}, row {number}"))
    return LoggerFile(tuple(sorted(samples, key=lambda sample: sample.time)), tuple(refused))


def _rows(text: str) -> list[list[str]]:
    plain = text.lstrip("\ufeff")
    lines = plain.splitlines()[:50]
    delimiter = max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines))
    return list(csv.reader(StringIO(plain), delimiter=delimiter))


def _layout(rows: Sequence[Sequence[str]], name: str, zone: tzinfo) -> tuple[int, _Columns]:
    """Return the first row of samples, and its columns."""
    for number, row in enumerate(rows[:60]):
        heads = [cell.strip().lower() for cell in row]
        when, clock = _moments(heads)
        warm = [at for at, head in enumerate(heads) if at != when and _is_warmth(head)]
        if when is not None and warm:
            hot = any(word in heads[warm[0]] for word in FAHRENHEIT)
            return number + 1, _Columns(when, warm[0], hot, _zone_in(heads[when]) or zone, clock)
    for number, row in enumerate(rows[:60]):
        for when in range(len(row) - 1):
            try:
                _sample(row, _Columns(when, when + 1, False, zone))
            except (ValueError, IndexError):
                continue
            return number, _Columns(when, when + 1, False, zone)
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


def _moments(heads: Sequence[str]) -> tuple[int | None, int | None]:
    """Return the column of the moment, and of the time of day where the day has one of its own."""
    day = next((at for at, head in enumerate(heads) if head in DAYS), None)
    if day is not None:
        clock = next((at for at, head in enumerate(heads) if head in CLOCKS), None)
        if clock is not None:
            return day, clock
    return next((at for at, head in enumerate(heads) if head.startswith(TIMES) or head in DAYS), None), None


def _zone_in(head: str) -> tzinfo | None:
    """Return the zone a heading names, as in "Date Time, GMT+08:00"."""
    match = re.search(r"(?:gmt|utc)\s*([+-])(\d{1,2}):?(\d\d)?", head)
    if match is None:
        return UTC if re.search(r"\b(?:gmt|utc)\b", head) else None
    shift = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-shift if match[1] == "-" else shift)


def _day_first(rows: Sequence[Sequence[str]], columns: _Columns) -> bool | None:
    """Return whether the day stands before the month, if any row of the file can only mean that."""
    firsts: set[bool] = set()
    for row in rows:
        match = _SLASHED.match(row[columns.when].strip()) if len(row) > columns.when else None
        if match is not None and (int(match[1]) > 12) != (int(match[2]) > 12):
            firsts.add(int(match[1]) > 12)
    return firsts.pop() if len(firsts) == 1 else None


def _sample(row: Sequence[str], columns: _Columns) -> Sample:
    number = _NUMBER.search(row[columns.degrees])
    if number is None:
        raise ValueError(row[columns.degrees])
    value = float(number[0].replace(",", ".").replace("−", "-"))
    celsius = (value - 32) * 5 / 9 if columns.fahrenheit else value
    moment = row[columns.when].strip()
    if columns.clock is not None:
        moment = f"{moment} {row[columns.clock].strip()}"
    return Sample(_instant(moment, columns.zone, columns.day_first), celsius)


def _instant(text: str, zone: tzinfo, day_first: bool | None = None) -> datetime:
    match = _SLASHED.match(text)
    if match is not None and day_first is not None:
        day, month = (match[1], match[2]) if day_first else (match[2], match[1])
        text = f"{match[3]}-{int(month):02}-{int(day):02}{text[match.end() :]}"
    local = moment_of(text)
    if local is not None:
        return datetime.fromisoformat(local).replace(tzinfo=zone)
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
