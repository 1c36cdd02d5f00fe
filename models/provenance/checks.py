"""The checks a story shows, in plain codes: what was looked at, what came out, and the entries behind it.

Rule: `pass` needs data. What nobody measured, signed or certified is `unknown`, which is not a blame.
Findings decide: a bad one fails its check, one that asks for attention marks it; notes (info) leave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.finding import Finding, worst
from models.provenance.certificates import CertificateRow
from models.provenance.custody import CustodySpan
from models.provenance.lots import LotRow

Status = Literal["pass", "attention", "fail", "unknown"]
Signed = tuple[int, str, str | None, bool]
OF: dict[str, tuple[str, ...]] = {
    "unique": (
        "cloned-never-printed", "cloned-sold-twice", "cloned-on-shelf-after-sale", "cloned-moved-after-sale",
        "cloned-too-far-apart", "cloned-many-places",
    ),
    "quantities": (
        "shipped-more-than-held", "used-more-than-held", "sold-more-than-held", "removed-more-than-held",
        "received-more-than-held", "received-more-than-shipped", "received-less-than-shipped",
        "yield-above-bound", "plot-above-yield", "labels-above-yield", "labels-not-spoiled",
    ),
    "custody": (
        "handover-missing", "handover-one-signer", "handover-receipt-missing", "handover-shipment-missing",
        "handled-by-non-holder", "shipped-by-non-holder", "sold-by-non-holder", "two-custodians",
        "received-by-other", "registered-by-two", "handled-after-end",
    ),
    "order": (
        "sold-before-made", "used-before-made", "shipped-before-made", "seen-before-made",
        "received-before-shipped", "moved-before-harvest", "impossible-travel", "used-after-expiry",
        "sold-after-expiry", "recalled-lot-moved", "labels-recalled", "recorded-before-anchor",
        "recorded-after-witness",
    ),
    "storage": ("temperature-excursion",),
    "certificates": (
        "certificate-expired", "certificate-revoked", "certificate-not-yet", "certificate-out-of-scope",
        "certificate-unknown", "gate-closed", "gate-bypassed",
    ),
}  # fmt: skip
"""Which findings belong to which check; together they are all findings there are."""

CODES = (
    "recall", "unique", "ledger", "identity", "order", "quantities", "custody", "storage", "certificates",
    "inspections",
)  # fmt: skip
"""Every check, in the order a person reads them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: pass, attention, fail or unknown, with the entries that show it."""

    code: str
    status: Status
    params: tuple[tuple[str, str], ...] = ()
    entries: tuple[int, ...] = ()


def checks_of(
    *,
    row: LotRow,
    signed: Sequence[Signed],
    spans: Sequence[CustodySpan],
    certificates: Sequence[CertificateRow],
    inspected: Sequence[tuple[int, int, int]],
    recalled: tuple[int, ...],
    sensed: tuple[int, ...],
    sighted: tuple[int, ...],
    findings: Sequence[Finding],
) -> tuple[Check, ...]:
    """Return the checks of a story, in the order a person reads them.

    Args:
        signed: (entry, who did it, who signed it if somebody else, witnessed) of every step.
        inspected: (entry, critical, serious) of each inspection of these very lots.
        recalled: the entries of open recalls that reach the lot.
        sensed: the entries with temperatures.
        sighted: the entries that name this single item.
    """
    return (
        Check("recall", "fail" if recalled else "pass", (), recalled),
        _judged("unique", bool(sighted), findings, sighted),
        _ledger(signed),
        _identity(signed),
        _judged("order", bool(signed), findings, ()),
        _judged("quantities", row.quantity is not None, findings, ()),
        _judged("custody", bool(spans), findings, tuple(span.received_index for span in spans)),
        _judged("storage", bool(sensed), findings, sensed),
        _judged("certificates", bool(certificates), findings, tuple(each.index for each in certificates)),
        _inspected(inspected),
    )


def _judged(code: str, known: bool, findings: Sequence[Finding], entries: tuple[int, ...]) -> Check:
    mine = tuple(found for found in findings if found.code in OF[code])
    gravest = worst(mine)
    status: Status = "pass" if known else "unknown"
    if gravest == "bad":
        status = "fail"
    elif gravest == "attention":
        status = "attention"
    cited = tuple(sorted({entry for found in mine for entry in found.entries})) or entries
    return Check(code, status, (("n", str(len(mine))),), cited)


def _ledger(signed: Sequence[Signed]) -> Check:
    waiting = tuple(entry for entry, _, _, witnessed in signed if not witnessed)
    params = (("n", str(len(signed) - len(waiting))), ("total", str(len(signed))))
    if not signed:
        return Check("ledger", "unknown", params)
    return Check("ledger", "attention" if waiting else "pass", params, waiting)


def _identity(signed: Sequence[Signed]) -> Check:
    others = tuple(entry for entry, _, signer, _ in signed if signer is not None)
    signers = {signer or party for _, party, signer, _ in signed}
    params = (("n", str(len(signers))), ("others", str(len(others))))
    if not signed:
        return Check("identity", "unknown", params)
    return Check("identity", "attention" if others else "pass", params, others)


def _inspected(inspected: Sequence[tuple[int, int, int]]) -> Check:
    entries = tuple(sorted(entry for entry, _, _ in inspected))
    params = (("n", str(len(entries))),)
    if not inspected:
        return Check("inspections", "unknown", params)
    if any(critical for _, critical, _ in inspected):
        return Check("inspections", "fail", params, entries)
    serious = any(serious for _, _, serious in inspected)
    return Check("inspections", "attention" if serious else "pass", params, entries)
