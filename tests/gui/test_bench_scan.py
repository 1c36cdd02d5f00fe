"""The table of `bench scan` has its rows, with peers named only where they are installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gui.benchmarks._spoilt import KINDS, spoilt
from gui.benchmarks.labels import rows as label_rows
from gui.benchmarks.scan import Case, frame_row, outcome, peers, pictures, rows, set_rows
from gui.labels import Label, write_labels


def test_photos_with_their_text_beside_them_are_measured(tmp_path: Path) -> None:
    write_labels([Label("https://id.gs1.org/01/09521234543213/10/A")], tmp_path / "label.png")
    (tmp_path / "label.txt").write_text("https://id.gs1.org/01/09521234543213/10/A")
    (tmp_path / "stray.png").write_bytes((tmp_path / "label.png").read_bytes())
    cases = list(pictures(tmp_path))
    assert len(cases) == 4
    table = set_rows("photos", cases, 93.0)
    assert [row["ours"] for row in table[:3]] == [0, 100.0, 100.0]
    assert len(table) == 4 + 3 * len(peers()) + 1


def test_every_row_says_what_ours_peer_and_ratio() -> None:
    assert set(frame_row()) == {"what", "ours", "peer", "ratio"}


def test_without_photos_there_are_still_rows(tmp_path: Path) -> None:
    said: list[str] = []
    assert len(rows(said.append, tmp_path / "none", 0)) == 1
    assert "no photos" in said[0]


def test_a_spoilt_label_is_the_same_one_every_time() -> None:
    for kind in KINDS:
        [one], [again] = list(spoilt(kind, 1)), list(spoilt(kind, 1))
        assert (one.grey == again.grey).all()
        assert one.texts == again.texts
        assert len(set(one.texts)) == len(one.texts)


def test_a_kind_weighs_the_same_however_many_pictures_it_has() -> None:
    grey = np.zeros((8, 8), np.uint8)
    found = outcome([Case(grey, ("a",), "x")] * 3 + [Case(grey, ("b",), "y")], lambda _: {"a"})
    assert (found.share, found.macro, found.wrong) == (75.0, 50.0, 1)
    strange = outcome([Case(grey, ("b",), "y")], lambda _: {"a", "b"}, all_told=False)
    assert strange.wrong == 0


def test_labels_are_measured_beside_the_bar_and_the_library() -> None:
    table = label_rows(count=6)
    assert [row["peer"].split(":")[0] for row in table] == ["bar", "bar", "bar", "QPdfWriter", "qrcode"]
    assert [row["ours"] for row in table[1:3]] == [6, 6]
    assert table[4]["ratio"] < 1
