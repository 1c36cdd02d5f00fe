"""From a batch to a review proven by one of its items, all on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from verbs import Run, harvest

LOT = "https://id.gs1.org/01/09521234543213/10/QL-1"
EVENTS = harvest(LOT, 30, "EA")


def test_a_roll_is_printed_and_one_of_its_codes_reviews_once(run: Run, tmp_path: Path) -> None:
    run("init", "--name", "青岭合作社", "--role", "cooperative")
    _, made = run("init", "--name", "消费者服务台", "--role", "consumer")
    run("enrol", made["request"])
    events = tmp_path / "events.jsonld"
    events.write_text(json.dumps(EVENTS))
    assert run("import", events)[0] == 0
    code, refused = run("roll", "QL-1", "--count", 5)
    assert (code, refused["error"]["code"]) == (2, "roll-no-file")
    code, roll = run(
        "roll", "QL-1", "--count", 5, "--out", tmp_path / "r.pdf", "--tokens", tmp_path / "t.txt"
    )
    assert (code, roll["registered"], roll["printed"], roll["counted"]) == (0, 5, 5, 0)
    tokens = (tmp_path / "t.txt").read_text().split()
    said = ("review", "青岭合作社", "--stars", 4, "--lot", "QL-1", "--as", "消费者服务台", "--key")
    code, review = run(*said, tokens[0])
    assert (code, review["proven"]) == (0, True)
    code, again = run(*said, tokens[0])
    assert (code, again["error"]["code"]) == (2, "item-key-used")
    code, forged = run(*said, "A" * 26)
    assert (code, forged["error"]["code"]) == (2, "item-unregistered")
    code, unfit = run(*said, "HELLO")
    assert (code, unfit["error"]["code"]) == (2, "item-token-unfit")
    run("score", "青岭合作社")
    assert run("roll", "QL-1")[1] == {"lot": LOT, "registered": 5, "sold": None, "counted": 1, "fits": True}
    assert run("verify")[1]["problems"] == []
