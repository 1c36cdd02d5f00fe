"""Drive the real program on a screen of its own, by keys alone, and see it only from outside.

What can be seen from outside: the titles of its windows, its files, and whether it runs. Every wait is for
one of these, ends at once when the program does, and says on failure what stood there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from gui.doors import letters
from gui.words import Words

CHECKOUT = Path(__file__).resolve().parent.parent
TOOLS = ("Xvfb", "xdotool")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
# A first start takes 10 s of processor time: 100 s were seen on a machine with ten others at work.
PATIENCE_S = 300.0
# Long enough that looking costs the program nothing, short enough that nobody waits for it.
LOOK_S = 0.05
# One answer of xdotool; it may wait for ever for a window that has gone meanwhile.
ANSWER_S = 20.0
# After how many looks the same is asked once more.
AGAIN = 40


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Give the environment of a screen of its own: Xvfb chooses a free number and writes it down."""
    reading, writing = os.pipe()
    # Without -noreset the server starts anew when its last client leaves, and refuses the next meanwhile.
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen([*words, "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    try:
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "LANG": "zh_CN.UTF-8"}
    finally:
        server.terminate()
        server.wait()


class Program:
    """One running desktop: press keys in it, read its titles, wait for what its files say."""

    def __init__(
        self,
        around: dict[str, str],
        home: Path,
        locale: str,
        words: Sequence[str] = (),
        begin: Path = CHECKOUT / "main.py",
    ) -> None:
        self._around, self.home, self.words = around, home, Words(locale)
        home.mkdir(parents=True, exist_ok=True)
        self._said = (home.parent / f"{home.name}-said.txt").open("a+", encoding="utf-8")
        command = [
            sys.executable,
            "-X",
            "faulthandler",
            str(begin),
            "--home",
            str(home),
            "--locale",
            locale,
            *words,
        ]
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, env=around, stdout=self._said, stderr=self._said
        )
        # Keys go to the window under the pointer where none has the focus: there shall be none.
        self.xdotool("mousemove", "1439", "899")

    def wait(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until something holds that can be seen from outside; the program must live meanwhile."""
        left = int(PATIENCE_S / LOOK_S)
        while not condition():
            left -= 1
            assert left > 0, f"never came: {what}\n{self.sight()}"
            try:
                self.process.wait(LOOK_S)
            except subprocess.TimeoutExpired:
                continue
            assert condition(), f"it ended before: {what}\n{self.sight()}"

    def xdotool(self, *words: str) -> str:
        """Return what xdotool says; nothing where it has no answer."""
        try:
            done = subprocess.run(
                ["xdotool", *words],
                env=self._around,
                capture_output=True,
                text=True,
                check=False,
                timeout=ANSWER_S,
            )
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout.strip()

    def titles(self) -> dict[str, str]:
        """Return the windows in sight by their titles."""
        found = self.xdotool("search", "--onlyvisible", "--pid", str(self.process.pid)).split()
        return {self.xdotool("getwindowname", one): one for one in found}

    def stand(self, title: str) -> None:
        """Wait for the window whose title begins so, and send the keys there.

        Nobody manages windows here, so the keys go where we say; while a dialog is open the program hands
        them on to it, and asking for the window behind it would never be granted (`--sync` waits for ever).
        """

        def there() -> bool:
            now = self.xdotool("getwindowfocus", "getwindowname")
            if now.startswith(title):
                return True
            for name, window in self.titles().items():
                if name.startswith(title):
                    self.xdotool("windowfocus", window)
            return False

        self.wait(there, f"the window {title!r}")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, where the keys go now."""
        self.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type a text of plain letters and signs, with Tab and Enter where it has them, all at once."""
        words: list[str] = []
        for part in re.split(r"([\t\n])", text):
            key = {"\t": "Tab", "\n": "Return"}.get(part)
            if part:
                words += ["key", key] if key else ["type", "--delay", "1", "--args", "1", part]
        self.xdotool(*words)

    def answer(self, title: str) -> None:
        """Press Enter until a dialog is gone: what is suggested under a path takes an Enter for itself."""

        def answered() -> bool:
            if self.gone(title):
                return True
            self.press("Return")
            return False

        self.wait(answered, f"the end of {title}")

    def gone(self, title: str) -> bool:
        """Say whether no window in sight begins with this title."""
        return not any(name.startswith(title) for name in self.titles())

    def go(self, name: str, then: str) -> None:
        """Go to a page, a button or a field by its name, as Ctrl+G does; `then` is the window one is in."""
        self.press("ctrl+g")
        self.stand(self.words("goto.title"))
        asked = 0

        def found() -> bool:
            nonlocal asked
            if asked % AGAIN == 0:
                # What the page gets only later is found when one asks again.
                self.press("ctrl+a")
                self.type(f"{letters(name)}\n")
            asked += 1
            return self.gone(self.words("goto.title"))

        self.wait(found, f"the door {name!r}")
        self.stand(then)

    def choices(self) -> dict[str, object]:
        """Return the settings that the program has kept."""
        try:
            return dict(json.loads((self.home / "settings.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def end(self) -> None:
        """End the program by its key and see that it ended well."""
        self.press("ctrl+q")
        self.wait(lambda: self.process.poll() is not None, "the end")
        text = self.said()
        assert self.process.returncode == 0, text
        assert "Traceback" not in text
        assert self.choices()["running"] is False
        assert not (self.home / "crashes").exists()

    def said(self) -> str:
        """Return what the program wrote on its streams."""
        self._said.flush()
        self._said.seek(0)
        return self._said.read()

    def sight(self) -> str:
        """Return what can be seen from outside, for whoever reads a failure."""
        return f"windows: {list(self.titles())}\nsaid: {self.said()[-3000:]}"

    def close(self) -> None:
        """End the program, whatever it is at."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._said.close()


@contextmanager
def program(
    around: dict[str, str],
    home: Path,
    locale: str = "zh_CN",
    words: Sequence[str] = (),
    begin: Path = CHECKOUT / "main.py",
) -> Iterator[Program]:
    """Run the desktop for as long as the block lasts."""
    running = Program(around, home, locale, words, begin)
    try:
        yield running
    finally:
        running.close()


def entries(folder: Path) -> int:
    """Return how many entries the ledger in `folder` has, without going through the program."""
    with closing(sqlite3.connect(f"file:{folder / 'ledger.db'}?mode=ro", uri=True)) as ledger:
        return int(ledger.execute("SELECT count(*) FROM entry").fetchone()[0])


def terminal(home: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Return what a verb says in JSON, and its exit code."""
    done = subprocess.run(
        [sys.executable, "main.py", "--home", str(home), "--json", *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, dict(json.loads(done.stdout))
