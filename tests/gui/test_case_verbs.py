"""Cases on the command line: file, walk the steps, see the clocks, be refused with what fits instead."""

from __future__ import annotations

import pytest
from verbs import Run


@pytest.fixture
def verb_time() -> str | None:
    return "2026-02-13T02:00:00Z"


@pytest.fixture
def run(run: Run) -> Run:
    run("init", "--name", "溯信联合办公室", "--role", "administrator")
    for name, role in (("惠民超市", "merchant"), ("县市场监管局", "inspector"), ("消费者服务台", "consumer")):
        _, made = run("init", "--name", name, "--role", role)
        run("enrol", made["request"])
    return run


def test_a_case_from_the_counter_to_the_decision(run: Run) -> None:
    code, filed = run(
        *(
            "complain",
            "惠民超市",
            "--kind",
            "quality",
            "--text",
            "发霉",
            "--who",
            "王芳 138",
            "--as",
            "消费者服务台",
        )
    )
    number = filed["case"]
    assert (code, filed["state"]) == (0, "filed")
    (clock,) = filed["clocks"]
    assert (clock["code"], clock["due"], clock["basis"][:8]) == ("accept", "2026-03-02", "市场监督管理投诉")
    code, refused = run("case", "uphold", number)
    assert (code, refused["error"]["code"]) == (2, "case-step-not-now")
    assert "accepted" in refused["error"]["expected"]
    for step in ("accept", "notify", "uphold"):
        code, taken = run("case", step, number, at="2026-02-25T02:00:00Z")
        assert code == 0, taken
    assert taken["state"] == "upheld"
    assert [(c["code"], c["state"]) for c in taken["clocks"]] == [
        ("accept", "met"),
        ("mediation", "met"),
        ("notice", "running"),
    ]
    _, shown = run("case", "show", number, at="2026-02-26T02:00:00Z")
    assert [step["step"] for step in shown["steps"]] == ["filed", "accepted", "notified", "upheld"]
    assert (shown["steps"][0]["text"], shown["steps"][0]["complainant"]) == ("发霉", "王芳 138")
    entry = shown["steps"][-1]["entry"]
    code, appealed = run("case", "appeal", entry, "--as", "惠民超市", at="2026-02-27T02:00:00Z")
    assert (code, appealed["under_appeal"]) == (0, True)
    _, score = run("score", "惠民超市", at="2026-02-27T03:00:00Z")
    assert [(row["entry"], row["case"]) for row in score["appeals"]] == [(entry, number)]
    _, listed = run("cases", "--open", at="2026-02-27T03:00:00Z")
    assert [case["case"] for case in listed["cases"]] == [number]
    assert set(listed["calendar"]) >= {"2025", "2026"}


def test_a_clock_that_runs_into_an_unknown_year_names_it(run: Run) -> None:
    at = "2026-11-19T02:00:00Z"
    _, filed = run("complain", "惠民超市", "--kind", "quality", "--text", "x", "--as", "消费者服务台", at=at)
    _, taken = run("case", "accept", filed["case"], at="2026-11-20T02:00:00Z")
    mediation = taken["clocks"][1]
    assert (mediation["due"], mediation["missing_year"]) == (None, 2027)


def test_an_unknown_case_is_refused(run: Run) -> None:
    code, refused = run("case", "show", "nope")
    assert (code, refused["error"]["code"]) == (2, "case-unknown")


def test_void_takes_the_whole_complaint_back(run: Run) -> None:
    _, before = run("score", "惠民超市")
    _, filed = run("complain", "惠民超市", "--kind", "safety", "--text", "x", "--as", "消费者服务台")
    code, void = run("case", "void", filed["case"], "--reason", "重复登记", at="2026-02-14T02:00:00Z")
    assert (code, void["state"]) == (0, "void")
    assert run("score", "惠民超市", at="2026-02-14T03:00:00Z")[1]["contributions"] == before["contributions"]
