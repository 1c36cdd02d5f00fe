"""A windowed table shows any row of a million, reads only what is looked at, and keeps little of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.benchmarks.desktop.table import Trivial
from gui.itemmodels import PAGE_ROWS, PAGES_KEPT, WAITING, WindowedModel
from gui.theme import Theme
from gui.widgets import Column, DataTable, RowsModel
from gui.workers import Workers
from ledger.errors import LedgerError

MILLION = 1_000_000
COLUMNS = (Column[int]("n", str, width=90), Column[int]("square", lambda n: f"{n * n:,}"))


class Numbers:
    """The rows 0, 1, 2 ... read page by page, and a note of which pages were read."""

    def __init__(self) -> None:
        self.read: list[tuple[int, int]] = []
        self.threads: set[str] = set()

    def fetch(self, start: int, stop: int) -> Sequence[int]:
        self.read.append((start, stop))
        self.threads.add(threading.current_thread().name)
        return range(start, stop)


def text(model: WindowedModel[int], row: int) -> str:
    return str(model.index(row, 0).data())


def test_a_row_arrives_after_it_was_looked_at(qtbot: QtBot, theme: Theme, workers: Workers) -> None:
    numbers = Numbers()
    model = WindowedModel(COLUMNS, theme, workers, numbers.fetch)
    model.set_count(MILLION)
    assert text(model, 765_432) == WAITING
    qtbot.waitUntil(lambda: not model.waiting())
    assert text(model, 765_432) == "765432"
    assert all(name.startswith("read") for name in numbers.threads)
    assert numbers.read == [(765_432 // PAGE_ROWS * PAGE_ROWS, 765_432 // PAGE_ROWS * PAGE_ROWS + PAGE_ROWS)]


def test_rows_come_behind_those_that_are_here(qtbot: QtBot, theme: Theme, workers: Workers) -> None:
    numbers = Numbers()
    model = WindowedModel(COLUMNS, theme, workers, numbers.fetch)
    model.set_count(PAGE_ROWS + 10)
    for row in (0, PAGE_ROWS):
        text(model, row)
    qtbot.waitUntil(lambda: not model.waiting())
    numbers.read.clear()
    model.grow(3 * PAGE_ROWS)
    assert (model.rowCount(), text(model, 0)) == (3 * PAGE_ROWS, "0")
    assert text(model, PAGE_ROWS + 20) == WAITING
    qtbot.waitUntil(lambda: not model.waiting())
    assert text(model, PAGE_ROWS + 20) == str(PAGE_ROWS + 20)
    assert numbers.read == [(PAGE_ROWS, 2 * PAGE_ROWS)]


def test_a_page_asked_for_before_more_rows_came_is_not_taken_for_whole(
    qtbot: QtBot, theme: Theme, workers: Workers
) -> None:
    model = WindowedModel(COLUMNS, theme, workers, Numbers().fetch)
    model.set_count(10)
    text(model, 3)
    model.grow(PAGE_ROWS)
    text(model, PAGE_ROWS - 1)
    qtbot.waitUntil(lambda: not model.waiting())
    qtbot.waitUntil(workers.idle)
    assert text(model, PAGE_ROWS - 1) == str(PAGE_ROWS - 1)


def test_a_view_at_rest_has_the_pages_beside_it_read(qtbot: QtBot, theme: Theme, workers: Workers) -> None:
    numbers = Numbers()
    model = WindowedModel(COLUMNS, theme, workers, numbers.fetch)
    model.set_count(MILLION)
    model.look(10 * PAGE_ROWS + 3, 10 * PAGE_ROWS + 20)
    qtbot.waitUntil(lambda: {start // PAGE_ROWS for start, _ in numbers.read} == {9, 10, 11})
    qtbot.waitUntil(lambda: not model.waiting())
    before = len(numbers.read)
    assert model.line(11 * PAGE_ROWS + 1)[0] == (str(11 * PAGE_ROWS + 1), None)
    assert len(numbers.read) == before


def test_dragging_over_everything_keeps_little_and_ends_where_one_stops(
    qtbot: QtBot, theme: Theme, workers: Workers
) -> None:
    numbers = Numbers()
    model = WindowedModel(COLUMNS, theme, workers, numbers.fetch)
    model.set_count(MILLION)
    for row in range(0, MILLION, 1000):
        text(model, row)
    text(model, MILLION - 1)
    qtbot.waitUntil(lambda: text(model, MILLION - 1) == str(MILLION - 1))
    assert len(model._pages) <= PAGES_KEPT
    assert len(numbers.read) < 1000


def test_another_count_forgets_what_was_on_its_way(qtbot: QtBot, theme: Theme, workers: Workers) -> None:
    model = WindowedModel(COLUMNS, theme, workers, Numbers().fetch)
    model.set_count(MILLION)
    text(model, 5)
    model.set_count(3)
    assert text(model, 2) == WAITING
    qtbot.waitUntil(lambda: text(model, 2) == "2")
    assert model.index(5, 0).data() is None


def test_a_refusal_is_told_and_the_page_can_be_asked_for_again(
    qtbot: QtBot, theme: Theme, workers: Workers
) -> None:
    fail = [True]

    def fetch(start: int, stop: int) -> Sequence[int]:
        if fail[0]:
            raise LedgerError("the database is locked", code="locked")
        return range(start, stop)

    model = WindowedModel(COLUMNS, theme, workers, fetch)
    model.set_count(10)
    with qtbot.waitSignal(model.failed):
        text(model, 1)
    fail[0] = False
    qtbot.waitUntil(lambda: text(model, 1) == "1")


def test_the_model_keeps_qts_rules_and_shows_in_a_table(
    qtbot: QtBot, theme: Theme, workers: Workers, qtmodeltester: ModelTester
) -> None:
    model = WindowedModel(COLUMNS, theme, workers, Numbers().fetch)
    table = DataTable(theme, model, "numbers")
    qtbot.addWidget(table)
    table.show()
    model.set_count(1000)
    qtmodeltester.check(model)
    qtbot.waitUntil(lambda: text(model, 0) == "0" and not model.waiting())
    assert model.headerData(1, Qt.Orientation.Horizontal) == "square"


def test_rows_in_memory_keep_qts_rules_also_when_sorted(theme: Theme, qtmodeltester: ModelTester) -> None:
    model = RowsModel[int](COLUMNS, theme)
    model.set_rows(range(40))
    qtmodeltester.check(model)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.set_rows(())
    model.set_rows(range(3))


def test_the_bare_table_of_the_benchmark_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(Trivial(50))


def test_no_model_of_the_window_is_left_untested() -> None:
    """Whoever adds a model adds it above, and here."""
    gui = Path(__file__).parents[2] / "gui"
    said = re.compile(r"^class (\w+)\(Q(?:Abstract|Standard|Sort|Identity|String)\w*Model\b", re.MULTILINE)
    found = {name for path in gui.rglob("*.py") for name in said.findall(path.read_text(encoding="utf-8"))}
    assert found == {"RowsModel", "WindowedModel", "Trivial"}


def test_a_click_on_a_title_is_told_to_who_fetches_the_rows(
    qtbot: QtBot, theme: Theme, workers: Workers
) -> None:
    model = WindowedModel(COLUMNS, theme, workers, Numbers().fetch)
    table = DataTable(theme, model, "numbers")
    qtbot.addWidget(table)
    told: list[tuple[int, bool]] = []
    model.sort_asked.connect(lambda column, descending: told.append((column, descending)))
    table.sort_by(1, descending=True)
    assert told[-1] == (1, True)


def test_rows_that_came_with_the_count_are_not_read_again(
    qtbot: QtBot, theme: Theme, workers: Workers
) -> None:
    numbers = Numbers()
    model = WindowedModel(COLUMNS, theme, workers, numbers.fetch)
    model.set_count(MILLION, range(PAGE_ROWS))
    assert text(model, 3) == "3"
    assert numbers.read == []


def test_the_view_paints_the_same_words_that_the_roles_tell(qtbot: QtBot, theme: Theme) -> None:
    columns = (
        Column[int]("n", str),
        Column[int]("kind", lambda n: f"k{n}", kind=lambda n: "bad" if n % 2 else "ok"),
    )
    model = RowsModel[int](columns, theme)
    model.set_rows(range(3))
    told = [[model.index(row, column).data() for column in range(2)] for row in range(3)]
    assert [[words for words, _ in model.line(row)] for row in range(3)] == told
    assert [model.line(row)[1][1] for row in range(3)] == ["ok", "bad", "ok"]
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert model.line(0)[0] == ("2", None)


def test_a_row_that_arrives_or_changes_is_painted_anew(qtbot: QtBot, theme: Theme, workers: Workers) -> None:
    model = WindowedModel(COLUMNS, theme, workers, Numbers().fetch)
    table = DataTable(theme, model, "numbers")
    qtbot.addWidget(table)
    table.resize(300, 300)
    table.show()
    model.set_count(MILLION)
    waiting = table.view.viewport().grab().toImage()
    qtbot.waitUntil(lambda: not model.waiting())
    top = table.view.viewport().grab().toImage()
    assert top != waiting
    table.view.verticalScrollBar().setValue(500_000 * table.view.rowHeight(0))
    qtbot.waitUntil(lambda: model.row(500_000) is not None and not model.waiting())
    assert table.view.viewport().grab().toImage() != top
    table.view.verticalScrollBar().setValue(0)
    assert table.view.viewport().grab().toImage() == top
    narrow = table.view.columnWidth(0)
    table.view.setColumnWidth(0, narrow + 60)
    assert table.view.viewport().grab().toImage() != top


def test_a_painted_table_shows_its_selection_and_ends_at_its_last_row(qtbot: QtBot, theme: Theme) -> None:
    model = RowsModel[int]((Column[int]("n", str),), theme)
    model.set_rows(range(2))
    table = DataTable(theme, model, "numbers")
    qtbot.addWidget(table)
    table.resize(300, 300)
    table.show()
    plain = table.view.viewport().grab().toImage()
    table.view.selectRow(0)
    chosen = table.view.viewport().grab().toImage()
    row = table.view.rowHeight(0)
    ground = theme.colour("selection").rgb()
    assert chosen.pixel(200, row // 2) == ground != plain.pixel(200, row // 2)
    assert chosen.pixel(200, row + row // 2) == plain.pixel(200, row + row // 2)
    below = chosen.pixel(200, 2 * row + 20)
    assert below == theme.colour("surface").rgb()
