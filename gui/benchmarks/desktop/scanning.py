"""Print how long the scan page takes from the first frame that can be decoded to the painted verdict.

Frames come as a camera's come, thirty a second; the label comes into view at a known moment. The clock stops
when the banner and every check behind it have been painted: the checks are the ledger's, read for this code
at this moment, none kept from before. While frames come without a code, a timer feels the window.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QTimer

from gui.benchmarks.desktop.stage import Beat, end, open_shell, row, share, wait
from gui.frames import FrameSource
from gui.pixels import Frame
from gui.screens import settle

SCANS = 60
FRAME_S = 1 / 30
EMPTY_FRAMES = 180
SIZE = (720, 1280)


class Handed(FrameSource):
    """A source that pushes the frames it is handed, after the video system has done its part."""

    def _begin(self) -> None:
        self.state.emit("running")

    def _end(self) -> None:
        return


class Painted(QObject):
    """Notes when the checks of the verdict that `arm` waits for are on the screen."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._page, self._armed = page, False
        self.at = 0.0
        page.view.checks.installEventFilter(self)

    def arm(self) -> None:
        """Wait for the next verdict."""
        self._armed, self.at = True, 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at every painting of the checks."""
        if self._armed and event.type() == QEvent.Type.Paint and shown(self._page):
            self._armed = False
            # Behind this turn of the loop the whole page has been painted and handed to the screen.
            QTimer.singleShot(0, self, self._note)
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        self.at = time.perf_counter()


def main(folder: Path) -> None:
    """Show empty frames, then a label; again and again."""
    shell, workspace = open_shell(folder, "consumer")
    settle(shell)
    shell.open("scan")
    page: Any = shell.current
    codes = [lot.lot for lot in workspace.lots(status="sold", limit=SCANS + 1)] or [
        page.sample(workspace)["code"]
    ]
    beat, painted = Beat(shell), Painted(page)
    late: list[float] = []
    took: list[float] = []
    for number in range(SCANS + 1):
        page.show_start()
        settle(shell)
        source = Handed()
        page._watch(source)
        beat.start()
        _push(source, Frame(np.full(SIZE, 150, np.uint8)), EMPTY_FRAMES // SCANS)
        if number:
            late += beat.stop()
        took.append(_scan(page, source, painted, Frame(picture_of(codes[number % len(codes)]))))
    # The first verdict loads what all later ones have: it is told by itself.
    first, *others = took
    what = "first decodable frame to the painted verdict with all checks"
    rows = [
        row(f"{what}, p95 of {len(others)} (ms)", share(others, 0.95), 50.0),
        row(f"{what}, median (ms)", share(others, 0.5), 50.0),
        row(f"{what}, the first since start (ms)", first, 250.0),
        row("timer while scanning, lateness p99 (ms)", share(late, 0.99), 12.0),
    ]
    end(shell, workspace, rows)


def _scan(page: Any, source: Handed, painted: Painted, label: Frame) -> float:
    """Hold a label before the camera until its verdict is on the screen; return the milliseconds."""
    begun = time.perf_counter()
    painted.arm()
    while not painted.at:
        if page.viewfinder.watching:
            source.frame.emit(label)
        until = time.perf_counter() + FRAME_S
        wait(partial(_over, until, painted))
    assert page.view.story.checks
    return (painted.at - begun) * 1000


def shown(page: Any) -> bool:
    """Say whether the verdict is on the screen."""
    return page.stack.currentWidget() is page.result and page.view.isVisible()


def picture_of(code: str) -> npt.NDArray[np.uint8]:
    """Return a frame with a label in it."""
    from gui.labels.symbol import symbol

    frame = np.full(SIZE, 150, np.uint8)
    drawn = np.asarray(symbol(code).picture(7))
    frame[120 : 120 + len(drawn), 400 : 400 + len(drawn)] = drawn
    return frame


def _push(source: FrameSource, frame: Frame, count: int) -> None:
    for _ in range(count):
        source.frame.emit(frame)
        until = time.perf_counter() + FRAME_S
        wait(partial(_over, until))


def _over(until: float, painted: Painted | None = None) -> bool:
    """Say whether this frame's time is over, or its verdict painted before."""
    return (painted is not None and painted.at > 0) or time.perf_counter() >= until


if __name__ == "__main__":
    main(Path(sys.argv[1]))
