"""Labels are counted, and none is printed over the yield, for a lot called back, or before a closed gate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import AT, FIELD, LOT, later
from verbs import Run

from ledger.events.foreign import write_epcis
from ledger.events.supply import ErrorDeclaration

PRODUCT = f"https://id.gs1.org/01/{builders.RICE}"


@pytest.fixture
def verb_time() -> str | None:
    return "2026-03-20T00:00:00Z"


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Run:
    run("init", "--name", "青岭合作社", "--role", "cooperative")
    take(run, tmp_path, builders.object_event(quantity_list=(builders.quantity(LOT, "10"),)))
    return run


def take(run: Run, tmp_path: Path, *events: Any) -> None:
    (tmp_path / "events.jsonld").write_bytes(write_epcis(events, AT))
    code, made = run("import", tmp_path / "events.jsonld")
    assert (code, made["refused"]) == (0, [])


def test_no_more_labels_are_printed_than_the_lot_yields(ledger: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    assert ledger("label", LOT, "--count", 8, "--out", out)[1]["printed"] == 8
    code, refused = ledger("label", LOT, "--count", 3, "--out", tmp_path / "b.pdf")
    assert (code, refused["error"]["code"], refused["printed"]) == (2, "labels-above-yield", 0)
    assert refused["findings"][0]["params"]["left"] == "2"
    assert not (tmp_path / "b.pdf").exists()
    assert ledger("label", LOT, LOT, "--out", out)[1]["printed"] == 2
    assert ledger("label", LOT, "--out", out)[0] == 2


def test_a_label_counts_for_what_it_stands_for(ledger: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    assert ledger("label", LOT, "--count", 2, "--each", "5", "公斤", "--out", out)[0] == 0
    assert ledger("label", LOT, "--each", "0.5", "--out", out)[0] == 2
    code, refused = ledger("label", LOT, "--each", "1", "LTR", "--out", out)
    assert (code, refused["error"]["code"]) == (2, "label-content-unit")


def test_spoiled_labels_make_room_and_only_as_many_are_printed_again(ledger: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    ledger("label", LOT, "--count", 10, "--out", out)
    assert ledger("label", LOT, "--reprint", "--out", out)[1]["error"]["code"] == "labels-not-spoiled"
    assert ledger("label", LOT, "--spoiled", 2) == (
        0,
        {"spoiled": 2, "entries": [3], "files": [], "printed": 0},
    )
    assert ledger("label", LOT, "--count", 2, "--reprint", "--out", out)[0] == 0
    assert ledger("label", LOT, "--out", out)[0] == 2
    code, refused = ledger("label", LOT, "--spoiled", 11)
    assert (code, refused["error"]["code"]) == (2, "label-spoiled")


def test_a_file_that_cannot_be_written_leaves_its_labels_spoiled(ledger: Run, tmp_path: Path) -> None:
    (tmp_path / "full").write_bytes(b"")
    assert ledger("label", LOT, "--count", 10, "--out", tmp_path / "full" / "a.pdf")[0] == 2
    assert ledger("label", LOT, "--count", 10, "--out", tmp_path / "a.pdf")[0] == 0


def test_labels_of_a_recalled_lot_do_not_print(ledger: Run, tmp_path: Path) -> None:
    assert ledger("recall", LOT, "--reason", "residue")[0] == 0
    code, refused = ledger("label", LOT, "--out", tmp_path / "a.png")
    assert (code, refused["error"]["code"]) == (2, "labels-recalled")
    assert not (tmp_path / "a.png").exists()


def test_a_lot_its_plot_cannot_have_grown_gets_no_label(ledger: Run, tmp_path: Path) -> None:
    field = builders.master_data(kind="location", id=FIELD, attributes={"name": "一号田", "areaMu": "2"})
    rice = builders.master_data(id=PRODUCT, attributes={"name": "稻谷", "category": "rice"})
    much = builders.object_event(
        event_time=later(days=1), quantity_list=(builders.quantity(builders.LOT_2, "5000"),)
    )
    take(ledger, tmp_path, field, rice, much)
    told = ledger("trace", builders.LOT_2)[1]["findings"]
    assert [each["code"] for each in told] == ["plot-above-yield"]
    code, refused = ledger("label", builders.LOT_2, "--out", tmp_path / "a.png")
    assert (code, refused["error"]["code"]) == (2, "plot-above-yield")
    code, made = ledger(
        "label", builders.LOT_2, "--count", 2, "--each", "1000", "KGM", "--out", tmp_path / "a.pdf"
    )
    assert (code, made.get("printed")) == (0, 2)
    code, refused = ledger("label", builders.LOT_2, "--each", "1000", "KGM", "--out", tmp_path / "b.pdf")
    assert (code, refused["error"]["code"]) == (2, "labels-above-yield")


def test_printed_links_survive_a_corrected_code(ledger: Run, tmp_path: Path) -> None:
    """The registration is declared wrong and said again under another number; the old label leads on."""
    wrong_id = "urn:uuid:11111111-1111-4111-8111-111111111111"
    wrong = builders.object_event(event_id=wrong_id, quantity_list=(builders.quantity(builders.LOT_2, "5"),))
    take(ledger, tmp_path, wrong)
    assert ledger("label", builders.LOT_2, "--out", tmp_path / "old.png")[0] == 0
    right_id = "urn:uuid:22222222-2222-4222-8222-222222222222"
    right = "https://id.gs1.org/01/09521000000025/10/L20260302"
    corrected = replace(wrong, event_id=right_id, quantity_list=(builders.quantity(right, "5"),))
    declared = replace(
        wrong, error_declaration=ErrorDeclaration(later(days=1), "incorrect_data", (right_id,))
    )
    take(ledger, tmp_path, corrected, declared)
    _, seen = ledger("scan", tmp_path / "old.png")
    assert (seen["uri"], seen["verdict"]) == (builders.LOT_2, "genuine")
    assert seen["story"]["lot"] == right
