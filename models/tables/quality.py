"""What stands between a batch and its way out, and the labels it goes out with."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Date, Index, Integer, Text

from models.tables.columns import Exact, evidence, key

promises = evidence(
    "promises",
    key("number"),
    key("lot"),
    Column("quantity", Exact),
    Column("uom", Text),
    key("origin", null=True),
    Column("basis", JSON, nullable=False),
    Column("based_on", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Index("promises_by_lot", "lot", "index"),
    Index("promises_by_number", "number", "index"),
)
lab_reports = evidence(
    "lab_reports",
    key("subject"),
    key("lot"),
    key("number"),
    Column("laboratory", Text),
    Column("sampled", Date),
    Column("results", JSON, nullable=False),
    Index("lab_reports_by_lot", "lot", "index"),
)
gates = evidence(
    "gates",
    key("product"),
    Column("steps", JSON, nullable=False),
    Column("check", Text, nullable=False),
    Column("valid_days", Integer),
    Column("status", Text, nullable=False),
    Index("gates_by_product", "product", "index"),
)
"""Every word about a gate; the newest about a product and check is how it stands."""

labels = evidence(
    "labels",
    key("lot"),
    Column("kind", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("content", Exact),
    Column("uom", Text),
    Index("labels_by_lot", "lot", "index"),
)
