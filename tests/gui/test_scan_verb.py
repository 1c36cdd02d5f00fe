"""`scan` judges pictures and typed codes; a receipt is recorded only where asked for, and kept coarse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from verbs import Run, made

import main

LOT = "https://id.gs1.org/01/09521234543213/10/QL-1"
ITEM, UNPRINTED = f"{LOT}/21/1", f"{LOT}/21/9"


@pytest.fixture
def said(run: Run, tmp_path: Path) -> Run:
    run("init", "--name", "青岭合作社", "--role", "cooperative")
    path = tmp_path / "made.jsonld"
    path.write_text(json.dumps(made(epcList=[ITEM, f"{LOT}/21/2"])), encoding="utf-8")
    assert run("import", path)[0] == 0
    return run


def test_a_typed_code_is_judged_and_nothing_is_recorded(said: Run) -> None:
    code, seen = said("scan", ITEM)
    assert (code, seen["verdict"], seen["attention"], seen["reasons"]) == (0, "genuine", False, [])
    assert (seen["serial"], seen["receipt"]) == ("1", None)
    assert said("verify")[1]["entries"] == 2
    assert said("scan", "https://id.gs1.org/01/09521234543213/10/NO")[1]["verdict"] == "unknown"


def test_two_receipts_too_far_apart_make_a_copied_code(said: Run) -> None:
    code, seen = said("scan", ITEM, "--receipt", "--place", "45.7731,126.6491")
    assert (code, seen["receipt"]) == (0, 2)
    assert seen["story"]["footprint"]["unknown_legs"] == 0
    code, seen = said("scan", ITEM, "--receipt", "--place", "geo:31.23,121.47", at="2026-03-02T00:40:00Z")
    assert (code, seen["verdict"], seen["receipt"]) == (1, "cloned?", 3)
    assert "geo:45.8,126.6" in seen["reasons"][0]
    assert {check["code"]: check["status"] for check in seen["story"]["checks"]}["unique"] == "fail"
    assert [found["entries"] for found in seen["story"]["findings"]] == [[2, 3]]
    assert [scan["place"] for scan in seen["story"]["scans"]] == ["geo:45.8,126.6", "geo:31.2,121.5"]


def test_a_serial_that_was_never_printed_is_a_copied_code(said: Run) -> None:
    code, seen = said("scan", UNPRINTED)
    assert (code, seen["verdict"]) == (1, "cloned?")


def test_a_code_of_many_items_leaves_no_receipt(said: Run) -> None:
    code, refused = said("scan", LOT, "--receipt")
    assert (code, refused["error"]["code"]) == (2, "scan-without-serial")
    assert said("verify")[1]["entries"] == 2


def test_a_registered_site_is_called_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "demo"
    assert main.main(["demo", "--out", str(out), "--json", "--at", "2026-11-22T02:00:00Z"]) == 0
    lot = next(row for row in json.loads(capsys.readouterr().out)["files"] if row)
    assert lot
    code = "https://id.gs1.org/01/09521002100037/10/DM261004-2/21/1"
    words = ["scan", code, "--receipt", "--place", "绿篮子中山路店", "--home", str(out / "home"), "--json"]
    main.main([*words, "--at", "2026-11-22T02:00:00Z"])
    seen = json.loads(capsys.readouterr().out)
    assert seen["receipt"] is not None
    assert seen["story"]["scans"][-1]["place"] == "绿篮子中山路店"
