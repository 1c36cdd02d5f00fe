"""Every page in both languages and schemes: nothing clipped, nothing unworded, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from conftest_types import OpenShell
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from gui.pages import PAGES
from gui.screens import flaws_of, settle, take, visits
from models.workspace import Workspace


def free_now() -> None:
    """Let Qt free what was asked to be freed."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_shows_without_a_flaw(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path, locale: str, scheme: str
) -> None:
    flaws = take(open_shell(locale, scheme), workspace, tmp_path / "pictures", f"{locale}-{scheme}")
    assert flaws == []
    assert len(list((tmp_path / "pictures").glob("*.png"))) == len(PAGES)


def test_large_type_fits_too(open_shell: OpenShell, workspace: Workspace, tmp_path: Path) -> None:
    shell = open_shell("zh_CN")
    shell.look.switch_large()
    assert take(shell, workspace, tmp_path / "pictures", "large") == []


def test_every_page_survives_a_switch_of_language_and_scheme(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell("zh_CN")
    for spec, role, args in visits(workspace):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
        for switch in (shell.look.switch_language, shell.look.switch_scheme):
            switch()
            settle(shell)
            assert shell.going.visited.here == spec.key
            assert shell.role == role
            assert flaws_of(shell, spec.key, shell.words.chinese) == []


def test_pages_are_freed_when_they_are_rebuilt_and_when_the_window_closes(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell("zh_CN", kept=False)
    for spec, role, args in visits(workspace):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
    old = list(shell.pages.values())
    shell.look.switch_language()
    settle(shell)
    free_now()
    assert [page for page in old if shiboken6.isValid(page)] == []
    left = list(shell.pages.values())
    shell.close()
    shell.deleteLater()
    free_now()
    assert [page for page in left if shiboken6.isValid(page)] == []


def test_every_button_has_a_name_and_every_editor_too(open_shell: OpenShell, workspace: Workspace) -> None:
    shell = open_shell("en")
    nameless: list[tuple[str, str]] = []
    for spec, role, args in visits(workspace):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
        page: QWidget = shell.pages[spec.key]
        nameless += [
            (spec.key, button.metaObject().className())
            for button in page.findChildren(QPushButton)
            if not (button.accessibleName() or button.text())
        ]
    assert nameless == []


def test_the_window_says_that_the_ledger_is_a_demonstration_and_who_acts(open_shell: OpenShell) -> None:
    shell = open_shell("zh_CN")
    assert "演示账本" in shell.rail.about.text()
    inspector = shell.rail.name.text()
    shell.set_role("cooperative")
    settle(shell)
    assert shell.rail.name.text() not in ("", inspector)
    shell.settings.kept["cooperative.actor"] = chosen = shell.context.workspace.mine("carrier")[0].id
    shell.context.restate()
    settle(shell)
    assert shell.rail.name.text() == shell.words.name(shell.context.workspace.party(chosen))
