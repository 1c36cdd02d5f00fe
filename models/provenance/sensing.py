"""The temperatures that entries carry, read once for all who look at them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Connection, bindparam, select

from models.provenance.passing import AT_ONCE
from models.tables import sensors
from models.views import batches, once

Reading = tuple[Decimal | None, Decimal | None, Decimal | None]


def sensed(connection: Connection, entries: Iterable[int]) -> dict[int, list[Reading]]:
    """Return (value, least, most) of every temperature that these entries carry, by entry."""
    wanted, known = sorted(set(entries)), once(connection, "sensed")
    for batch in batches([entry for entry in wanted if entry not in known], AT_ONCE):
        known.update({entry: [] for entry in batch})
        for entry, *reading in connection.execute(_SENSED, {"entries": batch}):
            known[entry].append(tuple(reading))
    return {entry: known[entry] for entry in wanted if known[entry]}


_SENSED = (
    select(sensors.c.index.label("entry"), sensors.c.value, sensors.c.least, sensors.c.most)
    .where(sensors.c.index.in_(bindparam("entries", expanding=True)), sensors.c.kind == "Temperature")
    .order_by(sensors.c.index, sensors.c.part)
)
