"""A recorded event is corrected by a later one, on the desktop and in the terminal, and the story says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QLabel
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
    (editor,) = (editor for _, _, editor in dialog.amounts.values())
    dialog.record()
    nothing, field = shell.words("problem.correction-nothing"), dialog.form.fields["amount0"]
    assert field.problem.text().startswith(nothing)
    assert field.editor.accessibleDescription().startswith(nothing)
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


def changed(shell: Shell, index: int, **words: str) -> CorrectDialog:
    """The dialog of an entry, its choices read, with other words in its fields."""
    dialog = CorrectDialog(shell.context, shell.context.workspace.corrections.standing(index), shell.current)
    settle(shell)
    for name, value in words.items():
        editor: Any = dialog.facts[name.replace("__", ".")].editor
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findText(value))
        elif isinstance(editor, QDateTimeEdit):
            editor.setDateTime(QDateTime.fromString(value, "yyyy-MM-dd HH:mm"))
        else:
            editor.setText(value)
    return dialog


def first_shipment(workspace: Any) -> int:
    return next(
        int(entry.index)
        for entry in workspace.entries(0, workspace.size())
        if getattr(entry.event, "biz_step", "") == "shipping" and entry.event.destination_list
    )


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_wrong_time_and_place_are_said_old_and_new_before_they_are_signed(
    open_shell: Any, locale: str
) -> None:
    shell = open_shell(locale, role="cooperative")
    code, index = registered(shell)
    workspace, words = shell.context.workspace, shell.words
    said = getattr(workspace.entry(index).event, "read_point", None)
    other = next(place for place in workspace.places() if place.id != said)
    place = words.name(other)
    entry = shown(shell, index)
    assert {words.quantity(Decimal(41), "KGM"), words("fact.place")} <= set(texts(entry).splitlines())
    dialog = changed(shell, index, event_time="2026-01-05 09:30", place=place)
    was = words.time(workspace.entry(index).event.event_time)
    time = dialog.facts["event_time"].name.text()
    assert words("correction.change", what=time, was=was, now="2026-01-05 09:30") in dialog.said.text()
    assert place in dialog.said.text()
    dialog.record()
    settle(shell)
    event: Any = workspace.entry(index + 1).event
    assert (words.time(event.event_time), event.read_point) == ("2026-01-05 09:30", other.id)
    assert workspace.lots("QL-7")[0].registered_index == index + 1
    assert place in texts(shown(shell, index + 1)).splitlines()
    step = words.code("biz_step", "commissioning")
    assert words("entries.declares", what=step) in shown(shell, index + 2).name.text()
    shell.open("lot", {"code": code})
    settle(shell)
    assert "2026-01-05" in texts(shell.current)
    assert flaws_of(shell, "lot", chinese=words.chinese) == []


def test_a_time_to_come_and_one_party_on_both_sides_are_refused_at_their_fields(open_shell: Any) -> None:
    shell = open_shell(role="cooperative")
    workspace = shell.context.workspace
    index = next(
        entry.index
        for entry in workspace.entries(0, workspace.size())
        if "destination"
        in {fact.name for fact in workspace.corrections.facts(workspace.corrections.standing(entry.index))}
    )
    size = workspace.size()
    dialog = changed(shell, index, event_time="2036-01-05 09:30")
    dialog.record()
    settle(shell)
    field = dialog.facts["event_time"]
    assert field.problem.text().startswith(shell.words("problem.correction-future").partition("{")[0])
    assert field.editor.accessibleDescription() == field.problem.text()
    assert isinstance(field.editor, QDateTimeEdit)
    field.editor.setDateTime(field._minute())
    assert field.problem.isHidden()
    assert not field.changed
    assert workspace.size() == size
    party: Any = dialog.facts["destination"].editor
    assert party.findData(dialog.standing.party) == -1


def test_what_a_correction_brings_to_light_is_said_before_it_is_signed(open_shell: Any) -> None:
    shell = open_shell("en", role="cooperative")
    workspace = shell.context.workspace
    index = first_shipment(workspace)
    dialog = changed(shell, index, event_time="2020-01-05 09:30")
    dialog.preview()
    settle(shell)
    assert dialog.findings.count()
    assert dialog.facts["event_time"].problem.isHidden()


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
