"""The listing check underlines and offers, the monitor finds, jumps, confirms, dismisses; all by keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from recordings import Line, need_media, write_recording

from gui.cooperative.listing import ListingPage
from gui.regulator.monitor import MonitorPage
from gui.screens import settle
from gui.shell import Shell
from models.claims.case import dismissals
from models.workspace import Workspace

OpenShell = Callable[..., Shell]


def activate(shell: Shell, qtbot: QtBot) -> None:
    """Keys reach the shortcuts of an active window only."""
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)


def listing_page(shell: Shell) -> ListingPage:
    shell.open("listing", {})
    settle(shell)
    page = shell.current
    assert isinstance(page, ListingPage)
    return page


def monitor_page(shell: Shell, **args: Any) -> MonitorPage:
    shell.open("monitor", args)
    settle(shell)
    page = shell.current
    assert isinstance(page, MonitorPage)
    return page


def buttons(page: Any) -> dict[str, QPushButton]:
    return {one.text(): one for one in page.findChildren(QPushButton) if one.isVisible()}


def test_what_is_typed_is_underlined_after_a_pause_and_an_offer_replaces_it(
    open_shell: OpenShell, qtbot: QtBot
) -> None:
    shell = open_shell("zh_CN", role="cooperative")
    page = listing_page(shell)
    qtbot.keyClicks(page.edit, "x")
    page.edit.setPlainText("😀今年的米最好吃，欢迎尝鲜")
    settle(shell)
    (mark,) = page.edit.extraSelections()
    assert mark.cursor.selectedText() == "最好吃", "an emoji before it does not move the place"
    page.apply_first()
    settle(shell)
    assert page.edit.toPlainText() == "😀今年的米很好吃，欢迎尝鲜"
    assert page.edit.extraSelections() == []
    assert page.banner.title.text() == page.words("listing.clean")
    page.edit.undo()
    assert page.edit.toPlainText() == "😀今年的米最好吃，欢迎尝鲜"


def test_the_keyboard_goes_from_remark_to_remark_and_takes_an_offer(
    open_shell: OpenShell, qtbot: QtBot
) -> None:
    shell = open_shell("en", role="cooperative")
    page = listing_page(shell)
    page.edit.setPlainText("全网第一\n最好吃")
    settle(shell)
    activate(shell, qtbot)
    page.edit.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(page.edit, Qt.Key.Key_F8)
        seen.append(page.edit.textCursor().selectedText())
    assert len(set(seen[:2])) == 2
    assert seen[2] == seen[0], "it goes round"
    before = page.edit.toPlainText()
    qtbot.keyClick(page.edit, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    assert page.edit.toPlainText() != before


def test_a_listing_is_checked_against_the_chosen_lot(open_shell: OpenShell, workspace: Workspace) -> None:
    shell = open_shell("zh_CN", role="cooperative")
    page = listing_page(shell)
    page.edit.setPlainText("有机大米")
    settle(shell)
    assert page.banner.title.text() == page.words("listing.open", n=1)
    verdicts = set()
    for place in range(1, page.lot.count()):
        page.lot.setCurrentIndex(place)
        page.check()
        settle(shell)
        assert page.checked is not None
        verdicts |= {row.remark.verdict for row in page.checked.rows}
    assert "to_check" not in verdicts
    assert "supported" in verdicts, "a lot of the tale has its organic certificate"


def test_the_page_comes_back_as_it_was_left(open_shell: OpenShell) -> None:
    shell = open_shell("zh_CN", role="cooperative")
    page = listing_page(shell)
    page.edit.setPlainText("最好吃")
    settle(shell)
    kept = page.state()
    shell.open("listing", kept)
    settle(shell)
    again = shell.current
    assert isinstance(again, ListingPage)
    assert again.edit.toPlainText() == "最好吃"
    assert len(again.edit.extraSelections()) == 1


def test_a_finding_is_confirmed_by_keyboard_and_becomes_an_entry_of_that_merchant(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    shell = open_shell("zh_CN")
    merchant = workspace.merchants.rows()[0].party
    listing = tmp_path / "stream.srt"
    listing.write_text("1\n00:00:02,000 --> 00:00:04,000\n吃了能治疗高血压\n", encoding="utf-8")
    page = monitor_page(shell, path=str(listing), party=merchant)
    (found,) = page.model.rows
    assert (found.case.at, found.remark.rule) == ("00:00:02.000", "disease-treatment")
    before = len(workspace.merchants.dossier(merchant).claims)
    activate(shell, qtbot)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    rows = workspace.merchants.dossier(merchant).claims
    assert len(rows) == before + 1
    kept = workspace.material(str(rows[0]["clip"]))
    assert kept is not None
    assert json.loads(kept)["passage"] == "吃了能治疗高血压"
    size = workspace.size()
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    assert workspace.size() == size, "what is decided is not recorded twice"


def test_a_dismissal_needs_a_reason_and_records_nothing(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path
) -> None:
    shell = open_shell("en")
    listing = tmp_path / "stream.txt"
    listing.write_text("吃了能治疗高血压\n", encoding="utf-8")
    page = monitor_page(shell, path=str(listing))
    size = workspace.size()
    card = page.decision
    assert not card.dismiss_button.isEnabled()
    assert not card.confirm_button.isEnabled(), "nobody is named yet"
    card.reason.setText("quotes the law")
    card.dismiss_button.click()
    settle(shell)
    (kept,) = dismissals(workspace.home.root)
    assert (kept.reason, kept.text) == ("quotes the law", "能治疗高血压")
    assert workspace.size() == size
    assert page.decided
    assert not card.dismiss_button.isEnabled()


def test_a_recording_shows_the_frame_and_the_evidence_of_a_finding(
    open_shell: OpenShell, tmp_path: Path
) -> None:
    need_media()
    shell = open_shell("zh_CN")
    path = write_recording(tmp_path / "live.mp4", [Line("吃了能治疗高血压", 1, 2)], 3)
    page = monitor_page(shell, path=str(path))
    (found,) = page.model.rows
    settle(shell)
    assert found.start == pytest.approx(1, abs=0.2)
    assert page.player.slider.value() == pytest.approx(1000, abs=200), "the first finding is jumped to"
    assert page.decision.picture.pixmap().height() > 20
    picture = page.player.screen_view.image
    assert picture is not None
    assert (picture.width(), picture.height()) == (640, 360)


def test_a_file_that_cannot_be_read_is_told_in_words(open_shell: OpenShell, tmp_path: Path) -> None:
    shell = open_shell("zh_CN")
    path = tmp_path / "broken.txt"
    path.write_bytes(bytes(range(256)) * 8)
    page = monitor_page(shell, path=str(path))
    assert page.banner.property("kind") == "bad"
    assert page.banner.title.text()
    assert page.model.rows == ()
