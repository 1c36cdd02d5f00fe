"""The views: tables that can be deleted and folded again from the ledger, nothing lost.

Rule: they are never migrated. A view database with another `VIEWS_VERSION` is dropped and rebuilt. They lie
in their own file (`views.db`) or their own schema (`views`). Each area has a module here; its tables are all
named below, so that whoever imports this package has the whole schema.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Text

from models.tables.board import board, board_order, board_stamp
from models.tables.columns import SCHEMA, key, metadata, table
from models.tables.evidence import (
    certificates,
    claim_findings,
    complaints,
    inspections,
    origins,
    recall_lots,
    recalls,
    reviews,
    scans,
)
from models.tables.governance import case_steps, erasures, measures, policies, rulings, scores
from models.tables.identity import parties, party_keys, party_roles, places, products
from models.tables.quality import gates, lab_reports, labels, promises
from models.tables.standing import custody, edges, findings, lots, passages
from models.tables.supply import items, moves, sensors, steps, voids

__all__ = [
    "SCHEMA",
    "VIEWS_VERSION",
    "board",
    "board_order",
    "board_stamp",
    "case_steps",
    "certificates",
    "claim_findings",
    "complaints",
    "cursors",
    "custody",
    "edges",
    "erasures",
    "findings",
    "gates",
    "inspections",
    "items",
    "lab_reports",
    "labels",
    "lots",
    "measures",
    "meta",
    "metadata",
    "moves",
    "origins",
    "parties",
    "party_keys",
    "party_roles",
    "passages",
    "places",
    "policies",
    "products",
    "promises",
    "recall_lots",
    "recalls",
    "reviews",
    "rulings",
    "scans",
    "scores",
    "sensors",
    "steps",
    "voids",
]

VIEWS_VERSION = 8

meta = table("meta", key("name", primary=True), Column("value", Text, nullable=False))

cursors = table(
    "cursors",
    key("projection", primary=True),
    Column("position", BigInteger, nullable=False),
    Column("stopped_at", BigInteger),
    Column("reason", Text),
)
"""How far each projection has folded; `stopped_at` and `reason` name the entry it could not fold."""
