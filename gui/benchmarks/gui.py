"""`bench gui`: the window measured as a person meets it, each measurement in a process of its own.

First frame beside a bare Qt window; a million entries and a million merchants scrolled and jumped through,
sorted and searched; the first frame that can be decoded to the painted verdict; how long the window stands
still while every page of every role is opened and every flow is walked, and until a page's data is painted.
Where the host of a virtual machine took much meanwhile, what is quickly measured is measured again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from gui.benchmarks._calm import RUNS, calmest

Row = dict[str, Any]
Say = Callable[[str], object]
ROOT = Path(__file__).resolve().parents[2]
STARTS = 7
ENTRIES = 1_000_000
PARTS = ("start", "walking", "scanning", "million", "merchants")
GROWN = ("million", "merchants")


def rows(
    say: Say = lambda _: None, entries: int = ENTRIES, starts: int = STARTS, parts: Sequence[str] = PARTS
) -> list[Row]:
    """Return the table: what, ours, peer or bar, ratio (1 or less holds the bar)."""
    made: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        say("the demonstration")
        _run(folder, "stage")
        for name in (each for each in PARTS if each in parts):
            say(name)
            found, runs = calmest(partial(_part, folder, name, entries, starts), 1 if name in GROWN else RUNS)
            made += found.result
            if found.stolen_s is not None:
                made.append(host_row(name, found.stolen_s, runs))
        if set(parts) & set(GROWN):
            say("a bare table")
            made += beside_bare(made, json.loads(_run(folder, "table", str(entries))))
    return made


def _part(folder: str, name: str, entries: int, starts: int) -> list[Row]:
    if name == "start":
        return first_frame_rows(Path(folder), starts)
    more = (str(entries),) if name in GROWN else ()
    return [row(**each) for each in json.loads(_run(folder, name, *more))]


def beside_bare(made: list[Row], bare: dict[str, float]) -> list[Row]:
    """Return our frames beside those of a bare Qt table with as many rows and a trivial model."""
    return [
        row(each["what"], each["ours"], bare[name], "bare Qt table")
        for name in bare
        for each in made
        if f"a frame while {name}" in each["what"]
    ]


def first_frame_rows(home: Path, starts: int) -> list[Row]:
    """Start the program and a bare window in turn; the clock runs from before the process is made."""
    found: dict[str, list[float]] = {"bare": [], "ours": [], "page": []}
    # One start more than is counted: it makes the bytecode that every installed program has.
    for number in range(starts + 1):
        for name in ("bare", "ours"):
            begun = time.perf_counter()
            lines = _run(str(home), "first_frame", name).split()
            if number:
                found[name].append(1000 * (float(lines[0]) - begun))
            if number and name == "ours":
                found["page"].append(1000 * (float(lines[1]) - begun))
    ours, bare, page = (median(found[name]) for name in ("ours", "bare", "page"))
    return [
        {**row("first frame from a cold process (ms)", ours, bare, "bare Qt window"), "bar": 1.5},
        row("its first page, read and painted (ms)", page, bare, "bare Qt window"),
    ]


def host_row(part: str, stolen: float, runs: int) -> Row:
    """Return what the host took of the run that is kept, as a line of the table."""
    what = f"{part}: CPU the host took meanwhile (s), the calmest of {runs}"
    return {"what": what, "ours": round(stolen, 2), "peer": ""}


def row(what: str, ours: float, bar: float, peer: str = "bar") -> Row:
    """Return one line of the table."""
    return {
        "what": what,
        "ours": round(ours, 1),
        "peer": f"{peer}: {round(bar, 1)}",
        "ratio": round(ours / bar, 3) if bar else None,
    }


def _run(folder: str, name: str, *words: str) -> str:
    """Run one measurement and return what it printed; its own complaints go to our error stream."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": str(ROOT)}
    # Compiling is no part of a start: whoever was told to keep no bytecode keeps it for this run.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
    command = [sys.executable, "-m", f"gui.benchmarks.desktop.{name}", folder, *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout
