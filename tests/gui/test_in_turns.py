"""A switch of language or look and a page with much on it are built in turns: the window answers between."""

from __future__ import annotations

from itertools import pairwise

import pytest
from conftest_types import OpenShell
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from gui.cooperative.lot import LotPage
from gui.integrity import IntegrityPage
from gui.regulator.dossier import DossierPage
from gui.screens import settle
from gui.shell import Shell
from gui.theme import LARGEST_ICON, Theme
from gui.widgets import DataTable


def test_a_switch_keeps_the_old_picture_until_the_page_stands_again(open_shell: OpenShell) -> None:
    shell = open_shell("en")
    here, old = next(iter(shell.pages)), shell.current
    shell.look.switch_language()
    assert here not in shell.pages
    assert not shell.updatesEnabled()
    settle(shell)
    assert shell.updatesEnabled()
    assert shell.current is shell.pages[here]
    assert shell.current is not old


def test_whoever_goes_elsewhere_meanwhile_stays_there(open_shell: OpenShell) -> None:
    shell = open_shell("en")
    shell.look.switch_language()
    shell.open("plan")
    settle(shell)
    assert shell.current is shell.pages["plan"]
    assert shell.updatesEnabled()


def test_a_page_that_cannot_be_made_again_leaves_a_window_that_paints(open_shell: OpenShell) -> None:
    shell = open_shell("en")
    (here,) = shell.pages
    shell.going.visited.states[here] = {1: "no word"}  # type: ignore[dict-item]
    shell.pages.clear()
    shell.setUpdatesEnabled(False)
    with pytest.raises(TypeError):
        shell.going.stand_again()
    assert shell.updatesEnabled()


def test_old_pages_go_one_at_a_time(open_shell: OpenShell, qtbot: QtBot) -> None:
    shell, seen, ticks = open_shell("en"), list[str](), QTimer()
    for key in ("plan", "policy", "cases"):
        shell.open(key)
        settle(shell)
    count = len(shell.pages)
    for page in shell.pages.values():
        page.destroyed.connect(lambda *_: seen.append("gone"))
    ticks.timeout.connect(lambda: seen.append("the window"))
    ticks.start(0)
    shell.look.switch_scheme()
    qtbot.waitUntil(lambda: seen.count("gone") == count)
    assert not any(pair == ("gone", "gone") for pair in pairwise(seen))


def dossier_page(shell: Shell) -> DossierPage:
    shell.open("dossier", DossierPage.sample(shell.context.workspace))
    settle(shell)
    page = shell.pages["dossier"]
    assert isinstance(page, DossierPage)
    return page


def test_a_dossier_shows_its_score_first_and_its_evidence_a_turn_later(open_shell: OpenShell) -> None:
    shell = open_shell("en")
    page = dossier_page(shell)
    found = page.dossier
    other = DossierPage(shell.context)
    other.show_dossier(found)
    assert other.findChild(QTabWidget) is None
    settle(shell)
    assert page.findChild(QTabWidget) is not None
    other.deleteLater()


def test_the_tables_behind_the_first_tab_of_a_batch_are_made_later(open_shell: OpenShell) -> None:
    shell = open_shell("en", role="cooperative")
    workspace = shell.context.workspace
    shell.open("lot", LotPage.sample(workspace))
    settle(shell)
    page = shell.pages["lot"]
    assert isinstance(page, LotPage)
    before = len(page.findChildren(DataTable))
    other = LotPage(shell.context)
    other._show(workspace.trace(page.code), {}, ())
    assert 0 < len(other.findChildren(DataTable)) < before
    other.deleteLater()


def test_the_window_has_its_turns_while_the_ledger_is_audited(open_shell: OpenShell, qtbot: QtBot) -> None:
    shell, seen, ticks = open_shell("en"), list[str](), QTimer()
    shell.open("integrity")
    settle(shell)
    page = shell.pages["integrity"]
    assert isinstance(page, IntegrityPage)
    ticks.timeout.connect(lambda: seen.append("the report" if page.report is not None else "the window"))
    ticks.start(0)
    page.start()
    qtbot.waitUntil(lambda: "the report" in seen, timeout=20_000)
    # Made on the window's own thread, the report would be there at its first turn.
    assert seen.index("the report") > 1


def test_an_icon_is_drawn_as_large_as_it_is_shown(theme: Theme) -> None:
    sides = [size.width() for size in theme.icon("scan").availableSizes()]
    assert max(sides) == LARGEST_ICON
    assert theme.pixmap("scan", "primary", 72).width() == 72
