"""One line of the performance table: a figure of ours beside a peer's or beside a bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long it takes to do this once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def row(what: str, ours: float, peer: str, theirs: float, places: int) -> Row:
    """Return a line of the table; beside a bar of nothing it has no ratio."""
    return {
        "what": what,
        "ours": round(ours, places),
        "peer": f"{peer}: {round(theirs, places)}",
        "ratio": round(ours / theirs, 3) if theirs else None,
    }
