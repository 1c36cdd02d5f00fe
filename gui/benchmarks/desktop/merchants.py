"""Print how the merchants' page bears a million of them: frames, first rows, filters, orders, memory.

The rows are made up and stand in the views alone, beside no ledger: what the page asks of the database, and
what it paints, is what it would ask and paint of folded ones.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from gui.benchmarks.desktop.million import measured
from gui.benchmarks.desktop.stage import Beat, end, ledger_of, memory_mb, open_shell, row, wait
from gui.regulator.merchantcolumns import SCORE, SORTS
from gui.screens import settle

SECOND_MS = 1000.0
PIECES = "青禾绿源丰实长风清河云栖碧湾果源海丰平路禾田老巷江畔便民金旺新芽东市西街南桥北门中山滨河"
KINDS = ("专业合作社", "超市", "粮行", "水产批发", "果蔬店", "生鲜", "加工厂", "冷链物流")
TRADES = ("rice", "fruit", "seafood", "grocery", "transport")
DAY_US = 86_400 * 10**6
PRIMES = (40_503, 48_271, 16_807, 25_713, 60_493, 22_699, 52_711)
"""Steps that spread numbers evenly: made-up rows look drawn, and are the same in every run."""


def main(folder: Path, merchants: int) -> None:
    """Fill, show, scroll, jump, sort, filter, search, print."""
    fill(ledger_of(folder) / "views.db", merchants)
    shell, workspace = open_shell(folder, "regulator", "ledger")
    # These rows belong to no ledger: bringing them to the present would put the real ones among them.
    workspace.merchants.refresh_board = lambda _cancelled: False
    settle(shell)
    before, begun = memory_mb(), time.perf_counter()
    shell.open("merchants")
    page: Any = shell.current
    wait(lambda: page.model.rowCount() == merchants and page.model.row(0) is not None)
    page.table.view.viewport().repaint()
    first = (time.perf_counter() - begun) * 1000
    settle(shell)
    what = f"{merchants} merchants"
    rows = measured(what, Beat(shell), page.table.view, page.model)
    rows += [row(f"{what}: the page's first rows (ms)", first, 100.0), *answers(what, shell, page)]
    rows.append(row(f"{what}: memory the page adds (MB)", memory_mb() - before, 120.0))
    end(shell, workspace, rows)


def answers(what: str, shell: Any, page: Any) -> list[dict[str, Any]]:
    """Return how long each question took until its first rows were painted, and the longest stall."""
    view, chips = page.table.view, page.filter.chips.buttons
    column = {name: place for place, name in enumerate(SORTS)}
    ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
    asked: dict[str, Callable[[], object]] = {
        "sorted by name": lambda: view.sortByColumn(column["name"], ascending),
        "sorted by last inspection": lambda: view.sortByColumn(column["last_inspection"], descending),
        "sorted by score": lambda: view.sortByColumn(SCORE, ascending),
        "grade B": lambda: chips["B"].click(),
        "grade B, sorted by name": lambda: view.sortByColumn(column["name"], ascending),
        "all grades again": lambda: chips[""].click(),
        "two characters of a name": lambda: page.filter.search.setText("丰实"),
        "the watch list": lambda: (page.filter.choose(text=""), page.filter.watched.setChecked(True)),
    }
    beat, rows, late = Beat(shell), [], []
    for name, ask in asked.items():
        beat.start()
        begun = time.perf_counter()
        before = page.listed
        ask()
        wait(partial(_answered, page, before))
        view.viewport().repaint()
        took = (time.perf_counter() - begun) * 1000
        settle(shell)
        late += beat.stop()
        rows.append(row(f"{what}: {name}, until painted (ms)", took, SECOND_MS))
    return [*rows, row(f"{what}: longest stall while asking (ms)", max(late), 100.0)]


def _answered(page: Any, before: Any) -> bool:
    return page.listed is not before and (not page.listed.count or page.model.row(0) is not None)


def fill(path: Path, merchants: int) -> None:
    """Make up so many merchants in the views file."""
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA journal_mode=OFF")
        base.execute("PRAGMA synchronous=OFF")
        kept = "SELECT sql FROM sqlite_master WHERE type='index' AND tbl_name LIKE 'board%' AND sql NOT NULL"
        indexes = [sql for (sql,) in base.execute(kept)]
        for sql in indexes:
            base.execute(f"DROP INDEX {sql.split()[sql.split().index('INDEX') + 1]}")
        for table in ("board", "board_order", "board_stamp"):
            base.execute(f"DELETE FROM {table}")
        base.execute("CREATE TEMP TABLE made (number, name, trade, score, grade, trend, waiting, visit)")
        base.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _made(merchants))
        base.execute(
            'INSERT INTO board ("index", party, name, category, grade, score, low, high, trend,'
            " complaints_open, last_inspection, thin, search)"
            " SELECT number, 'urn:made:' || number, name, trade, grade, score, coalesce(score, 0) - 30,"
            " coalesce(score, 0) + 30, trend, waiting, visit, 0,"
            " name || ' urn:made:' || number || ' ' || trade FROM made"
        )
        base.create_function("name_key", 1, lambda name: name.encode("gb18030").hex(), deterministic=True)
        base.execute(
            "INSERT INTO board_order SELECT number, grade, trade, 'merchant', grade = 'D' OR waiting > 0, 0,"
            " name_key(name), name_key(name), instr('NRDCBA', substr(grade, 1, 1)) * 10000"
            " + coalesce(score, 0), coalesce(score, 1000000), coalesce(score - 30, 1000000),"
            " coalesce(trend, 0), waiting, visit FROM made"
        )
        base.execute("INSERT INTO board_stamp VALUES (1, 'made')")
        for sql in indexes:
            base.execute(sql)


def _made(merchants: int) -> Iterator[tuple[object, ...]]:
    for number in range(merchants):
        spread = [number * prime % 65_521 / 65_521 for prime in PRIMES]
        name = "".join(PIECES[int(part * len(PIECES))] for part in spread[:4]) + KINDS[number % len(KINDS)]
        score = None if number % 10 == 3 else int(300 + 180 * sum(spread[4:7]))
        grade = "NR" if score is None else "DCBA"[(score >= 450) + (score >= 580) + (score >= 680)]
        trend = None if score is None else round(60 * (spread[3] + spread[5]) - 60)
        visit = (20_000 + int(700 * spread[6])) * DAY_US
        yield number, name, TRADES[number % 5], score, grade, trend, int(number % 20 == 0), visit


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
