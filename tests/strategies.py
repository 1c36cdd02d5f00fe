"""Arbitrary valid events and their parts, for the laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from builders import one_of_each
from hypothesis import strategies as st
from players import COOPERATIVE

from ledger.events import vocabulary
from ledger.events.governance import MasterData
from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    BizTransaction,
    Destination,
    ErrorDeclaration,
    ObjectEvent,
    PersistentDisposition,
    Quantity,
    Source,
    TransactionEvent,
    TransformationEvent,
)

words = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x00"), max_size=20)
instants = st.integers(0, 4 * 10**15).map(
    lambda micros: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
uris = st.from_regex(
    r"(urn:[a-z]{2,8}|https://[a-z]{1,8}\.example)[:/][A-Za-z0-9.:/_-]{1,20}", fullmatch=True
)
amounts = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=6)
numbers: st.SearchStrategy[Any] = st.one_of(
    st.integers(-(10**20), 10**20),
    st.decimals(-(10**12), 10**12, allow_nan=False, places=5),
    st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: round(value, 6)),
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, words),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=12,
)
json_objects = st.dictionaries(
    st.one_of(st.just("@decimal"), st.just("@entries"), words), json_values, max_size=4
)
uri_lists = st.lists(uris, min_size=1, max_size=4, unique=True).map(tuple)
quantities = st.builds(
    Quantity, uris, amounts, st.one_of(st.none(), st.sampled_from(sorted(vocabulary.UNITS)))
)
quantity_lists = st.lists(quantities, min_size=1, max_size=4).map(tuple)
steps = st.one_of(st.none(), uris, st.sampled_from(sorted(vocabulary.BIZ_STEPS)))
dispositions = st.one_of(st.none(), uris, st.sampled_from(sorted(vocabulary.DISPOSITIONS)))


def _tail() -> dict[str, st.SearchStrategy[Any]]:
    parties = st.one_of(uris, st.just(COOPERATIVE))
    kinds = st.sampled_from(sorted(vocabulary.SOURCE_DESTINATION_TYPES))
    return {
        "event_time": instants,
        "event_time_zone_offset": st.sampled_from(["+00:00", "+08:00", "-03:30"]),
        "biz_step": steps,
        "disposition": dispositions,
        "persistent_disposition": st.one_of(
            st.none(), st.builds(PersistentDisposition, st.just(("completeness_verified",)))
        ),
        "read_point": st.one_of(st.none(), uris),
        "biz_location": st.one_of(st.none(), uris),
        "source_list": st.lists(st.builds(Source, parties, kinds), max_size=2).map(tuple),
        "destination_list": st.lists(st.builds(Destination, parties, kinds), max_size=2).map(tuple),
        "sensor_element_list": st.lists(json_objects.filter(bool), max_size=2).map(tuple),
        "error_declaration": st.one_of(
            st.none(), st.builds(ErrorDeclaration, instants, extensions=json_objects)
        ),
        "event_id": st.one_of(st.none(), uris),
        "certification_info": st.one_of(st.none(), uris, uri_lists),
        "extensions": json_objects,
    }


transactions = st.lists(
    st.builds(BizTransaction, uris, st.one_of(st.none(), st.just("po"))), min_size=1, max_size=2
)
supply_events: st.SearchStrategy[Any] = st.one_of(
    st.builds(ObjectEvent, action=st.just("ADD"), quantity_list=quantity_lists, ilmd=json_objects, **_tail()),
    st.builds(ObjectEvent, action=st.sampled_from(["OBSERVE", "DELETE"]), epc_list=uri_lists, **_tail()),
    st.builds(AggregationEvent, action=st.just("ADD"), parent_id=uris, child_epcs=uri_lists, **_tail()),
    st.builds(AssociationEvent, action=st.just("DELETE"), parent_id=uris, **_tail()),
    st.builds(
        TransactionEvent,
        action=st.just("ADD"),
        biz_transaction_list=transactions.map(tuple),
        epc_list=uri_lists,
        **_tail(),
    ),
    st.builds(
        TransformationEvent,
        input_quantity_list=quantity_lists,
        output_quantity_list=quantity_lists,
        ilmd=json_objects,
        **_tail(),
    ),
)
master_data_events = st.builds(
    MasterData, instants, st.sampled_from(["product", "location", "party"]), uris, json_objects
)
events: st.SearchStrategy[Any] = st.one_of(supply_events, master_data_events, st.sampled_from(one_of_each()))
