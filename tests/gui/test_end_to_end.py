"""The real program on a real screen: it starts, makes its demonstration, takes keys, and ends properly."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool")
PATIENCE_MS = 120_000

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(
        any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {' and '.join(TOOLS)} (apt-get)"
    ),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A screen of its own: Xvfb chooses a free number and writes it down."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "LANG": "zh_CN.UTF-8"}
    server.terminate()
    server.wait()


def xdotool(screen: dict[str, str], *words: str) -> str:
    done = subprocess.run(["xdotool", *words], env=screen, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def choices(home: Path) -> dict[str, object]:
    try:
        return dict(json.loads((home / "settings.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def window(screen: dict[str, str], pid: int) -> str:
    """The biggest window of the process: the program's own, not a hidden helper."""
    sizes = {}
    for found in xdotool(screen, "search", "--onlyvisible", "--pid", str(pid)).split():
        shape = dict(
            line.split("=", 1)
            for line in xdotool(screen, "getwindowgeometry", "--shell", found).splitlines()
            if "=" in line
        )
        sizes[found] = int(shape.get("WIDTH", 0)) * int(shape.get("HEIGHT", 0))
    return max(sizes, key=lambda found: sizes[found], default="")


def test_from_first_start_to_proper_end(qtbot: QtBot, screen: dict[str, str], tmp_path: Path) -> None:
    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    home = tmp_path / "home"
    words = [sys.executable, "main.py", "--home", str(home)]
    said = (tmp_path / "said.txt").open("w+")
    program = subprocess.Popen(words, cwd=CHECKOUT, env=screen, stdout=said, stderr=said)
    try:
        wait(lambda: window(screen, program.pid))
        wait((home / "demonstration" / "complete").exists)
        # The welcome stands before the window; Escape closes it and the choice is kept.
        wait(lambda: xdotool(screen, "key", "Escape") or choices(home).get("welcomed"))
        xdotool(screen, "windowfocus", "--sync", window(screen, program.pid))
        wait(lambda: xdotool(screen, "key", "ctrl+q") or program.poll() is not None)
        assert program.returncode == 0
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()
        said.seek(0)
        text = said.read()
        said.close()
    assert "Traceback" not in text
    assert choices(home)["running"] is False
    assert not (home / "crashes").exists()
