"""What supply events say: one row for an entry, and one for each thing it touches."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, Text

from models.tables.columns import Exact, Instant, entry_column, index_column, key, table

steps = table(
    "steps",
    entry_column(),
    Column("type", Text, nullable=False),
    Column("action", Text),
    Column("biz_step", Text),
    Column("disposition", Text),
    Column("event_time", Instant, nullable=False),
    Column("record_time", Instant, nullable=False),
    key("signer"),
    key("provider"),
    key("actor"),
    key("owner", null=True),
    key("source", null=True),
    key("destination", null=True),
    key("place", null=True),
    key("read_point", null=True),
    key("event_id", null=True),
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

moves = table(
    "moves",
    index_column(),
    Column("part", Integer, nullable=False),
    key("code"),
    Column("role", Text, nullable=False),
    Column("quantity", Exact),
    Column("uom", Text),
    Column("items", Integer, nullable=False),
    key("parent", null=True),
    key("node", null=True),
    Column("kind", Text),
    Index("moves_by_code", "code", "index"),
    Index("moves_by_parent", "parent", "code"),
    Index("moves_by_index", "index"),
)
"""What an event did to one lot or container; `items` counts single items named one by one."""

items = table(
    "items",
    index_column(),
    key("item"),
    key("code"),
    Column("role", Text, nullable=False),
    key("parent", null=True),
    key("serial"),
    Index("items_by_item", "item", "index"),
    Index("items_by_serial", "serial", "index"),
    Index("items_by_code", "code", "index"),
)
"""Events that name single items of a lot; `serial` is its one name, lot written or not."""

voids = table(
    "voids",
    index_column("about"),
    index_column("by"),
    Column("decision", Text, nullable=False),
    Index("voids_by_about", "about"),
    Index("voids_by_by", "by"),
)
"""What rulings decided about entries; the newest decision about an entry holds."""

sensors = table(
    "sensors",
    index_column(),
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
