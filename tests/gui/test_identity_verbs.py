"""The terminal says a key's backup phrase, and another machine makes the same key of it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from verbs import run

from ledger.home import Home


@pytest.mark.parametrize("gln", [(), ("--gln", "9521000000018")])
def test_a_key_comes_back_on_another_machine_and_signs_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], gln: tuple[str, ...]
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    made_with = ("init", "--name", "青岭合作社", "--role", "cooperative", "--phrase", *gln)
    code, made = run(capsys, here, *made_with)
    assert (code, len(made["phrase"])) == (0, 4)
    assert run(capsys, here, "phrase")[1]["phrase"] == made["phrase"]
    code, back = run(capsys, there, "restore", *" ".join(made["phrase"]).split(), *gln)
    assert (code, back["party"], back["key"]) == (0, made["party"], made["key"])
    one, other = (Home(home, lambda n: bytes(n)).author(made["party"]) for home in (here, there))
    assert one.sign(b"d", b"m") == other.sign(b"d", b"m")


def test_a_wrong_character_is_refused_with_its_place_and_keeps_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = run(capsys, tmp_path / "a", "init", "--name", "x", "--role", "merchant", "--phrase")
    wrong = "\n".join(made["phrase"])
    wrong = wrong[:20] + ("0" if wrong[20] != "0" else "1") + wrong[21:]
    monkeypatch.setattr("sys.stdin", io.StringIO(wrong))
    code, told = run(capsys, tmp_path / "b", "restore")
    assert (code, told["error"]["where"]) == (2, "2/1/3")
    assert not (tmp_path / "b" / "keys").exists()


def test_a_key_that_is_here_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, made = run(capsys, tmp_path, "init", "--name", "x", "--role", "merchant", "--phrase")
    code, told = run(capsys, tmp_path, "restore", *made["phrase"])
    assert code == 2
    assert "already" in told["error"]["what"]


def test_where_no_key_is_there_is_no_phrase(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, tmp_path, "phrase")[0] == 2
