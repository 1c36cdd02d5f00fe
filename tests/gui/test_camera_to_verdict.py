"""From frames of a real label to the painted verdict; what the screen shows is read through the same seam."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from conftest_types import OpenShell
from PIL import Image, ImageDraw
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from gui.consumer.scan import ScanPage
from gui.frames import CameraSource, FrameSource, HandedSource, VideoFileSource, cameras
from gui.labels import Label, write_labels
from gui.labels.symbol import symbol
from gui.pixels import image_of
from gui.screens import settle
from gui.shell import Shell
from models.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
# QtMultimedia says on the error stream which optional codecs a machine lacks; that is no fault of ours.
pytestmark = pytest.mark.qt_log_ignore(
    r"^Couldn.t (load|resolve) ", r"No RHI backend", r"propagateSizeHints", r"^Could not open media"
)


class Paintings(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def scene(code: str, folder: Path, x: int = 60) -> Image.Image:
    """A label as it is printed, lying on a table."""
    [file] = write_labels([Label(code)], folder / "label.png", "roll-60x40").files
    table = Image.new("RGB", (1280, 720), (120, 140, 150))
    table.paste(Image.open(file).convert("RGB"), (x, 100))
    return table


def scan_page(shell: Shell) -> ScanPage:
    shell.open("scan")
    settle(shell)
    page = shell.current
    assert isinstance(page, ScanPage)
    return page


def verdict_is_painted(qtbot: QtBot, page: ScanPage, paintings: Paintings) -> None:
    def painted() -> bool:
        return page.stack.currentWidget() is page.result and paintings.count > 0

    qtbot.waitUntil(painted, timeout=30_000)
    assert page.answer is not None
    assert page.answer.verdict == "genuine"
    assert page.view.story.checks
    assert not page.viewfinder.watching


def genuine(workspace: Workspace) -> str:
    lots = (row.lot for row in workspace.lots(status="sold", limit=40))
    return next(lot for lot in lots if workspace.story(lot).verdict == "genuine")


def test_a_video_file(qtbot: QtBot, open_shell: OpenShell, workspace: Workspace, tmp_path: Path) -> None:
    scenes = [scene(genuine(workspace), tmp_path, 20 + 12 * i) for i in range(6)]
    scenes[0].save(tmp_path / "label.gif", save_all=True, append_images=scenes[1:], duration=60)
    page = scan_page(open_shell(role="consumer"))
    source = VideoFileSource(tmp_path / "label.gif")
    page._watch(source)
    verdict_is_painted(qtbot, page, Paintings(page.view.checks))
    assert not source.running


def test_frames_handed_in_go_on_while_the_ledger_is_asked(
    qtbot: QtBot, open_shell: OpenShell, workspace: Workspace, tmp_path: Path
) -> None:
    shell = open_shell(role="consumer")
    page, source = scan_page(shell), HandedSource()
    label = image_of(np.asarray(scene(genuine(workspace), tmp_path)))
    paintings, shown = Paintings(page.view.checks), Paintings(page.viewfinder.picture)
    page._watch(source)
    answer = threading.Event()
    for _ in range(2):  # both readers are held up: the verdict has to wait
        shell.workers.read(lambda: answer.wait(30), lambda _: None)
    qtbot.waitUntil(lambda: source.hand(label) and page.code != "", timeout=20_000)
    found = shell.words("scan.found")
    qtbot.waitUntil(lambda: source.hand(label) and page.viewfinder.text.text() == found, timeout=20_000)
    before = shown.count
    qtbot.waitUntil(lambda: source.hand(label) and shown.count >= before + 5, timeout=20_000)
    assert page.answer is None
    assert page.viewfinder.watching
    answer.set()
    verdict_is_painted(qtbot, page, paintings)
    assert not source.running


def test_a_torn_label_is_seen_and_the_hand_asked_to_be_steady(
    qtbot: QtBot, open_shell: OpenShell, workspace: Workspace, tmp_path: Path
) -> None:
    shell = open_shell(role="consumer")
    page, source = scan_page(shell), HandedSource()
    made = symbol(genuine(workspace), "L").picture(8)
    middle, half = made.width // 2, made.width * 18 // 100
    ImageDraw.Draw(made).rectangle((middle - half, middle - half, middle + half, middle + half), 200)
    table = Image.new("L", (1280, 720), 150)
    table.paste(made, (300, 120))
    page._watch(source)
    frame = image_of(np.asarray(table.convert("RGB")))
    steady = shell.words("scan.hold_steady")
    qtbot.waitUntil(lambda: source.hand(frame) and page.viewfinder.text.text() == steady, timeout=20_000)
    page.leave()
    assert not source.running
    assert page.stack.currentWidget() is page.start


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_no_camera_and_no_permission_are_said(open_shell: OpenShell, locale: str) -> None:
    class Denied(FrameSource):
        def _begin(self) -> None:
            self._fail("denied")

        def _end(self) -> None:
            return

    shell = open_shell(locale, role="consumer")
    page = scan_page(shell)
    sources: list[tuple[FrameSource, str]] = [(Denied(), "denied")]
    if not cameras():
        sources.append((CameraSource(), "none"))
    for source, state in sources:
        page._watch(source)
        assert shell.words(f"scan.camera.{state}") in page.viewfinder.away.text.text()
        assert page.viewfinder.away.isVisible()
        assert not page.viewfinder.watching


SCREEN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel
from gui.frames import ScreenSource
from gui.watching import Watcher

app = QApplication([])
shown = QLabel()
shown.setPixmap(QPixmap(sys.argv[1]))
shown.move(0, 0)
shown.show()
watcher = Watcher(ScreenSource())
def say(what):
    print(what, flush=True)
    watcher.stop()
    app.quit()
watcher.looked.connect(lambda sight: sight.decoded and say("read " + sight.decoded[0].text))
watcher.state.connect(lambda state: state in ("denied", "failed") and say(state))
QTimer.singleShot(200, watcher.start)
QTimer.singleShot(25000, lambda: say("nothing"))
app.exec()
"""


@pytest.mark.skipif(not shutil.which("xvfb-run"), reason="no xvfb-run here: a screen is needed to look at")
def test_what_the_screen_shows_is_read(workspace: Workspace, tmp_path: Path) -> None:
    code = genuine(workspace)
    scene(code, tmp_path).save(tmp_path / "scene.png")
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    command = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", sys.executable, "-c", SCREEN]
    done = subprocess.run(
        [*command, str(tmp_path / "scene.png")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    said = done.stdout.strip()
    if said.startswith(("denied", "failed")):
        pytest.skip("this system gives no picture of its screen away")
    assert said == f"read {code}", done.stderr
