"""`bench trace`: folding and tracing 100,000 events, beside a plain recursive query and networkx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.provenance.measuring import measure

EVENTS = 100_000


def rows(say: Callable[[str], None], events: int = EVENTS) -> list[dict[str, Any]]:
    """Return the table: what, ours, peer (named), ratio; a peer that is not installed has no row."""
    return measure(events, say)
