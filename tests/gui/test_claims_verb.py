"""`claims` keeps the contract: findings with place and statute, 1 on a violation, 2 on a picture."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from verbs import run


def test_a_violation_has_its_line_its_statute_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "listing.txt"
    file.write_text("新米上市\n吃它能治疗高血压\n", encoding="utf-8")
    code, told = run(capsys, tmp_path, "claims", file, "--category", "food")
    assert code == 1
    (found,) = told["findings"]
    assert (found["at"], found["verdict"], found["rule"]) == ("2:3", "violation", "disease-treatment")
    assert found["statute"].startswith("广告法 17")
    assert found["text"] == "能治疗高血压"
    assert found["why"]
    assert found["suggestion"]


def test_clean_words_exit_0_and_name_what_must_be_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("有机大米，现摘的菜\n"))
    code, told = run(capsys, tmp_path, "claims", "-")
    assert (code, told["findings"]) == (0, [])
    assert [row["rule"] for row in told["to_check"]] == ["organic", "fresh-picked"]


def test_subtitles_say_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "live.srt"
    file.write_text("1\n00:01:02,500 --> 00:01:04,000\n全网第一\n", encoding="utf-8")
    code, told = run(capsys, tmp_path, "claims", file)
    assert (code, told["findings"][0]["at"], told["findings"][0]["until"]) == (
        1,
        "00:01:02.500",
        "00:01:04.000",
    )


def test_without_the_extra_a_picture_is_refused_and_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "frame.png"
    file.write_bytes(b"\x89PNG")
    monkeypatch.setattr("models.claims.media.installed.find_spec", lambda _: None)
    code, told = run(capsys, tmp_path, "claims", file)
    assert code == 2
    assert "media" in told["error"]["remedy"]
    assert told["error"]["code"] == "media-missing"
    assert "rapidocr" in told["error"]["found"]


def test_with_a_lot_the_ledger_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "listing.txt"
    file.write_text("有机大米\n", encoding="utf-8")
    run(capsys, tmp_path, "init", "--name", "青岭合作社", "--role", "cooperative")
    code, told = run(capsys, tmp_path, "claims", file, "--lot", "https://id.gs1.org/01/09521234543213/10/NO")
    assert code == 0
    assert [(row["rule"], row["verdict"]) for row in told["findings"]] == [("organic", "unsupported")]
