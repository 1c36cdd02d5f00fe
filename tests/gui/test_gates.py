"""A gate holds labels and shipping until a check passes, and goods that went through closed are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import builders
import pytest
from builders import AT, LOT
from verbs import Run

from ledger.events.foreign import write_epcis

PRODUCT = f"https://id.gs1.org/01/{builders.RICE}"


@pytest.fixture
def verb_time() -> str | None:
    return "2026-03-01T06:00:00Z"


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Run:
    run("init", "--name", "青岭合作社", "--role", "cooperative")
    rice = builders.master_data(id=PRODUCT, attributes={"name": "大米", "category": "rice"})
    take(run, tmp_path, rice, builders.object_event())
    assert run("gate", "rice")[1]["gates"][0]["steps"] == ["shipping", "labelling"]
    return run


def take(run: Run, tmp_path: Path, *events: Any) -> None:
    (tmp_path / "events.jsonld").write_bytes(write_epcis(events, AT))
    assert run("import", tmp_path / "events.jsonld", at="2026-03-09T00:00:00Z")[0] == 0


def sheet(tmp_path: Path, *rows: str, encoding: str = "gb18030") -> Path:
    path = tmp_path / "lab.csv"
    path.write_bytes("\n".join(["报告编号,批次号,检测项目,检测结果,单位,检出限", *rows]).encode(encoding))
    return path


def test_labels_wait_for_a_passing_report(ledger: Run, tmp_path: Path) -> None:
    code, refused = ledger("label", LOT, "--out", tmp_path / "a.png")
    assert (code, refused["error"]["code"]) == (2, "gate-closed")
    assert ledger("quality", LOT)[0] == 1
    rows = ("LR-1,L20260301,镉（以Cd计）,0.05,mg/kg,0.002", "LR-1,L20260301,铅,<0.02,mg/kg,0.02")
    code, taken = ledger("lab", sheet(tmp_path, *rows))
    assert (code, taken["refused"], taken["reports"][0]["verdict"]) == (0, [], "pass")
    assert [each["standard"] for each in taken["reports"][0]["results"]] == ["GB 2762", "GB 2762"]
    code, state = ledger("quality", LOT)
    assert (code, state["held"], state["gates"][0]["standing"]) == (0, False, "open")
    assert ledger("label", LOT, "--out", tmp_path / "a.png")[0] == 0


JUDGED = (
    ("0.21", "mg/kg", "fail"),
    ("210", "µg/kg", "fail"),
    ("0.2", "mg/kg", "pass"),
    ("<0.5", "mg/kg", "undecided"),
    ("未检出", "mg/kg", "pass"),
    ("0.1", "mg", "undecided"),
    ("微量", "mg/kg", "undecided"),
)


@pytest.mark.parametrize(("value", "unit", "verdict"), JUDGED)
def test_a_value_is_judged_beside_its_limit(
    ledger: Run, tmp_path: Path, value: str, unit: str, verdict: str
) -> None:
    code, taken = ledger("lab", sheet(tmp_path, f"LR-1,L20260301,镉,{value},{unit},", encoding="utf-8"))
    assert taken["reports"][0]["verdict"] == verdict
    assert code == (1 if verdict == "fail" else 0)
    printed = ledger("label", LOT, "--out", tmp_path / "a.png")[0]
    assert printed == (0 if verdict == "pass" else 2)


def test_an_item_without_a_limit_opens_nothing(ledger: Run, tmp_path: Path) -> None:
    _, taken = ledger("lab", sheet(tmp_path, "LR-1,L20260301,水分,14.1,%,"))
    assert taken["reports"][0]["results"][0]["verdict"] == "no-limit"
    assert ledger("label", LOT, "--out", tmp_path / "a.png")[0] == 2


def test_a_failure_is_not_undone_by_another_laboratory(ledger: Run, tmp_path: Path) -> None:
    ledger("lab", sheet(tmp_path, "LR-1,L20260301,镉,0.9,mg/kg,"))
    ledger("lab", sheet(tmp_path, "LR-2,L20260301,镉,0.1,mg/kg,"))
    assert ledger("quality", LOT)[1]["gates"][0]["standing"] == "failed"


def test_rows_of_unknown_lots_are_refused_and_the_others_taken(ledger: Run, tmp_path: Path) -> None:
    code, taken = ledger("lab", sheet(tmp_path, "LR-1,L20260301,镉,0.1,mg/kg,", "LR-1,L9,镉,0.1,mg/kg,"))
    assert (code, len(taken["reports"]), taken["refused"][0]["found"]) == (3, 1, "L9")


def test_goods_shipped_past_a_closed_gate_are_found(ledger: Run, tmp_path: Path) -> None:
    take(ledger, tmp_path, builders.shipping())
    findings = [each for each in ledger("trace", LOT)[1]["findings"] if each["code"].startswith("gate")]
    assert [(each["code"], each["params"]["step"]) for each in findings] == [("gate-bypassed", "shipping")]


def test_goods_shipped_after_the_check_are_not(ledger: Run, tmp_path: Path) -> None:
    ledger("lab", sheet(tmp_path, "LR-1,L20260301,镉,0.1,mg/kg,"))
    take(ledger, tmp_path, builders.shipping())
    assert not [each for each in ledger("trace", LOT)[1]["findings"] if each["code"].startswith("gate")]


def test_a_lifted_gate_holds_nothing(ledger: Run, tmp_path: Path) -> None:
    assert ledger("gate", "rice", "--lift")[1]["gates"] == []
    assert ledger("label", LOT, "--out", tmp_path / "a.png")[0] == 0
