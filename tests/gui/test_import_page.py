"""A file is looked at, corrected, then recorded; nothing before, and nothing is lost by leaving the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shared import shared

from gui.context import Context
from gui.cooperative.importing import ImportPage
from gui.drafts import Drafts
from ledger.home import Home
from ledger.store import create_ledger_engine
from models.identity import new_identity
from models.views import create_views_engine
from models.workspace import Workspace, found

HEADINGS = "事件,时间,商品条码,批次号,数量,单位,备注"
GTIN = "06901234567892"
Gone = list[tuple[str, dict[str, Any]]]


def line(lot: str, quantity: str = "5", unit: str = "公斤") -> str:
    return f"登记,2025-03-01 10:30,{GTIN},{lot},{quantity},{unit},好"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [line("L1"), line("L2", "很多"), line("L3", unit="大桶"), line("L4", unit="大桶"), line("L1")]
    path = tmp_path / "三月.csv"
    path.write_bytes("\n".join([HEADINGS, *rows]).encode("gb18030"))
    return path


@pytest.fixture
def workspace(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Workspace]:
    numbers = count()
    home = Home(
        tmp_path / "home", lambda size: sha256(str(next(numbers)).encode()).digest()[:size].ljust(size, b"\1")
    )
    ledger = create_ledger_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    views = create_views_engine(f"sqlite:///{tmp_path / 'views.db'}")
    me, pair = new_identity(home, clock=clock, name="合作社", roles=("administrator", "cooperative"))
    made = found(ledger, views, home, me, pair, clock=clock)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, context: Context) -> ImportPage:
    return shown(qtbot, context)


def shown(qtbot: QtBot, context: Context, **args: Any) -> ImportPage:
    page = ImportPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.enter(**args)
    qtbot.waitUntil(context.workers.idle)
    return page


def settled(qtbot: QtBot, page: ImportPage, done: Callable[[], bool] = lambda: True) -> None:
    qtbot.waitUntil(lambda: page.context.workers.idle() and not page.busy and done(), timeout=20_000)


def looked(qtbot: QtBot, page: ImportPage, path: Path) -> None:
    page.take(path)
    settled(qtbot, page, lambda: page.preview is not None)


def counts(page: ImportPage) -> tuple[int, ...]:
    assert page.preview is not None
    counted = page.preview.counts()
    return tuple(counted[name] for name in ("good", "known", "refused", "corrected"))


def opened(qtbot: QtBot, page: ImportPage, number: int) -> None:
    assert page.preview is not None
    page.open_row(page.preview.row(number))
    settled(qtbot, page)


def typed(qtbot: QtBot, page: ImportPage, text: str) -> None:
    """Type into the cell that is wrong, as a hand does, and wait for the verdict."""
    editor = page.editor
    assert editor.row is not None
    cell = editor.fields[editor.row.fault].editor
    line = cell.lineEdit() if isinstance(cell, QComboBox) else cell
    assert isinstance(line, QLineEdit)
    line.selectAll()
    line.insert(text)  # as an input method does; keyClicks knows no Chinese
    qtbot.waitUntil(lambda: not editor._pause.isActive() and page.context.workers.idle())


def shown_buttons(page: ImportPage) -> list[QPushButton]:
    return [button for button in page.lots.findChildren(QPushButton) if not button.isHidden()]


def test_a_file_is_shown_row_by_row_and_recorded_only_when_asked(
    qtbot: QtBot, page: ImportPage, workspace: Workspace, file: Path, gone: Gone
) -> None:
    size = workspace.size()
    looked(qtbot, page, file)
    assert workspace.size() == size
    assert counts(page) == (1, 1, 3, 0)
    assert page.rows.record_button.text() == "记入 1 行"
    assert "GB 18030" in page.banner.text.text()
    page.rows.show_state("refused")
    model = page.rows.model
    assert model is not None
    qtbot.waitUntil(lambda: model.row(0) is not None and not model.waiting())
    assert model.rowCount() == 3
    assert "很多" in model.line(0)[2][0]
    assert model.line(0)[7] == ("很多", "bad")
    page.rows.record_button.click()
    settled(qtbot, page, lambda: workspace.size() == size + 1 and bool(shown_buttons(page)))
    assert "新记录 1 条" in page.banner.title.text()
    assert counts(page) == (0, 2, 3, 0)
    assert not page.rows.record_button.isEnabled()
    (lot,) = shown_buttons(page)
    lot.click()
    assert gone == [("lot", {"code": f"https://id.gs1.org/01/{GTIN}/10/L1"})]


def test_a_row_is_corrected_beside_its_fault_judged_while_typing_and_undone(
    qtbot: QtBot, page: ImportPage, workspace: Workspace, file: Path
) -> None:
    before = file.read_bytes()
    looked(qtbot, page, file)
    opened(qtbot, page, 3)
    editor = page.editor
    assert editor.row is not None
    field = editor.fields[editor.row.fault]
    assert (field.name.text(), field.problem.isHidden()) == ("数量", False)
    assert not editor.correct_button.isEnabled()
    typed(qtbot, page, "还是很多")
    assert "还是很多" in field.problem.text()
    assert not editor.correct_button.isEnabled()
    typed(qtbot, page, "12.5")
    assert field.problem.isHidden()
    assert counts(page) == (1, 1, 3, 0)  # typing corrects nothing yet
    editor.correct_button.click()
    settled(qtbot, page, lambda: counts(page) == (2, 1, 2, 1))
    assert editor.row is not None
    assert editor.row.number == 4  # the next refused row is there to go on with
    qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, page, lambda: counts(page) == (1, 1, 3, 0))
    page.correcting.redo()
    settled(qtbot, page, lambda: counts(page) == (2, 1, 2, 1))
    size = workspace.size()
    page.rows.record_button.click()
    settled(qtbot, page, lambda: workspace.size() == size + 2)
    assert counts(page) == (0, 3, 2, 1)
    assert file.read_bytes() == before


def test_all_rows_with_one_fault_are_corrected_at_once(qtbot: QtBot, page: ImportPage, file: Path) -> None:
    looked(qtbot, page, file)
    opened(qtbot, page, 4)
    button = page.editor.all_button
    qtbot.waitUntil(lambda: button.text() == "同样的 2 行一起改")
    assert not button.isEnabled()
    typed(qtbot, page, "千克")
    button.click()
    settled(qtbot, page, lambda: counts(page) == (3, 1, 1, 2))


def test_corrections_are_a_draft_that_another_page_goes_on_with(
    qtbot: QtBot, page: ImportPage, context: Context, workspace: Workspace, file: Path
) -> None:
    looked(qtbot, page, file)
    opened(qtbot, page, 3)
    typed(qtbot, page, "7")
    page.editor.correct_button.click()
    settled(qtbot, page, lambda: counts(page)[3] == 1)
    (draft,) = Drafts(workspace.home.root).all("import")
    assert (draft.said, page.state()) == ("三月.csv", {"draft": draft.id})
    again = shown(qtbot, context)  # as after a crash: nobody says which draft
    settled(qtbot, again, lambda: again.preview is not None)
    assert counts(again) == (2, 1, 2, 1)
    file.write_bytes(file.read_bytes().replace(b"L4", b"L9"))
    later = shown(qtbot, context, draft=draft.id)
    settled(qtbot, later, lambda: later.preview is not None)
    assert counts(later) == (1, 1, 3, 0)  # another file now: what was corrected in the old one is not used


def test_the_draft_goes_when_everything_is_recorded(
    qtbot: QtBot, page: ImportPage, workspace: Workspace, file: Path
) -> None:
    file.write_text("\n".join([HEADINGS, line("L1", "很多")]), encoding="utf-8")
    looked(qtbot, page, file)
    opened(qtbot, page, 2)
    typed(qtbot, page, "7")
    page.editor.correct_button.click()
    settled(qtbot, page, lambda: counts(page) == (1, 0, 0, 1))
    assert page.editor.row is None
    size = workspace.size()
    page.record()
    settled(qtbot, page, lambda: workspace.size() == size + 1)
    assert Drafts(workspace.home.root).all("import") == ()
    assert page.banner.property("kind") == "ok"


def test_headings_nobody_knows_are_told_and_the_file_is_read_anew(
    qtbot: QtBot, page: ImportPage, tmp_path: Path
) -> None:
    path = tmp_path / "怪.csv"
    path.write_text(
        "干了啥,时间,商品条码,批次号,数量\n登记,2025-03-01,06901234567892,L1,5\n", encoding="utf-8"
    )
    looked(qtbot, page, path)
    assert page.banner.property("kind") == "attention"
    assert page.headings.isVisible()
    box = page.headings.boxes["干了啥"]
    box.setCurrentIndex(box.findData("event"))
    page.headings.use_button.click()
    settled(qtbot, page, lambda: page.preview is not None and page.preview.looked.problem is None)
    assert counts(page) == (1, 0, 0, 0)


def test_recording_is_stopped_after_a_part_and_gone_on_with(
    qtbot: QtBot, page: ImportPage, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.filing.SMALL_PART", 8)
    path, size = tmp_path / "many.csv", workspace.size()
    path.write_text("\n".join([HEADINGS, *(line(f"L{n}") for n in range(40))]), encoding="utf-8")
    looked(qtbot, page, path)
    page.record()
    # The window is not waited for: the first part may be in before the click arrives, the last is not.
    page.cancel()
    settled(qtbot, page)
    recorded = workspace.size() - size
    assert recorded % 8 == 0
    assert recorded < 40
    assert page.banner.title.text() == f"已处理 40 行中的 {recorded} 行，其余还没有记"
    assert counts(page)[:2] == (40 - recorded, recorded)
    page.record()
    settled(qtbot, page, lambda: workspace.size() == size + 40)


def test_reading_is_stopped_and_nothing_is_shown(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("\n".join([HEADINGS, *(line(f"L{n}") for n in range(3000))]), encoding="utf-8")
    page.take(path)
    page.cancel()
    settled(qtbot, page)
    assert page.preview is None
    assert page.choose_button.isEnabled()


def many(tmp_path: Path, name: str = "many.csv", rows: int = 3000) -> Path:
    path = tmp_path / name
    path.write_text("\n".join([HEADINGS, *(line(f"L{n}") for n in range(rows))]), encoding="utf-8")
    return path


def growing(qtbot: QtBot, page: ImportPage, path: Path) -> None:
    """Look at a file until its first rows are there; the bar, without which nothing grows, comes at once."""
    page.progress._late.setInterval(0)
    page.take(path)
    qtbot.waitUntil(lambda: page.preview is not None, timeout=20_000)
    assert page.busy


def test_the_first_rows_are_shown_while_the_rest_is_judged_and_nothing_is_done_with_them(
    qtbot: QtBot, page: ImportPage, tmp_path: Path
) -> None:
    growing(qtbot, page, many(tmp_path))
    qtbot.waitUntil(lambda: page.progress.bar.maximum() == 3000)
    assert 0 < page.progress.bar.value() <= 3000
    assert "3,000" in page.progress.text.text()
    assert page.rows.isVisible()
    assert page.rows.model is not None
    assert 0 < page.rows.model.rowCount() < 3000
    assert not page.rows.record_button.isEnabled()
    assert not page.rows.save_button.isEnabled()
    assert page.preview is not None
    partial, table = page.preview, page.rows.model
    page.open_row(partial.row(2))
    page.record()
    assert page.editor.row is None
    settled(qtbot, page)
    assert page.preview is partial
    assert page.rows.model.rowCount() == 3000
    assert page.rows.model is not table  # nothing was refused: nobody needs the column of reasons
    assert page.rows.record_button.isEnabled()
    assert page.banner.title.text().startswith("many.csv")


def test_rows_of_a_file_that_was_not_read_to_its_end_go(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, file: Path
) -> None:
    growing(qtbot, page, many(tmp_path))
    page.cancel()
    settled(qtbot, page)
    assert page.preview is None
    assert page.rows.isHidden()
    growing(qtbot, page, many(tmp_path, "more.csv"))
    page.take(file)
    settled(qtbot, page, lambda: page.preview is not None)
    assert counts(page) == (1, 1, 3, 0)


def test_refused_rows_and_a_template_are_saved(
    qtbot: QtBot, page: ImportPage, file: Path, tmp_path: Path
) -> None:
    looked(qtbot, page, file)
    assert page.preview is not None
    page.saving.write_refused(page.preview, tmp_path / "refused.csv")
    page.saving.write_template(tmp_path / "template.xlsx")
    settled(qtbot, page)
    kept = (tmp_path / "refused.csv").read_text("utf-8-sig").splitlines()
    assert [row.split(",")[3] for row in kept[1:]] == ["L2", "L3", "L4"]
    book = openpyxl.load_workbook(tmp_path / "template.xlsx")
    assert book.worksheets[0]["A1"].value == "事件"


def test_a_documents_refused_event_says_where_and_why(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, workspace: Workspace
) -> None:
    looked(qtbot, page, shared("epcis/gdst/all_wholechain_events.jsonld"))
    assert counts(page)[2] == 0
    assert "EPCIS" in page.banner.text.text()
    path = tmp_path / "bad.jsonld"
    path.write_text('{"eventList": [{"type": "ObjectEvent", "action": "BOGUS"}]}', encoding="utf-8")
    looked(qtbot, page, path)
    assert counts(page) == (0, 0, 1, 0)
    assert page.preview is not None
    page.open_row(page.preview.page("refused", 0, 1)[0])
    assert not page.editor.fields
    assert page.editor.problem.text()
    page.saving.write_refused(page.preview, tmp_path / "refused.csv")
    settled(qtbot, page)
    assert "bad.jsonld: event 1" in (tmp_path / "refused.csv").read_text("utf-8-sig")


def test_an_unreadable_file_is_said_and_the_page_goes_on(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, file: Path
) -> None:
    broken = tmp_path / "broken.jsonld"
    broken.write_text("{", encoding="utf-8")
    page.take(broken)
    settled(qtbot, page, lambda: page.banner.property("kind") == "bad")
    looked(qtbot, page, file)
    assert counts(page) == (1, 1, 3, 0)


def test_in_a_narrow_window_the_row_stands_in_the_place_of_the_table(
    qtbot: QtBot, page: ImportPage, file: Path
) -> None:
    looked(qtbot, page, file)
    opened(qtbot, page, 3)
    assert page.rows.isVisible()
    page.resize(760, 700)
    assert not page.rows.isVisible()
    assert page.editor.isVisible()
    page.editor.close_row()
    assert page.rows.isVisible()
