"""Official results and platform reviews come in as tables: row by row, once, and only about the enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from ledger.errors import EventInvalid
from ledger.events.evidence import Inspection, Review
from models.evidence.official import EvidenceTable, party_finder, pseudonym, read_evidence

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SECRET = bytes(32)


@dataclass(frozen=True)
class Shop:
    id: str
    name: str
    name_en: str | None = None
    category: str | None = None


SHOPS = (
    Shop("https://id.gs1.org/417/9520000000004", "好苹果水果店", "Good Apples", "fruit"),
    Shop("https://id.gs1.org/417/9520000000011", "海鲜（东港）商行"),
)


def read(text: str, name: str = "t.csv", **more: object) -> EvidenceTable:
    found = read_evidence(
        text.encode(),
        name,
        now=NOW,
        party_of=party_finder(SHOPS),
        secret=SECRET,
        **more,  # type: ignore[arg-type]
    )
    assert found is not None
    return found


def inspections(table: EvidenceTable) -> list[tuple[str, int, int, int]]:
    events = [row.event for row in table.rows]
    return [(e.kind, e.critical, e.serious, e.minor) for e in events if isinstance(e, Inspection)]


def test_official_results_are_read_under_chinese_headings() -> None:
    table = read(
        "抽检结果公示,,,,\n企业名称,检查日期,检查类型,抽检结果,不合格项\n"
        "好苹果水果店,2026年3月1日,监督抽检,不合格,毒死蜱；菌落总数\n"
        "海鲜(东港)商行,2026/3/2,日常检查,合格,无\n"
        "9520000000004,20260303,复查,责令整改,标签、台账\n"
    )
    assert table.kind == "inspection"
    assert inspections(table) == [("sampling", 1, 1, 0), ("routine", 0, 0, 0), ("followup", 0, 2, 0)]
    first, second, _ = (row.event for row in table.rows)
    assert first.event_time == datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert second.subject == SHOPS[1].id  # full-width and half-width brackets are the same name
    assert isinstance(first, Inspection)
    assert first.category == "fruit"  # as the party was enrolled, since the row does not say


def test_counts_say_more_than_a_result_and_english_headings_are_known() -> None:
    table = read(
        "Business Name,Inspection Date,Results,Critical,Serious,Minor\n"
        "Good Apples,2026-03-01,Pass w/ Conditions,1,2,3\n"
    )
    assert inspections(table) == [("routine", 1, 2, 3)]


def test_each_bad_row_is_refused_by_itself_with_its_place_and_kept_to_be_corrected() -> None:
    table = read(
        "企业名称,检查日期,结果,不合格项\n"
        "没有这家店,2026-03-01,合格,\n好苹果水果店,2026-02-30,合格,\n好苹果水果店,2027-01-01,合格,\n"
        "好苹果水果店,2026-03-01,还行,\n好苹果水果店,2026-03-01,合格,大肠菌群\n,,,\n好苹果水果店,2026-03-01,合格,/\n"
    )
    assert [(e.where, e.field, e.code) for e in table.refused] == [
        ("t.csv: row 2: subject", "subject", "party-unknown"),
        ("t.csv: row 3: date", "date", "date-unreadable"),
        ("t.csv: row 4: date", "date", "time-in-future"),
        ("t.csv: row 5: result", "result", "result-unknown"),
        ("t.csv: row 6: result", "result", "result-contradicts"),
    ]
    assert inspections(table) == [("routine", 0, 0, 0)]
    assert len(table.rejected) == 1 + len(table.refused)


def test_a_heading_nobody_knows_is_mapped_by_hand() -> None:
    text = "店家,什么时候,怎么样\n好苹果水果店,2026-03-01,合格\n"
    assert read_evidence(text.encode(), "t.csv", now=NOW, party_of=party_finder(SHOPS), secret=SECRET) is None
    mapped = {"店家": "subject", "什么时候": "date", "怎么样": "result"}
    assert inspections(read(text, columns=mapped)) == [("routine", 0, 0, 0)]


@pytest.mark.parametrize(
    ("text", "stars"), [("5", 5), ("4.0", 4), ("３星", 3), ("好评", 5), ("差评", 1), ("★★☆☆☆", 2), ("2/5", 2)]
)
def test_stars_are_read_as_platforms_write_them(text: str, stars: int) -> None:
    event = read(f"店铺名称,评价时间,评分\n好苹果水果店,2026-03-01 10:30,{text}\n").rows[0].event
    assert isinstance(event, Review)
    assert event.stars == stars


@pytest.mark.parametrize("text", ["0", "6", "4.5", "很好"])
def test_what_is_no_number_of_stars_is_refused(text: str) -> None:
    table = read(f"店铺名称,评价时间,评分\n好苹果水果店,2026-03-01,{text}\n")
    assert [(e.field, e.code) for e in table.refused] == [("stars", "stars-unfit")]


def test_a_reviewer_is_a_pseudonym_that_only_this_installation_can_make() -> None:
    table = read("店铺,评价日期,星级,用户,平台,评价内容\n好苹果水果店,2026-03-01,5,小梅,淘宝,很甜\n")
    event = table.rows[0].event
    assert isinstance(event, Review)
    assert event.channel == "taobao"
    assert event.rater == pseudonym(SECRET, "taobao\x00小梅") != pseudonym(b"1" * 32, "taobao\x00小梅")
    assert table.rows[0].text == "很甜"
    assert event.words is None  # words go through the vault, never through the reader


def test_a_workbook_is_read_like_a_table_and_goods_are_left_to_the_other_reader(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("被抽样单位名称", "抽样日期", "检验结论"), ("好苹果水果店", date(2026, 3, 1), "合格")):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    data = (tmp_path / "t.xlsx").read_bytes()
    found = read_evidence(data, "t.xlsx", now=NOW, party_of=party_finder(SHOPS), secret=SECRET)
    assert found is not None
    assert inspections(found) == [("routine", 0, 0, 0)]
    for goods in ("event,time,product,lot\n", '{"type": "EPCISDocument"}', "<a/>"):
        none = read_evidence(goods.encode(), "g", now=NOW, party_of=party_finder(SHOPS), secret=SECRET)
        assert none is None


def test_a_name_that_two_parties_bear_is_nobodys() -> None:
    find = party_finder((*SHOPS, Shop("https://id.gs1.org/417/9520000000028", "good  APPLES")))
    with pytest.raises(EventInvalid, match="several enrolled parties"):
        find("Good Apples")
    assert find("好苹果水果店").id == SHOPS[0].id
