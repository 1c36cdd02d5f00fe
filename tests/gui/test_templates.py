"""A batch that comes every week is filled in from its template, with the day's own number."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.cooperative.register import RegisterPage
from gui.cooperative.templates import NAME, Template, Templates, lot_of, next_lot, pattern_of
from gui.screens import settle

DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))
TEMPLATE = Template("周一的鱼", "09521001300025", "BW{%y%m%d}", "520", "KGM", 7, "")


@given(DAYS, st.sampled_from(["%Y%m%d", "%y%m%d", "%m%d"]), st.text("QLAB-", max_size=5))
def test_a_number_is_its_own_pattern_on_its_own_day(day: date, written: str, before: str) -> None:
    lot = before + day.strftime(written)
    assert lot_of(pattern_of(lot, day), day) == lot


@given(DAYS, st.integers(1, 30))
def test_a_number_that_is_taken_is_never_offered(day: date, batches: int) -> None:
    taken: set[str] = set()
    for _ in range(batches):
        taken.add(next_lot("QL-{%y%m%d}", day, taken))
    assert len(taken) == batches


def test_templates_are_kept_by_name_and_a_broken_file_costs_only_the_templates(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    templates.keep(TEMPLATE)
    templates.keep(TEMPLATE)
    assert templates.all() == (TEMPLATE,)
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0
    templates.forget(TEMPLATE.name)
    assert templates.all() == ()
    (tmp_path / NAME).write_text('[{"name": ""}]', encoding="utf-8")
    assert templates.all() == ()
    assert (tmp_path / (NAME + ".bad")).exists()


@pytest.mark.parametrize("shelf_days", [7, None])
def test_a_template_fills_the_form_with_the_first_free_number_and_can_be_undone(
    open_shell: Any, shelf_days: int | None
) -> None:
    shell = open_shell(role="cooperative")
    shell.open("register", {})
    settle(shell)
    page: RegisterPage = shell.current
    page.product.setCurrentIndex(page.product.findData("09521001300025"))
    page.lot.setText(f"BW{page._today().toString('yyMMdd')}")
    page.quantity.setText("520")
    page.has_best_before.setChecked(shelf_days is not None)
    page.best_before.setDate(page._today().addDays(shelf_days or 0))
    page.templates.names.setEditText("周一的鱼")
    page.templates.keep_button.click()
    (kept,) = Templates(shell.context.workspace.home.root).all()
    assert (kept.lot, kept.shelf_days, kept.gtin) == ("BW{%y%m%d}", shelf_days, "09521001300025")
    page.recorder.record()
    settle(shell)
    assert page.lot.text() == ""
    page.templates.names.activated.emit(0)
    settle(shell)
    assert page.lot.text() == lot_of(kept.lot, date(*page._today().getDate())) + "-2"
    assert (page.quantity.text(), page.has_best_before.isChecked()) == ("520", shelf_days is not None)
    page.drafting.undo()
    assert page.lot.text() == ""
    page.templates.forget_button.click()
    assert Templates(shell.context.workspace.home.root).all() == ()


@pytest.mark.parametrize(
    ("role", "page", "first"),
    [("cooperative", "register", "product"), ("regulator", "merchants", "filter.search")],
)
def test_the_keys_begin_at_the_work_and_not_at_what_helps_with_it(
    open_shell: Any, role: str, page: str, first: str
) -> None:
    shell = open_shell(role=role)
    shell.open(page, {})
    settle(shell)
    assert shell.focusWidget() is attrgetter(first)(shell.current)
