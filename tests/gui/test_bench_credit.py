"""`bench credit` measures what it says, on as many events as asked."""

from __future__ import annotations

from gui.benchmarks import credit


def test_every_row_has_a_figure_and_the_bars_hold_on_a_small_run() -> None:
    rows = credit.rows(events=4000)
    assert all(row["ours"] > 0 for row in rows)
    assert rows[0]["peer"] == "bar 60.000"
    assert rows[0]["ours"] < 60
    assert "one new event" in rows[1]["what"]
