"""`bench trace`: folding and tracing 100,000 events beside peers, and every kind of injected fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.provenance.injecting import inject
from models.provenance.measuring import measure

EVENTS = 100_000


def rows(say: Callable[[str], None], events: int = EVENTS) -> list[dict[str, Any]]:
    """Return the table: what, ours, peer (named), ratio; a peer that is not installed has no row."""
    return [*measure(events, say), *_faults(say)]


def _faults(say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return one row for each kind of fault: 1 where it was found, and only there."""
    say("trace: injecting faults")
    return [
        {
            "what": f"fault: {outcome.fault}",
            "ours": int(outcome.holds),
            "peer": None,
            "ratio": None,
            "expected": list(outcome.expected),
            "found": list(outcome.found),
            "elsewhere": outcome.elsewhere,
        }
        for outcome in inject()
    ]
