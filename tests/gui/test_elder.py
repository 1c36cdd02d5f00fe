"""Large type comes with fewer choices, the rest a step away, and nothing is cut off on small screens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest_types import OpenShell

from gui.consumer.scan import ScanPage
from gui.cooperative.register import RegisterPage
from gui.pages import ESSENTIAL, FOLDED, PAGES, ROLES, pages_of, spec_of
from gui.screens import settle, take
from gui.shell import Shell
from models.workspace import Workspace


def large(open_shell: OpenShell, locale: str = "zh_CN", role: str = "regulator") -> Shell:
    shell = open_shell(locale, role=role)
    shell.look.switch_large()
    settle(shell)
    return shell


def shown(shell: Shell) -> list[str]:
    """The pages in the rail that are in sight."""
    return [key for key, made in shell.rail.buttons.items() if not made.isHidden()]


def test_large_type_is_whole_on_a_small_screen_in_the_longer_language(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path
) -> None:
    shell = large(open_shell, "en")
    shell.resize(1024, 768)
    assert take(shell, workspace, tmp_path / "pictures", "large") == []


def test_a_table_leaves_out_what_its_rows_say_when_they_are_opened(open_shell: OpenShell) -> None:
    shell = open_shell(role="cooperative")
    counts = []
    for elder in (False, True):
        if elder:
            shell.look.switch_large()
        shell.open("batches", {})
        settle(shell)
        page: Any = shell.current
        counts.append(page.model.columnCount())
    assert counts == [7, 5]


@pytest.mark.parametrize("role", ROLES)
def test_the_rail_keeps_the_usual_pages_and_the_others_are_one_step_away(
    open_shell: OpenShell, role: str
) -> None:
    shell = large(open_shell, role=role)
    rail = [spec.key for spec in pages_of(role) if spec.rail]
    usual = [key for key in rail if spec_of(key).essential]
    assert shown(shell) == usual
    assert 1 <= len(usual) <= 4
    more = shell.rail.more_button
    assert more is not None
    more.click()
    assert sorted(shown(shell)) == sorted(rail)
    more.click()
    assert shown(shell) == usual
    other = next(key for key in rail if key not in usual)
    shell.open(other, {})
    settle(shell)
    assert other in shown(shell)
    shell.open(usual[0], {})
    settle(shell)
    assert shown(shell) == usual


def test_normal_type_shows_every_page_and_every_field(open_shell: OpenShell) -> None:
    shell = open_shell(role="cooperative")
    assert shell.rail.more_button is None
    shell.open("register", {})
    settle(shell)
    page: Any = shell.current
    assert page.form.more_button is None
    assert not any(field.isHidden() for field in page.form.fields.values())


def test_a_folded_field_is_stated_all_the_same_and_comes_out_with_its_error(open_shell: OpenShell) -> None:
    shell = large(open_shell, role="cooperative")
    shell.open("register", {})
    settle(shell)
    page: Any = shell.current
    assert isinstance(page, RegisterPage)
    assert page.form.fields["best_before"].isHidden()
    page.product.setCurrentIndex(0)
    page.lot.setText("QL-7")
    page.quantity.setText("41")
    assert page.stated().ilmd is not None
    page.best_before.setDate(page.made.date().addDays(-1))
    page.recorder.record()
    assert not page.form.fields["best_before"].isHidden()
    assert not page.form.fields["best_before"].problem.isHidden()
    assert page.form.more_button is not None
    assert page.form.more_button.isHidden()


def test_a_scan_begins_with_its_big_ways_and_the_others_are_one_step_away(open_shell: OpenShell) -> None:
    shell = large(open_shell, role="consumer")
    page: Any = shell.current
    assert isinstance(page, ScanPage)
    start = page.start
    assert not start.camera_button.isHidden()
    assert not start.file_button.isHidden()
    assert start.paste_button.isHidden()
    start.more_button.click()
    assert not start.paste_button.isHidden()
    assert not start.screen_button.isHidden()


def test_the_lists_of_large_type_name_pages_and_fields_that_there_are(open_shell: OpenShell) -> None:
    keys = {spec.key for spec in PAGES}
    assert keys >= ESSENTIAL
    shell = open_shell(role="cooperative")
    for key, names in FOLDED.items():
        page: Any = spec_of(key).load()(shell.context)
        assert set(names) <= {*page.form.fields, "has_best_before", "capitals", "again"}
        page.deleteLater()
