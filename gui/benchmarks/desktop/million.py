"""Print how the ledger's page bears a million entries: frames, first paint, memory.

The entries are copies of real ones under other numbers, in a ledger file of their own: what is read, opened
and worded for a row is what would be read of a real one.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from gui.benchmarks.desktop.stage import Beat, end, ledger_of, memory_mb, open_shell, row, share, wait
from gui.benchmarks.desktop.table import FRAME_MS, frames, rows_after_jumps
from gui.screens import settle

COPIED = 64


def main(folder: Path, entries: int) -> None:
    """Fill, show, scroll, jump, print."""
    fill(ledger_of(folder) / "ledger.db", entries)
    shell, workspace = open_shell(folder, "regulator", "merchants")
    settle(shell)
    head, before = workspace.log.checkpoint(), memory_mb()
    begun = time.perf_counter()
    workspace.log.checkpoint = lambda: replace(head, size=entries)
    shell.open("ledger")
    page: Any = shell.current
    wait(lambda: page.model.rowCount() == entries and page.model.row(0) is not None)
    page.table.view.viewport().repaint()
    first = (time.perf_counter() - begun) * 1000
    rows = measured(f"{entries} entries", Beat(shell), page.table.view, page.model)
    rows += [
        row(f"{entries} entries: the page's first rows (ms)", first, 100.0),
        row(f"{entries} entries: memory the page adds (MB)", memory_mb() - before, 120.0),
    ]
    end(shell, workspace, rows)


def measured(what: str, beat: Beat, view: Any, model: Any) -> list[dict[str, Any]]:
    """Return the rows about a page's table: its frames, its jumps, the longest stall meanwhile."""
    rows, late = [], []
    for name in ("scrolling", "jumping"):
        beat.start()
        took = frames(view, name == "jumping")
        late += beat.stop()
        rows.append(row(f"{what}: a frame while {name}, p95 (ms)", share(took, 0.95), FRAME_MS))
    beat.start()
    arrived = rows_after_jumps(view, lambda place: model.row(place) is not None)
    late += beat.stop()
    return [
        *rows,
        row(f"{what}: a jump until its own rows are painted, p95 (ms)", share(arrived, 0.95), 100.0),
        row(f"{what}: longest stall meanwhile (ms)", max(late), 100.0),
    ]


def fill(path: Path, entries: int) -> None:
    """Let the ledger file hold that many rows (its signed head stays as it is; the page is told)."""
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA journal_mode=OFF")
        base.execute("PRAGMA synchronous=OFF")
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            base.execute(f"DROP TRIGGER {name}")
        # Two indexes would cost most of a minute, and no page of rows asks them.
        for name in ("entry_author", "entry_by_hash", "entry_by_event", "entry_by_type"):
            base.execute(f"DROP INDEX IF EXISTS {name}")
        (size,) = base.execute("SELECT count(*) FROM entry").fetchone()
        base.execute(
            "CREATE TEMP TABLE short AS SELECT * FROM entry ORDER BY length(leaf) LIMIT ?", (COPIED,)
        )
        base.execute(
            "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
            " INSERT INTO entry SELECT i, leaf, leaf_hash, chain_hash, entry_hash, event_hash, type, party,"
            " key_id, seq, record_time, event_time FROM n JOIN short ON short.rowid = 1 + i % ?",
            (size, entries, COPIED),
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
