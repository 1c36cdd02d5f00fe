"""What a virtual machine's host takes while we measure, and measuring again where it took much.

Rule: which run is kept depends on what the host took alone, never on what came out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
CALM = 0.005
"""So much of a run's time taken, in all: one frame in two hundred is late through no fault of ours."""
RUNS = 3


@dataclass(frozen=True, slots=True)
class Run(Generic[T]):
    """One run: what came out, its seconds, and what the host took meanwhile (CPU s; None: nobody says)."""

    result: T
    took_s: float
    stolen_s: float | None

    @property
    def share(self) -> float:
        """Return how much of its time the host took."""
        return (self.stolen_s or 0.0) / self.took_s if self.took_s else 0.0


def stolen_s(path: Path = Path("/proc/stat")) -> float | None:
    """Return how much CPU the host of a virtual machine has given to others, or None where nobody says.

    Times of a run in which it took more than a little are the host's.
    """
    try:
        ticks = path.read_text(encoding="ascii").splitlines()[0].split()[8]
        return int(ticks) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def calmest(
    act: Callable[[], T],
    runs: int = RUNS,
    stolen: Callable[[], float | None] = stolen_s,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[Run[T], int]:
    """Act until a run is calm, at most `runs` times; return the one the host took least from, and how many.

    A system where nobody says what was taken has no host to blame: one run is enough.
    """
    made = list[Run[T]]()
    while len(made) < runs and (not made or made[-1].share > CALM):
        begun, before = clock(), stolen()
        result = act()
        after = stolen()
        taken = None if before is None or after is None else after - before
        made.append(Run(result, clock() - begun, taken))
    return min(made, key=lambda run: run.share), len(made)
