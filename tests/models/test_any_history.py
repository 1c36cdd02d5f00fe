"""Whatever a ledger admitted can be folded, traced and told: lies, loops, boxes inside themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import builders
import sqlalchemy as sa
import strategies
from histories import entries
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.codec import Event
from ledger.events.supply import (
    AggregationEvent,
    Destination,
    ErrorDeclaration,
    ObjectEvent,
    Quantity,
    Source,
    TransformationEvent,
)
from models.projections.entries import EntryList
from models.projector import Projector
from models.provenance.contradictions import findings_about
from models.provenance.lots import lot_count, lots
from models.provenance.preview import findings_for
from models.provenance.recall import plan
from models.provenance.story import story
from models.provenance.trace import trace
from models.tables import metadata
from models.views import reading

PARTIES = (builders.COOPERATIVE, builders.MERCHANT, builders.CARRIER, "urn:x:stranger")
CODES = (
    builders.LOT,
    builders.LOT_2,
    builders.CASE,
    builders.ITEM,
    f"{builders.LOT}/21/7",
    f"https://id.gs1.org/01/{builders.RICE}",
    "urn:x:thing",
    "urn:x:" + "long" * 400,
)
STEPS = ("shipping", "receiving", "retail_selling", "packing", "void_shipping", "storing", "urn:x:own", None)

codes = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple)
amounts = st.one_of(
    st.none(), st.integers(0, 50).map(Decimal), st.just(Decimal("0.001")), st.just(Decimal(10) ** 30)
)
quantities = st.lists(
    st.builds(Quantity, st.sampled_from(CODES), amounts, st.sampled_from([None, "KGM", "TNE", "XBX", "CEL"])),
    min_size=1,
    max_size=3,
).map(tuple)
moments = st.integers(-50, 50).map(lambda hours: builders.AT + timedelta(hours=hours))
parties = st.sampled_from(PARTIES)
kinds = st.sampled_from(["owning_party", "possessing_party", "location"])
TAIL: dict[str, st.SearchStrategy[Any]] = {
    "event_time": moments,
    "biz_step": st.sampled_from(STEPS),
    "read_point": st.sampled_from([None, builders.FIELD, "geo:30.1,120.2", "geo:0,0", "geo:north,south"]),
    "source_list": st.lists(st.builds(Source, st.sampled_from(PARTIES), kinds), max_size=1).map(tuple),
    "destination_list": st.lists(st.builds(Destination, st.sampled_from(PARTIES), kinds), max_size=1).map(
        tuple
    ),
    "event_id": st.sampled_from([None, "urn:uuid:1", "urn:uuid:2"]),
    "error_declaration": st.sampled_from([None, None, None, ErrorDeclaration(builders.AT)]),
    "certification_info": st.sampled_from([None, "urn:x:CN-ORG-2026-0001"]),
}
parents = st.sampled_from(CODES)
actions = st.sampled_from(["ADD", "OBSERVE", "DELETE"])
supply: st.SearchStrategy[Any] = st.one_of(
    st.builds(ObjectEvent, action=actions, epc_list=codes, quantity_list=quantities, **TAIL),
    st.builds(AggregationEvent, action=actions, parent_id=parents, child_epcs=codes, **TAIL),
    st.builds(AggregationEvent, action=st.just("DELETE"), parent_id=parents, **TAIL),
    st.builds(AggregationEvent, action=actions, parent_id=parents, child_quantity_list=quantities, **TAIL),
    st.builds(
        TransformationEvent,
        input_quantity_list=quantities,
        input_epc_list=codes,
        output_quantity_list=quantities,
        transformation_id=st.sampled_from([None, "urn:x:t1"]),
        **TAIL,
    ),
)
messy: st.SearchStrategy[Any] = st.one_of(
    supply,
    supply,
    st.sampled_from(
        [
            builders.certificate(),
            builders.master_data(),
            builders.recall(),
            builders.recall(lots=(builders.CASE,)),
        ]
    ),
    st.builds(builders.ruling, about=st.integers(0, 12), decision=st.sampled_from(["void", "uphold"])),
    strategies.events,
)
histories = st.lists(st.tuples(parties, messy), min_size=1, max_size=12)
supply_histories = st.lists(st.tuples(parties, supply), min_size=3, max_size=9)


def rows(engine: sa.Engine) -> dict[str, list[Any]]:
    with reading(engine) as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


@settings(max_examples=20)
@given(said=histories, following=messy)
def test_any_history_is_folded_traced_and_told(
    views_engine: sa.Engine, said: list[tuple[str, Event]], following: Event
) -> None:
    source = entries(said)
    growing = EntryList()
    projector = Projector(growing, views_engine)
    projector.rebuild()
    for entry in source.listed:
        growing.listed.append(entry)
        projector.catch_up()
    assert {standing.reason for standing in projector.standings()} == {None}
    one_by_one = rows(views_engine)
    projector.rebuild()
    assert rows(views_engine) == one_by_one

    with reading(views_engine) as connection:
        for code in CODES:
            back, ahead = trace(connection, code, "back"), trace(connection, code, "forward")
            assert trace(connection, code).lots_upstream == back.lots_upstream
            assert len({node.lot for node in ahead.lots_downstream}) == len(ahead.lots_downstream)
            told = story(connection, source, code, 3)
            assert all(found.entries and max(found.entries) < len(said) for found in told.findings)
            plan(connection, code)
        assert lot_count(connection, kind=None) == len(lots(connection, kind=None))
        for party in PARTIES:
            findings_about(connection, party)
            shown = findings_for(connection, following, party, builders.later(days=9))
            assert all(len(said) in found.entries for found in shown)


@settings(max_examples=40)
@given(said=supply_histories, order=st.randoms(use_true_random=False))
def test_lots_do_not_depend_on_the_order_in_which_events_were_learnt(
    views_engine: sa.Engine, said: list[tuple[str, Any]], order: Any
) -> None:
    """Only the entry numbers differ."""
    plain = [
        (party, replace(event, event_time=event.event_time + timedelta(minutes=number), event_id=None))
        for number, (party, event) in enumerate(said)
    ]
    mixed = list(plain)
    order.shuffle(mixed)
    seen = []
    for version in (plain, mixed):
        Projector(entries(version), views_engine).rebuild()
        with reading(views_engine) as connection:
            everything = lots(connection, kind=None)
        seen.append({row.lot: replace(row, registered_index=None) for row in everything})
    assert seen[0] == seen[1]
