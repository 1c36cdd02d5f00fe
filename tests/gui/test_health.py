"""A ledger's health: each check with its gravity and what to do now, on the page, as a verb, on paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

import main
from gui.screens import flaws_of, settle
from gui.words import LOCALES, Words
from ledger.audit_report import STEPS, AuditProblem, Report, Step
from models.health import GRAVEST, checks_of, holds, worst

REMEDIES = ("witness", "keep-checkpoint", "restore", "rebuild", "republish", "again")


def report(
    failed: dict[int, int] | None = None, entries: int = 9, witnessed: int = 9, kept: int = 1
) -> Report:
    """An audit of nine entries; `failed` says how many problems each step found."""
    failed = failed or {}
    names = (*STEPS, "scores")
    steps = tuple(
        Step(n, code, "fail" if n in failed else "pass", kept if n == 4 else entries)
        for n, code in enumerate(names)
    )
    problems = tuple(
        AuditProblem(n, index, "leaf-hash-wrong", "a", "b", "c")
        for n, count in failed.items()
        for index in range(count)
    )
    return Report(steps, entries, b"\1" * 32, witnessed, problems, cancelled=False, erased=())


def states(found: Any) -> dict[str, tuple[str, int, str]]:
    return {check.code: (check.state, check.count, check.remedy) for check in found}


def test_a_sound_and_witnessed_ledger_has_nothing_to_do() -> None:
    found = checks_of(report(), behind=0)
    assert worst(found) == "ok"
    assert {check.remedy for check in found} == {""}
    assert len(found) == len(STEPS) + 4


def test_each_way_to_be_unwell_has_its_gravity_its_number_and_its_remedy() -> None:
    found = states(checks_of(report({2: 3, 6: 1}, witnessed=7, kept=0), behind=4))
    assert found["signatures"] == ("fault", 3, "restore")
    assert found["scores"] == ("warning", 1, "republish")
    assert found["witnesses"] == ("notice", 2, "witness")
    assert found["trusted-checkpoints"] == ("notice", 0, "keep-checkpoint")
    assert found["views"] == ("warning", 4, "rebuild")
    assert states(checks_of(report(witnessed=0)))["witnesses"] == ("warning", 9, "witness")


def test_what_was_not_looked_at_is_never_called_sound() -> None:
    stopped = Report((Step(0, "checkpoint", "cancelled", 0),), 3, b"", 0, (), cancelled=True, erased=())
    found = states(checks_of(stopped))
    assert {found[code][0] for code in ("checkpoint", "witnesses", "views")} == {"unknown"}


def test_the_gravest_comes_first() -> None:
    order = [check.state for check in checks_of(report({1: 1, 6: 1}, witnessed=0))]
    assert order == sorted(order, key=GRAVEST.index)
    assert order[0] == "fault"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_state_and_remedy_has_words(locale: str) -> None:
    words = Words(locale)
    assert all(words.has(f"health.state.{state}.means") for state in GRAVEST)
    assert all(words.has(f"health.remedy.{one}") for one in REMEDIES)


def test_the_page_lists_what_to_do_with_a_button_and_keeps_a_signed_report(
    open_shell: Any, tmp_path: Path
) -> None:
    shell = open_shell("en", role="regulator")
    shell.open("integrity", {"start": True})
    settle(shell)
    page: Any = shell.current
    said = "\n".join(label.text() for label in page.health.findChildren(QLabel))
    assert "Whoever holds this machine could rewrite them" in said
    assert "What to do now: let another organisation witness" in said
    assert flaws_of(shell, "integrity", chinese=False) == []
    page.export(tmp_path / "health.json")
    document = json.loads((tmp_path / "health.json").read_text())
    assert {"holds", "steps", "problems", "checks", "signed"} <= document.keys()
    assert holds(document["signed"])
    document["signed"]["report"]["entries"] += 1
    assert not holds(document["signed"])
    page.export(tmp_path / "health.pdf")
    assert (tmp_path / "health.pdf").read_bytes().startswith(b"%PDF")
    (act,) = (b for b in page.health.findChildren(QPushButton) if b.text() == "Witness now")
    act.click()
    settle(shell)
    assert shell.going.visited.here == "witnesses"


def test_views_can_be_folded_again_from_the_page(open_shell: Any) -> None:
    shell = open_shell("zh_CN", role="regulator")
    shell.open("integrity", {})
    settle(shell)
    page: Any = shell.current
    page.rebuild()
    settle(shell)
    assert page.report is not None
    assert shell.context.workspace.standings()[0].behind == 0


def test_the_terminal_carries_the_same_checks_and_a_report_that_can_be_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ledger(*words: object) -> tuple[int, Any]:
        code = main.main([*map(str, words), "--home", str(tmp_path / "home"), "--json"])
        return code, json.loads(capsys.readouterr().out)

    ledger("init", "--name", "青岭合作社", "--role", "cooperative")
    code, found = ledger("verify", "--out", tmp_path / "health.json")
    assert code == 0
    assert {check["code"]: check["state"] for check in found["checks"]}["witnesses"] == "warning"
    assert set(found["checks"][0]) == {"code", "state", "count", "entries", "remedy"}
    assert ledger("verify", "--check", tmp_path / "health.json") == (
        0,
        {"holds": True, "report": str(tmp_path / "health.json")},
    )
    text = (tmp_path / "health.json").read_text()
    (tmp_path / "changed.json").write_text(text.replace('"warning"', '"ok"'))
    assert ledger("verify", "--check", tmp_path / "changed.json")[0] == 1
    assert ledger("verify", "--out", tmp_path / "health.pdf")[0] == 0
    assert (tmp_path / "health.pdf").read_bytes().startswith(b"%PDF")
