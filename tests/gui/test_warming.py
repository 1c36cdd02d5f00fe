"""No page is imported on the thread that answers the person: each is there before somebody goes to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.pages import PAGES, ROLES
from gui.warming import Warming, modules_for
from models.recorder import Recorder
from models.workspace import Workspace

CHECKOUT = Path(__file__).resolve().parents[2]
# Notes which thread imports a page, opens the window, and ends once every page is there.
WATCH = """
import os, sys, threading
from gui.pages import PAGES
pages = {spec.target.partition(":")[0] for spec in PAGES}

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in pages:
            print(name, threading.current_thread() is threading.main_thread(), flush=True)

sys.meta_path.insert(0, Watch())
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import main
app = QApplication([])
timer = QTimer()
timer.timeout.connect(lambda: pages <= set(sys.modules) and os._exit(0))
timer.start(10)
main.main(["--home", sys.argv[1]])
"""


def test_every_page_is_imported_off_the_windows_thread_the_first_one_first(
    demonstration_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(demonstration_folder / "home", tmp_path / "demonstration")
    for name in ("ledger.db", "views.db"):
        shutil.copy(demonstration_folder / name, tmp_path / "demonstration")
    run = subprocess.run(
        [sys.executable, "-c", WATCH, str(tmp_path)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    lines = [line.split() for line in run.stdout.splitlines()]
    assert {name for name, _ in lines} == {spec.target.partition(":")[0] for spec in PAGES}
    assert [name for name, on_the_window in lines if on_the_window == "True"] == []
    assert lines[0][0] == modules_for(ROLES[0])[0]


def test_the_pages_of_the_role_come_first() -> None:
    regulator = {spec.target.partition(":")[0] for spec in PAGES if "regulator" in spec.roles}
    assert set(modules_for("regulator")[: len(regulator) + 1]) == {*regulator, "gui.watching"}
    assert sorted(modules_for("regulator")) == sorted(modules_for("consumer"))


def test_every_area_that_a_ledger_is_opened_without_is_there_before_it_is_used() -> None:
    areas = {
        f"models.{name}"
        for name, found in vars(Workspace).items()
        if isinstance(found, cached_property) and name not in vars(Recorder)
    }
    assert areas >= {"models.batches", "models.supervision"}
    assert areas <= set(modules_for("consumer"))


def test_the_scan_page_loads_what_reads_pictures_behind_itself() -> None:
    heavy = ("numpy", "PIL", "qrcode", "gui.scanner", "gui.pixels")
    words = f"import sys, gui.consumer.scan; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", words], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert found.stdout.strip() == "[]"
    assert modules_for("consumer")[:2] == ("gui.consumer.scan", "gui.watching")


def test_it_stops_when_the_window_closes(qtbot: QtBot, tmp_path: Path) -> None:
    owner = QObject()
    warming = Warming(["json", "no.such.module", "csv"], owner)
    warming.start()
    warming.close()
    assert warming.isFinished()
