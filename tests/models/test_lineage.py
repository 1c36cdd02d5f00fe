"""Trace, custody, mass balance and recall agree with plain sums and sets, whatever the history."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from histories import Oracle, shuffled
from hypothesis import given, settings

from models import tables
from models.projections.entries import EntryList
from models.projector import Projector
from models.provenance.lots import lot_count, lots
from models.provenance.trace import trace
from models.views import reading


@settings(max_examples=30)
@given(told=shuffled(20))
def test_an_honest_history_is_told_back_exactly(
    views_engine: sa.Engine, told: tuple[Oracle, EntryList]
) -> None:
    oracle, source = told
    Projector(source, views_engine).rebuild()
    with reading(views_engine) as connection:
        rows = {row.lot: row for row in lots(connection)}
        assert lot_count(connection) == len(rows)
        assert {lot: row.quantity for lot, row in rows.items()} == {
            lot: Decimal(amount) for lot, amount in oracle.made.items()
        }
        assert {lot: row.remaining for lot, row in rows.items()} == {
            lot: oracle.remaining(lot) for lot in oracle.made
        }
        for lot in oracle.made:
            found = trace(connection, lot)
            assert {node.lot: node.depth for node in found.lots_upstream} == oracle.origins(lot)
            assert {node.lot: node.depth for node in found.lots_downstream} == oracle.descendants(lot)
            assert not [f for f in found.findings if f.code not in ("yield-above-bound", "yield-below-bound")]
            spans = connection.execute(sa.select(tables.custody).where(tables.custody.c.lot == lot)).all()
            assert {span.party for span in spans if span.until is None} == oracle.holders(lot)
