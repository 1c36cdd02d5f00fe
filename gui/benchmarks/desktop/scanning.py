"""Print how long the scan page takes from the first frame that can be decoded to the painted verdict.

Frames come as a camera's come, thirty a second; the label comes into view at a known moment. The verdict is
the whole one, every check and proof behind it. While frames come without a code, a timer feels the window.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gui.benchmarks.desktop.stage import Beat, end, open_shell, row, share, wait
from gui.frames import Frame, FrameSource
from gui.screens import settle

SCANS = 20
FRAME_S = 1 / 30
EMPTY_FRAMES = 90
SIZE = (720, 1280)


class Handed(FrameSource):
    """A source that pushes the frames it is handed, after the video system has done its part."""

    def _begin(self) -> None:
        self.state.emit("running")

    def _end(self) -> None:
        return


def main(folder: Path) -> None:
    """Show empty frames, then a label; again and again."""
    shell, workspace = open_shell(folder, "consumer")
    settle(shell)
    shell.open("scan")
    page: Any = shell.current
    codes = [lot.lot for lot in workspace.lots(status="sold", limit=SCANS)] or [
        page.sample(workspace)["code"]
    ]
    beat, late, took = Beat(shell), [0.0], []
    for number in range(SCANS + 1):
        page.show_start()
        settle(shell)
        source = Handed()
        page._watch(source)
        beat.start()
        _push(source, Frame(np.full(SIZE, 150, np.uint8)), EMPTY_FRAMES // SCANS)
        if number:
            late += beat.stop()
        label = Frame(picture_of(codes[number % len(codes)]))
        begun = time.perf_counter()
        while page.stack.currentWidget() is not page.result:
            if page.viewfinder.watching:
                source.frame.emit(label)
            until = time.perf_counter() + FRAME_S
            wait(lambda until=until: shown(page) or time.perf_counter() >= until)  # type: ignore[misc]
        page.view.repaint()
        # The first verdict loads what all later ones have; it is a start, not a scan.
        if number:
            took.append((time.perf_counter() - begun) * 1000)
    rows = [
        row("first decodable frame to the painted verdict, p95 (ms)", share(took, 0.95), 50.0),
        row("first decodable frame to the painted verdict, median (ms)", share(took, 0.5), 50.0),
        row("timer while scanning, lateness p99 (ms)", share(late, 0.99), 12.0),
    ]
    end(shell, workspace, rows)


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
        wait(lambda until=until: time.perf_counter() >= until)  # type: ignore[misc]  # bound at once


if __name__ == "__main__":
    main(Path(sys.argv[1]))
