"""The report of a recall or a drill: what is affected, who holds it, how long finding it took; signed.

Rule: the report is RFC 8785 JSON without floats, signed by the party that ran it; whoever has the report can
check it with the public key inside, and compare that key with the ledger's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from ledger.canonical import jcs
from ledger.errors import Problem
from ledger.keys import KeyPair, PublicKey
from models.provenance.recall import RecallPlan

DOMAIN = b"suxin/recall-report/v1"


def report_of(plan: RecallPlan, seconds: float, now: datetime, size: int, *, drill: bool) -> dict[str, Any]:
    """Return what the report says.

    Args:
        size: how many entries the ledger had, so that the report can be made again.
    """
    return {
        "kind": "recall drill" if drill else "recall",
        "code": plan.code,
        "at": now.isoformat(),
        "entries": size,
        "seconds": f"{seconds:.3f}",
        "coverage": f"{Decimal(str(plan.coverage)):.4f}",
        "holders": [{"party": party.id, "name": party.name, "lots": lots} for party, lots in plan.holders],
        "affected": [
            {
                "lot": each.lot.lot,
                "depth": each.depth,
                "where": each.where,
                "holder": each.holder.id if each.holder else "",
                "remaining": "" if each.remaining is None else f"{each.remaining:f} {each.uom or ''}".strip(),
            }
            for each in plan.affected
        ],
    }


def signed(report: Mapping[str, Any], party: str, pair: KeyPair) -> dict[str, Any]:
    """Return the report with its party, public key and signature."""
    said = {"report": dict(report), "party": party, "key": pair.public.did}
    return {**said, "signature": pair.sign(DOMAIN, jcs(said)).hex()}


def holds(document: Any) -> bool:
    """Say whether a signed report is as it was signed, by the key it names."""
    try:
        said = {name: document[name] for name in ("report", "party", "key")}
        signature = bytes.fromhex(document["signature"])
        return PublicKey.from_did(document["key"]).verify(DOMAIN, jcs(said), signature)
    except (Problem, KeyError, TypeError, ValueError):
        return False
