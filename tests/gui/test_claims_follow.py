"""What is still being written is watched: findings as they happen, an end for every wait, a way to go on."""

from __future__ import annotations

import io
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import Line, need_media, write_recording

import main
from models.claims.media.live import LONGEST_LINE, Pipe, Rewound, cues, lines

ROOT = Path(main.__file__).parent


class Pieces:
    """A source that gives its bytes in these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [piece for piece in pieces if piece]

    def read(self, size: int = 0) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def run(capsys: pytest.CaptureFixture[str], home: Path, *argv: object) -> tuple[int, str]:
    code = main.main([*map(str, argv), "--home", str(home)])
    return code, capsys.readouterr().out


def streamed(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that this test starts; none is left behind."""
    running: list[subprocess.Popen[str]] = []
    yield running
    for process in running:
        process.kill()
        process.communicate()


def start(running: list[subprocess.Popen[str]], home: Path, *argv: object) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "claims", *map(str, argv), "--home", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    running.append(process)
    return process


def test_a_finding_is_told_before_the_pipe_ends_and_a_signal_ends_it_in_order(
    tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    process = start(started, tmp_path, "-", "--follow", "--stream")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("新米上市\n吃它能治疗高血压\n")
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    assert (told["event"], told["at"], told["rule"]) == ("finding", "2:3", "disease-treatment")
    process.send_signal(signal.SIGTERM)
    end = json.loads(process.stdout.readline())
    assert (end["event"], end["ended_by"], end["counts"]) == ("end", "signal", {"violation": 1})
    assert process.wait(20) == 1


def test_a_growing_file_is_read_to_its_idle_end_and_later_from_where_it_was_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, state = tmp_path / "live.txt", tmp_path / "state.json"
    file.write_text("全网第一\n新米", encoding="utf-8")
    options = ("--follow", "--stream", "--idle", "0.2", "--state", state)
    _, text = run(capsys, tmp_path, "claims", file, *options)
    first = streamed(text)
    assert [row["event"] for row in first] == ["finding", "end"]
    with file.open("a", encoding="utf-8") as more:
        more.write("上市\n包治百病\n")
    code, text = run(capsys, tmp_path, "claims", file, *options)
    (found, end) = streamed(text)
    assert (code, found["text"], end["lines"]) == (1, "包治百病", 4)
    code, text = run(capsys, tmp_path, "claims", file, *options)
    assert [row["event"] for row in streamed(text)] == ["end"], "nothing is told twice"
    file.write_text("别的文件：全网第一\n", encoding="utf-8")
    _, text = run(capsys, tmp_path, "claims", file, *options)
    assert [row["event"] for row in streamed(text)] == ["finding", "end"], (
        "another file is read from its start"
    )


def test_a_file_that_grows_while_it_is_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "live.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\n新米上市\n\n", encoding="utf-8")

    def add() -> None:
        with file.open("a", encoding="utf-8") as more:
            more.write("2\n00:00:03,000 --> 00:00:04,500\n包治百病\n")

    later = threading.Timer(0.3, add)
    later.start()
    code, text = run(capsys, tmp_path, "claims", file, "--follow", "--stream", "--idle", "1.5")
    later.join()
    found, _ = streamed(text)
    assert (code, found["at"], found["end"]) == (1, "00:00:03.000", "00:00:04.500")


def test_json_is_one_document_at_the_end_and_stream_beside_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("全网第一\n有机大米\n".encode())))
    code, text = run(capsys, tmp_path, "claims", "-", "--follow", "--json")
    told = json.loads(text)
    assert (code, [row["text"] for row in told["findings"]]) == (1, ["全网第一"])
    assert [row["text"] for row in told["to_check"]] == ["有机"]
    for extra in (("--stream",), ("--confirm", "1"), ("--speech-model", tmp_path)):
        code, text = run(capsys, tmp_path, "claims", "-", "--follow", "--json", *extra)
        assert (code, json.loads(text)["error"]["code"]) == (2, "usage"), extra


def test_a_recording_through_a_pipe_tells_a_claim_when_it_appears_and_when_it_is_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    need_media()
    path = write_recording(tmp_path / "live.mkv", [Line("吃了能治疗高血压", 1, 2)], 5)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    options = ("--follow", "--stream", "--category", "food", "--clips", tmp_path / "clips")
    code, text = run(capsys, tmp_path, "claims", "-", *options)
    told = streamed(text)
    assert code == 1
    assert [row["event"] for row in told] == ["finding", "over", "end"]
    assert told[0]["number"] == told[1]["number"]
    assert (told[1]["at"], told[1]["end"]) == ("00:00:01.000", "00:00:02.000")
    assert Path(told[1]["clip"]["file"]).stem == told[1]["clip"]["sha256"]
    assert Path(told[1]["clip"]["file"]).exists()


def test_a_recording_is_gone_on_with_from_its_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    need_media()
    path = write_recording(tmp_path / "live.mkv", [Line("吃了能治疗高血压", 0.5, 1)], 2)
    options = ("--follow", "--stream", "--idle", "0.1", "--state", tmp_path / "state.json")
    _, text = run(capsys, tmp_path, "claims", path, *options)
    assert [row["event"] for row in streamed(text)] == ["finding", "over", "end"]
    _, text = run(capsys, tmp_path, "claims", path, *options)
    assert [row["event"] for row in streamed(text)] == ["end"]


@given(st.lists(st.text(alphabet="全网第一ab 。", max_size=12), max_size=12), st.lists(st.integers(0, 200)))
def test_however_the_bytes_arrive_the_lines_are_the_same(texts: list[str], cuts: list[int]) -> None:
    data = "\n".join(texts).encode()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    got = list(lines(Pieces(*pieces)))
    assert [text for _, text in got] == data.decode().split("\n")[: len(got)]
    assert "".join(text for _, text in got) == "".join(texts)
    assert not got or got[-1][0] == len(data)


def test_an_endless_line_is_cut_between_characters() -> None:
    data = "第".encode() * LONGEST_LINE
    got = [text for _, text in lines(Pieces(data))]
    assert len(got) > 1
    assert set("".join(got)) == {"第"}


def test_cues_come_when_they_are_complete_also_line_by_line() -> None:
    line = "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,全网第一\n".encode()
    (found,) = cues(Pieces(b"[Events]\n", line), ".ass")
    assert (found[1].start, found[1].text) == (1.0, "全网第一")


def test_a_silent_pipe_is_left_after_the_idle_time() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as target:
        pipe = Pipe(source, 0.2, lambda: False)
        target.write(b"abc")
        target.flush()
        rewound = Rewound(pipe.read(2), pipe)
        assert rewound.read(10) + rewound.read(10) == b"abc"
        assert pipe.read() == b""
        pipe.close()
