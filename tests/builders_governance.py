"""Make what orders the ledger itself: who takes part, which policy holds, what was ruled and erased."""

from __future__ import annotations

from datetime import date
from typing import Any

from builders_evidence import commitment
from players import AT, COOPERATIVE, DIGEST, FIELD, MERCHANT, PUBLIC_KEY, RICE, later

from ledger.events.cases import CaseStep, Measure
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
