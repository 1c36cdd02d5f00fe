"""`bench credit`: a million events into all scores, one event into its merchant, beside two peers.

A peer does the same sums (one exponentially decayed sum of failures and of visits per merchant) with
pandas' or scikit-learn's own means on the same rows, and nothing of what makes a score: no reasons, no tiers,
no citations.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import resources
from models.credit.evidence import Evidence, day_of
from models.credit.policy import Policy
from models.credit.posterior import Account, Priors
from models.credit.scorecard import score, settle

Row = dict[str, Any]
EVENTS = 1_000_000
MERCHANTS = 20_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAYS = 1500


def rows(say: Callable[[str], None] = lambda _text: None, events: int = EVENTS) -> list[Row]:
    """Return the table: what, ours, peer, ratio (ours to peer; under 1 is faster) and the bar to hold."""
    policy = Policy.from_document(resources.document("policy/default.json"))
    say(f"credit: replaying {events} events")
    seconds, merchants = _timed(lambda: replay(policy, events))
    rating = _row(f"{events} events replayed into {merchants} scores (s)", seconds, 60.0, "bar")
    found = [rating]
    say("credit: one event")
    found.append(_row("one new event into its merchant's score (ms)", one_event(policy) * 1000, 5.0, "bar"))
    held, twice = memory(policy, events // 40), memory(policy, events // 20)
    found.append(_row("memory of the replay per merchant (kB), beside half the events", twice, held, "half"))
    if importlib.util.find_spec("pandas"):
        say("credit: the same sums in pandas")
        peer, _ = _timed(lambda: pandas_sums(events))
        found.append(_row("the same rows, decayed sums only (s)", seconds, peer, "pandas"))
    if importlib.util.find_spec("sklearn"):
        say("credit: the same sums in scikit-learn")
        peer, _ = _timed(lambda: sklearn_sums(events))
        found.append(_row("the same rows, decayed sums only (s)", seconds, peer, "scikit-learn"))
    return found


def stream(events: int) -> Iterator[Evidence]:
    """Yield visits, complaints and reviews of many merchants in order of their day, without chance."""
    today = day_of(NOW)
    for n in range(events):
        mixed = n * 2_654_435_761 % 4_294_967_296
        subject = f"shop-{mixed % MERCHANTS}"
        day = today - DAYS + n * DAYS // events
        turn = mixed >> 20 & 7
        if turn < 4:
            counts = (int(mixed % 5 == 0), mixed % 3, mixed % 4)
            yield Evidence("inspection", subject, "routine", day, day, n, *counts, inspector=f"i{mixed % 90}")
        elif turn < 5:
            kind = ("filed", "upheld", "rejected", "resolved")[mixed % 4]
            yield Evidence("complaint", subject, kind, day, day, n, severity=1 + mixed % 3)
        else:
            stars = f"star-{1 + mixed % 5}"
            yield Evidence("review", subject, stars, day, day, n, proven=bool(mixed & 1))


def replay(policy: Policy, events: int) -> int:
    """Fold all events into accounts and settle every merchant's score; return how many there are."""
    priors = Priors(policy.prior_adverse)
    accounts: dict[str, Account] = {}
    for e in stream(events):
        account = accounts.get(e.subject)
        if account is None:
            account = accounts[e.subject] = Account(policy, priors, cite=False)
        account.add(e)
    day = day_of(NOW)
    for subject, account in accounts.items():
        settle(subject, account, "", day, events, NOW)
    return len(accounts)


def one_event(policy: Policy, history: int = 60, rounds: int = 50) -> float:
    """Return the seconds to score one merchant again, explanation and all, when one more event arrives."""
    mine = [e for e in stream(MERCHANTS * 8) if e.subject == "shop-7"][:history]
    fresh = Evidence("inspection", "shop-7", "routine", day_of(NOW), day_of(NOW), 10**9)
    seconds, _ = _timed(
        lambda: [score("shop-7", [*mine, fresh], policy, NOW, 2 * 10**9) for _ in range(rounds)]
    )
    return seconds / rounds


def memory(policy: Policy, events: int) -> float:
    """Return the kilobytes the replay holds per merchant at its peak."""
    tracemalloc.start()
    try:
        merchants = replay(policy, events)
        return tracemalloc.get_traced_memory()[1] / 1024 / max(merchants, 1)
    finally:
        tracemalloc.stop()


def pandas_sums(events: int) -> int:
    """Return how many merchants pandas sums over the same rows, read into a frame and weighted by age."""
    import pandas

    frame = pandas.DataFrame(
        ((e.subject, e.day, e.critical, e.serious, e.minor) for e in stream(events)),
        columns=["subject", "day", "critical", "serious", "minor"],
    )
    weight = 0.5 ** ((day_of(NOW) - frame["day"]) / 365)
    weighted = frame[["critical", "serious", "minor"]].mul(weight, axis=0)
    return len(weighted.groupby(frame["subject"]).sum())


def sklearn_sums(events: int) -> int:
    """Return how many merchants scikit-learn sums over the same rows, one column for each."""
    import numpy

    encoder = importlib.import_module("sklearn.preprocessing").OneHotEncoder()
    rows = [(e.subject, e.day, e.critical, e.serious, e.minor) for e in stream(events)]
    belongs = encoder.fit_transform(numpy.array([[row[0]] for row in rows]))
    counts = numpy.array([row[1:] for row in rows], dtype=float)
    weight = 0.5 ** ((day_of(NOW) - counts[:, 0]) / 365)
    return int((belongs.T @ (counts[:, 1:] * weight[:, None])).shape[0])


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _row(what: str, ours: float, peer: float | None, name: str) -> Row:
    ratio = None if not peer else round(ours / peer, 4)
    shown = None if peer is None else f"{name} {peer:.3f}"
    return {"what": what, "ours": round(ours, 3), "peer": shown, "ratio": ratio}
