"""Every event by one name, with good defaults: a test says `builders.inspection(critical=2)`.

Made in modules of their own: what happens to goods, what is said of them, what orders the ledger.
"""

from __future__ import annotations

from collections.abc import Callable

from builders_evidence import (
    certificate,
    claim_finding,
    commitment,
    complaint,
    conformity_promise,
    inspection,
    lab_report,
    labels_printed,
    origin_story,
    quality_gate,
    recall,
    review,
    scan_receipt,
)
from builders_governance import (
    case_step,
    erased,
    key_added,
    key_revoked,
    master_data,
    measure,
    party_enrolled,
    policy_adopted,
    ruling,
    score_published,
)
from builders_supply import (
    aggregation_event,
    association_event,
    object_event,
    receiving,
    retail_sale,
    shipping,
    transaction_event,
    transformation_event,
)
from players import (
    AT,
    CARRIER,
    CASE,
    COOPERATIVE,
    DIGEST,
    FIELD,
    ITEM,
    LOT,
    LOT_2,
    MERCHANT,
    PUBLIC_KEY,
    RICE,
    SHOP,
    later,
    quantity,
)

from ledger.events import codec
from ledger.events.codec import Event

__all__ = [
    "AT",
    "CARRIER",
    "CASE",
    "COOPERATIVE",
    "DIGEST",
    "EVERY_KIND",
    "FIELD",
    "ITEM",
    "LOT",
    "LOT_2",
    "MERCHANT",
    "PUBLIC_KEY",
    "RICE",
    "SHOP",
    "aggregation_event",
    "association_event",
    "case_step",
    "certificate",
    "claim_finding",
    "commitment",
    "complaint",
    "conformity_promise",
    "erased",
    "inspection",
    "key_added",
    "key_revoked",
    "lab_report",
    "labels_printed",
    "later",
    "master_data",
    "measure",
    "object_event",
    "one_of_each",
    "origin_story",
    "party_enrolled",
    "policy_adopted",
    "quality_gate",
    "quantity",
    "recall",
    "receiving",
    "retail_sale",
    "review",
    "ruling",
    "scan_receipt",
    "score_published",
    "shipping",
    "transaction_event",
    "transformation_event",
]

EVERY_KIND: dict[str, Callable[..., Event]] = {
    "ObjectEvent": object_event,
    "AggregationEvent": aggregation_event,
    "AssociationEvent": association_event,
    "TransactionEvent": transaction_event,
    "TransformationEvent": transformation_event,
    "Inspection": inspection,
    "Certificate": certificate,
    "Complaint": complaint,
    "Review": review,
    "Recall": recall,
    "ClaimFinding": claim_finding,
    "PartyEnrolled": party_enrolled,
    "KeyAdded": key_added,
    "KeyRevoked": key_revoked,
    "PolicyAdopted": policy_adopted,
    "ScorePublished": score_published,
    "Ruling": ruling,
    "Erased": erased,
    "MasterData": master_data,
    "ConformityPromise": conformity_promise,
    "LabReport": lab_report,
    "QualityGate": quality_gate,
    "LabelsPrinted": labels_printed,
    "ScanReceipt": scan_receipt,
    "OriginStory": origin_story,
    "CaseStep": case_step,
    "Measure": measure,
}


def one_of_each() -> tuple[Event, ...]:
    """Return one good event of every kind."""
    made: tuple[Event, ...] = tuple(build() for build in EVERY_KIND.values())
    assert {codec.type_name(event) for event in made} == set(codec.TYPES)
    return made
