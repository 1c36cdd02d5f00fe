"""However people write a table, it is read as they meant it, or refused row by row; no row is lost."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import EventInvalid
from ledger.events.foreign import Import, read_foreign
from ledger.events.foreign_table import read_table, rejected_csv
from ledger.events.supply import ObjectEvent
from ledger.events.vocabulary import to_base
from ledger.events.written import amount, moment, number

HEADINGS = ("事件", "时间", "商品条码", "批次号", "数量", "单位")
ROW = ("登记", "2026-03-01 10:30", "6901234567892", "L1", "12.5", "公斤")
LOT = "https://id.gs1.org/01/06901234567892/10/L1"


def sheet(*rows: tuple[str, ...], mark: str = ",", end: str = "\r\n") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=mark, lineterminator=end).writerows(rows)
    return written.getvalue()


def one(imported: Import) -> ObjectEvent:
    assert imported.refused == (), [str(each) for each in imported.refused]
    ((_, event),) = imported.events
    assert isinstance(event, ObjectEvent)
    return event


def said(imported: Import) -> tuple[str, str, str | None, str]:
    event = one(imported)
    goods = event.quantity_list[0]
    assert goods.quantity is not None
    quantity, unit = to_base(goods.quantity, goods.uom)
    return goods.epc_class, str(quantity), unit, event.event_time.isoformat()


GOOD = (LOT, "12.5", "KGM", "2026-03-01T02:30:00+00:00")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_any_encoding_separator_and_line_end_says_the_same(encoding: str, mark: str, end: str) -> None:
    text = sheet(HEADINGS, ROW, mark=mark, end=end)
    assert said(read_foreign(text.encode(encoding), "x.csv")) == GOOD


ALIASES = (
    ("事件类型", "日期", "GTIN", "批号", "重量(公斤)"),
    ("操作", "发生时间", "产品条码", "生产批号", "净重（公斤）"),
    ("Event type", "Date", "EAN", "Lot No.", "Qty [kg]"),
    ("业务环节", "登记时间", "商品编码 *", "批次", "数量（kg）"),
)


@pytest.mark.parametrize("headings", ALIASES, ids=lambda row: row[0])
def test_other_headings_and_a_unit_in_the_heading_are_understood(headings: tuple[str, ...]) -> None:
    assert said(read_table(sheet(headings, ROW[:5]).encode(), "x.csv")) == GOOD


def test_a_title_above_and_headings_merged_over_two_rows_are_understood() -> None:
    upper = ("事件", "时间", "商品", "", "数量", "单位")
    lower = ("", "", "商品条码", "批次号", "", "")
    text = sheet(("青岭合作社出入库台账", "", "", "", "", ""), upper, lower, ROW)
    assert said(read_table(text.encode(), "x.csv")) == GOOD


def test_a_day_and_a_clock_in_columns_of_their_own_are_one_moment() -> None:
    text = sheet(
        ("事件", "日期", "时间", "商品条码", "批次号", "数量"),
        ("采收", "2026/3/1", "10:30", *ROW[2:4], "12.5公斤"),
    )
    assert said(read_table(text.encode(), "x.csv")) == GOOD


MOMENTS = (
    "2026-03-01 10:30", "2026/3/1 10:30:00", "2026.3.1 10:30", "2026年3月1日 10:30", "2026年3月1日10时30分",
    "2026-03-01T10:30:00+08:00", "2026-03-01 上午10:30", "20260301 1030", "46082.4375",
    "２０２６－０３－０１　１０：３０",
    "2026-03-01 10:30 AM",
)  # fmt: skip
AMOUNTS = (
    ("12.5", "公斤"), ("25", "斤"), ("12500", "克"), ("0.0125", "吨"), ("十二点五", "公斤"),
    ("１２．５", "kg"),
    ("12.5公斤", ""), ("25 斤", ""), ("12.50", "KGM"), ("12.5 kg", "公斤"), ("0.25", "担"),
)  # fmt: skip


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_that_can_mean_one_thing_is_read(text: str) -> None:
    assert said(read_table(sheet(HEADINGS, (ROW[0], text, *ROW[2:])).encode(), "x.csv")) == GOOD


@pytest.mark.parametrize(("quantity", "unit"), AMOUNTS)
def test_an_amount_that_can_mean_one_thing_is_read(quantity: str, unit: str) -> None:
    assert said(read_table(sheet(HEADINGS, (*ROW[:4], quantity, unit)).encode(), "x.csv")) == GOOD


BAD = (
    ("01/02/2026 10:30", "12.5", "公斤", "time"),
    ("2026-02-30 10:30", "12.5", "公斤", "time"),
    ("昨天", "12.5", "公斤", "time"),
    ("2026-03-01 10:30", "1,5", "公斤", "quantity"),
    ("2026-03-01 10:30", "约十斤", "公斤", "quantity"),
    ("2026-03-01 10:30", "12.5", "箩筐", "unit"),
    ("2026-03-01 10:30", "12.5斤", "公斤", "quantity"),
)


@pytest.mark.parametrize(("time", "quantity", "unit", "field"), BAD)
def test_what_can_mean_two_things_is_refused_in_its_column_and_comes_back_to_correct(
    time: str, quantity: str, unit: str, field: str
) -> None:
    rows = (ROW, (ROW[0], time, ROW[2], "L2", quantity, unit), (*ROW[:3], "L3", *ROW[4:]))
    imported = read_table(sheet(HEADINGS, *rows).encode("gb18030"), "x.csv")
    assert len(imported.events) == 2
    assert [error.field for error in imported.refused] == [field]
    assert "row 3" in imported.refused[0].where
    again = rejected_csv(imported.rejected).decode("utf-8-sig")
    corrected = list(csv.reader(io.StringIO(again)))
    corrected[1][1:6] = ["2026-03-01 10:30", ROW[2], "L2", "12.5", "公斤"]
    assert said(read_table(sheet(*map(tuple, corrected)).encode(), "y.csv"))[0].endswith("/10/L2")


def test_a_heading_nobody_knows_is_read_as_it_was_mapped() -> None:
    text = sheet(("动作", "几时", "货号", "票号", "多少", "单位"), ROW).encode()
    with pytest.raises(EventInvalid, match="columns"):
        read_table(text, "x.csv")
    columns = {"动作": "event", "几时": "time", "货号": "product", "票号": "lot", "多少": "quantity"}
    assert said(read_table(text, "x.csv", columns=columns)) == GOOD


def test_a_workbook_with_numbers_for_dates_and_codes_is_read() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(list(HEADINGS))
    page.append(["登记", 46082.4375, 6901234567892, "L1", 12.5, "公斤"])
    written = io.BytesIO()
    book.save(written)
    assert said(read_table(written.getvalue(), "x.xlsx")) == GOOD


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**12 - 1))
def test_a_number_in_chinese_is_the_number_in_digits(value: int) -> None:
    assert number(chinese(value)) == value
    assert number(f"{value:,}") == value


@settings(max_examples=60, deadline=None)
@given(st.decimals(0, 10**6, places=3), st.sampled_from(["公斤", "kg", "斤", ""]))
def test_a_unit_behind_a_number_is_taken_off(value: Decimal, unit: str) -> None:
    assert amount(f"{value} {unit}") == (str(value), unit)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_read_or_not_and_never_breaks(text: str) -> None:
    number(text), amount(text), moment(text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=6, max_size=6), max_size=6))
def test_rows_of_anything_are_taken_or_refused_one_by_one(rows: list[list[str]]) -> None:
    clean = [
        tuple(cell.replace("\x00", "").encode("utf-8", "ignore").decode() for cell in row) for row in rows
    ]
    filled = [row for row in clean if any(cell.strip() for cell in row)]
    imported = read_table(sheet(HEADINGS, *filled, ROW).encode(), "x.csv")
    assert len(imported.events) + len(imported.refused) + len(imported.duplicates) >= 1
    assert imported.events[-1][1] == one(read_table(sheet(HEADINGS, ROW).encode(), "x.csv"))


def chinese(value: int) -> str:
    """Write a number below 10^12 the way it is spoken."""
    digits = "零一二三四五六七八九"

    def below_myriad(part: int) -> str:
        text, gap = "", False
        for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = part // unit % 10
            if digit:
                text += ("零" if gap and text else "") + digits[digit] + mark
                gap = False
            else:
                gap = True
        return text

    if value == 0:
        return "零"
    text = ""
    for size, mark in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = value // size % 10_000
        if part:
            text += ("零" if text and part < 1000 else "") + below_myriad(part) + mark
    return text
