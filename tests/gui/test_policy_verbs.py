"""A policy is in force by signed entries, never by a file, and old scores stay computed under their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from verbs import Run

import resources

SHIPPED = resources.document("policy/default.json")


@pytest.fixture
def run(run: Run) -> Run:
    run("init", "--name", "溯信联合办公室", "--role", "administrator")
    return run


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    path = tmp_path / "stricter.json"
    path.write_text(json.dumps(SHIPPED | {"version": "2026.2", "grade_from": [700, 660, 600]}))
    return path


def second_administrator(run: Run) -> str:
    _, made = run("init", "--name", "乡镇监督员", "--role", "administrator")
    code, enrolled = run("enrol", made["request"])
    assert code == 0
    return str(enrolled["party"])


def test_the_shipped_default_holds_until_a_policy_is_adopted_and_from_its_day_on(
    run: Run, stricter: Path
) -> None:
    assert run("policy", "show")[1]["source"] == "shipped"
    code, said = run("policy", "propose", stricter, "--effective", "2026-04-01T00:00:00Z")
    assert (code, said["adopted"], said["in_force"]) == (0, True, SHIPPED["version"])
    _, day_before = run("policy", "show", "--as-of", "2026-03-31T23:59:59Z", at="2026-05-01T00:00:00Z")
    _, day = run("policy", "show", "--as-of", "2026-04-01", at="2026-05-01T00:00:00Z")
    assert (day_before["version"], day["version"]) == (SHIPPED["version"], "2026.2")
    assert day["entry"] == said["entry"]


def test_with_two_administrators_one_signature_adopts_nothing(run: Run, stricter: Path) -> None:
    second = second_administrator(run)
    _, said = run("policy", "propose", stricter)
    assert (said["adopted"], said["signatures_missing"]) == (False, 1)
    assert run("policy", "show")[1]["source"] == "shipped"
    code, again = run("policy", "sign", said["entry"])
    assert (code, again["error"]["code"]) == (2, "policy-signed-already")
    code, signed = run("policy", "sign", said["entry"], "--as", second)
    assert (code, signed["adopted"], signed["in_force"]) == (0, True, "2026.2")
    assert run("policy", "show")[1]["signers"][1] == second
    code, gone = run("policy", "adopt", said["entry"], "--as", second)
    assert (code, gone["error"]["code"]) == (2, "policy-not-proposed")


def test_every_fault_of_a_policy_is_named_at_once_and_nothing_is_proposed(run: Run, tmp_path: Path) -> None:
    bad = {k: v for k, v in SHIPPED.items() if k != "hysteresis_points"}
    bad |= {"random_share_milli": 1, "grade_from": [600, 620], "reviews": {"star-1": "x"}, "bonus": 1}
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(bad))
    code, checked = run("policy", "check", path)
    assert (code, checked["holds"]) == (1, False)
    named = {problem.split(":")[0].split(".")[0] for problem in checked["problems"]}
    assert named == {"hysteresis_points", "bonus", "random_share_milli", "grade_from", "reviews"}
    code, refused = run("policy", "propose", path)
    assert (code, refused["error"]["code"]) == (2, "policy-invalid")
    assert all(name in refused["error"]["found"] for name in named)
    assert run("policy", "show")[1]["proposals"] == []
    assert run("verify")[1]["entries"] == 1


def test_a_policy_may_not_hold_before_it_was_proposed(run: Run, stricter: Path) -> None:
    code, refused = run("policy", "propose", stricter, "--effective", "2026-01-01")
    assert (code, refused["error"]["code"]) == (2, "policy-effective-past")


def test_scores_published_under_an_old_policy_still_verify(run: Run, stricter: Path) -> None:
    _, made = run("init", "--name", "惠民超市", "--role", "merchant", "--category", "grocery")
    run("enrol", made["request"])
    _, published = run("publish", "惠民超市")
    assert published["policy"] == run("policy", "show")[1]["digest"]
    run("policy", "propose", stricter, at="2026-03-03T00:00:00Z")
    _, later = run("publish", "惠民超市", at="2026-03-04T00:00:00Z")
    assert later["policy"] != published["policy"]
    code, report = run("verify", at="2026-03-05T00:00:00Z")
    assert (code, report["problems"]) == (0, [])
    assert report["steps"][6]["checked"] == 2


def test_the_shadow_run_counts_everybody_and_is_signed_with_the_proposal(run: Run, stricter: Path) -> None:
    code, shadow = run("policy", "shadow", stricter)
    assert (code, shadow["candidate"]["version"]) == (0, "2026.2")
    assert sum(row["merchants"] for row in shadow["migration"]) == shadow["merchants"]
    second_administrator(run)
    run("policy", "propose", stricter)
    (proposal,) = run("policy", "show")[1]["proposals"]
    assert proposal["shadow"]["candidate"] == shadow["candidate"]["digest"]
    assert proposal["needed"] == 2


def test_a_recalibration_without_visits_keeps_the_shipped_numbers(run: Run, tmp_path: Path) -> None:
    code, fitted = run("policy", "recalibrate", "--out", tmp_path / "month.json")
    assert (code, fitted["version"]) == (0, SHIPPED["version"])
    assert run("policy", "check", tmp_path / "month.json")[1]["holds"]
