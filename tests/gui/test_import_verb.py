"""`import --preview` says what the import would say, with its exit code, and records nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import main

Run = Callable[..., tuple[int, dict[str, Any]]]
HEADINGS = "事件,时间,商品条码,批次号,数量,单位,备注"
GOOD = "登记,2026-03-01 10:30,6901234567892,{},12.5,公斤,好"
BAD = "登记,2026-03-01 10:30,6901234567892,L9,12.5,大桶,坏"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> tuple[int, dict[str, Any]]:
        common = ["--home", str(tmp_path / "home"), "--json", "--at", "2026-03-09T00:00:00Z"]
        code = main.main([*map(str, words), *common])
        return code, json.loads(capsys.readouterr().out)

    run("init", "--name", "青岭合作社", "--role", "cooperative")
    return run


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([GOOD.format("L1"), GOOD.format("L2"), GOOD.format("L1")], 0),
        ([GOOD.format("L1"), BAD], 3),
        ([BAD], 2),
    ],
    ids=["all good", "one bad", "all bad"],
)
def test_a_preview_says_in_the_same_keys_what_the_import_then_says(
    run: Run, tmp_path: Path, rows: list[str], code: int
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes("\n".join([HEADINGS, *rows]).encode("gb18030"))
    entries = run("verify")[1]["entries"]
    told, preview = run("import", file, "--preview", "--rejected", tmp_path / "before.csv")
    assert run("verify")[1]["entries"] == entries
    done, report = run("import", file, "--rejected", tmp_path / "after.csv")
    assert told == done == code
    assert {**report, "entries": []} == {name: preview[name] for name in report}
    (said,) = preview["files"]
    assert (said["encoding"], said["unknown_headings"]) == ("gb18030", ["备注"])
    kept = [tmp_path / "before.csv", tmp_path / "after.csv"]
    assert [path.exists() for path in kept] == [code != 0] * 2
    assert code == 0 or kept[0].read_bytes() == kept[1].read_bytes()


def test_a_file_that_cannot_be_read_is_refused_as_the_import_refuses_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("苹果,梨\n1,2\n", encoding="utf-8")
    assert run("import", file, "--preview") == run("import", file)
    assert run("import", file, "--preview")[1]["error"]["code"] == "column-missing"
