"""What is begun and not recorded is kept, listed, undone and discarded, and a discard can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.cooperative.movement import MovementPage
from gui.cooperative.register import RegisterPage
from gui.cooperative.today import TodayPage
from gui.drafts import Draft, Drafts
from gui.regulator.inspection import InspectionPage
from gui.screens import settle
from gui.shell import Shell

Z = Qt.Key.Key_Z
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def opened(shell: Shell, key: str, **args: Any) -> Any:
    shell.open(key, args)
    settle(shell)
    return shell.current


def typed(editor: Any, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)


def kept(shell: Shell) -> Drafts:
    return Drafts(shell.context.workspace.home.root)


def said(shell: Shell, word: str) -> QPushButton:
    """The button of a message in the corner."""
    return next(b for b in shell.toasts.findChildren(QPushButton) if b.text() == shell.words(word))


def test_a_batch_half_typed_is_there_again_after_leaving_and_after_a_restart(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    page: RegisterPage = opened(shell, "register")
    typed(page.lot, "QL-7")
    typed(page.quantity, "41")
    page.has_best_before.click()
    opened(shell, "today")
    again: RegisterPage = opened(shell, "register")
    assert (again.lot.text(), again.quantity.text()) == ("QL-7", "41")
    shell.close()
    later = open_shell(role="cooperative")
    page = opened(later, "register")
    assert (page.lot.text(), page.quantity.text(), page.has_best_before.isChecked()) == ("QL-7", "41", False)
    (draft,) = kept(later).all()
    assert "QL-7" in draft.said
    assert (draft.page, draft.changed.tzinfo) == ("register", UTC)


def test_a_draft_survives_a_change_of_language(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    typed(opened(shell, "register").lot, "QL-7")
    shell.look.switch_language()
    settle(shell)
    assert shell.current.lot.text() == "QL-7"
    assert len(kept(shell).all()) == 1


def test_changes_are_undone_field_by_field_and_made_again(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    page: RegisterPage = opened(shell, "register")
    typed(page.lot, "QL-7")
    typed(page.quantity, "41")
    page.uom.setFocus()
    QTest.keyClick(page, Z, CTRL)
    assert (page.lot.text(), page.quantity.text()) == ("QL-7", "")
    QTest.keyClick(page, Z, CTRL)
    assert page.lot.text() == ""
    QTest.keyClick(page, Z, CTRL | SHIFT)
    QTest.keyClick(page, Z, CTRL | SHIFT)
    assert (page.lot.text(), page.quantity.text()) == ("QL-7", "41")
    (draft,) = kept(shell).all()
    assert draft.values["quantity"] == "41"


def test_a_text_field_keeps_its_own_undo_while_one_types_in_it(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    page: RegisterPage = opened(shell, "register")
    typed(page.lot, "QL-7")
    typed(page.quantity, "41")
    QTest.keyClick(page.quantity, Z, CTRL)
    assert (page.lot.text(), page.quantity.text()) == ("QL-7", "")


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_discarded_form_comes_back_by_its_message_or_by_the_keys(open_shell: Any, by_hand: bool) -> None:
    shell = open_shell(role="cooperative")
    page: RegisterPage = opened(shell, "register")
    typed(page.lot, "QL-7")
    page.drafting.discard()
    assert (page.lot.text(), kept(shell).all()) == ("", ())
    if by_hand:
        said(shell, "draft.undo").click()
    else:
        QTest.keyClick(page, Z, CTRL)
    assert page.lot.text() == "QL-7"
    assert [draft.values["lot"] for draft in kept(shell).all()] == ["QL-7"]


def test_today_lists_a_draft_goes_on_with_it_and_takes_a_discard_back(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    typed(opened(shell, "register").lot, "QL-7")
    today: TodayPage = opened(shell, "today")
    assert not today.drafts.isHidden()
    (draft,) = kept(shell).all()
    today.drafts.discard(draft)
    assert today.drafts.isHidden()
    assert not kept(shell).all()
    said(shell, "draft.undo").click()
    assert [one.id for one in kept(shell).all()] == [draft.id]
    assert not today.drafts.isHidden()
    QTest.keyClick(today, Z, CTRL | SHIFT)
    assert opened(shell, "register").lot.text() == ""
    QTest.keyClick(opened(shell, "today"), Z, CTRL)
    page = opened(shell, "register", draft=draft.id)
    assert page.lot.text() == "QL-7"


def test_something_new_begins_a_second_draft_and_the_first_one_waits(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    page: MovementPage = opened(shell, "movement", **MovementPage.sample(shell.context.workspace))
    typed(page.form.edit("quantity"), "3.5")
    first = page.form.box("lot").currentData()
    opened(shell, "today")
    other = page.form.box("lot").itemData(1)
    assert first != other
    page = opened(shell, "movement", kind="sell", code=other)
    assert (page.kinds.current, page.form.box("lot").currentData()) == ("sell", other)
    typed(page.form.edit("quantity"), "1.25")
    opened(shell, "today")
    assert len(kept(shell).all("movement")) == 2
    older = kept(shell).all()[-1]
    page = opened(shell, "movement", draft=older.id)
    assert (page.kinds.current, page.form.box("lot").currentData()) == ("split", first)
    assert page.form.edit("quantity").text() == "3.5"
    assert [one.values["quantity"] for one in page.drafting.others()] == ["1.25"]


def test_what_is_recorded_is_no_draft_any_more_and_cannot_be_undone(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    page: RegisterPage = opened(shell, "register")
    page.product.setCurrentIndex(0)
    typed(page.lot, "QL-7")
    typed(page.quantity, "41")
    size = shell.context.workspace.size()
    page.recorder.record()
    settle(shell)
    assert shell.context.workspace.size() == size + 1
    assert not page.drafting.stack.canUndo()
    assert not kept(shell).all()
    opened(shell, "today")
    assert opened(shell, "register").lot.text() == ""
    assert not kept(shell).all()


def test_looking_again_at_the_ledger_leaves_what_is_being_typed(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    page: MovementPage = opened(shell, "movement")
    typed(page.form.edit("quantity"), "3.5")
    shell.refresh()
    settle(shell)
    assert page.form.edit("quantity").text() == "3.5"


def test_an_inspection_half_written_is_kept_whole(open_shell: Any) -> None:
    shell = open_shell(role="regulator")
    page: InspectionPage = opened(shell, "inspection")
    typed(page.form.summary, "warm cold case")
    page.form.counts[1].setValue(2)
    opened(shell, "merchants")
    shell.close()
    page = opened(open_shell(role="regulator"), "inspection")
    assert (page.form.summary.text(), page.form.counts[1].value()) == ("warm cold case", 2)


def test_a_visit_to_a_page_makes_no_draft(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    for key in ("register", "movement", "labels", "today"):
        opened(shell, key)
    assert kept(shell).all() == ()


def test_drafts_are_their_owners_and_a_broken_file_costs_only_the_drafts(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    for number in (1, 2):
        moment = datetime(2026, 3, number, tzinfo=UTC)
        drafts.keep(Draft(f"{number}", "register", "", "QL", moment, {"lot": "QL"}))
    assert [draft.id for draft in drafts.all()] == ["2", "1"]
    path = tmp_path / "drafts.json"
    assert path.stat().st_mode & 0o077 == 0
    for broken in ("[", "[1]", '[{"id": "x"}]', "{}"):
        path.write_text(broken)
        assert drafts.all() == ()


def test_a_disk_that_takes_nothing_is_told_and_the_form_stays(
    open_shell: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = open_shell(role="cooperative")
    page: RegisterPage = opened(shell, "register")
    folder = shell.context.workspace.home.root
    (folder / "drafts.new").mkdir()
    typed(page.lot, "QL-7")
    page.drafting.keep()
    assert page.lot.text() == "QL-7"
    assert shell.toasts.column.count() == 1


def test_the_keys_stay_on_the_button_that_recorded(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    page: RegisterPage = opened(shell, "register")
    page.product.setCurrentIndex(0)
    typed(page.lot, "QL-8")
    typed(page.quantity, "41")
    page.recorder.button.setFocus()
    page.recorder.button.click()
    settle(shell)
    assert shell.focusWidget() is page.recorder.button
