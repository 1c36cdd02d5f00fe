"""What one piece of evidence weighs: a bad and a good mass by reason code, before anything fades.

The rule kept here: worse never weighs less. More violations, fewer stars or a graver complaint only ever add
bad mass and take good mass away (the policy checks that its tables are ordered so), and what is bad adds no
good mass at all where it is critical.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt

from models.credit.evidence import Evidence
from models.credit.policy import MICRO, Policy

Part = tuple[str, int, int]
"""A reason code with its bad and its good mass in micro-units."""


def parts_of(evidence: Evidence, policy: Policy, severity: int) -> tuple[Part, ...]:
    """Return the masses one piece of evidence adds, by reason code, before fading.

    Args:
        severity: of the inspector, in milli-units (1000 = as the others).
    """
    e = evidence
    if e.stream == "inspection":
        parts = _inspection(policy, e.kind, e.critical, e.serious, e.minor, severity)
    else:
        parts = _other(policy, e.stream, e.kind, e.severity, e.proven)
    if e.weight == MICRO:
        return parts
    return tuple((code, b * e.weight // MICRO, g * e.weight // MICRO) for code, b, g in parts)


@lru_cache(maxsize=16_384)
def _inspection(
    policy: Policy, kind: str, critical: int, serious: int, minor: int, severity: int
) -> tuple[Part, ...]:
    """Masses of a visit; a severe inspector's faults weigh less, and a clean visit by one weighs more.

    By the square root of the severity: half of the difference may be the shops such inspectors are sent to.
    """
    bad_share, good_share = policy.inspection_kinds.get(kind) or policy.inspection_kinds["other"]
    root = isqrt(severity * 1000)
    parts = [
        (code, mass * bad_share // MICRO * 1000 // root, 0)
        for code, mass in (
            ("inspection-critical", _at(policy.inspection_critical, critical)),
            ("inspection-serious", _at(policy.inspection_serious, serious)),
            ("inspection-minor", _at(policy.inspection_minor, minor)),
        )
        if mass
    ]
    good = policy.inspection_clean
    for table, count in (
        (policy.clean_left_critical, critical),
        (policy.clean_left_serious, serious),
        (policy.clean_left_minor, minor),
    ):
        good = good * _at(table, count) // 1000
    if good:
        code = "inspection-passed" if serious or minor else "inspection-clean"
        parts.append((code, 0, good * good_share // MICRO * root // 1000))
    return tuple(parts)


@lru_cache(maxsize=4096)
def _other(policy: Policy, stream: str, kind: str, severity: int, proven: bool) -> tuple[Part, ...]:
    if stream == "complaint":
        return _complaint(policy, kind, severity)
    if stream == "review":
        return _review(policy, kind, "" if proven else "-unproven")
    code = kind
    if code not in policy.findings:
        code = "other-bad" if severity >= 3 else "other-attention"
    return ((code, *policy.findings.get(code, (0, 0))),)


def _complaint(policy: Policy, kind: str, severity: int) -> tuple[Part, ...]:
    bad, good = policy.complaints.get(kind, (0, 0))
    factor = _at(policy.complaint_severity_milli, max(severity, 1) - 1)
    code = "complaint-open" if kind in ("filed", "accepted") else f"complaint-{kind}"
    return ((code, bad * factor // 1000, good),)


def _review(policy: Policy, kind: str, tail: str) -> tuple[Part, ...]:
    bad, good = policy.reviews[kind]
    if bad and good:
        return ((f"review-criticism{tail}", bad, 0), (f"review-praise{tail}", 0, good))
    return ((f"review-{'criticism' if bad else 'praise'}{tail}", bad, good),)


def _at(table: tuple[int, ...], count: int) -> int:
    return table[min(count, len(table) - 1)]
