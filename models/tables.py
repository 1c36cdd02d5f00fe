"""The views: tables that can be deleted and folded again from the ledger, nothing lost.

Rule: they are never migrated. A view database with another `VIEWS_VERSION` is dropped and rebuilt. They lie
in their own file (`views.db`) or their own schema (`views`), and hold the same values on both engines:
instants as whole microseconds since 1970 (exact, ordered), quantities as decimal text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

VIEWS_VERSION = 5
SCHEMA = "views"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, kept as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the microseconds since 1970."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Return what makes the instant; one event concerns many lots, so each is made once."""
        return _instant


class Exact(TypeDecorator[Decimal]):
    """A decimal number, kept as its text so that no engine rounds it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the digits without an exponent or trailing zeros."""
        if value is None:
            return None
        digits = format(value, "f")
        return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Return what makes the number."""
        return _exact


@lru_cache(maxsize=65_536)
def _instant(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


@lru_cache(maxsize=65_536)
def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


metadata = MetaData(schema=SCHEMA)


def _table(name: str, *columns: Column[Any] | Index) -> Table:
    return Table(name, metadata, *columns)


def _key(name: str, *, primary: bool = False, null: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=primary, nullable=null)


def _index_column(name: str = "index") -> Column[int]:
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), nullable=False)


meta = _table("meta", _key("name", primary=True), Column("value", Text, nullable=False))

cursors = _table(
    "cursors",
    _key("projection", primary=True),
    Column("position", BigInteger, nullable=False),
    Column("stopped_at", BigInteger),
    Column("reason", Text),
)
"""How far each projection has folded; `stopped_at` and `reason` name the entry it could not fold."""

# --- what supply events say, one row per entry and one per thing it touches -----------------------------

steps = _table(
    "steps",
    Column("index", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
    Column("action", Text),
    Column("biz_step", Text),
    Column("disposition", Text),
    Column("event_time", Instant, nullable=False),
    Column("record_time", Instant, nullable=False),
    _key("signer"),
    _key("provider"),
    _key("actor"),
    _key("owner", null=True),
    _key("source", null=True),
    _key("destination", null=True),
    _key("place", null=True),
    _key("read_point", null=True),
    _key("event_id", null=True),
    Column("in_error", Boolean, nullable=False),
    Column("made_day", Date),
    Column("expires_day", Date),
    Column("certificates", JSON, nullable=False),
    Index("steps_by_event_id", "event_id", "signer"),
    Index("steps_by_actor", "actor", "index"),
    Index("steps_by_place", "place", "index"),
    Index("steps_by_biz_step", "biz_step", "index"),
)
"""One supply event: `signer` signed the entry; `actor` is who did it, which an imported event may name."""

moves = _table(
    "moves",
    _index_column(),
    Column("part", Integer, nullable=False),
    _key("code"),
    Column("role", Text, nullable=False),
    Column("quantity", Exact),
    Column("uom", Text),
    Column("items", Integer, nullable=False),
    _key("parent", null=True),
    _key("node", null=True),
    Column("kind", Text),
    Index("moves_by_code", "code", "index"),
    Index("moves_by_parent", "parent", "code"),
    Index("moves_by_index", "index"),
)
"""What an event did to one lot or container; `items` counts single items named one by one."""

items = _table(
    "items",
    _index_column(),
    _key("item"),
    _key("code"),
    Column("role", Text, nullable=False),
    _key("parent", null=True),
    _key("serial"),
    Index("items_by_item", "item", "index"),
    Index("items_by_serial", "serial", "index"),
    Index("items_by_code", "code", "index"),
)
"""Events that name single items of a lot; `serial` is its one name, lot written or not."""

voids = _table(
    "voids",
    _index_column("about"),
    _index_column("by"),
    Column("decision", Text, nullable=False),
    Index("voids_by_about", "about"),
    Index("voids_by_by", "by"),
)
"""What rulings decided about entries; the newest decision about an entry holds."""

sensors = _table(
    "sensors",
    _index_column(),
    Column("part", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("device", Text),
    Column("time", Instant),
    Column("since", Instant),
    Column("until", Instant),
    Column("value", Exact),
    Column("least", Exact),
    Column("most", Exact),
    Column("mean", Exact),
    Column("uom", Text),
    Column("raw_digest", Text),
    Index("sensors_by_index", "index", "part"),
)
"""Sensor reports of events, in degrees Celsius where they are temperatures."""

# --- folded per lot -------------------------------------------------------------------------------------

lots = _table(
    "lots",
    _key("lot", primary=True),
    Column("kind", Text, nullable=False),
    Column("gtin", Text),
    Column("lot_number", Text),
    Column("search", Text, nullable=False),
    Column("quantity", Exact),
    Column("remaining", Exact),
    Column("uom", Text),
    _key("holder", null=True),
    _key("place", null=True),
    Column("status", Text, nullable=False),
    Column("registered_index", BigInteger),
    Column("registered_time", Instant),
    _key("origin_party", null=True),
    _key("origin_place", null=True),
    _key("seller", null=True),
    _key("product", null=True),
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

passages = _table(
    "passages",
    _key("lot"),
    _index_column(),
    Column("role", Text, nullable=False),
    Column("quantity", Exact),
    Column("uom", Text),
    _key("via", null=True),
    _key("party"),
    Index("passages_by_lot", "lot", "index"),
    Index("passages_by_index", "index"),
    Index("passages_by_party", "party", "lot"),
)
"""Every event that concerns a lot, also through the container it was in (`via`)."""

edges = _table(
    "edges",
    _key("lot"),
    Column("side", Text, nullable=False),
    _key("node"),
    _index_column(),
    Column("kind", Text, nullable=False),
    Column("quantity", Exact),
    Column("uom", Text),
    _key("via", null=True),
    Column("followed", Boolean, nullable=False),
    Index("edges_by_lot", "lot", "side", "followed", "node"),
    Index("edges_by_node", "node", "side", "lot"),
)
"""Lineage: a lot goes `in` to a transformation (`node`) or comes `out` of one. Two rows join n lots to m."""

custody = _table(
    "custody",
    _key("lot"),
    Column("part", Integer, nullable=False),
    _key("party"),
    _key("place", null=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("received_index", BigInteger, nullable=False),
    Column("shipped_index", BigInteger),
    Column("released_index", BigInteger),
    Column("quantity", Exact),
    Column("uom", Text),
    Column("signed_both", Boolean, nullable=False),
    Index("custody_by_lot", "lot", "part"),
    Index("custody_by_party", "party", "since"),
)
"""Who held a lot, from when to when, and whether both sides signed the handover that began it."""

findings = _table(
    "findings",
    _key("lot"),
    Column("part", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("entries", JSON, nullable=False),
    Index("findings_by_lot", "lot", "part"),
    Index("findings_by_code", "severity", "code"),
)
"""What does not fit in custody and order of one lot; other findings are computed when asked for."""

# --- who and what is who --------------------------------------------------------------------------------

parties = _table(
    "parties",
    _key("party", primary=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("category", Text),
    _key("place", null=True),
    Column("enrolled_index", BigInteger),
    Column("enrolled_time", Instant),
)
party_roles = _table(
    "party_roles",
    _key("party", primary=True),
    _key("role", primary=True),
    Index("party_roles_by_role", "role"),
)
party_keys = _table(
    "party_keys",
    _key("party", primary=True),
    _key("key_id", primary=True),
    Column("public_key", Text, nullable=False),
    Column("added_index", BigInteger, nullable=False),
    Column("revoked_index", BigInteger),
    Column("revoked_reason", Text),
)
places = _table(
    "places",
    _key("place", primary=True),
    Column("name", Text),
    Column("name_en", Text),
    Column("latitude", Exact),
    Column("longitude", Exact),
    Column("area_mu", Exact),
    _key("party", null=True),
    Column("attributes", JSON, nullable=False),
    _index_column(),
)
products = _table(
    "products",
    _key("product", primary=True),
    Column("gtin", Text),
    Column("name", Text),
    Column("name_en", Text),
    Column("category", Text),
    Column("attributes", JSON, nullable=False),
    _index_column(),
    Index("products_by_gtin", "gtin"),
)

# --- what others say about a party or a lot -------------------------------------------------------------


def _evidence(name: str, *columns: Column[Any] | Index) -> Table:
    """A table of evidence: entry index, both times and the author, then its own columns."""
    return _table(
        name,
        Column("index", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
        Column("event_time", Instant, nullable=False),
        Column("record_time", Instant, nullable=False),
        _key("author"),
        *columns,
    )


certificates = _evidence(
    "certificates",
    _key("subject"),
    Column("scheme", Text, nullable=False),
    _key("number"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("issuer_name", Text),
    Index("certificates_by_subject", "subject", "index"),
    Index("certificates_by_number", "number", "index"),
)
inspections = _evidence(
    "inspections",
    _key("subject"),
    Column("kind", Text, nullable=False),
    Column("critical", Integer, nullable=False),
    Column("serious", Integer, nullable=False),
    Column("minor", Integer, nullable=False),
    Column("category", Text, nullable=False),
    _key("lot", null=True),
    Column("summary", Text),
    _key("place", null=True),
    Index("inspections_by_subject", "subject", "index"),
    Index("inspections_by_lot", "lot"),
)
complaints = _evidence(
    "complaints",
    _key("subject"),
    _key("complaint_id"),
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    _key("lot", null=True),
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

reviews = _evidence(
    "reviews",
    _key("subject"),
    Column("stars", Integer, nullable=False),
    _key("lot", null=True),
    _key("item", null=True),
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
claim_findings = _evidence(
    "claim_findings",
    _key("subject"),
    _key("lot", null=True),
    Column("rule", Text, nullable=False),
    Column("statute", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("clip", Text),
    Column("confirmed", Boolean, nullable=False),
    Index("claim_findings_by_subject", "subject", "index"),
)
recalls = _evidence(
    "recalls",
    Column("level", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Text, nullable=False),
)
recall_lots = _table(
    "recall_lots",
    _index_column(),
    _key("lot"),
    Column("opened", Boolean, nullable=False),
    Index("recall_lots_by_lot", "lot", "index"),
    Index("recall_lots_by_opened", "opened", "lot"),
)
"""Lots a recall names; `opened` is false once a later recall of the same author closed that lot."""

rulings = _evidence(
    "rulings",
    Column("about", BigInteger, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("rulings_by_about", "about"),
)
scores = _evidence(
    "scores",
    _key("subject"),
    Column("score", Integer),
    Column("grade", Text, nullable=False),
    Column("tree_size", BigInteger, nullable=False),
    Column("policy_digest", Text, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("contributions", JSON, nullable=False),
    Index("scores_by_subject", "subject", "index"),
)
policies = _evidence(
    "policies",
    Column("version", Text, nullable=False),
    Column("document", JSON, nullable=False),
    Column("effective", Instant, nullable=False),
)
scans = _evidence(
    "scans",
    _key("serial"),
    _key("item"),
    _key("place", null=True),
    Column("setting", Text),
    Index("scans_by_serial", "serial", "index"),
)
"""Receipts of scans of single items, for finding codes that were copied."""

origins = _evidence(
    "origins",
    _key("about"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("photos", JSON, nullable=False),
    Index("origins_by_about", "about", "index"),
)
"""Origin stories; the newest by each author about a thing holds. `photos`: name, digest, caption."""

erasures = _evidence("erasures", _key("vault_id"), Index("erasures_by_vault_id", "vault_id"))

# --- what stands between a batch and its way out ----------------------------------------------------------

promises = _evidence(
    "promises",
    _key("number"),
    _key("lot"),
    Column("quantity", Exact),
    Column("uom", Text),
    _key("origin", null=True),
    Column("basis", JSON, nullable=False),
    Column("based_on", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Index("promises_by_lot", "lot", "index"),
    Index("promises_by_number", "number", "index"),
)
lab_reports = _evidence(
    "lab_reports",
    _key("subject"),
    _key("lot"),
    _key("number"),
    Column("laboratory", Text),
    Column("sampled", Date),
    Column("results", JSON, nullable=False),
    Index("lab_reports_by_lot", "lot", "index"),
)
gates = _evidence(
    "gates",
    _key("product"),
    Column("steps", JSON, nullable=False),
    Column("check", Text, nullable=False),
    Column("valid_days", Integer),
    Column("status", Text, nullable=False),
    Index("gates_by_product", "product", "index"),
)
"""Every word about a gate; the newest about a product and check is how it stands."""

labels = _evidence(
    "labels",
    _key("lot"),
    Column("kind", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("content", Exact),
    Column("uom", Text),
    Index("labels_by_lot", "lot", "index"),
)

case_steps = _evidence(
    "case_steps",
    _key("subject"),
    _key("case_id"),
    Column("step", Text, nullable=False),
    _key("handler", null=True),
    Column("about", BigInteger),
    Column("vault_id", Text),
    Index("case_steps_by_case", "case_id", "index"),
    Index("case_steps_by_subject", "subject", "index"),
)
measures = _evidence(
    "measures",
    _key("subject"),
    Column("code", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("about", BigInteger),
    Column("until", Date),
    Index("measures_by_subject", "subject", "index"),
)
