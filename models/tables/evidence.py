"""What others say about a party or a lot, one row for an entry."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, Text

from models.tables.columns import evidence, index_column, key, table

certificates = evidence(
    "certificates",
    key("subject"),
    Column("scheme", Text, nullable=False),
    key("number"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("issuer_name", Text),
    Index("certificates_by_subject", "subject", "index"),
    Index("certificates_by_number", "number", "index"),
)
inspections = evidence(
    "inspections",
    key("subject"),
    Column("kind", Text, nullable=False),
    Column("critical", Integer, nullable=False),
    Column("serious", Integer, nullable=False),
    Column("minor", Integer, nullable=False),
    Column("category", Text, nullable=False),
    key("lot", null=True),
    Column("summary", Text),
    key("place", null=True),
    Index("inspections_by_subject", "subject", "index"),
    Index("inspections_by_lot", "lot"),
)
complaints = evidence(
    "complaints",
    key("subject"),
    key("complaint_id"),
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    key("lot", null=True),
    Column("severity", Integer, nullable=False),
    Column("digest", Text),
    Column("vault_id", Text),
    Column("complainant_id", Text),
    Column("item_key", Text),
    Index("complaints_by_subject", "subject", "index"),
    Index("complaints_by_id", "complaint_id", "index"),
    Index("complaints_by_lot", "lot"),
)
"""Every step of every complaint; the newest step of a `complaint_id` is how it stands."""

reviews = evidence(
    "reviews",
    key("subject"),
    Column("stars", Integer, nullable=False),
    key("lot", null=True),
    key("item", null=True),
    Column("channel", Text, nullable=False),
    Column("rater", Text),
    Column("item_key", Text),
    Column("item_signature", Text),
    Column("digest", Text),
    Column("vault_id", Text),
    Index("reviews_by_subject", "subject", "index"),
    Index("reviews_by_lot", "lot"),
    Index("reviews_by_item", "item"),
)
claim_findings = evidence(
    "claim_findings",
    key("subject"),
    key("lot", null=True),
    Column("rule", Text, nullable=False),
    Column("statute", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("clip", Text),
    Column("confirmed", Boolean, nullable=False),
    Index("claim_findings_by_subject", "subject", "index"),
)
recalls = evidence(
    "recalls",
    Column("level", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Text, nullable=False),
)
recall_lots = table(
    "recall_lots",
    index_column(),
    key("lot"),
    Column("opened", Boolean, nullable=False),
    Index("recall_lots_by_lot", "lot", "index"),
    Index("recall_lots_by_opened", "opened", "lot"),
)
"""Lots a recall names; `opened` is false once a later recall of the same author closed that lot."""

scans = evidence(
    "scans",
    key("serial"),
    key("item"),
    key("place", null=True),
    Column("setting", Text),
    Index("scans_by_serial", "serial", "index"),
)
"""Receipts of scans of single items, for finding codes that were copied."""

origins = evidence(
    "origins",
    key("about"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("photos", JSON, nullable=False),
    Index("origins_by_about", "about", "index"),
)
"""Origin stories; the newest by each author about a thing holds. `photos`: name, digest, caption."""
