"""Open every page of every role, twice, walk every flow, and print the longest the window stood still.

Pages are imported beforehand, as the program does in the background after its first page. Beside the time on
the wall stands what of it the window's own thread worked: the rest it waited for others, in this program or
on this machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from gui.benchmarks.desktop.flows import FLOWS, apart, walker_on
from gui.benchmarks.desktop.stage import Beat, end, memory_mb, open_shell, row, share
from gui.pages import ROLES
from gui.screens import settle, visits
from gui.shell import Shell

BAR_MS = 100.0
FILLED_MS = 500.0
"""What takes longer must show its progress, with a way out."""


@dataclass(slots=True)
class Worst:
    """The longest stall of one kind of doing, and the longest piece of work of the window's own thread."""

    late: float = 0.0
    busy: float = 0.0
    at: str = ""
    busy_at: str = ""

    def note(self, name: str, beat: Beat) -> None:
        """Take what was felt while this was done."""
        late, busy = max(beat.stop()), max(beat.busy)
        sys.stderr.write(f"  {name:28} {late:6.1f} ms, its own work {busy:6.1f}\n")
        if late > self.late:
            self.late, self.at = late, name
        if busy > self.busy:
            self.busy, self.busy_at = busy, name


class Filled:
    """Notes how long a page takes from being asked for until its data has come and been painted."""

    def __init__(self, shell: Shell) -> None:
        self._begun, self._took = 0.0, list[float]()
        shell.heading.arrived.connect(lambda: QTimer.singleShot(0, self._note))

    def begin(self) -> None:
        """Somebody asks for a page now."""
        self._begun = time.perf_counter()

    def taken(self) -> list[float]:
        """Give what was noted since the last time, in ms."""
        took, self._took = self._took, []
        return took

    def _note(self) -> None:
        if self._begun:
            self._took.append((time.perf_counter() - self._begun) * 1000)
            self._begun = 0.0


def main(folder: Path) -> None:
    """Walk, feel, print."""
    folder = apart(folder)
    shell, workspace = open_shell(folder, ROLES[0])
    settle(shell)
    beat = Beat(shell)
    pages = list(visits(workspace, ROLES))
    rows: list[dict[str, Any]] = []
    filled = Filled(shell)
    doings = [("every page opened first", pages), ("every page opened again", pages)]
    for what, visited in doings:
        worst = Worst()
        for spec, role, args in visited:

            def visit(key: str = spec.key, role: str = role, args: dict[str, Any] = args) -> None:
                shell.set_role(role)
                settle(shell)
                filled.begin()
                shell.open(key, args)

            _feel(beat, worst, f"{role} {spec.key}", visit, shell)
        rows += _rows(what, worst)
        took = share(filled.taken(), 0.95)
        rows.append(row(f"{what}: until its data is painted, p95 (ms)", took, FILLED_MS))
    # With every page there: switches throw them all away.
    memory = row("memory with every page open (MB)", memory_mb(), 400.0)
    worst, walker = Worst(), walker_on(shell, workspace, folder)
    for flow in FLOWS:
        _feel(beat, worst, flow.__name__, partial(flow, walker), shell)
    end(shell, workspace, [*rows, *_rows("in every flow", worst), memory])


def _feel(beat: Beat, worst: Worst, name: str, doing: Callable[[], None], shell: Shell) -> None:
    beat.start()
    doing()
    settle(shell)
    worst.note(name, beat)


def _rows(what: str, worst: Worst) -> list[dict[str, Any]]:
    own = f"the window's own work in it at most, {what} (ms; {worst.busy_at})"
    return [
        row(f"longest stall, {what} (ms; {worst.at})", worst.late, BAR_MS),
        row(own, worst.busy, BAR_MS),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
