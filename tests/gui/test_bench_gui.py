"""`bench gui` measures the real window in processes of its own, and its table is whole."""

from __future__ import annotations

import os
import sys
from itertools import accumulate, chain, count
from pathlib import Path

import pytest

import main
from gui.benchmarks import _calm as calm
from gui.benchmarks import gui as bench
from gui.benchmarks.desktop.flows import apart
from gui.benchmarks.desktop.stage import ledger_of

WANTED = (
    "first frame",
    "first page",
    "longest stall, every page opened first",
    "longest stall, every page opened again",
    "longest stall, in every flow",
    "the window's own work",
    "until its data is painted",
    "memory with every page",
    "painted verdict",
    "timer while scanning",
    "while scrolling",
    "while jumping",
    "its own rows are painted",
    "first rows",
    "sorted by name",
    "two characters of a name",
    "the watch list",
    "stall while asking",
    "memory the page adds",
)


@pytest.mark.torture
def test_the_table_names_every_measurement_and_its_bar(capfd: pytest.CaptureFixture[str]) -> None:
    rows = bench.rows(entries=3_000, starts=1)
    for what in WANTED:
        found = [row for row in rows if what in row["what"]]
        assert found, what
        assert all(row["ours"] > 0 and row["ratio"] > 0 for row in found if "memory the page" not in what)


def test_a_bare_window_shows_and_ends(tmp_path: Path) -> None:
    assert float(bench._run(str(tmp_path), "first_frame", "bare")) > 0


def test_the_terminal_that_measures_the_window_loads_no_qt() -> None:
    import subprocess

    words = "import sys, gui.terminal, gui.benchmarks.gui; print('PySide6' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", words], cwd=bench.ROOT, capture_output=True, text=True)
    assert said.stdout.strip() == "False"


def test_what_the_host_took_is_read_where_somebody_says_it(tmp_path: Path) -> None:
    said = tmp_path / "stat"
    said.write_text("cpu  10 0 10 500 0 0 0 250 0 0\n", encoding="ascii")
    assert calm.stolen_s(said) == 250 / os.sysconf("SC_CLK_TCK")
    said.write_text("cpu  10 0 10\n", encoding="ascii")
    assert calm.stolen_s(said) is None
    assert calm.stolen_s(tmp_path / "none") is None


def runs_of(*stolen: float) -> tuple[calm.Run[int], int]:
    """Make runs of a second in which the host takes so much, and number them."""
    numbers, seconds, sums = count(), count(), accumulate(chain.from_iterable((0.0, each) for each in stolen))
    return calm.calmest(lambda: next(numbers), 3, lambda: next(sums), lambda: float(next(seconds)))


def test_the_run_the_host_took_least_from_is_kept_and_a_calm_one_ends_it() -> None:
    kept, runs = runs_of(0.3, 0.1, 0.2)
    assert (kept.result, round(kept.share, 6), runs) == (1, 0.1, 3)
    kept, runs = runs_of(0.3, 0.0, 0.2)
    assert (kept.result, kept.share, runs) == (1, 0.0, 2)


def test_where_nobody_says_what_the_host_took_one_run_is_enough() -> None:
    numbers = count()
    kept, runs = calm.calmest(lambda: next(numbers), 3, lambda: None)
    assert (kept.result, kept.stolen_s, runs) == (0, None, 1)


def test_what_is_walked_again_begins_with_the_same_ledger(tmp_path: Path) -> None:
    ledger_of(tmp_path).mkdir()
    (ledger_of(tmp_path) / "ledger.db").write_text("as it was")
    for _ in range(2):
        kept = ledger_of(apart(tmp_path)) / "ledger.db"
        assert kept.read_text() == "as it was"
        kept.write_text("walked over")


@pytest.mark.torture
def test_a_part_is_measured_alone(capfd: pytest.CaptureFixture[str]) -> None:
    frame, page, *_ = bench.rows(starts=1, parts=["start"])
    assert ("first frame" in frame["what"], "first page" in page["what"]) == (True, True)


def test_a_group_without_such_a_part_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["bench", "gui", "--part", "lunch"]) == 2
    assert "merchants" in capsys.readouterr().err


def test_our_frames_stand_beside_those_of_a_bare_table() -> None:
    made = [bench.row("a million: a frame while scrolling, p95 (ms)", 5.0, 16.7), bench.row("else", 1.0, 2.0)]
    (found,) = bench.beside_bare(made, {"scrolling": 20.0, "jumping": 30.0})
    assert (found["peer"], found["ratio"]) == ("bare Qt table: 20.0", 0.25)
