"""Make every event: good defaults, change what the test is about (`builders.inspection(critical=2)`).

The strategies at the end make arbitrary valid events for the laws. GTINs and GLNs carry GS1's
demonstration prefix 952; `AT` is the moment everything happens unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from ledger.events import codec, vocabulary
from ledger.events.cases import CaseStep, Measure
from ledger.events.codec import Event
from ledger.events.evidence import (
    Certificate,
    ClaimFinding,
    Commitment,
    Complaint,
    Inspection,
    Recall,
    Review,
)
from ledger.events.governance import (
    Erased,
    KeyAdded,
    KeyRevoked,
    MasterData,
    PartyEnrolled,
    PolicyAdopted,
    Ruling,
    ScorePublished,
)
from ledger.events.origin import OriginStory, Photo
from ledger.events.quality import ConformityPromise, LabelsPrinted, LabReport, Measured, QualityGate
from ledger.events.scans import ScanReceipt
from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    BizTransaction,
    Destination,
    ErrorDeclaration,
    ObjectEvent,
    PersistentDisposition,
    Quantity,
    Source,
    TransactionEvent,
    TransformationEvent,
)

AT = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
RICE = "09521000000018"
LOT = f"https://id.gs1.org/01/{RICE}/10/L20260301"
LOT_2 = f"https://id.gs1.org/01/{RICE}/10/L20260302"
ITEM = f"https://id.gs1.org/01/{RICE}/21/1001"
CASE = "https://id.gs1.org/00/095210000000000018"
COOPERATIVE = "https://id.gs1.org/417/9521000000100"
MERCHANT = "https://id.gs1.org/417/9521000000209"
CARRIER = "https://id.gs1.org/417/9521000000308"
FIELD = "https://id.gs1.org/414/9521000000407"
SHOP = "https://id.gs1.org/414/9521000000506"
PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def later(**delta: float) -> datetime:
    """Return `AT` plus days, hours, minutes ..."""
    return AT + timedelta(**delta)


def quantity(epc_class: str = LOT, amount: str | None = "1000", uom: str | None = "KGM") -> Quantity:
    return Quantity(epc_class, None if amount is None else Decimal(amount), uom)


def object_event(**changes: Any) -> ObjectEvent:
    """A batch is registered, unless changed."""
    return ObjectEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "event_time_zone_offset": "+08:00",
            "quantity_list": (quantity(),),
            "biz_step": "commissioning",
            "disposition": "active",
            "read_point": FIELD,
            "biz_location": FIELD,
            **changes,
        }
    )


def shipping(**changes: Any) -> ObjectEvent:
    """The cooperative hands the batch to the merchant."""
    return object_event(
        **{
            "event_time": later(days=1),
            "action": "OBSERVE",
            "biz_step": "shipping",
            "disposition": "in_transit",
            "biz_location": None,
            "source_list": (Source(COOPERATIVE, "possessing_party"),),
            "destination_list": (Destination(MERCHANT, "possessing_party"),),
            **changes,
        }
    )


def receiving(**changes: Any) -> ObjectEvent:
    """The merchant takes the batch."""
    return shipping(
        **{
            "event_time": later(days=2),
            "biz_step": "receiving",
            "disposition": "in_progress",
            "read_point": SHOP,
            "biz_location": SHOP,
            **changes,
        }
    )


def retail_sale(**changes: Any) -> ObjectEvent:
    """Some of the batch is sold to consumers."""
    return object_event(
        **{
            "event_time": later(days=3),
            "action": "OBSERVE",
            "biz_step": "retail_selling",
            "disposition": "retail_sold",
            "quantity_list": (quantity(amount="5"),),
            "read_point": SHOP,
            "biz_location": SHOP,
            **changes,
        }
    )


def aggregation_event(**changes: Any) -> AggregationEvent:
    return AggregationEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "parent_id": CASE,
            "child_quantity_list": (quantity(amount="20"),),
            "biz_step": "packing",
            "read_point": FIELD,
            **changes,
        }
    )


def association_event(**changes: Any) -> AssociationEvent:
    return AssociationEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "parent_id": CASE,
            "child_epcs": ("https://id.gs1.org/8004/9521000A1",),
            "biz_step": "assembling",
            **changes,
        }
    )


def transaction_event(**changes: Any) -> TransactionEvent:
    return TransactionEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "quantity_list": (quantity(),),
            "biz_transaction_list": (BizTransaction("urn:uuid:7a0f7b1c-2f0e-4a57-9ad8-0c5e2f5f0a01", "po"),),
            **changes,
        }
    )


def transformation_event(**changes: Any) -> TransformationEvent:
    return TransformationEvent(
        **{
            "event_time": AT,
            "input_quantity_list": (quantity(),),
            "output_quantity_list": (quantity(LOT_2, "650"),),
            "biz_step": "commissioning",
            "read_point": FIELD,
            **changes,
        }
    )


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


def party_enrolled(**changes: Any) -> PartyEnrolled:
    return PartyEnrolled(
        **{
            "event_time": AT,
            "party": COOPERATIVE,
            "name": "示范水稻合作社",
            "name_en": "Demo Rice Cooperative",
            "roles": ("cooperative",),
            "public_key": PUBLIC_KEY,
            "category": "rice",
            "place": FIELD,
            **changes,
        }
    )


def key_added(**changes: Any) -> KeyAdded:
    return KeyAdded(**{"event_time": AT, "party": COOPERATIVE, "public_key": PUBLIC_KEY, **changes})


def key_revoked(**changes: Any) -> KeyRevoked:
    return KeyRevoked(
        **{
            "event_time": AT,
            "party": COOPERATIVE,
            "key_id": PUBLIC_KEY[:16],
            "reason": "lost",
            **changes,
        }
    )


def policy_adopted(**changes: Any) -> PolicyAdopted:
    return PolicyAdopted(
        **{
            "event_time": AT,
            "version": "1",
            "document": {"base": 600, "half_life_days": {"routine": 300}},
            "effective": later(days=1),
            **changes,
        }
    )


def score_published(**changes: Any) -> ScorePublished:
    return ScorePublished(
        **{
            "event_time": AT,
            "subject": MERCHANT,
            "score": 642,
            "grade": "B",
            "tree_size": 10,
            "policy_digest": DIGEST,
            "as_of": AT,
            "contributions": [{"code": "clean-inspections", "points": 42}],
            **changes,
        }
    )


def ruling(**changes: Any) -> Ruling:
    return Ruling(**{"event_time": AT, "about": 3, "decision": "void", "reason": "wrong-merchant", **changes})


def erased(**changes: Any) -> Erased:
    return Erased(**{"event_time": AT, "vault_id": "v-1", **changes})


def master_data(**changes: Any) -> MasterData:
    return MasterData(
        **{
            "event_time": AT,
            "kind": "product",
            "id": f"https://id.gs1.org/01/{RICE}",
            "attributes": {"name": "示范大米", "name_en": "Demo rice"},
            **changes,
        }
    )


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


def case_step(**changes: Any) -> CaseStep:
    return CaseStep(
        **{
            "event_time": AT,
            "subject": MERCHANT,
            "case_id": "C-1",
            "step": "assigned",
            "handler": COOPERATIVE,
            "about": 7,
            "words": commitment(),
            **changes,
        }
    )


def measure(**changes: Any) -> Measure:
    return Measure(
        **{
            "event_time": AT,
            "subject": MERCHANT,
            "code": "listing-hold",
            "action": "imposed",
            "reason": "residue above the limit",
            "about": 7,
            "until": date(2026, 6, 1),
            **changes,
        }
    )


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


# Strategies: arbitrary valid values for the laws.

words = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x00"), max_size=20)
instants = st.integers(0, 4 * 10**15).map(
    lambda micros: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
uris = st.from_regex(
    r"(urn:[a-z]{2,8}|https://[a-z]{1,8}\.example)[:/][A-Za-z0-9.:/_-]{1,20}", fullmatch=True
)
amounts = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=6)
numbers: st.SearchStrategy[Any] = st.one_of(
    st.integers(-(10**20), 10**20),
    st.decimals(-(10**12), 10**12, allow_nan=False, places=5),
    st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: round(value, 6)),
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, words),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=12,
)
json_objects = st.dictionaries(
    st.one_of(st.just("@decimal"), st.just("@entries"), words), json_values, max_size=4
)
uri_lists = st.lists(uris, min_size=1, max_size=4, unique=True).map(tuple)
quantities = st.builds(
    Quantity, uris, amounts, st.one_of(st.none(), st.sampled_from(sorted(vocabulary.UNITS)))
)
quantity_lists = st.lists(quantities, min_size=1, max_size=4).map(tuple)
steps = st.one_of(st.none(), uris, st.sampled_from(sorted(vocabulary.BIZ_STEPS)))
dispositions = st.one_of(st.none(), uris, st.sampled_from(sorted(vocabulary.DISPOSITIONS)))


def _tail() -> dict[str, st.SearchStrategy[Any]]:
    parties = st.one_of(uris, st.just(COOPERATIVE))
    kinds = st.sampled_from(sorted(vocabulary.SOURCE_DESTINATION_TYPES))
    return {
        "event_time": instants,
        "event_time_zone_offset": st.sampled_from(["+00:00", "+08:00", "-03:30"]),
        "biz_step": steps,
        "disposition": dispositions,
        "persistent_disposition": st.one_of(
            st.none(), st.builds(PersistentDisposition, st.just(("completeness_verified",)))
        ),
        "read_point": st.one_of(st.none(), uris),
        "biz_location": st.one_of(st.none(), uris),
        "source_list": st.lists(st.builds(Source, parties, kinds), max_size=2).map(tuple),
        "destination_list": st.lists(st.builds(Destination, parties, kinds), max_size=2).map(tuple),
        "sensor_element_list": st.lists(json_objects.filter(bool), max_size=2).map(tuple),
        "error_declaration": st.one_of(
            st.none(), st.builds(ErrorDeclaration, instants, extensions=json_objects)
        ),
        "event_id": st.one_of(st.none(), uris),
        "certification_info": st.one_of(st.none(), uris, uri_lists),
        "extensions": json_objects,
    }


transactions = st.lists(
    st.builds(BizTransaction, uris, st.one_of(st.none(), st.just("po"))), min_size=1, max_size=2
)
supply_events: st.SearchStrategy[Any] = st.one_of(
    st.builds(ObjectEvent, action=st.just("ADD"), quantity_list=quantity_lists, ilmd=json_objects, **_tail()),
    st.builds(ObjectEvent, action=st.sampled_from(["OBSERVE", "DELETE"]), epc_list=uri_lists, **_tail()),
    st.builds(AggregationEvent, action=st.just("ADD"), parent_id=uris, child_epcs=uri_lists, **_tail()),
    st.builds(AssociationEvent, action=st.just("DELETE"), parent_id=uris, **_tail()),
    st.builds(
        TransactionEvent,
        action=st.just("ADD"),
        biz_transaction_list=transactions.map(tuple),
        epc_list=uri_lists,
        **_tail(),
    ),
    st.builds(
        TransformationEvent,
        input_quantity_list=quantity_lists,
        output_quantity_list=quantity_lists,
        ilmd=json_objects,
        **_tail(),
    ),
)
master_data_events = st.builds(
    MasterData, instants, st.sampled_from(["product", "location", "party"]), uris, json_objects
)
events: st.SearchStrategy[Any] = st.one_of(supply_events, master_data_events, st.sampled_from(one_of_each()))
