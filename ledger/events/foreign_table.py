"""Spreadsheets: one row, one event; headings in Chinese or English, rows refused one by one.

Rule: a row is read only from what stands in it. A bad row is refused with its number and column and kept,
so that it can be corrected and read again; the others are taken. The template's words lie in
resources/i18n/*/table.json; other headings can be mapped by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from ledger.errors import EventInvalid
from ledger.events.foreign_rows import Import, Rows
from ledger.events.spreadsheet import Cells, csv_bytes, sheets, show
from ledger.events.table_row import event_of
from ledger.events.table_words import known_headings, table_words
from ledger.events.written import amount, plain
from ledger.events.written_units import unit_and_factor

NEEDED = ("event", "time", "product", "lot")
_HEADING_WITHIN = 10
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")


def read_table(
    data: bytes, name: str, *, now: datetime | None = None, columns: Mapping[str, str] | None = None
) -> Import:
    """Return the events of a spreadsheet.

    Args:
        data: an XLSX workbook (its first sheet with known headings) or CSV in UTF-8 or GB 18030.
        name: the file's name, for messages.
        now: when given, an event that claims to happen later is refused.
        columns: heading -> column of the template (`COLUMNS`), for headings that are not the template's.

    Raises:
        EventInvalid: not a spreadsheet, or without the columns every event needs.
    """
    return next(table_parts(data, Rows(name, now), columns))


def table_parts(data: bytes, rows: Rows, columns: Mapping[str, str] | None = None) -> Iterator[Import]:
    """Give what `read_table` returns, in parts as large as `rows` wants them."""
    name = rows.name
    first, titles, body = _find_table(data, name, columns or {})
    del data
    headings = _headings(titles, columns or {})
    behind = next((_unit_of(t) for t, h in zip(titles, headings, strict=True) if h == "quantity"), "")
    known = tuple((title, column) for title, column in zip(titles, headings, strict=True) if column)
    heading = (*titles, table_words("zh_CN")["table.column.reason"])
    rejected: list[tuple[str, ...]] = []

    def part() -> Import:
        refused, rejected[:] = tuple(rejected), []
        return replace(rows.part(), columns=known, rejected=(heading, *refused) if refused else ())

    for place, cells in enumerate(body, start=first + 1):
        texts = [_tidy(show(cell)) for cell in cells]
        row = {column: text for column, text in zip(headings, texts, strict=False) if column and text}
        if "quantity" in row and behind and "unit" not in row and amount(row["quantity"])[1] == "":
            row["unit"] = behind
        if row and not rows.take(f"{name}: row {place}", partial(event_of, row)):
            rejected.append(
                (*texts[: len(titles)], *[""] * (len(titles) - len(texts)), str(rows.refused[-1]))
            )
        if rows.full:
            yield part()
    yield part()


def rejected_csv(rejected: Iterable[tuple[str, ...]]) -> bytes:
    """Return refused rows, headings first, with their reasons, as a file to correct and read again."""
    return csv_bytes(rejected)


def _find_table(data: bytes, name: str, columns: Mapping[str, str]) -> tuple[int, list[str], list[Cells]]:
    """Return the number of the heading row, its cells, and the rows below it."""
    best: set[str] = set()
    for rows in sheets(data, name):
        above: Cells = ()
        for line, cells in enumerate(rows[:_HEADING_WITHIN], start=1):
            for titles in _titles(above, cells):
                found = set(_headings(titles, columns)) - {""}
                if found.issuperset(NEEDED):
                    while titles and not titles[-1]:
                        titles.pop()
                    return line, titles, rows[line:]
                best = max(best, found, key=len)
            above = cells
    missing = [column for column in NEEDED if column not in best]
    words = [f"{table_words('zh_CN')[f'table.column.{column}']} / {column}" for column in missing]
    raise EventInvalid(
        "the sheet lacks columns every event needs",
        field=missing[0],
        code="column-missing",
        found=", ".join(sorted(best)) or "no known heading",
        expected=", ".join(words),
        where=name,
        remedy="start from the template, or say which heading means which column",
    )


def _titles(above: Cells, cells: Cells) -> list[list[str]]:
    """Return the headings a row may mean: its own, or with those above it where cells were merged."""
    own = [_tidy(show(cell)) for cell in cells]
    upper = [_tidy(show(cell)) for cell in above] + [""] * len(own)
    return [own, [title or over for title, over in zip(own, upper, strict=False)]]


def _headings(titles: list[str], columns: Mapping[str, str]) -> list[str]:
    """Return the template's column of each heading; a second heading for the same column is none."""
    found: list[str] = []
    for title in titles:
        column = _column(title, columns)
        # A day and a clock time often stand in columns of their own.
        found.append(("clock" if column == "time" else "") if column in found else column)
    return found


def _column(title: str, columns: Mapping[str, str]) -> str:
    """Return the template's column for a heading, or nothing; a unit in brackets is no part of it."""
    if title in columns:
        return columns[title]
    word = title.strip().rstrip("*").strip().lower()
    return known_headings().get(word) or known_headings().get(_BRACKETS.sub("", word).strip(), "")


def _unit_of(title: str) -> str:
    """Return the unit a heading carries in brackets, such as 数量(公斤), or nothing."""
    match = _BRACKETS.search(title)
    word = "" if match is None else match[1].strip()
    try:
        return word if word and unit_and_factor(word) else ""
    except EventInvalid:
        return ""


def _tidy(text: str) -> str:
    """Return a cell without what nobody sees: odd spaces, full-width forms, an apostrophe that marks text."""
    return plain(text).removeprefix("'")
