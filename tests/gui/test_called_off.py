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
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

import gui.longwork
import main
from gui.context import Context, Page
from gui.cooperative.bundles import BundlesPage
from gui.cooperative.quality import QualityPage
from gui.longwork import LongWork
from gui.regulator.dossier import DossierPage
from gui.regulator.policy import PolicyPage
from gui.workers import Workers
from ledger.bundle import adopt, read_bundle, write_bundle
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


def files(_: Any, folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def nothing_shown(page: PolicyPage, _: Path) -> tuple[Any, bool]:
    return page.candidate, page.try_button.isEnabled()


LONG = {
    "bundle out": Long(BundlesPage, lambda page, folder: page.save(folder / "all.bundle"), files),
    "bundle out as codes": Long(BundlesPage, lambda page, folder: page.save_codes(folder), files),
    "shadow run": Long(PolicyPage, lambda page, _: page.try_month(), nothing_shown),
    "dossier on paper": Long(DossierPage, lambda page, folder: page.print_to(folder / "a.pdf"), files),
    "promises with proofs": Long(QualityPage, lambda page, folder: page.export(folder / "a.xlsx"), files),
    "promises to print": Long(QualityPage, lambda page, folder: page.export(folder / "a.pdf"), files),
    "one promise": Long(QualityPage, lambda page, folder: page.print_one("HG-1", folder / "a.pdf"), files),
}


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    made = Paced()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the bar at once: a demonstration is too small to be waited for."""
    monkeypatch.setattr(gui.longwork, "LATE_MS", 0)


@dataclass
class Watched:
    """What somebody sees of a bar, who presses its Cancel when it has moved `after` times."""

    qtbot: QtBot
    bar: LongWork
    after: int

    def __post_init__(self) -> None:
        self.seen: list[tuple[int, int, str]] = []
        self.enabled: list[bool] = []

    def __call__(self) -> None:
        bar = self.bar
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
    qtbot: QtBot, context: Context, tmp_path: Path, name: str, after: int
) -> None:
    long, folder = LONG[name], tmp_path / "out"
    folder.mkdir()
    page = opened(qtbot, context, long.page)
    before = context.workspace.size(), long.left(page, folder)
    watched = Watched(qtbot, page.working, after)
    context.workers.shown = watched  # type: ignore[attr-defined]
    long.begin(page, folder)
    assert page.working.busy
    idle(qtbot, context)
    # Nothing was told after Cancel, and what was told had a bar with an end, in words, and a way out.
    assert len(watched.seen) == after
    assert all(
        0 <= done < total and str(total) in text.replace(",", "") for done, total, text in watched.seen
    )
    assert all(watched.enabled)
    assert (context.workspace.size(), long.left(page, folder)) == before
    assert page.working.isHidden()
    assert not page.working.busy


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
    qtbot: QtBot, context: Context, half: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "all.bundle").write_bytes(context.workspace.bundle())
    whole, context = context.workspace.size(), replace(context, workspace=half)
    page = opened(qtbot, context, BundlesPage)
    # Pressed when 500 of them are looked at: the part under way goes in, the last one does not.
    context.workers.shown = Watched(qtbot, page.working, 2)  # type: ignore[attr-defined]
    page.take([tmp_path / "all.bundle"])
    idle(qtbot, context)
    assert half.size() == 1000 < whole
    assert {standing.behind for standing in half.standings()} == {0}
    assert page.banner.title.text() == page.words(
        "bundles.called_off", done="1,000", total=page.words.number(whole)
    )
    context.workers.shown = lambda: None  # type: ignore[attr-defined]
    page.take([tmp_path / "all.bundle"])
    idle(qtbot, context)
    assert half.size() == whole
    assert page.banner.title.text() == page.words("bundles.taken", n=whole - 1000)
