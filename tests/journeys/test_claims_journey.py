"""From a recording to the score: seen, confirmed by an inspector, an entry with its clip, in the dossier."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from recordings import Line, need_media, write_recording
from verbs import Run

import main
from models.claims.media.clip import read_note


@pytest.fixture
def verb_time() -> str | None:
    return None


@pytest.fixture
def seller(run: Run) -> str:
    """A ledger whose administrator inspects, and a merchant to look at."""
    run("init", "--name", "市场监管所", "--role", "administrator", "--role", "inspector")
    made = run("init", "--name", "好味直播间", "--role", "merchant")[1]
    assert run("enrol", made["request"])[0] == 0
    return "好味直播间"


def test_recording_finding_confirmation_event_dossier(run: Run, seller: str, tmp_path: Path) -> None:
    need_media()
    path = write_recording(tmp_path / "live.mp4", [Line("吃了能治疗高血压", 1, 3)], 4)
    code, seen = run("claims", path, "--category", "food")
    assert (code, [row["number"] for row in seen["findings"]]) == (1, [1])
    before = run("score", seller)[1]
    code, told = run("claims", path, "--category", "food", "--confirm", 1, "--party", seller)
    (done,) = told["confirmed"]
    assert done["clip"] == seen["findings"][0]["clip"]["sha256"], "the entry cites the very clip"
    workspace = main.open_workspace(tmp_path / "home", None, main.machine_clock, None)
    try:
        (row,) = workspace.merchants.dossier(seller).claims
        assert (row["rule"], row["verdict"], row["confirmed"]) == ("disease-treatment", "violation", True)
        assert str(row["statute"]).startswith("广告法 17")
        png = workspace.material(str(row["clip"]))
        assert png is not None
        assert sha256(png).hexdigest() == row["clip"]
        note = read_note(png)
        assert note is not None
        assert (note.source, note.text, round(note.time)) == ("live.mp4", "能治疗高血压", 1)
        assert workspace.log.audit().holds
    finally:
        workspace.close()
    code, _ = run("claims", "--clip", done["clip"], "--out", tmp_path / "clip.png")
    assert code == 0
    assert sha256((tmp_path / "clip.png").read_bytes()).hexdigest() == done["clip"]
    assert run("claims", "--clip", "0" * 64)[1]["error"]["code"] == "material-unknown"
    after = run("score", seller)[1]
    assert any(part["code"].startswith("claim") for part in after["contributions"]), after
    assert after["contributions"] != before["contributions"]


def test_a_dismissal_is_kept_with_its_reason_and_nothing_is_recorded(
    run: Run, seller: str, tmp_path: Path
) -> None:
    listing = tmp_path / "listing.txt"
    listing.write_text("吃它能治疗高血压\n", encoding="utf-8")
    size = run("verify")[1]["entries"]
    code, told = run("claims", listing, "--dismiss", 1, "--reason", "引用法律原文")
    assert told["dismissed"] == [{"number": 1, "rule": "disease-treatment", "reason": "引用法律原文"}]
    assert run("verify")[1]["entries"] == size
    again = run("claims", listing)[1]
    assert len(again["findings"]) == 1, "a dismissal tunes nothing"
    code, kept = run("claims", "--dismissed", "--out", tmp_path / "out.json")
    assert code == 0
    (row,) = kept["dismissals"]
    assert (row["text"], row["reason"], row["rule"]) == ("能治疗高血压", "引用法律原文", "disease-treatment")
    assert len(row["lexicon"]) == 64
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["dismissals"] == [row]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        (("--confirm", 7, "--party", "好味直播间"), "claim-number"),
        (("--confirm", 1), "claim-party"),
        (("--dismiss", 1), "dismissal-reason"),
        (("--confirm", 1, "--party", "查无此人"), "party-unknown"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(
    run: Run, seller: str, tmp_path: Path, extra: tuple[object, ...], code: str
) -> None:
    listing = tmp_path / "listing.txt"
    listing.write_text("吃它能治疗高血压\n", encoding="utf-8")
    size = run("verify")[1]["entries"]
    exit_code, told = run("claims", listing, *extra)
    assert (exit_code, told["error"]["code"]) == (2, code)
    assert run("verify")[1]["entries"] == size
