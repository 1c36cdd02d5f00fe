"""The terminal declares an entry wrong and says it right, and trace, scan and entry tell of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import AT, LOT, quantity

import main
from ledger.events.foreign import write_epcis

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> tuple[int, dict[str, Any]]:
        common = ["--home", str(tmp_path / "home"), "--json", "--at", "2026-03-20T00:00:00Z"]
        code = main.main([*map(str, words), *common])
        return code, json.loads(capsys.readouterr().out)

    run("init", "--name", "青岭合作社", "--role", "cooperative")
    take(run, tmp_path, builders.object_event(quantity_list=(quantity(LOT, "10"),)))
    return run


def take(run: Run, tmp_path: Path, *events: Any) -> None:
    (tmp_path / "events.jsonld").write_bytes(write_epcis(events, AT))
    code, made = run("import", tmp_path / "events.jsonld")
    assert (code, made["refused"]) == (0, [])


def test_the_terminal_corrects_an_amount_and_every_verb_says_so(ledger: Run, tmp_path: Path) -> None:
    take(ledger, tmp_path, builders.retail_sale(quantity_list=(quantity(LOT, "5"),)))
    sale = ledger("trace", LOT)[1]["events"][-1]["index"]
    code, made = ledger(
        "correct", sale, "--reason", "incorrect_data", "--quantity", LOT.rsplit("/", 1)[-1], "3"
    )
    assert (code, made["corrected"], made["corrective"]) == (0, sale, [sale + 1])
    _, traced = ledger("trace", LOT)
    assert [event["index"] for event in traced["events"]][-1] == sale + 1
    ((one),) = traced["corrections"]
    assert (one["index"], one["declared_by"], one["reason"]) == (sale, made["entry"], "incorrect_data")
    assert ledger("entry", sale)[1]["correction"]["corrective"] == [sale + 1]
    _, seen = ledger("scan", LOT)
    assert [each["index"] for each in seen["story"]["corrections"]] == [sale]
    code, refused = ledger("correct", sale, "--reason", "incorrect_data")
    assert (code, refused["error"]["code"]) == (2, "correction-twice")
    code, refused = ledger("correct", sale + 1, "--reason", "typo")
    assert (code, refused["error"]["code"]) == (2, "correction-reason")


def test_a_whole_event_from_a_file_takes_the_place_of_a_wrong_one(ledger: Run, tmp_path: Path) -> None:
    index = ledger("trace", LOT)[1]["events"][0]["index"]
    right = tmp_path / "right.jsonld"
    other = LOT.rsplit("/", 1)[0] + "/RIGHT-1"
    right.write_bytes(write_epcis([builders.object_event(quantity_list=(quantity(other, "5"),))], AT))
    code, told_ = ledger("correct", index, "--reason", "incorrect_data", "--with", right)
    assert (code, len(told_["corrective"])) == (0, 1)
    assert ledger("trace", other)[1]["events"][0]["index"] == told_["corrective"][0]
    _, seen = ledger("scan", LOT)
    assert (seen["verdict"], seen["story"]["lot"]) == ("genuine", other)


def test_a_wrong_time_and_place_are_previewed_and_then_put_right(ledger: Run, tmp_path: Path) -> None:
    index = ledger("trace", LOT)[1]["events"][0]["index"]
    facts = {fact["name"]: fact["value"] for fact in ledger("entry", index)[1]["facts"]}
    assert facts == {"event_time": "2026-03-01T10:30:00+08:00", "place": builders.FIELD}
    facts_right = ("--set", "place", builders.SHOP, "--set", "event_time", "2026-03-02T08:00:00+08:00")
    right = ("correct", index, "--reason", "incorrect_data", *facts_right)
    code, seen = ledger(*right, "--preview")
    assert (code, seen["entry"], seen["corrective"]) == (0, None, [])
    assert [(one["name"], one["was"], one["is"]) for one in seen["changes"]] == [
        ("event_time", facts["event_time"], "2026-03-02T08:00:00+08:00"),
        ("place", builders.FIELD, builders.SHOP),
    ]
    assert ledger("entry", index)[1]["correction"] is None
    code, made = ledger(*right)
    assert (code, made["changes"], made["corrective"]) == (0, seen["changes"], [index + 1])
    ((event),) = ledger("trace", LOT)[1]["events"]
    assert (event["index"], event["event_time"], event["place"]) == (
        index + 1,
        "2026-03-02T00:00:00Z",
        builders.SHOP,
    )
    for name, value, refused in (
        ("event_time", "2026-04-01T08:00:00+08:00", "correction-future"),
        ("lot", "OTHER", "correction-goods"),
        ("weather", "rain", "correction-fact"),
    ):
        code, told = ledger("correct", index + 1, "--reason", "incorrect_data", "--set", name, value)
        assert (code, told["error"]["code"], told["error"]["where"]) == (2, refused, name)
