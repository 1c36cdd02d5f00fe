"""What a preview says of a file's rows is what recording them comes to, corrected or not; nothing before."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import shared

from ledger.errors import EventInvalid
from ledger.events.governance import PartyEnrolled
from ledger.events.table_headings import Layout
from ledger.home import Home
from ledger.store import create_ledger_engine
from models.identity import new_identity
from models.importing import ImportReport
from models.previewing import Correction, Preview
from models.views import create_views_engine
from models.workspace import Workspace, found

Clock = Callable[[], datetime]
HEADINGS = ("事件", "时间", "商品条码", "批次号", "数量", "单位", "事件编号", "备注")
GTIN = "06901234567892"
DIRTY = st.tuples(
    st.sampled_from(["登记", "发货", "receive", "丢了", ""]),
    st.sampled_from(["2025-03-01 10:30", "2025年3月2日", "2025-13-01", "03/01/2025", "2999-01-01", ""]),
    st.sampled_from([GTIN, "6901234567892", "6901234567893", "苹果"]),
    st.sampled_from(["L1", "L2", "L 3", "批次一", ""]),
    st.sampled_from(["12.5", "十二", "-3", "很多", "1,5", ""]),
    st.sampled_from(["公斤", "斤", "大桶", ""]),
    st.sampled_from(["", "", "urn:x:1", "urn:x:2", "没有"]),
    st.sampled_from(["", "好"]),
)
SHOP = "9521234000020"
RESULTS = ("企业名称", "检查日期", "检查类型", "结果", "不合格项")
DIRTY_RESULTS = st.tuples(
    st.sampled_from(["好苹果水果店", SHOP, "没有这家店", "市监所", ""]),
    st.sampled_from(["2025-01-01", "2025年2月2日", "昨天", "2999-01-01"]),
    st.sampled_from(["日常检查", "复查"]),
    st.sampled_from(["合格", "不合格", "还行"]),
    st.sampled_from(["", "毒死蜱；台账"]),
)


@pytest.fixture
def workspace(ledger_url: str, tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    numbers = count()
    home = Home(
        tmp_path / "home", lambda size: sha256(str(next(numbers)).encode()).digest()[:size].ljust(size, b"\1")
    )
    beside = f"sqlite:///{tmp_path / 'views.db'}" if ledger_url.startswith("sqlite") else ledger_url
    ledger, views = create_ledger_engine(ledger_url), create_views_engine(beside)
    office, pair = new_identity(home, clock=clock, name="市监所", roles=("administrator", "inspector"))
    made = found(ledger, views, home, office, pair, clock=clock)
    shop, _ = new_identity(home, clock=clock, name="好苹果水果店", roles=("merchant",), gln=SHOP)
    assert isinstance(shop, PartyEnrolled)
    made.record(shop)
    yield made
    ledger.dispose()
    views.dispose()


def written(
    folder: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, workbook: bool = False
) -> Path:
    if workbook:
        book = openpyxl.Workbook()
        for cells in (headings, *rows):
            book.worksheets[0].append([cell or None for cell in cells])
        book.save(folder / "table.xlsx")
        return folder / "table.xlsx"
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    file = folder / "table.csv"
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


def row(lot: str = "L1", quantity: str = "5", unit: str = "公斤", id: str = "") -> tuple[str, ...]:
    return ("登记", "2025-03-01 10:30", GTIN, lot, quantity, unit, id, "")


def states(preview: Preview) -> list[str]:
    return [each.state for each in preview.page("all", 0, 1000)]


def layout_of(preview: Preview) -> Layout:
    assert preview.looked.layout is not None
    return preview.looked.layout


def agrees(preview: Preview, report: ImportReport) -> None:
    """What was recorded is what the preview had said, to the row."""
    counts = preview.counts()
    assert report.accepted == counts["good"]
    assert report.duplicates == counts["known"]
    assert sorted(map(str, report.refused)) == sorted(str(each.problem) for each in preview.refused())


@settings(max_examples=30)
@given(data=st.data())
def test_the_preview_of_any_table_and_its_corrections_is_what_recording_comes_to(
    workspace: Workspace, tmp_path: Path, data: st.DataObject
) -> None:
    evidence = data.draw(st.booleans())
    dirty, headings = (DIRTY_RESULTS, RESULTS) if evidence else (DIRTY, HEADINGS)
    rows = data.draw(st.lists(dirty, min_size=1, max_size=12))
    file = written(tmp_path, *rows, headings=headings, workbook=data.draw(st.booleans()))
    preview = workspace.files.preview(file)
    size = workspace.size()
    refused = [each.number for each in preview.refused()]
    if refused:
        wrong = data.draw(st.lists(st.sampled_from(refused), max_size=6))
        preview.correct([Correction((number,), tuple(enumerate(data.draw(dirty)))) for number in wrong])
    assert workspace.size() == size
    report = workspace.files.record(preview)
    agrees(preview, report)
    assert workspace.size() == size + report.accepted


def test_a_row_says_what_it_would_come_to_and_nothing_is_recorded(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(tmp_path, row("L1"), row("L2", "很多"), row("L1"), row("L3", unit="大桶"))
    size = workspace.size()
    preview = workspace.files.preview(file)
    assert states(preview) == ["good", "refused", "known", "refused"]
    assert [HEADINGS[each.fault] for each in preview.page("refused", 0, 9)] == ["数量", "单位"]
    assert preview.counts() | {"all": 4, "good": 1, "known": 1, "refused": 2} == preview.counts()
    assert layout_of(preview).unknown == ("备注",)
    assert workspace.size() == size
    workspace.files.record(preview)
    assert states(workspace.files.preview(file)) == ["known", "refused", "known", "refused"]


def test_a_corrected_row_is_recorded_after_the_others_and_the_file_stays_as_it_is(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(tmp_path, row("L1", "很多"), row("L2"))
    before = file.read_bytes()
    preview = workspace.files.preview(file)
    fixed = [Correction((2,), ((4, "7"),))]
    assert preview.tried(2, preview.row(2).cells).state == "refused"
    assert preview.tried(2, (*row("L1", "7"),)).state == "good"
    assert states(preview) == ["refused", "good"]  # trying keeps nothing
    preview.correct(fixed)
    assert (states(preview), preview.row(2).corrected, preview.original(2)[4]) == (
        ["good", "good"],
        True,
        "很多",
    )
    preview.correct([])
    assert states(preview) == ["refused", "good"]
    preview.correct(fixed)
    report = workspace.files.record(preview)
    assert (report.accepted, report.refused, report.rejected) == (2, (), b"")
    lots = [workspace.trace(f"https://id.gs1.org/01/{GTIN}/10/{lot}").events[0].index for lot in ("L2", "L1")]
    assert lots == list(report.entries)
    assert file.read_bytes() == before


def test_rows_with_the_same_words_in_the_same_cell_are_corrected_together(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [row(f"L{number}", unit="大桶" if number % 2 else "公斤") for number in range(1, 8)]
    preview = workspace.files.preview(written(tmp_path, *rows, row("L9", "很多")))
    first = next(preview.refused())
    same = preview.alike(first.number)
    assert [preview.row(number).cells[3] for number in same] == ["L1", "L3", "L5", "L7"]
    preview.correct([Correction(same, ((first.fault, "千克"),))])
    assert preview.counts() | {"good": 7, "refused": 1, "corrected": 4} == preview.counts()
    agrees(preview, workspace.files.record(preview))


def test_a_row_corrected_into_another_or_emptied_is_not_recorded_twice(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(tmp_path, row("L1", "很多"), row("L2", "很多"), row("L3"), row("L4", "?", id="urn:x:1"))
    preview = workspace.files.preview(file)
    everything = tuple(enumerate(row("L3")))
    nothing = tuple((place, "") for place in range(len(HEADINGS)))
    preview.correct([Correction((2,), everything), Correction((3,), nothing)])
    assert states(preview) == ["known", "left-out", "good", "refused"]
    report = workspace.files.record(preview)
    agrees(preview, report)
    assert [each.where.split(": ")[1] for each in report.refused] == ["row 5"]


def test_a_file_that_changed_since_it_was_looked_at_is_not_recorded(
    workspace: Workspace, tmp_path: Path
) -> None:
    preview = workspace.files.preview(written(tmp_path, row("L1")))
    size = workspace.size()
    written(tmp_path, row("L2"))
    with pytest.raises(EventInvalid) as caught:
        workspace.files.record(preview)
    assert (caught.value.code, workspace.size()) == ("file-changed", size)


def test_a_table_without_the_needed_columns_says_which_headings_nobody_knows(
    workspace: Workspace, tmp_path: Path
) -> None:
    headings = ("干了啥", "时间", "商品条码", "批次号", "数量", "单位", "事件编号", "备注")
    file = written(tmp_path, row("L1"), headings=headings)
    blind = workspace.files.preview(file)
    layout = layout_of(blind)
    assert blind.looked.problem is not None
    assert blind.counts()["all"] == 0
    assert (layout.missing, layout.unknown) == (("event",), ("干了啥", "备注"))
    told = workspace.files.preview(file, columns={"干了啥": "event"})
    assert states(told) == ["good"]
    assert states(workspace.files.preview(file)) == []  # looking is not saying: nothing is remembered yet
    assert workspace.files.record(told).accepted == 1
    assert states(workspace.files.preview(file)) == ["known"]


def test_reading_can_be_stopped_and_recording_after_a_part(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.judging.AT_ONCE", 5)
    monkeypatch.setattr("models.filing.SMALL_PART", 8)
    file, size = written(tmp_path, *(row(f"L{number}") for number in range(30))), workspace.size()

    class Stopped(Exception):
        """Somebody pressed Cancel."""

    def stop(stage: str, done: int, total: int | None) -> None:
        assert (stage, total) == ("read", 30)
        if done >= 10:
            raise Stopped

    with pytest.raises(Stopped):
        workspace.files.preview(file, progress=stop)
    preview, asked = workspace.files.preview(file), count()
    report = workspace.files.record(preview, wanted=lambda: next(asked) < 2)
    assert (report.accepted, report.stopped_at, workspace.size()) == (16, 16, size + 16)
    again = workspace.files.preview(file)
    assert again.counts() | {"known": 16, "good": 14} == again.counts()
    rest = workspace.files.record(again)
    assert (rest.accepted, rest.stopped_at, workspace.size()) == (14, None, size + 30)


@pytest.mark.parametrize("bad", ["12.5", "很多"])
def test_the_first_rows_are_there_while_the_rest_is_judged_and_stay_as_they_are(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setattr("models.judging.FIRST_PART", 4)
    file = written(tmp_path, *(row(f"L{n}", bad if n % 3 == 2 else "5") for n in range(30)))
    seen: list[tuple[int, int, int]] = []
    early: list[Any] = []

    def grown(preview: Preview) -> None:
        counts, refused = preview.counts(), preview.page("refused", 0, 100)
        assert counts["all"] == counts["good"] + counts["refused"]
        assert len(refused) == counts["refused"]
        seen.append((counts["all"], len(preview.page("all", 0, 100)), counts["refused"]))
        early[:] = [preview, states(preview)[:4]]

    whole = workspace.files.preview(file, grown=grown)
    wrong = [sum(n % 3 == 2 for n in range(rows)) if bad == "很多" else 0 for rows in (4, 12, 28)]
    assert seen == [(4, 4, wrong[0]), (12, 12, wrong[1]), (28, 28, wrong[2])]
    assert early[0] is whole
    assert states(whole)[:4] == early[1]
    assert whole.counts()["all"] == 30
    assert len(whole.page("refused", 0, 100)) == whole.counts()["refused"]


def test_the_first_rows_of_a_workbook_are_there_before_its_end_and_a_torn_one_is_not_recorded(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.judging.FIRST_PART", 4)
    whole = written(tmp_path, *(row(f"L{n}") for n in range(600)), workbook=True)
    torn, size = tmp_path / "torn.xlsx", workspace.size()
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(torn, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part[:-400] if name.endswith("sheet1.xml") else part)
    seen: list[tuple[list[str], int | None]] = []
    told: list[tuple[int, int | None]] = []
    for act in (
        lambda: workspace.files.preview(
            torn,
            progress=lambda _, *rows: told.append(rows),
            grown=lambda preview: seen.append((states(preview)[:4], preview.counts()["all"])),
        ),
        lambda: workspace.files.import_file(torn),
    ):
        with pytest.raises(EventInvalid) as caught:
            act()
        assert caught.value.code == "sheet-unreadable"
    assert seen[0] == (["good"] * 4, 4)
    assert told[0] == (4, 600)
    assert workspace.size() == size
    assert workspace.files.preview(whole).counts()["good"] == 600


def test_a_file_of_one_part_is_told_of_once(workspace: Workspace, tmp_path: Path) -> None:
    told: list[Preview] = []
    workspace.files.preview(written(tmp_path, row("L1"), row("L2")), grown=told.append)
    assert told == []


def test_a_workbook_says_its_sheet_and_a_text_file_how_it_is_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["别的"])
    sheet = book.create_sheet("三月出入库")
    for cells in (HEADINGS, row("L1")):
        sheet.append(list(cells))
    book.save(tmp_path / "book.xlsx")
    layout = layout_of(workspace.files.preview(tmp_path / "book.xlsx"))
    assert (layout.source.sheet, layout.place) == ("三月出入库", 1)
    text = ";".join(HEADINGS) + "\n" + ";".join(row("L1")) + "\n"
    (tmp_path / "t.csv").write_bytes(text.encode("gb18030"))
    layout = layout_of(workspace.files.preview(tmp_path / "t.csv"))
    assert (layout.source.encoding, layout.source.separator) == ("gb18030", ";")


def test_a_document_of_others_is_previewed_event_by_event(workspace: Workspace) -> None:
    preview = workspace.files.preview(shared("epcis/gdst/all_wholechain_events.jsonld"))
    shown = preview.page("good", 0, 500)
    assert {"fishing", "shipping"} & {each.cells[0] for each in shown} or shown
    counts, report = preview.counts(), workspace.files.record(preview)
    assert (report.accepted, report.described) == (counts["good"] - counts["described"], counts["described"])
    assert report.duplicates == counts["known"] - counts["described-known"]


def test_what_recording_would_bring_to_light_is_said_before_and_with_the_rest_of_the_file(
    workspace: Workspace, tmp_path: Path
) -> None:
    made, sold = row("L1", "10"), ("零售", "2025-03-02 10:30", GTIN, "L1", "12", "公斤", "", "")
    fits = workspace.files.preview(written(tmp_path, row("L1", "20"), sold))
    assert fits.findings() == ()  # alone, the sale would be of goods nobody made
    preview = workspace.files.preview(written(tmp_path, made, sold, row("L2", "很多")))
    assert [one.code for one in preview.findings()] == ["sold-more-than-held"]
    preview.correct([Correction((4,), tuple(enumerate(sold)))])
    assert len(preview.findings()) == 1  # the same sale said again adds nothing
    workspace.files.record(preview)
    told = workspace.trace(f"https://id.gs1.org/01/{GTIN}/10/L1").findings
    assert "sold-more-than-held" in {one.code for one in told}


def test_an_event_known_by_its_id_is_known_whenever_it_was_written_down(
    workspace: Workspace, tmp_path: Path
) -> None:
    event = (
        '{"type": "ObjectEvent", "action": "OBSERVE", "eventID": "urn:x:1",'
        ' "recordTime": "2025-03-0%dT00:00:00Z", "eventTime": "2025-03-01T00:00:00Z",'
        ' "eventTimeZoneOffset": "+08:00", "epcList": ["urn:x:goods"]}'
    )
    file = tmp_path / "one.jsonld"
    file.write_text(event % 2, encoding="utf-8")
    assert workspace.files.record(workspace.files.preview(file)).accepted == 1
    file.write_text(event % 3, encoding="utf-8")
    again = workspace.files.preview(file)
    assert states(again) == ["known"]
    agrees(again, workspace.files.record(again))
