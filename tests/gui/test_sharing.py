"""While somebody works in the window the interpreter never stops to look through everything it holds."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from gui.sharing import share_interpreter
from gui.sweeping import MANY, Sweeper


class Knot:
    """Something only a sweep can free: it holds itself."""

    def __init__(self) -> None:
        self.myself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)
    gc.unfreeze()


@pytest.fixture
def owner() -> QObject:
    return QObject()


def test_however_much_is_made_no_full_sweep_comes_by_itself() -> None:
    swept = set[int]()

    def note(phase: str, info: dict[str, int]) -> None:
        swept.add(info["generation"])

    share_interpreter()
    gc.callbacks.append(note)
    try:
        kept = [[number] for number in range(600_000)]
    finally:
        gc.callbacks.remove(note)
    assert len(kept) == 600_000
    assert swept == {0, 1}


def test_the_window_asks_for_its_turn_sooner_than_a_reader_lets_go_by_itself() -> None:
    share_interpreter()
    assert sys.getswitchinterval() <= 0.000_101


def test_what_nobody_can_reach_is_freed_once_the_window_is_left(qapp: QApplication, owner: QObject) -> None:
    sweeper = Sweeper(qapp, owner)
    knot = Knot()
    seen = weakref.ref(knot)
    sweeper.settle()
    del knot
    gc.collect()
    assert seen() is not None
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert seen() is None


def test_what_is_new_is_swept_only_once_the_work_that_made_it_has_ended(
    qapp: QApplication, owner: QObject
) -> None:
    working = True
    sweeper = Sweeper(qapp, owner, lambda: not working)
    knot = Knot()
    seen = weakref.ref(knot)
    for _ in range(MANY + 1):
        gc.collect(1)
    del knot
    sweeper.look()
    kept = seen() is not None
    working = False
    sweeper.look()
    assert (kept, seen()) == (True, None)


def test_at_the_end_the_interpreter_sweeps_as_it_likes(qapp: QApplication, owner: QObject) -> None:
    sweeper = Sweeper(qapp, owner)
    sweeper.settle()
    assert gc.get_freeze_count() > 0
    sweeper.close()
    assert gc.get_freeze_count() == 0
