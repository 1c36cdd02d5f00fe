"""Open spreadsheets as rows of cells: XLSX or CSV, whatever Excel in China or elsewhere saved.

Rule: only opening happens here. CSV is UTF-8 (with or without a mark) or GB 18030, separated by comma,
semicolon or tab; a workbook that would unpack to more than a gigabyte is refused. Source: RFC 4180.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from ledger.errors import EventInvalid

MOST_ROWS = 200_000
MOST_UNPACKED = 1 << 30
Cells = tuple[object, ...]


def sheets(data: bytes, name: str) -> Iterator[list[Cells]]:
    """Yield the rows of each sheet; a CSV file is one sheet.

    Raises:
        EventInvalid: not a spreadsheet, or too large a one.
    """
    if not data.startswith(b"PK"):
        yield _limited(csv_rows(data, name), name)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise _unreadable(name, "a workbook that unpacks to more than a gigabyte")
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            yield _limited(sheet.iter_rows(values_only=True), name)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, ParseError) as error:
        raise _unreadable(name, str(error)) from error


def csv_rows(data: bytes, name: str) -> Iterator[Cells]:
    """Yield the rows of a CSV file."""
    text = _decode(data, name)
    if "\x00" in text:
        raise _unreadable(name, "binary data")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield tuple(row)
    except csv.Error as error:
        raise _unreadable(name, str(error)) from error


def csv_bytes(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV that spreadsheet programs open with the right characters."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def show(cell: object) -> str:
    """Return what a person sees in a cell: 6901234567892, not 6901234567892.0."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S" if cell.second else "%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _decode(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(name, "neither UTF-8 nor GB 18030")


def _limited(rows: Iterable[Cells], name: str) -> list[Cells]:
    taken: list[Cells] = []
    for row in rows:
        if len(taken) > MOST_ROWS:
            raise EventInvalid(
                "too many rows",
                field="file",
                code="sheet-too-large",
                found=f"more than {MOST_ROWS}",
                expected=MOST_ROWS,
                where=name,
                remedy="split the file",
            )
        taken.append(row)
    return taken


def _unreadable(name: str, found: str) -> EventInvalid:
    return EventInvalid(
        "not a spreadsheet that can be opened",
        field="file",
        code="sheet-unreadable",
        found=found,
        expected="XLSX, or CSV in UTF-8 or GB 18030",
        where=name,
        remedy="save it as XLSX, or as CSV in UTF-8",
    )
