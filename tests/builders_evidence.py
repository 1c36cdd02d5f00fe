"""Make what is said of goods and sellers; change what the test is about (`inspection(critical=2)`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from players import AT, COOPERATIVE, DIGEST, FIELD, ITEM, LOT, MERCHANT, RICE, later

from ledger.events.evidence import (
    Certificate,
    ClaimFinding,
    Commitment,
    Complaint,
    Inspection,
    Recall,
    Review,
)
from ledger.events.origin import OriginStory, Photo
from ledger.events.quality import ConformityPromise, LabelsPrinted, LabReport, Measured, QualityGate
from ledger.events.scans import ScanReceipt


def inspection(**changes: Any) -> Inspection:
    return Inspection(
        **{
            "event_time": AT,
            "subject": MERCHANT,
            "kind": "routine",
            "critical": 0,
            "serious": 0,
            "minor": 1,
            "category": "grocery",
            **changes,
        }
    )


def certificate(**changes: Any) -> Certificate:
    return Certificate(
        **{
            "event_time": AT,
            "subject": COOPERATIVE,
            "scheme": "organic",
            "number": "CN-ORG-2026-0001",
            "valid_from": date(2026, 1, 1),
            "valid_until": date(2026, 12, 31),
            "scope": (RICE,),
            "issuer_name": "Demo Certification",
            **changes,
        }
    )


def complaint(**changes: Any) -> Complaint:
    return Complaint(
        **{
            "event_time": AT,
            "subject": MERCHANT,
            "complaint_id": "C-1",
            "status": "filed",
            "kind": "quality",
            "lot": LOT,
            "severity": 2,
            "words": commitment(),
            **changes,
        }
    )


def review(**changes: Any) -> Review:
    return Review(
        **{"event_time": AT, "subject": MERCHANT, "stars": 4, "lot": LOT, "channel": "app", **changes}
    )


def recall(**changes: Any) -> Recall:
    return Recall(
        **{"event_time": AT, "lots": (LOT,), "level": "II", "reason": "pesticide-residue", **changes}
    )


def claim_finding(**changes: Any) -> ClaimFinding:
    return ClaimFinding(
        **{
            "event_time": AT,
            "subject": MERCHANT,
            "lot": LOT,
            "rule": "disease-claim",
            "statute": "ads-17",
            "verdict": "violation",
            **changes,
        }
    )


def commitment(digest: str = DIGEST, vault_id: str = "v-1") -> Commitment:
    return Commitment(digest, vault_id)


def conformity_promise(**changes: Any) -> ConformityPromise:
    return ConformityPromise(
        **{
            "event_time": later(hours=2),
            "number": "HG-L20260301-1",
            "lot": LOT,
            "basis": ("quality-control", "own-test"),
            "quantity": Decimal("1000"),
            "uom": "KGM",
            "origin": FIELD,
            "based_on": ("HG-1",),
            **changes,
        }
    )


def lab_report(**changes: Any) -> LabReport:
    """A certified laboratory found nothing."""
    results = (
        Measured("cadmium", "0.05", "mg/kg", Decimal("0.002"), "GB 5009.15"),
        Measured("lead", "<0.02", "mg/kg"),
    )
    return LabReport(
        **{
            "event_time": later(hours=1),
            "subject": COOPERATIVE,
            "lot": LOT,
            "number": "LR-2026-001",
            "results": results,
            "laboratory": "Demo Laboratory",
            "sampled": date(2026, 3, 1),
            "digest": DIGEST,
            **changes,
        }
    )


def quality_gate(**changes: Any) -> QualityGate:
    return QualityGate(
        **{
            "event_time": AT,
            "product": f"https://id.gs1.org/01/{RICE}",
            "steps": ("shipping", "labelling"),
            "valid_days": 180,
            **changes,
        }
    )


def labels_printed(**changes: Any) -> LabelsPrinted:
    return LabelsPrinted(
        **{
            "event_time": AT,
            "lot": LOT,
            "kind": "printed",
            "count": 100,
            "content": Decimal("5"),
            "uom": "KGM",
            "digest": DIGEST,
            **changes,
        }
    )


def scan_receipt(**changes: Any) -> ScanReceipt:
    return ScanReceipt(**{"event_time": AT, "code": ITEM, "place": "geo:45.8,126.5", **changes})


def origin_story(**changes: Any) -> OriginStory:
    return OriginStory(
        **{
            "event_time": AT,
            "about": f"https://id.gs1.org/01/{RICE}",
            "title": "黑土地上的一季稻",
            "text": "一年一季，灌溉用的是山上的水。",
            "photos": (Photo("field.jpg", DIGEST, "九月的稻田"),),
            **changes,
        }
    )
