"""A workbook read while it is unpacked is the workbook, whatever it says of itself and however it is read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import EventInvalid
from ledger.events.foreign_rows import Rows
from ledger.events.foreign_table import read_table, table_parts
from ledger.events.spreadsheet import Sheets

MARCH = datetime(2025, 3, 1, 10, 30)  # noqa: DTZ001  a workbook knows no zones
NOW = datetime(2026, 6, 1, tzinfo=UTC)
GTIN = "06901234567892"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = (
    '<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
    ' Target="sharedStrings.xml" Id="words" />'
)
OVERRIDE = (
    '<Override PartName="/xl/sharedStrings.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml" />'
)
INLINE = re.compile(r'(<c [^>]*?)t="inlineStr"><is>(.*?)</is>', re.DOTALL)
ROW = st.tuples(
    st.sampled_from(["登记", "发货", "丢了", None]),
    st.sampled_from([MARCH, date(2025, 3, 2), 46082.4375, "2025年3月3日", "昨天"]),
    st.sampled_from([GTIN, 6901234567892, "6901234567893"]),
    st.sampled_from(["L1", "L2", 7, "'0008", None]),
    st.sampled_from([12.5, "12", "很多", -3]),
    st.sampled_from(["公斤", "大桶", None]),
)


def saved(book: openpyxl.Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def changed(data: bytes, path: str, change: Callable[[str], str]) -> bytes:
    """Return the workbook with one of its parts written differently."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, change(part.decode()) if name == path else part)
    return written.getvalue()


def put_before(end: str, more: str, text: str) -> str:
    return text.replace(end, more + end)


def shared(data: bytes) -> bytes:
    """Return the workbook with its words in the table of shared strings, as Excel and WPS keep them."""
    words: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        return f'{found[1]}t="s"><v>{words.setdefault(found[2], len(words))}</v>'

    for path in sorted(name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "/sheet" in name):
        data = changed(data, path, lambda text: INLINE.sub(place, text))
    for path, end, more in (
        ("xl/_rels/workbook.xml.rels", "</Relationships>", RELATION),
        ("[Content_Types].xml", "</Types>", OVERRIDE),
    ):
        data = changed(data, path, partial(put_before, end, more))
    table = "".join(f"<si>{text}</si>" for text in words)
    written = io.BytesIO(data)
    with zipfile.ZipFile(written, "a") as book:
        book.writestr(STRINGS, f'<sst xmlns="{MAIN}">{table}</sst>')
    return written.getvalue()


def table(
    rows: list[tuple[Any, ...]], merged: bool = False, above: int = 0, before: int = 0, inline: bool = False
) -> bytes:
    """Return a table of events as people keep them: a title, merged headings, other sheets before it."""
    book = openpyxl.Workbook(write_only=inline)
    for number in range(before):
        book.create_sheet(f"别的{number}").append(["说明"])
    sheet = book.create_sheet("出入库") if inline or before else book.worksheets[0]
    for number in range(above):
        sheet.append(["三月出入库登记表"] if number == 0 else [])
    if merged:
        sheet.append(["事件", "时间", "货物", None, "数量(公斤)", "单位"])
        sheet.append([None, None, "商品条码", "批次号"])
        if not inline:
            sheet.merge_cells(start_row=above + 1, end_row=above + 1, start_column=3, end_column=4)
    else:
        sheet.append(["事件", "时间", "商品条码", "批次号", "数量", "单位"])
    for row in rows:
        sheet.append(list(row))
    return saved(book) if inline else shared(saved(book))


@pytest.mark.parametrize("said", ["A1", "A1:B1", "A1:XFD1048576", None])
def test_a_sheet_that_is_wrong_about_its_size_loses_no_row(said: str | None) -> None:
    rows = [("登记", "2025-03-01 10:30", GTIN, f"L{number}", 5, "公斤") for number in range(4)]
    size = "" if said is None else f'<dimension ref="{said}"/>'
    data = changed(table(rows), SHEET, lambda text: text.replace('<dimension ref="A1:F5" />', size))
    assert said is None or said in zipfile.ZipFile(io.BytesIO(data)).read(SHEET).decode()
    assert len(read_table(data, "x.xlsx").events) == 4


@settings(max_examples=20, deadline=None)
@given(st.lists(ROW, max_size=9), st.booleans(), st.integers(0, 3), st.integers(0, 2), st.booleans())
def test_a_table_read_in_parts_says_what_it_says_as_a_whole(
    rows: list[tuple[Any, ...]], merged: bool, above: int, before: int, inline: bool
) -> None:
    data = table(rows, merged, above, before, inline)
    whole, gathered = read_table(data, "x.xlsx", now=NOW), Rows("x.xlsx", NOW, 2)
    parts = list(table_parts(Sheets(data, "x.xlsx", flowing=True), gathered))
    assert [one for part in parts for one in part.events] == list(whole.events)
    assert [str(one) for part in parts for one in part.refused] == [str(one) for one in whole.refused]
    assert [one for part in parts for one in part.duplicates] == list(whole.duplicates)
    rejected = [row for part in parts for row in part.rejected[1:]]
    assert rejected == list(whole.rejected[1:])
    assert {part.columns for part in parts} == {whole.columns}
    assert len(whole.events) + len(whole.refused) + len(whole.duplicates) == len(rows)
    assert gathered.total == len(rows)


def test_the_first_rows_are_given_before_the_rest_is_read_and_a_torn_sheet_is_refused() -> None:
    rows = [("登记", "2025-03-01 10:30", GTIN, f"L{number}", 5, "公斤") for number in range(600)]
    data = changed(table(rows), SHEET, lambda text: text[: len(text) - 400])
    parts = table_parts(Sheets(data, "x.xlsx", flowing=True), Rows("x.xlsx", NOW, 100))
    assert len(next(parts).events) == 100
    with pytest.raises(EventInvalid) as caught:
        list(parts)
    assert caught.value.code == "sheet-unreadable"
    with pytest.raises(EventInvalid) as caught:
        next(table_parts(Sheets(data, "x.xlsx"), Rows("x.xlsx", NOW, 100)))
    assert caught.value.code == "sheet-unreadable"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (SHEET, "<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        (SHEET, "<v>0</v>", "<v>99</v>"),
        (SHEET, 'r="A1"', 'r="1A"'),
        (STRINGS, "</si>", ""),
    ],
)
def test_a_broken_workbook_is_refused_with_words(path: str, before: str, after: str) -> None:
    data = changed(
        table([("登记", "x", "y", "z", 1, None)]), path, lambda text: text.replace(before, after, 1)
    )
    with pytest.raises(EventInvalid) as caught:
        [list(Sheets(data, "x.xlsx").rows(0))]
    assert caught.value.code == "sheet-unreadable"


def test_a_workbook_its_reader_stumbles_over_is_refused_with_words() -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图")
    with pytest.raises(EventInvalid) as caught:
        read_table(saved(book), "x.xlsx")
    assert caught.value.code == "sheet-unreadable"
