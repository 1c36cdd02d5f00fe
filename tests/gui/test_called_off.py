"""Every long piece of work of the desktop shows how far it is, and its Cancel ends it with nothing half done.

The relay is slowed to the pace of the window here: the work waits at each step until the window has shown
it, so that Cancel is pressed in the middle however fast the machine is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

import main
from gui.context import Context, Page
from gui.cooperative.bundles import BundlesPage
from gui.cooperative.importing import ImportPage
from gui.cooperative.labels import LabelsPage
from gui.cooperative.quality import QualityPage
from gui.cooperative.rolls import RollsPage
from gui.integrity import IntegrityPage
from gui.regulator.dossier import DossierPage
from gui.regulator.policy import PolicyPage
from gui.widgets import Progress
from gui.workers import Workers
from ledger.bundle import adopt, read_bundle, write_bundle
from ledger.errors import Problem
from models.items import refuse_roll
from models.provenance.lots import LotRow
from models.workspace import Workspace, log_signer

HALF = 600


class Paced(Workers):
    """Workers whose work waits at every step until the window has shown it; then `shown` is called."""

    shown: Callable[[], object] = staticmethod(lambda: None)

    def relay(self, slot: Callable[..., object], owner: QObject | None = None) -> Callable[..., None]:
        def arrive(seen: threading.Event, *args: object) -> None:
            slot(*args)
            self.shown()
            seen.set()

        sent = super().relay(arrive, owner)

        def send(*args: object) -> None:
            seen = threading.Event()
            sent(seen, *args)
            seen.wait(5)

        return send


@dataclass(frozen=True)
class Long:
    """One long piece of work: its page, what begins it, and what it leaves where it was called off."""

    page: type[Page]
    begin: Callable[[Any, Path], object]
    left: Callable[[Any, Path], object]
    bar: str = "working"


def files(_: Any, folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def nothing_shown(page: PolicyPage, _: Path) -> tuple[Any, bool]:
    return page.candidate, page.try_button.isEnabled()


def print_labels(page: LabelsPage, folder: Path) -> None:
    page.count.setValue(20)
    page.each.setText("0.001")
    page.write(folder / "a.png")


def may_have_no_roll(page: Page, lot: LotRow) -> bool:
    workspace = page.context.workspace
    try:
        refuse_roll(workspace.items, lot, 200, workspace.clock())
    except Problem:
        return True
    return False


def make_roll(page: RollsPage, folder: Path) -> None:
    unsold = next(lot.lot for lot in page.context.workspace.lots() if not may_have_no_roll(page, lot))
    page.lot.setCurrentIndex(page.lot.findData(unsold))
    page.count.setValue(200)
    page.write(folder / "roll.pdf")


def read_table(page: ImportPage, folder: Path) -> None:
    table = folder.parent / "many.csv"
    table.write_text(
        "\n".join(["event,time,gtin,batch,quantity", *("register,2025-03-01,06901234567892,L1,5",) * 4000])
    )
    page.take(table)


def nothing_read(page: ImportPage, _: Path) -> object:
    return page.preview


def nothing_audited(page: IntegrityPage, _: Path) -> object:
    return page.report


LONG = {
    "bundle out": Long(BundlesPage, lambda page, folder: page.save(folder / "all.bundle"), files),
    "bundle out as codes": Long(BundlesPage, lambda page, folder: page.save_codes(folder), files),
    "shadow run": Long(PolicyPage, lambda page, _: page.try_month(), nothing_shown),
    "dossier on paper": Long(DossierPage, lambda page, folder: page.print_to(folder / "a.pdf"), files),
    "promises with proofs": Long(QualityPage, lambda page, folder: page.export(folder / "a.xlsx"), files),
    "promises to print": Long(QualityPage, lambda page, folder: page.export(folder / "a.pdf"), files),
    "labels": Long(LabelsPage, print_labels, files),
    "scratch codes": Long(RollsPage, make_roll, files),
    "import": Long(ImportPage, read_table, nothing_read, "progress"),
    "audit": Long(IntegrityPage, lambda page, _: page.start(), nothing_audited, "progress"),
    "one promise": Long(QualityPage, lambda page, folder: page.print_one("HG-1", folder / "a.pdf"), files),
}


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Paced]:
    made = Paced()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the bar at once: a demonstration is too small to be waited for."""
    for name in ("gui.longwork.LATE_MS", "gui.cooperative.working.SHOW_AFTER_MS"):
        monkeypatch.setattr(name, 0)


@dataclass
class Watched:
    """What somebody sees of a bar, who presses its Cancel when it has moved `after` times."""

    qtbot: QtBot
    bar: Progress
    after: int

    def __post_init__(self) -> None:
        self.seen: list[tuple[int, int, str]] = []
        self.enabled: list[bool] = []

    def __call__(self) -> None:
        bar = self.bar
        if len(self.seen) == self.after:
            return  # what was already on its way
        self.qtbot.waitUntil(bar.isVisible)
        self.seen.append((bar.bar.value(), bar.bar.maximum(), bar.text.text()))
        self.enabled.append(bar.button.isEnabled())
        if len(self.seen) == self.after:
            bar.button.click()


def opened(qtbot: QtBot, context: Context, kind: type[Page]) -> Any:
    page = kind(context)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.enter(**page.sample(context.workspace))
    idle(qtbot, context)
    return page


def idle(qtbot: QtBot, context: Context) -> None:
    qtbot.waitUntil(context.workers.idle, timeout=20_000)


@pytest.mark.parametrize("after", [1, 2])
@pytest.mark.parametrize("name", LONG)
def test_long_work_shows_how_far_it_is_and_its_cancel_leaves_nothing(
    qtbot: QtBot, context: Context, workers: Paced, tmp_path: Path, name: str, after: int
) -> None:
    long, folder = LONG[name], tmp_path / "out"
    folder.mkdir()
    page = opened(qtbot, context, long.page)
    before = context.workspace.size(), long.left(page, folder)
    bar = getattr(page, long.bar)
    watched = Watched(qtbot, bar, after)
    workers.shown = watched
    long.begin(page, folder)
    idle(qtbot, context)
    # What was told until then had a bar with an end, in words, and a way out.
    assert len(watched.seen) == after
    assert all(
        0 <= done < total and str(total) in text.replace(",", "") for done, total, text in watched.seen
    )
    assert all(watched.enabled)
    assert (context.workspace.size(), long.left(page, folder)) == before
    assert bar.isHidden()


@pytest.mark.parametrize(("kind", "bar", "button"), [
    (PolicyPage, "working", "try_button"), (IntegrityPage, "progress", "start_button")
])  # fmt: skip
def test_keys_that_began_the_work_come_to_its_cancel_and_go_back(
    qtbot: QtBot, context: Context, workers: Paced, kind: type[Page], bar: str, button: str
) -> None:
    page = opened(qtbot, context, kind)
    cancel, began, keys = getattr(page, bar).button, getattr(page, button), list[bool]()

    def shown() -> None:
        if not keys:
            qtbot.waitUntil(cancel.isVisible)
            keys.append(page.window().focusWidget() is cancel)
            qtbot.keyClick(cancel, Qt.Key.Key_Space)

    workers.shown = shown
    began.setFocus()
    qtbot.keyClick(began, Qt.Key.Key_Space)
    idle(qtbot, context)
    assert keys == [True]
    assert page.window().focusWidget() is began


@pytest.fixture
def half(workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """Another installation that has the first half of the same ledger."""
    home = main.open_home(tmp_path / "half")
    ledger, views = main.open_engines(home, None)
    first = write_bundle(workspace.reader, log_signer(workspace.home), 0, HALF)
    adopt(ledger, read_bundle(first), log_key=log_signer(home), clock=workspace.clock)
    made = Workspace(ledger, views, home, clock=workspace.clock)
    yield made
    made.close()


def test_a_bundle_called_off_stops_between_its_parts_and_what_is_in_stays_in(
    qtbot: QtBot, context: Context, workers: Paced, half: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "all.bundle").write_bytes(context.workspace.bundle())
    whole, context = context.workspace.size(), replace(context, workspace=half)
    page = opened(qtbot, context, BundlesPage)
    # Pressed when 750 of them are looked at: the part under way goes in, the last one does not.
    workers.shown = Watched(qtbot, page.working, 4)
    page.take([tmp_path / "all.bundle"])
    idle(qtbot, context)
    assert half.size() == 1000 < whole
    assert {standing.behind for standing in half.standings()} == {0}
    assert page.banner.title.text() == page.words(
        "bundles.called_off", done="1,000", total=page.words.number(whole)
    )
    workers.shown = lambda: None
    page.take([tmp_path / "all.bundle"])
    idle(qtbot, context)
    assert half.size() == whole
    assert page.banner.title.text() == page.words("bundles.taken", n=whole - 1000)


def test_views_called_off_are_behind_and_say_so_until_they_are_folded(
    qtbot: QtBot, context: Context, workers: Paced
) -> None:
    page, size = opened(qtbot, context, IntegrityPage), context.workspace.size()
    workers.shown = Watched(qtbot, page.working, 1)
    page.rebuild()
    idle(qtbot, context)
    # Pressed before anything was dropped; it is heard while the first piece is read.
    assert {standing.behind for standing in context.workspace.standings()} == {size}
    far = {"done": page.words.number(0), "total": page.words.number(size)}
    assert page.banner.title.text() == page.words("health.called_off", **far)
    workers.shown = lambda: None
    page.rebuild()
    idle(qtbot, context)
    assert {standing.behind for standing in context.workspace.standings()} == {0}


def test_a_window_that_closes_calls_off_what_nobody_will_see_the_end_of(
    qtbot: QtBot, context: Context, workers: Paced, tmp_path: Path
) -> None:
    page, begun = opened(qtbot, context, BundlesPage), list[int]()
    workers.shown = lambda: begun.append(page.working.bar.value())
    page.save_codes(tmp_path / "codes")
    qtbot.waitUntil(lambda: len(begun) > 4)
    context.workers.close()
    assert not list(tmp_path.glob("codes/*"))
