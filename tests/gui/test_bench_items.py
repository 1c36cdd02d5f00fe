"""`bench items` prints its rows with a bar and a ratio each."""

from __future__ import annotations

from gui.benchmarks import items


def test_both_rows_hold_their_bar_with_room_on_a_busy_machine() -> None:
    rows = items.rows(count=200)
    assert [row["peer_name"] for row in rows] == ["bar", "bar"]
    assert all(row["ratio"] < 10 for row in rows)
