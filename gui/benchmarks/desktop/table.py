"""Scroll a table and jump about in it, and say what a frame took; a bare Qt table as the peer.

A frame is: the scroll bar moves, the window does what it has to, and the whole view is painted (once more if
the window already painted part of it). A jump's frame may show rows still on their way; how long until the
real rows are painted is measured apart. Strides visit the whole table and repeat nothing soon.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from gui.benchmarks.desktop.stage import share, wait

FRAME_MS, FRAMES, JUMPS = 1000 / 60, 400, 60
ROWS_A_FRAME = 3
STRIDE = 7_368_787
COLUMNS, ROW_PX, SIZE = 6, 38, (1040, 690)


def frames(view: QTableView, jumping: bool) -> list[float]:
    """Return what every frame took (ms) while the table is scrolled or jumped about in."""
    bar, took, place = view.verticalScrollBar(), [], 0
    for number in range(FRAMES):
        place = number * STRIDE % bar.maximum() if jumping else place + ROWS_A_FRAME * view.rowHeight(0)
        begun = time.perf_counter()
        bar.setValue(place)
        QCoreApplication.processEvents()
        view.viewport().repaint()
        took.append((time.perf_counter() - begun) * 1000)
        rest(begun + FRAME_MS / 1000)
    return took


def rows_after_jumps(view: QTableView, here: Callable[[int], bool]) -> list[float]:
    """Return how long after each jump the rows jumped to were painted (ms); `here` knows a row's arrival."""
    bar, took = view.verticalScrollBar(), []
    for number in range(1, JUMPS + 1):
        begun = time.perf_counter()
        bar.setValue((number * STRIDE + STRIDE // 2) % bar.maximum())
        rows = (view.rowAt(0), view.rowAt(view.viewport().height() - 1))
        wait(partial(_all_here, here, rows))
        view.viewport().repaint()
        took.append((time.perf_counter() - begun) * 1000)
        rest(time.perf_counter() + 0.05)
    return took


def rest(until: float) -> None:
    """Let the window live until then."""
    wait(lambda: time.perf_counter() >= until)


class Trivial(QAbstractTableModel):
    """As little as a model can do: as many rows and columns as ours, a short text made in each cell."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else self._rows

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else COLUMNS

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a cell's text."""
        return f"{index.row()} 批次" if role == Qt.ItemDataRole.DisplayRole else None


def bare(rows: int) -> dict[str, float]:
    """Return the 95th percentile of a bare Qt table's frames: no style sheet, no ledger."""
    app = QApplication.instance() or QApplication([])
    view, model = QTableView(), Trivial(rows)
    view.setModel(model)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(ROW_PX)
    view.resize(*SIZE)
    view.show()
    app.processEvents()
    found = {name: share(frames(view, name == "jumping"), 0.95) for name in ("scrolling", "jumping")}
    view.close()
    return found


def _all_here(here: Callable[[int], bool], rows: tuple[int, ...]) -> bool:
    return all(map(here, rows))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bare(int(sys.argv[2]))))
