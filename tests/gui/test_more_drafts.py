"""Gates, rolls and plans are kept like any draft; a shopper's words are only brought back at once."""

from __future__ import annotations

from typing import Any

import pytest
from conftest_types import OpenShell
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui.consumer.scan import ScanPage
from gui.consumer.story import StoryView
from gui.cooperative.quality import QualityPage
from gui.cooperative.rolls import RollsPage
from gui.cooperative.today import TodayPage
from gui.drafts import Drafts
from gui.regulator.plan import PlanPage
from gui.screens import settle
from gui.shell import Shell

Z, CTRL, SHIFT = Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def opened(shell: Shell, key: str, **args: Any) -> Any:
    shell.open(key, args)
    settle(shell)
    return shell.current


def kept(shell: Shell) -> Drafts:
    return Drafts(shell.context.workspace.home.root)


def test_a_gate_half_set_waits_on_today_and_opens_at_its_form(open_shell: OpenShell) -> None:
    shell = open_shell("en", role="cooperative")
    page: QualityPage = opened(shell, "quality")
    page.gates.steps["packing"].click()
    page.gates.days.setValue(30)
    QTest.keyClick(page, Z, CTRL)
    assert (page.gates.days.value(), page.gates.steps["packing"].isChecked()) == (0, True)
    QTest.keyClick(page, Z, CTRL | SHIFT)
    today: TodayPage = opened(shell, "today")
    (draft,) = kept(shell).all()
    assert not today.drafts.isHidden()
    assert (draft.page, draft.kind) == ("quality", "gate")
    shell.close()
    shell = open_shell("en", role="cooperative")
    page = opened(shell, "quality", draft=draft.id)
    assert page.tabs.currentWidget() is page.gates
    assert (page.gates.days.value(), page.gates.steps["packing"].isChecked()) == (30, True)
    page.gates.set()
    settle(shell)
    assert kept(shell).all() == ()
    assert not page.gates.drafting.stack.canUndo()


def test_a_roll_half_chosen_is_there_again_and_a_batch_is_undone_with_it(
    open_shell: OpenShell,
) -> None:
    shell = open_shell(role="cooperative")
    page: RollsPage = opened(shell, "rolls")
    assert kept(shell).all() == ()
    first, pieces = page.lot.currentData(), page.count.value()
    page.count.setValue(77)
    page.lot.setFocus()
    QTest.keyClick(page.lot, Qt.Key.Key_Down)
    second = page.lot.currentData()
    assert second != first
    QTest.keyClick(page, Z, CTRL)
    assert (page.lot.currentData(), page.count.value()) == (first, 77)
    QTest.keyClick(page, Z, CTRL)
    assert page.count.value() == pieces
    QTest.keyClick(page, Z, CTRL | SHIFT)
    opened(shell, "today")
    shell.close()
    page = opened(open_shell(role="cooperative"), "rolls")
    assert (page.lot.currentData(), page.count.value()) == (first, 77)


def test_a_plan_drawn_again_gives_the_plan_before_back_also_after_a_restart(open_shell: OpenShell) -> None:
    shell = open_shell(role="regulator")
    page: PlanPage = opened(shell, "plan")
    seed = page.seed.text()
    visits = [row.visit.subject for row in page.model.rows]
    assert kept(shell).all() == ()
    page.draw()
    settle(shell)
    assert page.seed.text() != seed
    QTest.keyClick(page, Z, CTRL)
    settle(shell)
    assert (page.seed.text(), [row.visit.subject for row in page.model.rows]) == (seed, visits)
    page.budget.setValue(7)
    opened(shell, "merchants")
    today: TodayPage = opened(shell, "today")
    assert today.drafts.isHidden()
    shell.close()
    page = opened(open_shell(role="regulator"), "plan")
    assert (page.seed.text(), page.budget.value()) == (seed, 7)
    assert len(page.model.rows) == 7


@pytest.mark.parametrize("typed", ["5a" * 16, "5A" * 16, "5a", "zz" * 16])
def test_a_seed_one_was_told_draws_the_same_lot_and_no_other_text_does(
    open_shell: OpenShell, typed: str
) -> None:
    shell = open_shell("en", role="regulator")
    told = [row.visit.subject for row in opened(shell, "plan", seed="5a" * 16, budget=9).model.rows]
    page: PlanPage = opened(shell, "plan", seed="00" * 16, budget=9)
    page.seed.selectAll()
    QTest.keyClicks(page.seed, typed)
    QTest.keyClick(page.seed, Qt.Key.Key_Return)
    settle(shell)
    if typed.lower() == "5a" * 16:
        assert [row.visit.subject for row in page.model.rows] == told
    assert page.seed_field.problem.isHidden() is (typed.lower() == "5a" * 16)


def dialog(shell: Shell) -> Any:
    found = QApplication.activeModalWidget()
    assert found is not None
    return found


@pytest.fixture
def told(open_shell: OpenShell) -> Shell:
    shell = open_shell("en", role="consumer")
    page = opened(shell, "scan")
    sold = shell.context.workspace.lots(status="sold", limit=1)[0].lot
    page.take_code(sold)
    settle(shell)
    return shell


def view_of(shell: Shell) -> StoryView:
    page = shell.pages["scan"]
    assert isinstance(page, ScanPage)
    return page.view


def undo_of(shell: Shell) -> QPushButton:
    return next(b for b in shell.toasts.findChildren(QPushButton) if b.text() == shell.words("draft.undo"))


def test_stars_and_words_are_undone_and_made_again_in_their_dialog(told: Shell) -> None:
    view_of(told).review()
    asked = dialog(told)
    QTest.keyClicks(asked.stars, "4")
    asked.text.setFocus()
    QTest.keyClicks(asked.text, "fresh")
    asked.send_button.setFocus()
    asked.drafting.commit()
    asked.drafting.undo()
    assert (asked.stars.value, asked.text.toPlainText()) == (4, "")
    asked.drafting.undo()
    assert asked.stars.value == 0
    asked.drafting.redo()
    asked.drafting.redo()
    assert (asked.stars.value, asked.text.toPlainText()) == (4, "fresh")
    asked.reject()


def test_a_complaint_closed_by_mistake_comes_back_by_its_message_without_the_items_key(
    told: Shell, qtbot: QtBot
) -> None:
    view_of(told).complain()
    first = dialog(told)
    first.kind.buttons["quality"].click()
    QTest.keyClicks(first.text, "it was warm")
    QTest.keyClicks(first.token, "ABCDE")
    QTest.keyClick(first, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert not (told.context.workspace.home.root / "drafts.json").exists()
    undo_of(told).click()
    again = dialog(told)
    assert (again.kind.current, again.text.toPlainText(), again.token.text()) == (
        "quality",
        "it was warm",
        "",
    )
    again.drafting.undo()
    assert (again.kind.current, again.text.toPlainText()) == ("", "")
    again.reject()


def test_the_next_shopper_finds_an_empty_form_and_what_was_sent_is_not_offered_back(told: Shell) -> None:
    view = view_of(told)
    view.review()
    first = dialog(told)
    QTest.keyClicks(first.stars, "5")
    QTest.keyClicks(first.text, "mine alone")
    first.reject()
    view.review()
    second = dialog(told)
    assert (second.stars.value, second.text.toPlainText()) == (0, "")
    assert not second.drafting.stack.canUndo()
    assert second.drafting.others() == ()
    said = len(told.toasts.findChildren(QPushButton))
    QTest.keyClicks(second.stars, "5")
    second.send()
    settle(told)
    assert len(told.toasts.findChildren(QPushButton)) == said
