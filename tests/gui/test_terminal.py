"""The terminal keeps its contract: one JSON document, the exit codes, errors that say what to do."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from shared import shared
from verbs import Run, harvest

import main

LOT = "https://id.gs1.org/01/09521234543213/10/QL-1"
HARVEST = harvest("urn:epc:class:lgtin:9521234.054321.QL-1", 412, "KGM")


@pytest.fixture
def ledger(run: Run) -> Run:
    code, made = run("init", "--name", "青岭合作社", "--role", "cooperative")
    assert (code, made["ledger"]) == (0, "founded")
    return run


def epcis(tmp_path: Path, *changes: dict[str, Any]) -> Path:
    document = json.loads(json.dumps(HARVEST))
    first = document["epcisBody"]["eventList"][0]
    document["epcisBody"]["eventList"] = [{**first, **change} for change in changes or ({},)]
    path = tmp_path / "events.jsonld"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_wholechain_file_is_taken_in_traced_labelled_and_scanned_back(
    ledger: Run, tmp_path: Path
) -> None:
    code, taken = ledger("import", shared("epcis/gdst/all_wholechain_events.jsonld"))
    assert (code, taken["accepted"], taken["refused"]) == (0, 31, [])
    last = "urn:gdst:example.org:product:lot:class:processor.2.v1-0122-2022"
    _, traced = ledger("trace", last, "--direction", "back")
    steps = {event["biz_step"] for event in traced["events"]}
    assert {"urn:gdst:bizStep:hatching", "urn:gdst:bizStep:fishingEvent"} <= steps
    assert {lot["lot"].rsplit(":", 1)[-1] for lot in traced["lots_upstream"]} >= {
        "hatchery.1.tf12012021",
        "fisherman01.tuna.v1-0122-2022",
    }
    code, made = ledger("label", last, "--out", tmp_path / "label.png")
    assert (code, made["printed"]) == (0, 1)
    code, seen = ledger("scan", tmp_path / "label.png")
    assert (code, seen["verdict"], seen["uri"]) == (0, "genuine", last)
    told = [step["index"] for step in seen["story"]["steps"]]
    assert told == [event["index"] for event in traced["events"]]


def test_importing_twice_adds_nothing(ledger: Run) -> None:
    path = shared("epcis/gdst/all_wholechain_events.jsonld")
    ledger("import", path)
    code, again = ledger("import", path)
    assert (code, again["accepted"], again["duplicates"], again["entries"]) == (0, 0, 31, [])


def test_a_bad_row_is_refused_with_its_place_and_the_rest_is_kept(ledger: Run, tmp_path: Path) -> None:
    bad = {
        "quantityList": [
            {"epcClass": "urn:epc:class:lgtin:9521234.054321.QL-2", "quantity": 1, "uom": "BUSHEL"}
        ]
    }
    code, taken = ledger("import", epcis(tmp_path, {}, bad))
    assert (code, taken["accepted"]) == (3, 1)
    (refused,) = taken["refused"]
    assert refused["found"] == "BUSHEL"
    assert "uom" in refused["field"]
    assert "1" in refused["where"] or "2" in refused["where"]


def test_an_event_from_the_future_is_refused(ledger: Run, tmp_path: Path) -> None:
    code, taken = ledger("import", epcis(tmp_path, {"eventTime": "2031-01-01T00:00:00Z"}))
    assert (code, taken["accepted"]) == (2, 0)
    assert "eventTime" in taken["refused"][0]["field"]


def test_a_malformed_file_is_refused_and_nothing_is_written(ledger: Run, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonld"
    path.write_text('{"type": "EPCISDocument", ')
    code, told = ledger("import", path)
    assert code == 2
    assert told["error"]["where"]
    assert ledger("verify")[1]["entries"] == 1


def test_a_party_of_another_machine_is_enrolled_by_its_request(ledger: Run) -> None:
    code, other = ledger("init", "--name", "惠民超市", "--role", "merchant", home="shop")
    assert code == 0
    assert other["ledger"] == "founded"


def test_a_score_adds_up_and_thin_evidence_is_not_rated(ledger: Run) -> None:
    code, score = ledger("score", "青岭合作社")
    assert (code, score["grade"], score["score"]) == (0, "NR", None)
    code, scores = ledger("scores")
    assert [row["name"] for row in scores["scores"]] == ["青岭合作社"]


def test_verify_holds_on_an_honest_ledger_and_says_nobody_witnessed_it(ledger: Run, tmp_path: Path) -> None:
    ledger("import", epcis(tmp_path))
    code, report = ledger("verify")
    assert (code, report["entries"], report["witnessed_to"], report["problems"]) == (0, 2, 0, [])
    assert [step["number"] for step in report["steps"]] == list(range(len(report["steps"])))


def test_a_changed_byte_makes_verify_fail_and_names_the_entry(ledger: Run, tmp_path: Path) -> None:
    ledger("import", epcis(tmp_path))
    with closing(sqlite3.connect(tmp_path / "home" / "ledger.db")) as database, database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        leaf = bytearray(database.execute("SELECT leaf FROM entry WHERE entry_index = 1").fetchone()[0])
        leaf[-3] ^= 1
        database.execute("UPDATE entry SET leaf = ? WHERE entry_index = 1", (bytes(leaf),))
    code, report = ledger("verify")
    assert code == 1
    assert 1 in {problem["index"] for problem in report["problems"]}
    assert all(problem["remedy"] for problem in report["problems"])


def test_a_witness_of_another_home_vouches_and_verify_says_so(ledger: Run, tmp_path: Path) -> None:
    _, head = ledger("checkpoint", "--out", tmp_path / "head")
    code, vouched = ledger("cosign", tmp_path / "head", "--log-key", head["log_key"], home="witness")
    assert code == 0
    code, kept = ledger("cosign", tmp_path / "head", "--witness", vouched["witness_key"])
    assert (code, len(kept["cosignatures"])) == (0, 1)
    assert ledger("verify")[1]["witnessed_to"] == 1


def test_a_proof_is_checked_with_no_ledger(ledger: Run, tmp_path: Path) -> None:
    ledger("import", epcis(tmp_path))
    code, made = ledger("proof", LOT, "--out", tmp_path / "proof.json")
    assert (code, made["entry"]) == (0, 1)
    code, checked = ledger("check", tmp_path / "proof.json", home="nowhere")
    assert (code, checked["holds"], checked["entry"], checked["root"]) == (0, True, 1, made["root"])


def test_an_altered_proof_does_not_hold(ledger: Run, tmp_path: Path) -> None:
    ledger("proof", "0", "--out", tmp_path / "proof.json")
    text = (tmp_path / "proof.json").read_text()
    document = json.loads(text)
    leaf = document["entries"][0]["leaf"]
    (tmp_path / "proof.json").write_text(
        text.replace(leaf, leaf[:-8] + ("A" if leaf[-8] != "A" else "B") + leaf[-7:])
    )
    code, checked = ledger("check", tmp_path / "proof.json")
    assert (code, checked["holds"]) == (1, False)
    assert checked["problem"]["remedy"]


def test_rebuilding_leaves_the_same_answers(ledger: Run, tmp_path: Path) -> None:
    ledger("import", epcis(tmp_path))
    before = ledger("trace", LOT)
    code, made = ledger("rebuild")
    assert (code, made["entries"]) == (0, 2)
    assert ledger("trace", LOT) == before


def test_a_drill_names_the_affected_lot_and_writes_nothing(ledger: Run, tmp_path: Path) -> None:
    ledger("import", epcis(tmp_path))
    code, drill = ledger("recall", LOT, "--drill")
    assert (code, [row["lot"] for row in drill["affected"]]) == (0, [LOT])
    assert ledger("verify")[1]["entries"] == 2


def test_a_scan_of_a_recalled_lot_says_so_and_fails(ledger: Run, tmp_path: Path) -> None:
    ledger("import", epcis(tmp_path))
    ledger("label", LOT, "--out", tmp_path / "label.png")
    assert ledger("recall", LOT, "--reason", "pesticide-residue")[0] == 0
    code, seen = ledger("scan", tmp_path / "label.png")
    assert (code, seen["verdict"], seen["lot"]) == (1, "recalled", "QL-1")


def test_a_picture_without_a_code_is_unreadable(ledger: Run, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (200, 200), "white").save(tmp_path / "blank.png")
    code, seen = ledger("scan", tmp_path / "blank.png")
    assert (code, seen["verdict"], seen["story"]) == (1, "unreadable", None)


def test_a_label_for_something_unknown_is_refused(ledger: Run, tmp_path: Path) -> None:
    code, told = ledger("label", "https://id.gs1.org/01/09521234543213/10/NONE", "--out", tmp_path / "x.png")
    assert (code, told["error"]["code"]) == (2, "lot-unknown")
    assert not (tmp_path / "x.png").exists()


def test_a_link_is_taken_apart_and_built_again(run: Run) -> None:
    code, parts = run("link", "parse", LOT)
    assert (code, parts["gtin"], parts["lot"], parts["serial"]) == (0, "09521234543213", "QL-1", None)
    code, built = run("link", "build", "--gtin", parts["gtin"], "--lot", parts["lot"])
    assert (code, built["uri"]) == (0, LOT)


def test_a_wrong_check_digit_is_refused(run: Run) -> None:
    code, told = run("link", "parse", "https://id.gs1.org/01/09521234543214/10/A")
    assert code == 2
    assert "error" in told


@pytest.mark.parametrize("verb", ["verify", "scores", "checkpoint", "rebuild"])
def test_without_a_ledger_every_verb_says_how_to_make_one(run: Run, verb: str) -> None:
    code, told = run(verb)
    assert (code, told["error"]["code"]) == (2, "no-ledger")
    assert "init" in told["error"]["remedy"]


@pytest.mark.parametrize("words", [("bogus",), ("trace",), ("label", "x"), ("init", "--name", "x")])
def test_a_wrong_command_line_is_refused_in_the_same_shape(run: Run, words: tuple[str, ...]) -> None:
    code, told = run(*words)
    assert (code, told["error"]["code"]) == (2, "usage")


def test_an_unknown_role_is_refused_and_no_key_is_left(run: Run, tmp_path: Path) -> None:
    code, told = run("init", "--name", "x", "--role", "emperor")
    assert (code, told["error"]["field"]) == (2, "roles")
    assert not list((tmp_path / "home").glob("keys/author-*"))


def test_without_json_the_same_is_said_in_words(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["verify", "--home", str(tmp_path / "none"), "--locale", "zh_CN"]) == 2
    spoken = capsys.readouterr()
    assert spoken.out == ""
    assert "→" in spoken.err


def test_the_demonstration_walks_and_every_step_holds(run: Run, tmp_path: Path) -> None:
    code, shown = run("demo", "--out", tmp_path / "out")
    assert [step["step"] for step in shown["steps"] if not step["holds"]] == []
    assert code == 0
    assert all(Path(file).exists() for file in shown["files"])
    assert {"A", "D", "NR"} <= {score["grade"] for score in shown["scores"]}
    assert shown["story"]["steps"]


def test_a_spreadsheet_goes_in_row_by_row_and_its_bad_rows_come_back(ledger: Run, tmp_path: Path) -> None:
    assert ledger("export", "--format", "template", "--out", tmp_path / "t.xlsx")[0] == 0
    table = tmp_path / "rows.csv"
    table.write_text(
        "事件,时间,商品条码,批次号,数量,单位\n"
        "登记,2026-03-01 08:00,09521234543213,A1,412,千克\n"
        "登记,2026-03-01 08:00,09521234543214,A2,412,千克\n",
        encoding="utf-8",
    )
    code, taken = ledger("import", table, "--rejected", tmp_path / "again.csv")
    assert (code, taken["accepted"], len(taken["refused"])) == (3, 1, 1)
    assert "A2" in (tmp_path / "again.csv").read_text(encoding="utf-8-sig")


def test_what_was_exported_is_imported_elsewhere_without_loss(ledger: Run, tmp_path: Path) -> None:
    ledger("import", shared("epcis/gdst/all_wholechain_events.jsonld"))
    code, out = ledger("export", "--format", "epcis-json", "--out", tmp_path / "out.jsonld")
    assert (code, out["rows"]) == (0, 31)
    ledger("init", "--name", "另一家", "--role", "cooperative")
    assert ledger("export", "--format", "csv", "--out", tmp_path / "out.csv")[1]["rows"] > 31
    made = main.main(
        ["init", "--home", str(tmp_path / "b"), "--name", "乙", "--role", "cooperative", "--json"]
    )
    assert made == 0


def test_another_event_under_a_known_id_is_kept_too_and_said(ledger: Run, tmp_path: Path) -> None:
    known = {"eventID": "urn:uuid:495851c5-ca96-4f05-b9f7-8fa705a41c3b"}
    ledger("import", epcis(tmp_path, known))
    assert ledger("import", epcis(tmp_path, known))[1]["duplicates"] == 1
    other = epcis(tmp_path, {**known, "action": "OBSERVE"})
    code, taken = ledger("import", other)
    assert (code, taken["accepted"], taken["shared_ids"]) == (0, 1, [known["eventID"]])
    assert ledger("import", other)[1]["accepted"] == 0


def test_an_unreadable_file_does_not_hide_what_became_of_the_others(ledger: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    code, taken = ledger("import", epcis(tmp_path), tmp_path / "broken.json")
    assert (code, taken["accepted"]) == (3, 1)
    assert taken["refused"][0]["file"].endswith("broken.json")


def test_a_file_that_is_no_picture_does_not_hide_the_others(ledger: Run, tmp_path: Path) -> None:
    ledger("import", epcis(tmp_path))
    ledger("label", LOT, "--out", tmp_path / "label.png")
    (tmp_path / "text.png").write_text("not a picture")
    assert ledger("scan", tmp_path / "text.png")[0] == 2
    code, seen = ledger("scan", tmp_path / "text.png", tmp_path / "label.png")
    assert (code, [row["verdict"] for row in seen["images"]]) == (1, ["unreadable", "genuine"])
    assert seen["images"][0]["problem"]["remedy"]
