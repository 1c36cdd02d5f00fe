"""A recorded event is corrected by a later one, on the desktop and in the terminal, and the story says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.consumer.scan import ScanPage
from gui.cooperative.lot import LotPage
from gui.cooperative.register import RegisterPage
from gui.correcting import CorrectDialog
from gui.entry import EntryDialog, open_entry
from gui.screens import flaws_of, settle
from gui.shell import Shell
from ledger.errors import EventInvalid, LedgerError


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def registered(shell: Shell) -> tuple[str, int]:
    """A batch of 41 kg, made on the desktop, and its entry."""
    shell.open("register", {})
    settle(shell)
    page: Any = shell.current
    assert isinstance(page, RegisterPage)
    page.product.setCurrentIndex(0)
    page.lot.setText("QL-7")
    page.quantity.setText("41")
    page.recorder.record()
    settle(shell)
    workspace = shell.context.workspace
    return str(workspace.lots("QL-7")[0].lot), workspace.size() - 1


def shown(shell: Shell, index: int) -> EntryDialog:
    dialog = open_entry(shell.context, index, shell)
    settle(shell)
    return dialog


def test_an_amount_is_corrected_from_the_entry_and_the_batch_says_so(open_shell: Any) -> None:
    shell = open_shell("en", role="cooperative")
    code, index = registered(shell)
    entry = shown(shell, index)
    assert not entry.correct_button.isHidden()
    dialog = CorrectDialog(shell.context, entry.standing, entry)
    (editor,) = (editor for _, editor in dialog.amounts.values())
    dialog.record()
    assert dialog.form.fields["amount0"].problem.text() == shell.words("problem.correction-nothing")
    assert dialog.form.fields["amount0"].editor.accessibleDescription() == shell.words(
        "problem.correction-nothing"
    )
    editor.setText("many")
    dialog.record()
    assert not dialog.form.fields["amount0"].problem.isHidden()
    editor.setText("14")
    dialog.record()
    settle(shell)
    row = shell.context.workspace.lots("QL-7")[0]
    assert (row.quantity, row.remaining, row.status) == (Decimal(14), Decimal(14), "active")
    entry.ask()
    settle(shell)
    assert entry.correct_button.isHidden()
    assert f"Entry {index:,}" in texts(entry)
    entry.reject()
    shell.open("lot", {"code": code})
    settle(shell)
    assert isinstance(shell.current, LotPage)
    assert f"{index + 1:,} holds instead" in texts(shell.current)
    assert flaws_of(shell, "lot", chinese=False) == []


def test_a_registration_that_never_happened_leaves_its_label_revoked(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    code, index = registered(shell)
    dialog = CorrectDialog(shell.context, shown(shell, index).standing, shell.current)
    dialog.reason.setCurrentIndex(dialog.reason.findData("did_not_occur"))
    assert all(field.isHidden() for name, field in dialog.form.fields.items() if name != "reason")
    dialog.record()
    settle(shell)
    shell.open("scan", {"code": code})
    settle(shell)
    assert isinstance(shell.current, ScanPage)
    said = texts(shell.current)
    assert shell.words("verdict.revoked") in said
    assert f"第 {index:,} 条" in said
    assert flaws_of(shell, "scan", chinese=True) == []


def test_what_another_signed_and_what_is_no_event_of_goods_offers_no_correction(
    open_shell: Any, workspace: Any
) -> None:
    shell = open_shell(role="cooperative")
    assert shown(shell, 0).correct_button.isHidden()
    _, index = registered(shell)
    workspace.corrections.correct(index, "did_not_occur")
    assert shown(shell, index).correct_button.isHidden()
    assert shown(shell, index + 1).correct_button.isHidden()
    with pytest.raises(LedgerError) as twice:
        workspace.corrections.correct(index, "did_not_occur")
    assert twice.value.code == "correction-twice"
    for number in (0, index + 1):
        with pytest.raises(LedgerError) as kind:
            workspace.corrections.correct(number, "did_not_occur")
        assert kind.value.code == "correction-kind"


def test_a_correction_that_says_nothing_sensible_is_refused(open_shell: Any, workspace: Any) -> None:
    code, index = registered(open_shell(role="cooperative"))
    size = workspace.size()
    for reason, amounts, refused in (
        ("typo", {}, "correction-reason"),
        ("did_not_occur", {code: Decimal(1)}, "correction-never"),
        ("incorrect_data", {"https://id.gs1.org/01/09521234543213/10/X": Decimal(1)}, "correction-lot"),
    ):
        with pytest.raises(EventInvalid) as problem:
            workspace.corrections.correct(index, reason, amounts)
        assert problem.value.code == refused
    assert workspace.size() == size


def test_the_dialog_is_freed_when_it_closes(open_shell: Any, qtbot: QtBot) -> None:
    shell = open_shell(role="cooperative")
    _, index = registered(shell)
    entry = shown(shell, index)
    entry.correct()
    (dialog,) = entry.findChildren(CorrectDialog)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
