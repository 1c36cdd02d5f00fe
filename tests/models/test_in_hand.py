"""What a party has in hand: also what stayed of a batch when most of it went to somebody else."""

from __future__ import annotations

from decimal import Decimal

import builders
import sqlalchemy as sa
from builders import COOPERATIVE, LOT, MERCHANT, later, quantity
from histories import PARTIES, Oracle, entries, shuffled
from hypothesis import given, settings

from ledger.events.codec import Event
from models.projections.entries import EntryList
from models.projector import Projector
from models.provenance.lots import in_hand, lots
from models.views import reading

Said = list[tuple[str, Event]]


def held(views: sa.Engine, said: Said) -> dict[str, dict[str, Decimal | None]]:
    """Return what each of the two has left of each lot after these events."""
    Projector(entries(said), views).rebuild()
    with reading(views) as connection:
        return {
            party: {row.lot: row.remaining for row in in_hand(connection, party)}
            for party in (COOPERATIVE, MERCHANT)
        }


def test_what_stays_of_a_batch_is_in_hand_while_the_rest_travels_and_after_it_has_come(
    views_engine: sa.Engine,
) -> None:
    most = (quantity(amount="900"),)
    said: Said = [(COOPERATIVE, builders.object_event(quantity_list=(quantity(amount="1000"),)))]
    assert held(views_engine, said) == {COOPERATIVE: {LOT: 1000}, MERCHANT: {}}
    said.append((COOPERATIVE, builders.shipping(quantity_list=most)))
    assert held(views_engine, said) == {COOPERATIVE: {LOT: 100}, MERCHANT: {}}
    said.append((MERCHANT, builders.receiving(quantity_list=most)))
    assert held(views_engine, said) == {COOPERATIVE: {LOT: 100}, MERCHANT: {LOT: 900}}
    said.append((MERCHANT, builders.retail_sale()))
    assert held(views_engine, said) == {COOPERATIVE: {LOT: 100}, MERCHANT: {LOT: 895}}
    with reading(views_engine) as connection:
        assert [len(lots(connection, holder=party)) for party in (COOPERATIVE, MERCHANT)] == [1, 1]
    rest = {"event_time": later(days=4), "quantity_list": (quantity(amount="100"),)}
    said.append((COOPERATIVE, builders.shipping(**rest)))
    assert held(views_engine, said) == {COOPERATIVE: {}, MERCHANT: {LOT: 895}}


def test_the_amount_is_told_in_the_unit_it_was_made_in(views_engine: sa.Engine) -> None:
    made = builders.object_event(quantity_list=(quantity(amount="2", uom="TNE"),))
    sent = builders.shipping(quantity_list=(quantity(amount="500"),))
    assert held(views_engine, [(COOPERATIVE, made), (COOPERATIVE, sent)])[COOPERATIVE] == {
        LOT: Decimal("1.5")
    }


def test_what_is_recalled_is_listed_apart(views_engine: sa.Engine) -> None:
    said: Said = [(COOPERATIVE, builders.object_event()), (COOPERATIVE, builders.recall())]
    assert held(views_engine, said)[COOPERATIVE] == {}
    with reading(views_engine) as connection:
        assert [row.status for row in in_hand(connection, COOPERATIVE, recalled=True)] == ["recalled"]


@settings(max_examples=20)
@given(told=shuffled(16))
def test_what_all_have_is_what_is_left_where_nothing_travels(
    views_engine: sa.Engine, told: tuple[Oracle, EntryList]
) -> None:
    Projector(told[1], views_engine).rebuild()
    with reading(views_engine) as connection:
        shares: dict[str, list[Decimal | None]] = {}
        for party in PARTIES:
            for row in in_hand(connection, party):
                shares.setdefault(row.lot, []).append(row.remaining)
        for row in lots(connection, status="active"):
            if row.remaining is not None:
                parts = [part for part in shares.get(row.lot, []) if part is not None]
                assert sum(parts, Decimal(0)) == row.remaining
