"""Work happens elsewhere, its result arrives here, and never at a widget that is gone."""

from __future__ import annotations

import sys
import threading
from functools import partial

import pytest
import shiboken6
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.workers import Workers
from ledger.errors import LedgerError, Problem


def test_a_result_arrives_on_the_gui_thread(qtbot: QtBot, workers: Workers) -> None:
    seen: list[tuple[str, str]] = []
    workers.read(
        lambda: threading.current_thread().name,
        lambda name: seen.append((name, threading.current_thread().name)),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0].startswith("read")
    assert seen[0][1] == threading.current_thread().name


def test_writes_happen_one_after_another_in_the_order_asked(qtbot: QtBot, workers: Workers) -> None:
    order: list[int] = []
    with qtbot.waitSignals([workers.written] * 20):
        for number in range(20):
            workers.write(partial(order.append, number), lambda _: None)
    assert order == list(range(20))


def test_a_result_for_a_dead_widget_is_dropped(qtbot: QtBot, workers: Workers) -> None:
    gate = threading.Event()
    seen: list[bool] = []
    owner = QWidget()
    workers.read(gate.wait, seen.append, owner=owner)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(owner))
    gate.set()
    qtbot.waitUntil(workers.idle)
    assert seen == []


def test_a_cancelled_result_is_dropped(qtbot: QtBot, workers: Workers) -> None:
    gate = threading.Event()
    seen: list[bool] = []
    job = workers.read(gate.wait, seen.append)
    job.cancel()
    gate.set()
    qtbot.waitUntil(workers.idle)
    assert seen == []


def test_a_refusal_goes_to_whoever_asked_and_else_to_the_window(qtbot: QtBot, workers: Workers) -> None:
    def refuse() -> None:
        raise LedgerError("the disk is full", code="disk-full")

    asked: list[Problem] = []
    told: list[Problem] = []
    workers.unhandled = told.append
    workers.read(refuse, lambda _: None, asked.append)
    workers.write(refuse, lambda _: None)
    qtbot.waitUntil(workers.idle)
    assert [p.code for p in asked] == [p.code for p in told] == ["disk-full"]


def test_our_own_mistake_is_reported_as_a_crash(
    qtbot: QtBot, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: crashes.append(kind))
    told: list[Problem] = []
    workers.read(lambda: dict[str, int]()["missing"], lambda _: None, told.append)
    qtbot.waitUntil(workers.idle)
    assert crashes == [KeyError]
    assert [p.code for p in told] == ["program-bug"]


def test_progress_arrives_here_and_ends_with_the_newest(qtbot: QtBot, workers: Workers) -> None:
    seen: list[int] = []
    send = workers.relay(seen.append)

    def work() -> None:
        for number in range(2000):
            send(number)

    workers.read(work, lambda _: None)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == 1999)
    assert seen == sorted(seen)


def test_signals_keep_their_references_to_true_and_none(qtbot: QtBot, workers: Workers) -> None:
    """PySide6 6.12 loses a reference on every emission and aborts after some hundreds."""
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(2000):
        workers.busy.emit(True)
        workers._finished.disconnect()
        workers._finished.connect(workers._deliver)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert after[0] >= before[0] - 50
    assert after[1] >= before[1] - 50


def test_closing_asks_a_long_look_to_stop_and_waits_for_it(qtbot: QtBot) -> None:
    made = Workers()
    known, never, ended = threading.Event(), threading.Event(), list[bool]()

    def look() -> None:
        known.wait()
        # As an audit does: it works on and looks now and then whether anybody still wants it.
        for _ in range(3000):
            if job.cancelled() or never.wait(0.01):
                break
        ended.append(job.cancelled())

    job = made.read(look, lambda _: None)
    known.set()
    made.close()
    assert ended == [True]


def test_what_an_opening_page_asks_for_begins_once_the_page_is_painted(
    qtbot: QtBot, workers: Workers
) -> None:
    seen = list[str]()

    class Page(QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:
            seen.append("painted")

    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    page = Page(window)
    workers.after_painting(page)
    workers.read(lambda: seen.append("asked"), lambda _: seen.append("answered"))
    assert not workers.idle()
    page.show()
    qtbot.waitUntil(workers.idle)
    assert seen.index("painted") < seen.index("asked") < seen.index("answered")


def test_what_the_database_alone_works_on_begins_beside_the_laying_out(
    qtbot: QtBot, workers: Workers
) -> None:
    page, seen, begun = QWidget(), list[str](), threading.Event()
    qtbot.addWidget(page)
    workers.after_painting(page)
    workers.read(lambda: seen.append("held"), lambda _: None)
    workers.read(begun.set, lambda _: None, early=True)
    # This thread is laying out and painting nothing yet.
    assert begun.wait(5)
    assert seen == []
    page.show()
    qtbot.waitUntil(workers.idle)
    assert seen == ["held"]


def test_what_waits_for_a_picture_is_not_lost_when_the_window_closes(qapp: QApplication) -> None:
    workers, written = Workers(), list[int]()
    workers.after_painting(workers)
    workers.write(lambda: written.append(1), lambda _: None)
    workers.close()
    assert written == [1]


def test_a_page_nobody_sees_gets_its_answers_too(qtbot: QtBot, workers: Workers) -> None:
    page, seen = QWidget(), list[str]()
    qtbot.addWidget(page)
    workers.after_painting(page)
    workers.read(lambda: "answered", seen.append)
    qtbot.waitUntil(lambda: seen == ["answered"])
