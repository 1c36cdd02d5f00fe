"""Time how long a program takes to its window, and to the window that a file given to it opens.

Rule: the clock runs from before the process is made to where the X server shows the window; nothing in the
program is asked. A screen can lie inside another root (a bare system): then its tools do too.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Started:
    """A running program, and how long it took to show its window and then what it was given."""

    process: subprocess.Popen[bytes]
    shown_ms: float
    ready_ms: float


class Screen:
    """A virtual screen of its own number; `inside` are the words that lead into another root."""

    def __init__(self, inside: Sequence[str] = ()) -> None:
        self.inside = tuple(inside)
        reads, writes = os.pipe()
        words = [*self.inside, "Xvfb", "-displayfd", str(writes), "-screen", "0", "1440x900x24"]
        self._server = subprocess.Popen(
            [*words, "-nolisten", "tcp", "-noreset"], pass_fds=(writes,), stderr=subprocess.DEVNULL
        )
        os.close(writes)
        with os.fdopen(reads) as told:
            display = told.readline().strip()
        if not display:
            raise RuntimeError("Xvfb did not start")
        self.environ = {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait()

    def shown(self, process: subprocess.Popen[bytes]) -> list[str]:
        """Return the titles of the windows that a program shows."""
        found = self._xdotool("search", "--onlyvisible", "--pid", str(process.pid)).split()
        return [self._xdotool("getwindowname", window).strip() for window in found]

    def wait(self, process: subprocess.Popen[bytes], title: str = "") -> None:
        """Wait until the program shows a window whose title this pattern finds.

        Raises:
            RuntimeError: it has ended, or shows none in time.
        """
        titles: list[str] = []
        end = time.monotonic() + PATIENCE_S
        while not any(re.search(title, each) for each in titles):
            if process.poll() is not None:
                raise RuntimeError(f"the program has ended with {process.returncode}")
            if time.monotonic() > end:
                raise RuntimeError(f"no window {title!r} in {PATIENCE_S:.0f} s, only {titles}")
            titles = self.shown(process)

    def click(self, x: int, y: int) -> None:
        """Click once at a place of the screen."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def press(self, key: str) -> None:
        """Press a key."""
        self._xdotool("key", key)

    def environment(self) -> dict[str, str]:
        """Return what a program on this screen is started with."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {"LANG": "C.UTF-8", **kept, **self.environ}

    def _xdotool(self, *words: str) -> str:
        command = [*self.inside, "xdotool", *words]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)
        return done.stdout


@contextmanager
def timed(screen: Screen, command: Sequence[str], title: str) -> Iterator[Started]:
    """Start a program, wait for its window and then for one of this title; it is ended afterwards."""
    begun = time.perf_counter()
    process = subprocess.Popen([*screen.inside, *command], env=screen.environment())
    try:
        screen.wait(process)
        shown = time.perf_counter()
        screen.wait(process, title)
        ready = time.perf_counter()
        yield Started(process, (shown - begun) * 1000, (ready - begun) * 1000)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()
