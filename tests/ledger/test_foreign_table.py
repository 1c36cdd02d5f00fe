"""A spreadsheet's good rows are taken, its bad rows come back with their reasons, nothing else is lost."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import builders
import openpyxl
import pytest

from ledger.errors import EventInvalid
from ledger.events.foreign import Import, read_foreign
from ledger.events.foreign_table import read_table, rejected_csv
from ledger.events.supply import AggregationEvent, ObjectEvent, TransformationEvent
from ledger.events.table_words import COLUMNS
from ledger.events.template import template
from ledger.events.written_units import unit_and_factor

GOOD = {
    "event": "register",
    "time": "2026-03-01 10:30",
    "product": builders.RICE,
    "lot": "L1",
    "quantity": "12.5",
    "unit": "千克",
    "place": "9521000000407",
}
LOT = f"https://id.gs1.org/01/{builders.RICE}/10/L1"


def table(*rows: dict[str, Any]) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(f'"{row.get(column, "")}"' for column in COLUMNS) for row in rows)]
    return "\n".join(lines).encode()


def read(*rows: dict[str, Any], **settings: Any) -> Import:
    return read_table(table(*rows), "in.csv", **settings)


def only(imported: Import) -> Any:
    assert imported.refused == (), [str(error) for error in imported.refused]
    ((where, event),) = imported.events
    assert where == "in.csv: row 2"
    return event


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_template_reads_back_its_own_examples(locale: str) -> None:
    imported = read_foreign(template(locale, builders.AT), f"{locale}.xlsx")
    assert imported.refused == (), [str(error) for error in imported.refused]
    steps = [event.biz_step for event in imported.supply]
    assert steps == ["commissioning", "commissioning", "shipping", "receiving", "retail_selling"]
    assert imported.supply[0].event_time == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    made = imported.supply[1]
    assert isinstance(made, TransformationEvent)
    assert made.input_quantity_list[0].epc_class.endswith("/10/L20260301")
    sent = imported.supply[2]
    assert (sent.source_list[0].id, sent.destination_list[0].id) == (builders.COOPERATIVE, builders.MERCHANT)


def test_a_row_becomes_an_event() -> None:
    event = only(read(GOOD))
    assert isinstance(event, ObjectEvent)
    assert (event.action, event.biz_step, event.biz_location) == ("ADD", "commissioning", builders.FIELD)
    assert event.quantity_list[0] == builders.quantity(LOT, "12.5", "KGM")
    assert event.event_time == datetime(2026, 3, 1, 2, 30, tzinfo=UTC)


def test_packing_names_its_container() -> None:
    event = only(read({**GOOD, "event": "装箱", "parent": "095210000000000018"}))
    assert isinstance(event, AggregationEvent)
    assert event.parent_id == builders.CASE


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"event": "gift"}, "event", "event-kind-unknown"),
        ({"time": "soon"}, "time", "instant-unreadable"),
        ({"time": "2026-02-30"}, "time", "date-unreadable"),
        ({"product": "09521000000019"}, "product", "check-digit"),
        ({"product": "rice"}, "product", "gtin-unfit"),
        ({"lot": "批次"}, "lot", "qualifier-unfit"),
        ({"lot": ""}, "lot", "field-missing"),
        ({"quantity": "many"}, "quantity", "not-a-number"),
        ({"quantity": "-1"}, "quantity", "quantity-negative"),
        ({"unit": "kilo"}, "unit", "unit-unknown"),
        ({"place": "123"}, "place", "gln-unfit"),
        ({"event": "process"}, "inputs", "field-missing"),
        ({"event": "process", "inputs": "some rice"}, "inputs", "input-unreadable"),
        ({"event": "process", "inputs": "09521000000018/A=1 kilo"}, "inputs", "unit-unknown"),
        ({"event": "pack"}, "parent", "container-unfit"),
        ({"event": "pack", "parent": "095210000000000019"}, "parent", "check-digit"),
        ({"id": "17"}, "id", "identifier-unfit"),
        ({"zone": "Beijing"}, "zone", "offset-unfit"),
    ],
)
def test_a_bad_cell_is_named_and_other_rows_survive(change: dict[str, Any], column: str, code: str) -> None:
    imported = read({**GOOD, **change}, {**GOOD, "lot": "L2"})
    assert [(error.field, error.code) for error in imported.refused] == [(column, code)]
    assert imported.refused[0].where.startswith("in.csv: row 2")
    assert len(imported.events) == 1
    _, row = imported.rejected
    assert row[: len(COLUMNS)] == tuple({**GOOD, **change}.get(name, "") for name in COLUMNS)
    assert row[-1] == str(imported.refused[0])


def test_refused_rows_can_be_corrected_and_read_again() -> None:
    imported = read({**GOOD, "quantity": "twelve"}, GOOD)
    again = read_foreign(rejected_csv(imported.rejected).replace(b"twelve", b"12.5"), "again.csv")
    assert again.refused == ()
    assert again.supply == imported.supply


def test_what_excel_saved_is_read() -> None:
    text = "事件,时间,商品条码,批次号,数量,单位\n登记,2026年3月1日 10:30,6901234567892,20260301,1 000,斤\n"
    with_space = read_table(text.encode("gb18030"), "x.csv")
    assert with_space.refused[0].code == "not-a-number"
    imported = read_table(text.replace("1 000", '"1,000"').encode("gb18030"), "x.csv")
    ((_, event),) = imported.events
    assert isinstance(event, ObjectEvent)
    assert (str(event.quantity_list[0].quantity), event.quantity_list[0].uom) == ("500", "KGM")
    assert dict(imported.columns)["批次号"] == "lot"


def test_numbers_and_dates_of_a_workbook_keep_their_meaning() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["合作社出入库表"])
    sheet.append(["Event", "Time", "Product code", "Batch number", "Quantity", "Unit"])
    sheet.append(["Register", datetime(2026, 3, 1, 10, 30), 6901234567892.0, 20260301, 12.5, "kg"])  # noqa: DTZ001
    sheet.append(["Register", date(2026, 3, 2), 6901234567892, "20260302", 3, "kg"])
    sheet.append([None, None, None])
    written = io.BytesIO()
    book.save(written)
    imported = read_foreign(written.getvalue(), "x.xlsx")
    assert imported.refused == (), [str(error) for error in imported.refused]
    first, second = imported.supply
    assert first.event_time == datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    assert isinstance(first, ObjectEvent)
    assert first.quantity_list[0].epc_class == "https://id.gs1.org/01/06901234567892/10/20260301"
    assert second.event_time == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)


def test_other_headings_can_be_mapped_by_hand() -> None:
    text = "what,when,code,charge\nregister,2026-03-01,6901234567892,L1\n"
    with pytest.raises(EventInvalid) as refused:
        read_table(text.encode(), "x.csv")
    assert refused.value.code == "column-missing"
    columns = {"what": "event", "when": "time", "code": "product", "charge": "lot"}
    assert len(read_table(text.encode(), "x.csv", columns=columns).events) == 1


def test_the_future_and_repeats_are_noticed() -> None:
    imported = read(GOOD, GOOD, {**GOOD, "time": "2036-01-01"}, now=builders.AT)
    assert (len(imported.events), imported.duplicates) == (1, ("in.csv: row 3",))
    assert [error.code for error in imported.refused] == ["time-in-future"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04garbage", b"\x00\x01\x02", b"\xff\xff\xff\xff", b"hello"])
def test_what_is_no_spreadsheet_is_refused(data: bytes) -> None:
    with pytest.raises(EventInvalid) as refused:
        read_foreign(data, "x.bin")
    assert refused.value.code in ("sheet-unreadable", "column-missing")
    assert refused.value.where == "x.bin"


def test_people_write_units_in_their_own_words() -> None:
    written = ("千克", "KG", "公斤", "吨", "升", "件", "箱", "pcs", "boxes")
    codes = ["KGM", "KGM", "KGM", "TNE", "LTR", "EA", "XCS", "EA", "XBX"]
    assert [unit_and_factor(word)[0] for word in written] == codes
