"""`bench items`: registering a lot's item keys, and checking one review by its item, against their bars."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import shake_256
from typing import Any

from ledger.events.evidence import Review
from ledger.events.itemkeys import check_review, make_secrets, register_items, sign_review
from ledger.events.values import PartyId

Row = dict[str, Any]
ITEMS = 10_000
CHECKED = 200
LOT = "https://id.gs1.org/01/09521234543213/10/QL-260412"
SHOP = PartyId("https://id.gs1.org/417/9521000000039")
REGISTER_BAR_S = 2.0
CHECK_BAR_MS = 1.0


def rows(say: Callable[[str], object] = lambda _: None, count: int = ITEMS) -> list[Row]:
    """Return the table: what, ours, the bar to hold, and their ratio (under 1 is faster)."""
    say(f"{count} item keys")
    secrets = make_secrets(count, lambda size: shake_256(b"bench").digest(size))
    begun = time.perf_counter()
    register = register_items(LOT, secrets)
    root = register.root()
    registered = time.perf_counter() - begun
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    few = min(CHECKED, count)
    reviews = [sign_review(Review(moment, SHOP, 5, lot=LOT), secret, register) for secret in secrets[:few]]
    say(f"{few} reviews checked")
    begun = time.perf_counter()
    for review in reviews:
        check_review(review, root)
    each = 1000 * (time.perf_counter() - begun) / few
    return [
        _row(f"{count} item keys registered under one root (s)", registered, REGISTER_BAR_S * count / ITEMS),
        _row(f"one review checked against a root of {count} (ms)", each, CHECK_BAR_MS),
    ]


def _row(what: str, ours: float, bar: float) -> Row:
    return {
        "what": what,
        "ours": round(ours, 3),
        "peer": round(bar, 3),
        "ratio": ours / bar,
        "peer_name": "bar",
    }
