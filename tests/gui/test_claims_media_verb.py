"""`claims` on a recording keeps the contract: when from and to, where, the evidence; `-` takes one too."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path

import pytest
from recordings import Line, need_media, write_recording
from verbs import run


def test_a_recording_gives_its_findings_with_times_box_and_clip_also_from_the_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    need_media()
    path = write_recording(tmp_path / "live.mp4", [Line("吃了能治疗高血压", 1, 2)], 2.5)
    code, told = run(capsys, tmp_path, "claims", path, "--category", "food", "--clips", tmp_path / "clips")
    assert (code, told["kind"]) == (1, "recording")
    (found,) = told["findings"]
    assert found["at"] == "00:00:01.000"
    assert found["end"] == found["until"] == "00:00:02.000"
    assert found["statute"].startswith("广告法 17")
    left, top, right, bottom = found["box"]
    assert 60 < left < right < 420
    assert 270 < top < bottom < 340
    clip = Path(found["clip"]["file"]).read_bytes()
    assert sha256(clip).hexdigest() == found["clip"]["sha256"]
    piped = io.TextIOWrapper(io.BytesIO(path.read_bytes()))
    monkeypatch.setattr("sys.stdin", piped)
    code, again = run(capsys, tmp_path, "claims", "-", "--category", "food")
    assert code == 1
    assert [row["at"] for row in again["findings"]] == [found["at"]]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_text_in_an_old_encoding_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("吃它能治疗高血压\n".encode(encoding))
    code, told = run(capsys, tmp_path, "claims", file)
    assert (code, told["findings"][0]["at"]) == (1, "1:3")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "what.txt"
    file.write_bytes(bytes(range(256)) * 9)
    code, told = run(capsys, tmp_path, "claims", file)
    assert (code, told["error"]["code"]) == (2, "file-not-text")
