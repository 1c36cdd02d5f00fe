"""What does not fit: between events, between a lot and its certificates, between places and times.

Rule: a finding cites the entries that show it, and is silent where something is merely unknown. What the
projector already found in a lot's custody is read; the rest is computed here from indexed rows.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from models.finding import Finding
from models.tables import findings
from models.views import batches


def findings_of(connection: Connection, depth: Mapping[str, int]) -> tuple[Finding, ...]:
    """Return what does not fit about these lots and the transformations between them."""
    found: list[Finding] = []
    for batch in batches(sorted(depth)):
        query = select(findings).where(findings.c.lot.in_(batch)).order_by(findings.c.lot, findings.c.part)
        found += [
            Finding(row.code, row.severity, row.lot, tuple(sorted(row.params.items())), tuple(row.entries))
            for row in connection.execute(query)
        ]
    return tuple(found)
