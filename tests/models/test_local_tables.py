"""A table in the home folder comes first; a bad one is refused with its row, and nothing else breaks."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import AT, LOT
from verbs import Run

from ledger.errors import EventInvalid
from ledger.events.foreign import write_epcis
from models.provenance.localtables import STANDARDS, YIELDS, LocalTables
from models.provenance.massbalance import plot_of, step_bound

PRODUCT = f"https://id.gs1.org/01/{builders.RICE}"
LIMIT = {
    "category": "lotus",
    "substance": "镉",
    "most": "0.05",
    "unit": "mg/kg",
    "source": "own",
    "standard": "Q/01",
}
STEP = {"biz_step": "packing", "category": "rice", "most": "0.9", "source": "own mill"}
PLOT = {"category": "lotus", "usual_kg_per_mu": "900", "most_kg_per_mu": "2000", "source": "county"}


def write(folder: Path, table: str, **parts: Any) -> LocalTables:
    path = folder / table
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(parts, ensure_ascii=False), encoding="utf-8")
    return LocalTables(folder)


def test_of_the_rows_that_fit_the_most_specific_holds(tmp_path: Path) -> None:
    regional = [{**STEP, "most": "0.7", "region": "黑龙江"}, {**STEP, "most": "0.6", "region": "黑龙江五常"}]
    rules = write(tmp_path, YIELDS, steps=[STEP, *regional]).rows(YIELDS, "steps")
    bounds = [
        step_bound("packing", "rice", regions, rules)
        for regions in ((), ("urn:x", "江苏"), ("urn:x", "黑龙江北安"), ("urn:x", "黑龙江五常二号田"))
    ]
    assert bounds == [Decimal("0.9"), Decimal("0.9"), Decimal("0.7"), Decimal("0.6")]
    assert step_bound("packing", "tofu", (), rules) == Decimal("4.5")
    assert step_bound("farmHarvest", "rice", (), rules) == Decimal(1000)


def test_a_new_crop_needs_data_only(tmp_path: Path) -> None:
    rules = write(tmp_path, YIELDS, plots=[PLOT, {**PLOT, "most_kg_per_mu": 1500, "region": "湖北"}])
    plots = rules.rows(YIELDS, "plots")
    here, there = plot_of("lotus", ("urn:x", "江苏"), plots), plot_of("lotus", ("urn:x", "湖北洪湖"), plots)
    assert here is not None
    assert there is not None
    assert (here.most, there.most, plot_of("lotus")) == (Decimal(2000), Decimal(1500), None)


@pytest.mark.parametrize(
    ("table", "parts", "where", "field"),
    [
        (STANDARDS, {"limits": [LIMIT, {**LIMIT, "most": "0,05"}]}, "limits, row 2", "most"),
        (STANDARDS, {"limits": [{**LIMIT, "most": True}]}, "limits, row 1", "most"),
        (STANDARDS, {"limits": [{**LIMIT, "unit": ""}]}, "limits, row 1", "unit"),
        (STANDARDS, {"limits": ["0.05"]}, "limits, row 1", "row"),
        (STANDARDS, {"limit": [LIMIT]}, STANDARDS, "file"),
        (YIELDS, {"steps": [{**STEP, "most": "NaN"}]}, "steps, row 1", "most"),
        (YIELDS, {"plots": [{**PLOT, "usual_kg_per_mu": "3000"}]}, "plots, row 1", "most_kg_per_mu"),
        (YIELDS, {"plots": {"lotus": PLOT}}, YIELDS, "plots"),
        (YIELDS, {"plots": [{**PLOT, "region": 5}]}, "plots, row 1", "region"),
    ],
)
def test_a_bad_row_is_refused_by_its_place_and_the_shipped_rows_hold(
    tmp_path: Path, table: str, parts: dict[str, Any], where: str, field: str
) -> None:
    tables = write(tmp_path, table, **parts)
    with pytest.raises(EventInvalid) as caught:
        tables.check(table)
    assert caught.value.code == "local-table"
    assert (caught.value.where.endswith(where), caught.value.field) == (True, field)
    assert caught.value.found
    assert caught.value.expected
    part = "limits" if table == STANDARDS else "plots"
    assert tables.rows(table, part) == LocalTables(None).rows(table, part)


def test_a_corrected_file_is_read_again(tmp_path: Path) -> None:
    tables = write(tmp_path, YIELDS, steps=[{**STEP, "most": "none"}])
    with pytest.raises(EventInvalid):
        tables.check(YIELDS)
    write(tmp_path, YIELDS, steps=[STEP])
    tables.check(YIELDS)
    assert tables.rows(YIELDS, "steps")[0] == STEP


@pytest.fixture
def verb_time() -> str | None:
    return "2026-03-20T00:00:00Z"


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Run:
    run("init", "--name", "湖", "--role", "cooperative")
    lotus = builders.master_data(id=PRODUCT, attributes={"name": "莲藕", "category": "lotus"})
    (tmp_path / "events.jsonld").write_bytes(write_epcis([lotus, builders.object_event()], AT))
    run("import", tmp_path / "events.jsonld")
    return run


def test_a_local_limit_judges_a_sheet_and_a_bad_one_stops_only_that(ledger: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "lab.csv"
    sheet.write_text(f"report,lot,substance,value,unit\nR-1,{LOT},镉,0.06,mg/kg\n", encoding="utf-8")
    code, told = ledger("lab", sheet)
    assert told["reports"][0]["verdict"] == "no-limit"
    write(tmp_path / "home", STANDARDS, limits=[LIMIT])
    code, told = ledger("quality", LOT)
    assert told["reports"][0]["verdict"] == "fail"
    assert told["reports"][0]["results"][0]["standard"] == "Q/01"
    write(tmp_path / "home", STANDARDS, limits=[{**LIMIT, "most": "a little"}])
    code, told = ledger("lab", sheet)
    assert code != 0
    assert "limits, row 1" in json.dumps(told)
    assert ledger("trace", LOT)[0] == 0
