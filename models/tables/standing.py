"""How a lot stands, folded from the events that concern it."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, Integer, Text

from models.tables.columns import Exact, Instant, index_column, key, table

lots = table(
    "lots",
    key("lot", primary=True),
    Column("kind", Text, nullable=False),
    Column("gtin", Text),
    Column("lot_number", Text),
    Column("search", Text, nullable=False),
    Column("quantity", Exact),
    Column("remaining", Exact),
    Column("uom", Text),
    key("holder", null=True),
    key("place", null=True),
    Column("status", Text, nullable=False),
    Column("registered_index", BigInteger),
    Column("registered_time", Instant),
    key("origin_party", null=True),
    key("origin_place", null=True),
    key("seller", null=True),
    key("product", null=True),
    Column("expires_day", Date),
    Column("last_index", BigInteger, nullable=False),
    Column("last_time", Instant, nullable=False),
    Column("events", Integer, nullable=False),
    Index("lots_by_holder", "holder", "status"),
    Index("lots_by_status", "status"),
    Index("lots_by_product", "product"),
    Index("lots_by_origin", "origin_party"),
    Index("lots_by_time", "kind", "last_time", "last_index", "lot"),
    Index("lots_by_number", "lot_number"),
)
"""One lot, container, item or class (`kind`) as its events leave it; `search` is its names in lower case."""

passages = table(
    "passages",
    key("lot"),
    index_column(),
    Column("role", Text, nullable=False),
    Column("quantity", Exact),
    Column("uom", Text),
    key("via", null=True),
    key("party"),
    Index("passages_by_lot", "lot", "index"),
    Index("passages_by_index", "index"),
    Index("passages_by_party", "party", "lot"),
)
"""Every event that concerns a lot, also through the container it was in (`via`)."""

edges = table(
    "edges",
    key("lot"),
    Column("side", Text, nullable=False),
    key("node"),
    index_column(),
    Column("kind", Text, nullable=False),
    Column("quantity", Exact),
    Column("uom", Text),
    key("via", null=True),
    Column("followed", Boolean, nullable=False),
    Index("edges_by_lot", "lot", "side", "followed", "node"),
    Index("edges_by_node", "node", "side", "lot"),
)
"""Lineage: a lot goes `in` to a transformation (`node`) or comes `out` of one. Two rows join n lots to m."""

custody = table(
    "custody",
    key("lot"),
    Column("part", Integer, nullable=False),
    key("party"),
    key("place", null=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("received_index", BigInteger, nullable=False),
    Column("shipped_index", BigInteger),
    Column("released_index", BigInteger),
    Column("quantity", Exact),
    Column("uom", Text),
    Column("left", Exact),
    Column("signed_both", Boolean, nullable=False),
    Index("custody_by_lot", "lot", "part"),
    Index("custody_by_party", "party", "since"),
)
"""Who held a lot, from when to when, and whether both sides signed the handover that began it.

What began is an amount of `uom`; what is `left` to a party that holds some still is in the lot's own unit.
"""

findings = table(
    "findings",
    key("lot"),
    Column("part", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("entries", JSON, nullable=False),
    Index("findings_by_lot", "lot", "part"),
    Index("findings_by_code", "severity", "code"),
)
"""What does not fit in custody and order of one lot; other findings are computed when asked for."""
