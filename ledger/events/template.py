"""The workbook people fill in: headings, a list of events to choose from, examples, and a guide.

Rule: what the template shows, `foreign_table` reads; the examples are read back by a test.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

import resources
from ledger.events.table_words import COLUMNS, KINDS

_ROWS = 1000
_FIELD, _SHOP, _COOPERATIVE, _MERCHANT = "9521000000407", "9521000000506", "9521000000100", "9521000000209"
_RICE = {"lot": "P20260302", "quantity": "650"}
_HANDOVER = {**_RICE, "from": _COOPERATIVE, "to": _MERCHANT, "document": "SO-1024"}
_EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "event": "register",
        "time": "2026-03-01 08:30",
        "lot": "L20260301",
        "quantity": "1000",
        "place": _FIELD,
    },
    {
        "event": "process",
        "time": "2026-03-02 09:00",
        "place": _FIELD,
        **_RICE,
        "inputs": "09521000000018/L20260301 = 1000 KGM",
    },
    {"event": "ship", "time": "2026-03-03 14:00", "place": _FIELD, **_HANDOVER},
    {"event": "receive", "time": "2026-03-04 10:15", "place": _SHOP, **_HANDOVER},
    {"event": "sell", "time": "2026-03-05 16:40", "lot": "P20260302", "quantity": "5", "place": _SHOP},
)


def template(locale: str, made: datetime) -> bytes:
    """Return the XLSX template in one language.

    Args:
        locale: zh_CN or en.
        made: the moment to write into the file's properties.
    """
    words = resources.document(f"i18n/{locale}/table.json")
    units = resources.document(f"i18n/{locale}/steps.json")
    workbook = Workbook()
    workbook.properties.created = workbook.properties.modified = made.replace(tzinfo=None)
    sheet = workbook.worksheets[0]
    sheet.title = words["table.sheet"]
    sheet.append([words[f"table.column.{column}"] for column in COLUMNS])
    for example in _EXAMPLES:
        row = {"product": "09521000000018", "unit": units["unit.KGM"], **example}
        row["event"] = words[f"table.kind.{row['event']}"]
        sheet.append([row.get(column, "") for column in COLUMNS])
    _dress(sheet)
    choices = DataValidation(
        "list", formula1='"' + ",".join(words[f"table.kind.{kind}"] for kind in KINDS) + '"'
    )
    sheet.add_data_validation(choices)
    choices.add(f"A2:A{_ROWS}")
    _add_guide(workbook.create_sheet(words["table.guide"]), words)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _add_guide(sheet: Worksheet, words: Mapping[str, str]) -> None:
    sheet.append([words["table.guide.column"], words["table.guide.what"]])
    for column in COLUMNS:
        sheet.append([words[f"table.column.{column}"], words[f"table.help.{column}"]])
    _dress(sheet)
    sheet.column_dimensions["B"].width = 72


def _dress(sheet: Worksheet) -> None:
    """Make headings stand out and long numbers stay text."""
    for place, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EFE6")
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = 20
    for row in sheet.iter_rows(min_row=2, max_row=_ROWS, max_col=len(COLUMNS)):
        for cell in row:
            cell.number_format = "@"
    sheet.freeze_panes = "A2"
