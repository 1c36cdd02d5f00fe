"""`backtest` needs no ledger and refuses what is no table; `plan` says why and can be drawn again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import main as program

CITY = (
    "subject,date,kind,critical,serious,minor,category,inspector\n"
    "7,2016-01-04,routine,1,0,2,bakery,x\n7,2016-05-04,routine,0,0,0,bakery,x\n7,someday,routine,0,0,0,,\n"
)


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, dict[str, object]]:
    code = program.main([str(word) for word in argv])
    return int(code or 0), json.loads(capsys.readouterr().out)


def test_backtest_inspections_judges_rows_and_names_the_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "city.csv"
    file.write_text(CITY)
    code, document = run(capsys, "--json", "backtest", "inspections", file, "--out", tmp_path / "out.csv")
    assert code == 3
    assert document["rows"] == 2
    refused = document["refused"]
    assert isinstance(refused, list)
    assert [(r["where"], r["field"]) for r in refused] == [("row 3", "date")]
    assert (tmp_path / "out.csv").read_text().count("\n") == 3


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\x01", b"subject\n7\n"])
def test_what_is_no_table_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "city.csv"
    file.write_bytes(content)
    for what in ("inspections", "ratings"):
        code, document = run(capsys, "--json", "backtest", what, file, "--out", tmp_path / "out.csv")
        assert code == 2
        assert "error" in document
        assert not (tmp_path / "out.csv").exists()


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run(
        capsys, "--json", "backtest", "ratings", tmp_path / "no.csv", "--out", tmp_path / "o"
    )
    assert code == 2
    assert "error" in document


def test_a_plan_gives_reasons_and_can_be_drawn_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "demo"
    assert run(capsys, "--json", "demo", "--out", home)[0] == 0
    inside = next(p.parent for p in home.rglob("ledger.db"))
    first = run(capsys, "--json", "--home", inside, "plan", "--budget", 6)[1]
    visits = first["visits"]
    assert isinstance(visits, list)
    assert len(visits) == 6
    assert sum(v["by_lot"] for v in visits) == 2
    assert all(v["priority"] == sum(r["points"] for r in v["reasons"]) for v in visits)
    again = run(capsys, "--json", "--home", inside, "plan", "--budget", 6, "--seed", first["seed"])[1]
    assert again["visits"] == visits
    # A run with its own clock is the same every time; without one, nobody can know the lot beforehand.
    at = ("--json", "--home", inside, "--at", "2026-09-01T08:00:00Z", "plan", "--budget", 6)
    assert run(capsys, *at)[1] == run(capsys, *at)[1]
    assert run(capsys, "--json", "--home", inside, "plan", "--budget", 6)[1]["seed"] != first["seed"]
