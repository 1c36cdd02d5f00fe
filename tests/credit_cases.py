"""Evidence for the tests of scoring: the shipped policy, a clock, strategies that draw whole histories."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

import resources
from models.credit.evidence import Evidence, day_of
from models.credit.policy import Policy

POLICY = Policy.from_document(resources.document("policy/default.json"))
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = day_of(NOW)
SHOP = "https://id.gs1.org/417/9520000000004"


def visit(
    index: int, days_ago: int, critical: int = 0, serious: int = 0, minor: int = 0, **more: object
) -> Evidence:
    day = TODAY - days_ago
    fields: dict[str, object] = {"stream": "inspection", "subject": SHOP, "kind": "routine", "day": day}
    fields |= {"record_day": day, "index": index, "critical": critical, "serious": serious, "minor": minor}
    return Evidence(**(fields | more))  # type: ignore[arg-type]  # the fields are spelt above


def other(index: int, days_ago: int, stream: str, kind: str, **more: object) -> Evidence:
    return visit(index, days_ago, **({"stream": stream, "kind": kind} | more))  # type: ignore[arg-type]


_counts = st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 6))
_days = st.integers(0, 1500)


@st.composite
def histories(draw: st.DrawFn, most: int = 12) -> tuple[Evidence, ...]:
    """Draw a merchant's whole history, of every stream, in the order of the log."""
    found = []
    for index in range(draw(st.integers(0, most))):
        ago = draw(_days)
        choice = draw(st.sampled_from(("visit", "visit", "complaint", "proven", "unproven", "finding")))
        if choice == "visit":
            kind = draw(st.sampled_from(tuple(POLICY.inspection_kinds)))
            found.append(visit(index, ago, *draw(_counts), kind=kind, inspector=draw(st.sampled_from("XY"))))
        elif choice == "complaint":
            kind = draw(st.sampled_from(tuple(POLICY.complaints)))
            key = draw(st.sampled_from(("c1", "c2")))
            severity = draw(st.integers(1, 3))
            found.append(other(index, ago, "complaint", kind, key=key, severity=severity))
        elif choice == "finding":
            kind = draw(st.sampled_from(("cold-chain-breach", "mass-balance", "recall-I", "late-delivery")))
            found.append(other(index, ago, "integrity", kind, severity=2))
        else:
            stars = f"star-{draw(st.integers(1, 5))}"
            proven = choice == "proven"
            key = f"item:{index}" if proven else ""
            found.append(other(index, ago, "review", stars, proven=proven, key=key))
    return tuple(found)


def bad_evidence(index: int) -> st.SearchStrategy[Evidence]:
    """Draw one bad thing: a failed visit, an upheld complaint, a one-star review, a fault in the ledger."""
    failed = st.builds(
        lambda ago, c, s, m: visit(index, ago, c, s, m),
        _days,
        st.integers(1, 3),
        st.integers(0, 5),
        st.integers(0, 6),
    )
    upheld = st.builds(
        lambda ago, n: other(index, ago, "complaint", "upheld", key="new", severity=n),
        _days,
        st.integers(1, 3),
    )
    smear = st.builds(lambda ago, p: other(index, ago, "review", "star-1", proven=p), _days, st.booleans())
    fault = st.builds(lambda ago: other(index, ago, "integrity", "cold-chain-breach"), _days)
    return st.one_of(failed, upheld, smear, fault)
