"""The parts say what they are given, in words, and tell what was chosen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.theme import Theme
from gui.widgets import (
    Badge,
    Banner,
    Chips,
    Column,
    DataTable,
    EmptyState,
    Field,
    FlowRow,
    Form,
    HashLabel,
    RowsModel,
    ScoreChart,
    ScorePoint,
    Timeline,
    TimelineItem,
    Toasts,
    Waterfall,
    WaterfallBar,
)
from gui.widgets.graph import Graph, GraphEdge, GraphNode
from gui.words import Words
from ledger.errors import EventInvalid, LedgerError


def test_a_form_says_what_is_wrong_beside_its_field_until_it_is_corrected(qtbot: QtBot, words: Words) -> None:
    form = Form(words)
    field = form.add("gtin", Field("GTIN", QLineEdit()))
    qtbot.addWidget(form)
    form.show()
    form.show_problem(EventInvalid("check digit", field="gtin", found="1", remedy="write 2"))
    assert "check digit" in field.problem.text()
    assert "write 2" in field.problem.text()
    qtbot.keyClicks(field.editor, "9")
    assert not field.problem.isVisible()
    form.show_problem(LedgerError("the disk is full"))
    assert form.problem.isVisible()


def test_a_hash_is_grouped_and_whole_for_screen_readers(qtbot: QtBot) -> None:
    long, short = HashLabel("9c1e" * 16), HashLabel("9c1e" * 16, short=True)
    qtbot.addWidget(long)
    qtbot.addWidget(short)
    assert long.text().startswith("9c1e 9c1e ")
    assert short.text() == "9c1e…9c1e"
    assert short.accessibleName() == "9c1e" * 16


def test_a_name_from_the_ledger_is_never_markup(qtbot: QtBot) -> None:
    badge = Badge("<b>bold</b>", "ok")
    qtbot.addWidget(badge)
    assert badge.textFormat() == Qt.TextFormat.PlainText


def test_chips_choose_one(qtbot: QtBot) -> None:
    chips = Chips([("", "All"), ("A", "A"), ("B", "B")])
    qtbot.addWidget(chips)
    with qtbot.waitSignal(chips.chosen) as signal:
        chips.buttons["B"].click()
    assert signal.args == ["B"]
    assert chips.current == "B"


def test_a_timeline_opens_its_stations_by_mouse_and_keyboard(qtbot: QtBot, theme: Theme) -> None:
    line = Timeline(theme, (TimelineItem("4月2日", "采摘", key="7"), TimelineItem("4月3日", "加工", key="8")))
    qtbot.addWidget(line)
    line.show()
    stations = [line.column.itemAt(i).widget() for i in range(2)]  # type: ignore[union-attr]
    with qtbot.waitSignal(line.opened) as clicked:
        qtbot.mouseClick(stations[0], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(line.opened) as typed:
        qtbot.keyClick(stations[1], Qt.Key.Key_Return)
    assert (clicked.args, typed.args) == (["7"], ["8"])


def test_charts_draw_gaps_and_single_points(qtbot: QtBot, theme: Theme) -> None:
    chart = ScoreChart(theme, (("A", 80), ("B", 65)))
    qtbot.addWidget(chart)
    for points in ((), (ScorePoint("2026-01", 86),), tuple(ScorePoint("m", v) for v in (70, None, 80, 90))):
        chart.show_points(points, "86")
        assert not chart.grab().isNull()
    fall = Waterfall(theme)
    qtbot.addWidget(fall)
    fall.show_bars((WaterfallBar("base", 0, 70, "70"), WaterfallBar("x", 70, 62, "−8", "why", "bad", "c")))
    with qtbot.waitSignal(fall.opened) as opened:
        qtbot.mouseClick(fall.column.itemAt(1).widget(), Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    assert opened.args == ["c"]


def test_rows_are_shown_sorted_and_opened(qtbot: QtBot, theme: Theme, qtmodeltester: ModelTester) -> None:
    columns = (
        Column[tuple[str, int]]("name", lambda r: r[0]),
        Column[tuple[str, int]](
            "n", lambda r: str(r[1]), kind=lambda r: "ok", order=lambda r: r[1], width=80
        ),
    )
    model = RowsModel(columns, theme)
    table = DataTable(theme, model, "rows", EmptyState(theme, "ledger", "nothing"))
    qtbot.addWidget(table)
    table.show()
    assert not table.view.isVisible()
    model.set_rows([("a", 10), ("b", 9), ("c", 100)])
    qtmodeltester.check(model)
    assert table.view.isVisible()
    table.sort_by(1)
    assert [row[1] for row in model.rows] == [9, 10, 100]
    table.view.setCurrentIndex(model.index(0, 0))
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [("b", 9)]


def test_toasts_stay_in_the_corner_and_never_more_than_three(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    toasts = Toasts(theme, window)
    window.show()
    for number in range(5):
        toasts.say(f"message {number}", "ok")
    assert toasts.column.count() == 3
    window.resize(1000, 700)
    assert toasts.geometry().right() <= 1000


def test_each_message_in_the_corner_has_room_for_its_words_at_once(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    theme.dress(window)
    qtbot.addWidget(window)
    window.resize(1000, 600)
    window.show()
    toasts = Toasts(theme, window)
    shown = []
    for number in range(3):
        toasts.say(f"message {number}", "info")
        items = [toasts.column.itemAt(place) for place in range(number + 1)]
        shown = [item.widget() for item in items if item is not None]
        heights = [(toast.height(), toast.sizeHint().height()) for toast in shown if toast is not None]
        assert all(height >= wanted for height, wanted in heights), heights
    assert [toast.isVisible() for toast in shown if toast is not None] == [True] * 3


def test_a_graph_spreads_over_its_room_and_asks_for_no_more_than_it_needs(qtbot: QtBot, theme: Theme) -> None:
    graph = Graph(theme)
    qtbot.addWidget(graph)
    nodes = [GraphNode(str(n), f"name {n}", "", n) for n in range(3)]
    graph.show_graph(nodes, [GraphEdge("0", "1"), GraphEdge("1", "2")], "three")
    needed, wide = graph.sizeHint(), dict[int, float]()
    for width in (1400, 1000, needed.width()):
        graph.resize(width, 300)
        graph.grab()
        places = list(graph._places.values())
        assert all(before.right() < after.left() for before, after in pairwise(places))
        assert places[-1].right() <= width
        wide[width] = places[0].width()
        assert graph.sizeHint() == needed
    assert wide[1400] >= wide[1000] > wide[needed.width()]


def test_a_flow_wraps_when_it_gets_narrow(qtbot: QtBot) -> None:
    row = FlowRow([Badge("word" * 4) for _ in range(6)])
    qtbot.addWidget(row)
    assert row.flow.heightForWidth(150) > row.flow.heightForWidth(2000)
    assert row.sizeHint().height() == row.flow.heightForWidth(2000)


@pytest.mark.parametrize("kind", ["ok", "attention", "bad", "info", "neutral"])
def test_a_banner_says_its_verdict_in_words(qtbot: QtBot, theme: Theme, kind: str) -> None:
    banner = Banner(theme, kind, "来源可信", "一项需要留意")
    qtbot.addWidget(banner)
    assert banner.accessibleName() == "来源可信"
    assert not banner.picture.pixmap().isNull()
