"""A scratch roll on the screen: refused beside its field, and stoppable until it is recorded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import builders
import pytest
from pytestqt.qtbot import QtBot

from gui.context import Context
from gui.cooperative.rolls import RollsPage
from gui.rolling import write_roll
from gui.words import Words
from ledger.errors import LedgerError
from ledger.events.supply import Quantity
from models.workspace import Workspace


@pytest.fixture
def workspace(rice_office: Workspace) -> Workspace:
    return rice_office


def shown(qtbot: QtBot, context: Context) -> RollsPage:
    page = RollsPage(context)
    qtbot.addWidget(page)
    page.show()
    page.enter(code=builders.LOT)
    idle(qtbot, page)
    return page


def idle(qtbot: QtBot, page: RollsPage) -> None:
    qtbot.waitUntil(lambda: page.context.workers.idle() and not page._pause.isActive(), timeout=20_000)


def said(page: RollsPage, field: str) -> str:
    return page.form.fields[field].problem.text()


def test_a_roll_is_written_for_its_owner_alone_and_recorded_once(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    page, out = shown(qtbot, context), tmp_path / "roll.pdf"
    page.count.setValue(50)
    idle(qtbot, page)
    page.write(out)
    idle(qtbot, page)
    assert out.read_bytes().startswith(b"%PDF")
    assert out.stat().st_mode & 0o077 == 0
    counts = context.workspace.items.counts(builders.LOT)
    assert counts is not None
    assert counts.registered == 50
    assert "删除" in page.banner.text.text()
    assert not page.save_button.isEnabled()
    page.check()
    idle(qtbot, page)
    assert "已经登记过" in said(page, "code")
    assert not page.save_button.isEnabled()


def test_a_held_batch_is_refused_before_anything_is_made(qtbot: QtBot, context: Context) -> None:
    context.workspace.batches.set_gate("rice", ["labelling"], "lab-report")
    page = shown(qtbot, context)
    assert "还没有" in said(page, "code")
    assert not page.save_button.isEnabled()
    context.workspace.batches.set_gate("rice", ["labelling"], "lab-report", lift=True)
    page.check()
    idle(qtbot, page)
    assert not said(page, "code")
    assert page.save_button.isEnabled()


def test_a_recalled_batch_is_refused(qtbot: QtBot, context: Context) -> None:
    context.workspace.record(builders.recall())
    assert "召回" in said(shown(qtbot, context), "code")


def test_more_codes_than_pieces_are_refused_beside_the_number(qtbot: QtBot, context: Context) -> None:
    pieces = builders.object_event(quantity_list=(Quantity(f"{builders.LOT}P", Decimal(7)),))
    context.workspace.record(pieces)
    page = shown(qtbot, context)
    page.lot.setCurrentIndex(page.lot.findData(f"{builders.LOT}P"))
    idle(qtbot, page)
    assert page.count.value() == 7
    assert page.save_button.isEnabled()
    page.count.setValue(8)
    idle(qtbot, page)
    assert "8" in said(page, "count")
    assert not page.save_button.isEnabled()


def test_a_file_that_cannot_be_written_registers_nothing(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    page, size = shown(qtbot, context), context.workspace.size()
    (tmp_path / "taken").mkdir()
    page.write(tmp_path / "taken")
    idle(qtbot, page)
    assert said(page, "file")
    assert context.workspace.size() == size


def test_a_roll_that_is_not_recorded_leaves_no_keys_behind(workspace: Workspace, tmp_path: Path) -> None:
    class Refusing:
        draft_roll = staticmethod(workspace.batches.draft_roll)

        @staticmethod
        def record_roll(_roll: Any) -> None:
            raise LedgerError("the ledger is read by another program", code="busy")

    class Held:
        batches = Refusing()

    with pytest.raises(LedgerError):
        write_roll(Held(), Words("en"), builders.LOT, 3, tmp_path / "r.pdf", tmp_path / "t.txt")
    assert not list(tmp_path.glob("?.*"))


def test_what_stops_the_drawing_ends_it(workspace: Workspace, tmp_path: Path) -> None:
    told: list[int] = []

    def stop(done: int, total: int) -> None:
        told.append(done)
        if done >= 45:
            raise InterruptedError(f"{done} of {total}")

    size = workspace.size()
    with pytest.raises(InterruptedError, match="45 of 100"):
        write_roll(workspace, Words("en"), builders.LOT, 100, tmp_path / "r.pdf", progress=stop)
    assert (told, workspace.size(), (tmp_path / "r.pdf").exists()) == ([0, 45], size, False)
