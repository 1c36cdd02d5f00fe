"""Laboratory sheets: one row, one measured value; rows of one lot and report number are one report.

Rule: a value is kept as the laboratory wrote it. A sheet may name its lot, number and laboratory in columns;
what it does not say is taken from the caller, and a row that has neither is refused. Pure: bytes in, reports
out. Headings in Chinese and English.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ledger.errors import EventInvalid, LedgerError
from ledger.events.checks import refusal
from ledger.events.foreign_rows import placed
from ledger.events.quality import LabReport, Measured
from ledger.events.spreadsheet import Cells, sheets, show
from ledger.events.values import PartyId, tidy_decimal
from ledger.events.written import moment, number, plain

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "substance": ("检测项目", "检验项目", "项目", "检测参数", "指标", "item", "test item", "analyte",
                  "parameter", "substance", "test"),
    "value": ("检测结果", "检验结果", "实测值", "检测值", "结果", "测定值", "result", "value", "measured",
              "measured value"),
    "unit": ("单位", "计量单位", "unit", "units", "uom"),
    "detection_limit": ("检出限", "方法检出限", "定量限", "lod", "loq", "detection limit", "mdl"),
    "method": ("检测方法", "检验方法", "方法", "检测依据", "method", "test method"),
    "lot": ("批次号", "批号", "批次", "样品批号", "生产批号", "lot", "batch", "lot number", "batch no"),
    "number": ("报告编号", "报告号", "编号", "report", "report no", "report number", "certificate no"),
    "laboratory": ("检测机构", "检验机构", "实验室", "laboratory", "lab"),
    "sampled": ("采样日期", "抽样日期", "取样日期", "sampled", "sampling date", "sample date"),
}  # fmt: skip
NEEDED = ("substance", "value")


@dataclass(frozen=True, slots=True)
class LabSheet:
    """What a sheet says: its reports, and the rows that could not be read."""

    reports: tuple[LabReport, ...]
    refused: tuple[EventInvalid, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller says where the sheet does not, and how it finds a lot by what a person wrote.

    Args:
        find: returns a lot's own code and who made it, or raises LedgerError.
    """

    find: Callable[[str], tuple[str, PartyId]]
    lot: str | None = None
    number: str | None = None
    laboratory: str | None = None


def read_lab_sheet(data: bytes, name: str, now: datetime, asked: Asked) -> LabSheet:
    """Return the reports of a laboratory sheet, CSV or XLSX.

    Raises:
        EventInvalid: not a spreadsheet, or no row names an item and a result.
    """
    first, columns, body = _find(data, name)
    groups: dict[tuple[str, PartyId, str, str], list[tuple[Measured, date | None]]] = {}
    refused: list[EventInvalid] = []
    for place, cells in enumerate(body, start=first + 1):
        row = {
            column: text
            for column, cell in zip(columns, cells, strict=False)
            if column and (text := plain(show(cell)))
        }
        if "substance" not in row and "value" not in row:
            continue
        try:
            key, measured = _row(row, asked)
            groups.setdefault(key, []).append((measured, _day(row)))
        except EventInvalid as error:
            refused.append(placed(error, f"{name}: row {place}"))
    digest = hashlib.sha256(data).hexdigest()
    reports = tuple(
        LabReport(
            now,
            subject,
            lot,
            report,
            tuple(measured for measured, _ in rows),
            laboratory or None,
            next((day for _, day in rows if day is not None), None),
            digest,
        )
        for (lot, subject, report, laboratory), rows in groups.items()
    )
    return LabSheet(reports, tuple(refused))


def _find(data: bytes, name: str) -> tuple[int, list[str], list[Cells]]:
    known = {plain(word).lower(): column for column, words in HEADINGS.items() for word in words}
    for rows in sheets(data, name):
        for line, cells in enumerate(rows[:20], start=1):
            columns = [_column(plain(show(cell)).lower(), known) for cell in cells]
            if set(NEEDED) <= set(columns):
                return line, columns, rows[line:]
    raise EventInvalid(
        "no row names an item and a result",
        field="columns",
        code="lab-columns",
        found=name,
        expected="headings such as 检测项目, 检测结果, 单位 (item, result, unit)",
        where=name,
        remedy="export the sheet with its headings, one measured value per row",
    )


def _column(heading: str, known: Mapping[str, str]) -> str:
    return known.get(heading) or known.get(heading.partition("(")[0].strip(), "")


def _row(row: Mapping[str, str], asked: Asked) -> tuple[tuple[str, PartyId, str, str], Measured]:
    written = asked.lot or row.get("lot")
    if not written:
        raise refusal("no lot is named", "lot", "field-missing", "nothing", "a column 批次号, or --lot CODE")
    report = row.get("number") or asked.number
    if not report:
        raise refusal("no report number", "number", "field-missing", "nothing", "报告编号, or --number N")
    seen = row.get("detection_limit")
    limit = None if seen is None else number(seen.lstrip("<≤ "))
    measured = Measured(
        row.get("substance", ""),
        row.get("value", ""),
        row.get("unit"),
        None if limit is None else tidy_decimal(limit, field="detection_limit"),
        row.get("method"),
    )
    try:
        lot, maker = asked.find(written)
    except LedgerError as error:
        raise refusal(error.what, "lot", error.code, written, error.expected, error.remedy) from error
    return (lot, maker, report, row.get("laboratory") or asked.laboratory or ""), measured


def _day(row: Mapping[str, str]) -> date | None:
    found = moment(row.get("sampled", ""))
    try:
        return None if found is None else datetime.fromisoformat(found).date()
    except ValueError:
        return None
