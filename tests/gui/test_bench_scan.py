"""The table of `bench scan` has its rows, with peers named only where they are installed."""

from __future__ import annotations

from pathlib import Path

from gui.benchmarks.labels import rows as label_rows
from gui.benchmarks.scan import frame_row, peers, photo_rows, pictures, rows
from gui.labels import Label, write_labels


def test_photos_with_their_text_beside_them_are_measured(tmp_path: Path) -> None:
    write_labels([Label("https://id.gs1.org/01/09521234543213/10/A")], tmp_path / "label.png")
    (tmp_path / "label.txt").write_text("https://id.gs1.org/01/09521234543213/10/A")
    (tmp_path / "stray.png").write_bytes((tmp_path / "label.png").read_bytes())
    cases = list(pictures(tmp_path))
    assert len(cases) == 4
    table = photo_rows(cases)
    assert [row["ours"] for row in table[:2]] == [0, 100.0]
    assert len(table) == 2 + 2 * len(peers())


def test_every_row_says_what_ours_peer_and_ratio() -> None:
    assert set(frame_row()) == {"what", "ours", "peer", "ratio"}


def test_without_photos_there_are_still_rows(tmp_path: Path) -> None:
    said: list[str] = []
    assert len(rows(said.append, tmp_path / "none")) == 1
    assert "no photos" in said[0]


def test_labels_are_measured_beside_the_bar_and_the_library() -> None:
    table = label_rows(count=6)
    assert [row["peer"].split(":")[0] for row in table] == ["bar", "QPdfWriter", "qrcode"]
    assert table[2]["ratio"] < 1
