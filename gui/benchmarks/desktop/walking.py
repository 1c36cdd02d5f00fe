"""Open every page of every role, twice, and print the longest the window stood still."""

from __future__ import annotations

import sys
from pathlib import Path

from gui.benchmarks.desktop.stage import Beat, end, memory_mb, open_shell, row
from gui.pages import ROLES
from gui.screens import settle, visits

BAR_MS = 100.0


def main(folder: Path) -> None:
    """Walk, feel, print."""
    shell, workspace = open_shell(folder, ROLES[0])
    settle(shell)
    beat, worst, at = Beat(shell), {True: 0.0, False: 0.0}, {True: "", False: ""}
    pages = list(visits(workspace, ROLES))
    for first in (True, False):
        for spec, role, args in pages:
            beat.start()
            shell.set_role(role)
            shell.open(spec.key, args)
            settle(shell)
            late = max(beat.stop())
            busy = max(beat.busy)
            sys.stderr.write(f"  {role:12} {spec.key:12} {late:6.1f} ms, its own work {busy:6.1f}\n")
            if late > worst[first]:
                worst[first], at[first] = late, spec.key
    rows = [
        row(f"longest stall, every page opened {name} (ms; {at[first]})", worst[first], BAR_MS)
        for name, first in (("first", True), ("again", False))
    ]
    rows.append(row("memory with every page open (MB)", memory_mb(), 400.0))
    end(shell, workspace, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
