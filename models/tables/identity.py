"""Who and what is who: parties, their keys, places and products."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Text

from models.tables.columns import Exact, Instant, index_column, key, table

parties = table(
    "parties",
    key("party", primary=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("category", Text),
    key("place", null=True),
    Column("enrolled_index", BigInteger),
    Column("enrolled_time", Instant),
)
party_roles = table(
    "party_roles",
    key("party", primary=True),
    key("role", primary=True),
    Index("party_roles_by_role", "role"),
)
party_keys = table(
    "party_keys",
    key("party", primary=True),
    key("key_id", primary=True),
    Column("public_key", Text, nullable=False),
    Column("added_index", BigInteger, nullable=False),
    Column("revoked_index", BigInteger),
    Column("revoked_reason", Text),
)
places = table(
    "places",
    key("place", primary=True),
    Column("name", Text),
    Column("name_en", Text),
    Column("latitude", Exact),
    Column("longitude", Exact),
    Column("area_mu", Exact),
    key("party", null=True),
    Column("attributes", JSON, nullable=False),
    index_column(),
)
products = table(
    "products",
    key("product", primary=True),
    Column("gtin", Text),
    Column("name", Text),
    Column("name_en", Text),
    Column("category", Text),
    Column("attributes", JSON, nullable=False),
    index_column(),
    Index("products_by_gtin", "gtin"),
)
