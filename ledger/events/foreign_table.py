"""Spreadsheets: one row, one event; headings in Chinese or English, rows refused one by one.

Rule: a row is read only from what stands in it. A bad row is refused with its number and column and kept,
so that it can be corrected and read again; the others are taken. The template's words lie in
resources/i18n/*/table.json; other headings can be mapped by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from ledger.events.foreign_rows import Import, Rows
from ledger.events.spreadsheet import Cells, Sheets, csv_bytes, show
from ledger.events.table_headings import Layout, find_table, tidy
from ledger.events.table_row import event_of
from ledger.events.table_words import table_words
from ledger.events.written import amount


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
    return next(table_parts(Sheets(data, name), Rows(name, now), columns))


def table_parts(
    sheets: Sheets,
    rows: Rows,
    columns: Mapping[str, str] | None = None,
    corrected: Mapping[int, Sequence[str]] | None = None,
) -> Iterator[Import]:
    """Give what `read_table` returns, in parts as large as `rows` wants them.

    Args:
        corrected: row number -> the cells to read in its place; such rows come after all others.
    """
    layout, body = find_table(sheets, columns or {})
    del sheets
    rows.layout, rows.total = layout, body.total
    heading = (*layout.titles, table_words("zh_CN")["table.column.reason"])
    rejected: list[tuple[str, ...]] = []

    def part() -> Import:
        refused, rejected[:] = tuple(rejected), []
        return replace(rows.part(), columns=layout.known, rejected=(heading, *refused) if refused else ())

    for place, cells in _in_order(layout, body, corrected or {}):
        if not take_row(rows, layout, place, cells):
            rejected.append((*padded(layout, cells), str(rows.refused[-1])))
        rows.total = body.total
        if rows.full:
            yield part()
    rows.total = body.total
    yield part()


def take_row(rows: Rows, layout: Layout, place: int, cells: Sequence[str]) -> bool:
    """Take one row of a table, or note why it cannot be; say which. An empty row is no row."""
    row = {column: text for column, text in zip(layout.headings, cells, strict=False) if column and text}
    if not row:
        return True
    if "quantity" in row and layout.unit and "unit" not in row and amount(row["quantity"])[1] == "":
        row["unit"] = layout.unit
    return rows.take(f"{rows.name}: row {place}", partial(event_of, row), place, cells)


def padded(layout: Layout, cells: Sequence[str]) -> tuple[str, ...]:
    """Return a row's cells, one under each heading."""
    return (*cells[: len(layout.titles)], *[""] * (len(layout.titles) - len(cells)))


def _in_order(
    layout: Layout, body: Iterable[Cells], corrected: Mapping[int, Sequence[str]]
) -> Iterator[tuple[int, Sequence[str]]]:
    for place, cells in enumerate(body, start=layout.line + 1):
        if place not in corrected:
            yield place, [tidy(show(cell)) for cell in cells]
    for place, texts in corrected.items():
        yield place, [tidy(text) for text in texts]


def rejected_csv(rejected: Iterable[tuple[str, ...]]) -> bytes:
    """Return refused rows, headings first, with their reasons, as a file to correct and read again."""
    return csv_bytes(rejected)
