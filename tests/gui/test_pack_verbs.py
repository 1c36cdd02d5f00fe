"""Exports carry their proof: `check` makes them again with no ledger, and names the cell that was changed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import builders
import openpyxl
import pytest
from builders import AT
from verbs import Run

from ledger.events.foreign import write_epcis


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Run:
    run("init", "--name", "青岭合作社", "--role", "cooperative")
    lots = [f"https://id.gs1.org/01/09521234543213/10/QL-{n}" for n in (1, 2)]
    goods = [builders.quantity(lot, amount) for lot, amount in zip(lots, ("412", "50"), strict=True)]
    events = [builders.object_event(quantity_list=(each,)) for each in goods]
    (tmp_path / "events.jsonld").write_bytes(write_epcis(events, AT))
    run("import", tmp_path / "events.jsonld")
    return run


FORMS = (("hegezheng", "a.csv"), ("hegezheng", "a.xlsx"), ("fsma204", "b.csv"), ("fsma204", "b.xlsx"))


@pytest.mark.parametrize(("form", "name"), [*FORMS, ("epcis-json", "c.json"), ("csv", "d.csv")])
def test_every_export_holds_against_its_proof(ledger: Run, tmp_path: Path, form: str, name: str) -> None:
    code, made = ledger("export", "--format", form, "--out", tmp_path / name)
    assert (code, made["rows"], len(made["proofs"])) == (0, 2, 1)
    code, checked = ledger("check", tmp_path / name)
    assert (code, checked["holds"], checked["format"], checked["rows"]) == (0, True, form, 2)


def test_a_changed_amount_is_found_in_its_cell(ledger: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    ledger("export", "--format", "fsma204", "--out", path)
    path.write_bytes(path.read_bytes().replace(b",412,", b",142,"))
    code, checked = ledger("check", path)
    assert (code, checked["holds"]) == (1, False)
    assert checked["problems"] == [{"row": 1, "column": "Quantity", "found": "142", "expected": "412"}]


def test_a_dropped_row_and_a_foreign_proof_are_found(ledger: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    ledger("export", "--format", "hegezheng", "--out", path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_rows(3)
    book.save(path)
    assert ledger("check", path)[0] == 1
    ledger("export", "--format", "hegezheng", "--out", path)
    proof = tmp_path / "sheet.xlsx.proof.json"
    ledger("promise")
    other = tmp_path / "other.csv"
    ledger("export", "--format", "csv", "--out", other)
    proof.write_bytes((tmp_path / "other.csv.proof.json").read_bytes().replace(b'"index": 1', b'"index": 2'))
    assert ledger("check", path)[0] == 1
    proof.unlink()
    code, refused = ledger("check", path)
    assert (code, refused["error"]["code"]) == (2, "file-unreadable")


def test_a_changed_event_in_an_epcis_export_is_found(ledger: Run, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    ledger("export", "--format", "epcis-json", "--out", path)
    path.write_text(path.read_text("utf-8").replace("412", "421"), encoding="utf-8")
    code, checked = ledger("check", path)
    assert code == 1
    assert [(each["row"], each["column"]) for each in checked["problems"]] == [(1, "event")]


def test_promises_are_issued_once_listed_and_printed(ledger: Run, tmp_path: Path) -> None:
    code, made = ledger("promise", "QL-1", "--basis", "own-test")
    assert (code, [each["number"] for each in made["promises"]]) == (0, ["HG-QL-1-1"])
    code, again = ledger("promise", "QL-1")
    assert (code, again["error"]["code"]) == (2, "promise-standing")
    code, rest = ledger("promise")
    assert (code, [each["number"] for each in rest["promises"]]) == (0, ["HG-QL-2-1"])
    assert ledger("promise") == (0, {"promises": []})
    path = tmp_path / "sheet.csv"
    ledger("export", "--format", "hegezheng", "--out", path)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [(row["合格证编号"], row["状态"]) for row in rows] == [
        ("HG-QL-1-1", "已开具"),
        ("HG-QL-2-1", "已开具"),
    ]
    assert ledger("check", path)[0] == 0
    code, printed = ledger("export", "--format", "hegezheng", "--out", tmp_path / "sheet.pdf")
    assert (code, printed["rows"]) == (0, 2)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")


def test_a_sheet_of_another_kind_is_refused_and_nothing_is_written(ledger: Run, tmp_path: Path) -> None:
    code, refused = ledger("export", "--format", "fsma204", "--out", tmp_path / "x.docx")
    assert (code, refused["error"]["code"]) == (2, "pack-format")
    assert not (tmp_path / "x.docx").exists()
