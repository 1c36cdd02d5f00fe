"""Write a sheet as CSV or XLSX, and read its cells back as the text that was written.

Rule: text stays text. A spreadsheet program must neither round a code nor run a cell, so every cell of a
workbook is typed, and a CSV cell that would begin a formula carries a leading apostrophe.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.events.spreadsheet import csv_bytes, sheets, show

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

KINDS = (".csv", ".xlsx")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_sheet(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    kind: str,
    *,
    title: str,
    made: datetime,
    numbers: Sequence[str] = (),
) -> bytes:
    """Return the file.

    Args:
        kind: .csv or .xlsx.
        made: the moment to write into a workbook's properties.
        numbers: headings of columns whose numbers a workbook keeps as numbers, so that they can be summed.
    """
    if kind == ".csv":
        return csv_bytes([list(headings), *([_plain(cell) for cell in row] for row in rows)])
    # Loaded for a workbook only, as in `ledger.events.spreadsheet`.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    workbook.properties.created = workbook.properties.modified = made.replace(tzinfo=None)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 22
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}1"
    head = [WriteOnlyCell(sheet, value=heading) for heading in headings]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    sums = [heading in numbers for heading in headings]
    for row in rows:
        sheet.append([_cell(sheet, text, number) for text, number in zip(row, sums, strict=True)])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def read_sheet(data: bytes, name: str) -> tuple[list[str], list[list[str]]]:
    """Return the headings and the cells of a sheet as this module wrote them.

    Raises:
        EventInvalid: not a spreadsheet.
    """
    found = next(iter(sheets(data, name)), [])
    texts = [[_meant(show(cell)) for cell in row] for row in found]
    return (texts[0], texts[1:]) if texts else ([], [])


def _plain(text: str) -> str:
    text = _UNSTORABLE.sub("", text)
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _meant(text: str) -> str:
    return text[1:] if text.startswith("'") else text


def _cell(sheet: object, text: str, number: bool) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell

    if number and _NUMBER.fullmatch(text) and len(text.lstrip("-").replace(".", "")) <= 15:
        return WriteOnlyCell(sheet, value=Decimal(text))
    cell = WriteOnlyCell(sheet, value=_plain(text) or None)
    if text:
        cell.data_type = "s"  # Text such as "=1+1" is never a formula here.
        cell.number_format = "@"
    return cell
