"""A time, a place, a party, a paper or a reading is put right by a later event; no entry is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import builders
import pytest
import strategies
from builders import AT, COOPERATIVE, FIELD, LOT, MERCHANT, SHOP, later, quantity
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.errors import EventInvalid, LedgerError
from ledger.events.codec import encode
from ledger.events.supply import BizTransaction, Destination, Source
from ledger.events.values import FrozenMap, freeze
from models.projections.moves import moves_of
from models.provenance.facts import all_facts, facts_of
from models.provenance.restating import restated
from models.workspace import Workspace

NOW = later(days=30)
PAPER = "urn:epcglobal:cbv:bt:9521000000100:PO-1"
SERIES = "ni:///sha-256;" + builders.DIGEST


def fact(event: Any, name: str, signer: str = COOPERATIVE) -> str:
    return {each.name: each.value for each in facts_of(event, signer)}[name]


def warm(**metadata: str) -> tuple[Any, ...]:
    report = {"type": "Temperature", "minValue": 1, "maxValue": Decimal("6.5"), "uom": "CEL"}
    about = {"sensorMetadata": metadata} if metadata else {}
    return (freeze({**about, "sensorReport": [report]}),)


def dated(**days: str) -> Any:
    return builders.object_event(ilmd=freeze({f"cbvmda:{name}": day for name, day in days.items()}))


def refusal(event: Any, name: str, value: str, signer: str = COOPERATIVE) -> EventInvalid:
    with pytest.raises(EventInvalid) as refused:
        restated(event, {name: value}, signer, NOW)
    assert refused.value.field == name
    return refused.value


# --- what an event says, and says otherwise -------------------------------------------------------------


def test_everything_a_clerk_mistypes_can_be_put_right_and_the_rest_stays() -> None:
    event = builders.shipping(biz_transaction_list=(BizTransaction(PAPER, "po"),), sensor_element_list=warm())
    told = restated(
        event,
        {
            "event_time": "2026-03-02T11:00:00+08:00",
            "place": SHOP,
            "destination": builders.CARRIER,
            "document.1": PAPER + "7",
            "reading.1.1.maxValue": "5.6",
        },
        COOPERATIVE,
        NOW,
    )
    assert told.event_time == datetime(2026, 3, 2, 3, tzinfo=UTC)
    assert (told.read_point, told.biz_location) == (SHOP, None)
    assert told.destination_list == (Destination(builders.CARRIER, "possessing_party"),)
    assert told.biz_transaction_list == (BizTransaction(PAPER + "7", "po"),)
    assert fact(told, "reading.1.1.maxValue") == "5.6"
    same = ("quantity_list", "biz_step", "disposition", "source_list", "action")
    assert [getattr(told, name) for name in same] == [getattr(event, name) for name in same]


def test_days_on_the_label_are_put_right_together() -> None:
    event = dated(productionDate="2026-03-01", itemExpirationDate="2026-03-10")
    both = {"day.productionDate": "2026-03-11", "day.itemExpirationDate": "2026-09-11"}
    told: Any = restated(event, both, COOPERATIVE, NOW)
    assert told.ilmd == freeze(
        {"cbvmda:productionDate": "2026-03-11", "cbvmda:itemExpirationDate": "2026-09-11"}
    )
    assert refusal(event, "day.productionDate", "2026-03-11").code == "best-before-early"
    assert refusal(event, "day.productionDate", "11.3.2026").code == "correction-day"
    assert refusal(event, "day.productionDate", "2026-05-01").code == "correction-future"


def test_a_place_that_is_put_right_takes_its_description_with_it() -> None:
    beside = freeze({"readPoint": {"x:address": "Dock 4"}, "x:seal": "77"})
    told = restated(builders.object_event(extensions=beside), {"place": SHOP}, COOPERATIVE, NOW)
    assert (told.read_point, told.biz_location, told.extensions) == (SHOP, SHOP, freeze({"x:seal": "77"}))
    apart = builders.object_event(biz_location=SHOP)
    moved = restated(apart, {"biz_location": builders.LOT}, COOPERATIVE, NOW)
    assert (moved.read_point, moved.biz_location) == (FIELD, builders.LOT)


def test_a_place_nobody_stated_can_be_added_and_one_that_was_can_be_left_out() -> None:
    silent = builders.shipping(read_point=None)
    assert fact(silent, "place") == ""
    assert restated(silent, {"place": FIELD}, COOPERATIVE, NOW).read_point == FIELD
    assert restated(silent, {"place": FIELD}, COOPERATIVE, NOW).biz_location is None
    assert restated(builders.object_event(), {"place": ""}, COOPERATIVE, NOW).biz_location is None


def test_a_party_in_two_roles_is_one_fact() -> None:
    ends = (Destination(MERCHANT, "owning_party"), Destination(MERCHANT, "possessing_party"))
    event = builders.shipping(destination_list=(*ends, Destination(SHOP, "location")))
    names = [each.name for each in facts_of(event, COOPERATIVE)]
    assert names == ["event_time", "place", "destination", "destination.location"]
    told = restated(event, {"destination": builders.CARRIER}, COOPERATIVE, NOW)
    assert [end.id for end in told.destination_list] == [builders.CARRIER, builders.CARRIER, SHOP]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("event_time", "2026-05-01T08:00:00+08:00", "correction-future"),
        ("event_time", "2026-03-02 08:00", "instant-unreadable"),
        ("source", MERCHANT, "correction-actor"),
        ("destination", COOPERATIVE, "correction-ends"),
        ("place", "the shop", "identifier-unfit"),
        ("destination", "", "identifier-unfit"),
        ("lot", "OTHER", "correction-goods"),
        ("biz_step", "receiving", "correction-goods"),
        ("weather", "rain", "correction-fact"),
    ],
)
def test_what_may_not_be_put_right_so_is_refused_with_its_reason(name: str, value: str, code: str) -> None:
    problem = refusal(builders.shipping(), name, value)
    assert problem.code == code
    assert problem.expected


def test_a_reading_is_a_number_in_its_place_and_never_one_that_sums_up_a_series() -> None:
    event = builders.object_event(sensor_element_list=warm())
    assert refusal(event, "reading.1.1.maxValue", "warm").code == "correction-reading"
    assert refusal(event, "reading.1.1.minValue", "7").code == "correction-range"
    logged = builders.object_event(sensor_element_list=warm(rawData=SERIES))
    assert refusal(logged, "reading.1.1.maxValue", "5").code == "correction-series"
    assert not [each for each in facts_of(logged, COOPERATIVE) if each.kind == "reading"]


@settings(max_examples=40)
@given(strategies.supply_events, st.data())
def test_saying_it_again_is_about_the_same_goods_and_back_again_is_the_same_event(
    event: Any, data: st.DataObject
) -> None:
    stated = {each.name: each.value for each in facts_of(event, COOPERATIVE)}
    far = event.event_time + timedelta(days=1)
    assert restated(event, stated, COOPERATIVE, far) == event
    kinds = {each.name: each.kind for each in facts_of(event, COOPERATIVE)}
    name = data.draw(
        st.sampled_from([each for each in kinds if kinds[each] in ("moment", "place", "document")])
    )
    other = "2026-01-01T00:00:00+00:00" if kinds[name] == "moment" else SHOP
    assume(kinds[name] != "moment" or event.event_time.year >= 2026)
    told = restated(event, {name: other}, COOPERATIVE, far)
    assert moves_of(told, 1, COOPERATIVE) == moves_of(event, 1, COOPERATIVE)
    assume(name in {each.name for each, _ in all_facts(told)})
    again = restated(told, {name: stated[name]}, COOPERATIVE, far)
    kept = FrozenMap({}) if event.extensions is None else event.extensions
    if not {"readPoint", "bizLocation"} & set(kept) and stated[name]:
        assert again == event


# --- in the ledger --------------------------------------------------------------------------------------


def shops(workspace: Workspace) -> tuple[str, str, str]:
    """The two shops, by id, and the office."""
    ids = {party.name: party.id for party in workspace.parties()}
    return ids["好苹果水果店"], ids["另一家"], ids["市监所"]


def shipped(workspace: Workspace, clock: Callable[[], datetime], **changes: Any) -> int:
    """A batch of 412 kg that the first shop registered and sent to the second; the shipment's entry."""
    mine, other, _ = shops(workspace)
    now = clock()
    made = builders.object_event(event_time=now - timedelta(hours=4), quantity_list=(quantity(amount="412"),))
    workspace.record(made, as_party=mine)
    event = builders.shipping(
        event_time=now - timedelta(hours=2),
        quantity_list=(quantity(amount="100"),),
        source_list=(Source(mine, "owning_party"),),
        destination_list=(Destination(other, "owning_party"),),
        **changes,
    )
    return workspace.record(event, as_party=mine).index


def test_a_shipment_to_the_wrong_shop_arrives_at_the_right_one(
    two_shops: Workspace, clock: Callable[[], datetime]
) -> None:
    _, other, office = shops(two_shops)
    index = shipped(two_shops, clock)
    assert [each.lot.lot for each in two_shops.arriving(other)] == [LOT]
    *_, told = two_shops.corrections.correct(index, "incorrect_data", facts={"destination": "市监所"})
    assert two_shops.arriving(other) == ()
    (coming,) = two_shops.arriving(office)
    assert (coming.lot.lot, coming.quantity, coming.index) == (LOT, Decimal(100), told.index - 1)
    assert [each.index for each in two_shops.trace(LOT).events] == [index - 1, told.index - 1]
    story = two_shops.story(LOT)
    assert story.findings == ()
    assert [(one.index, one.corrective) for one in story.corrections] == [(index, (told.index - 1,))]
    assert story.lot is not None
    assert (story.lot.quantity, story.lot.remaining) == (Decimal(412), Decimal(412))


def test_a_day_typed_wrong_no_longer_contradicts_the_rest(
    two_shops: Workspace, clock: Callable[[], datetime]
) -> None:
    index = shipped(two_shops, clock)
    early = {"event_time": (clock() - timedelta(days=40)).isoformat()}
    plan = two_shops.corrections.plan(index, "incorrect_data", facts=early)
    assert [found.code for found in two_shops.corrections.findings(plan)] == ["shipped-before-made"]
    two_shops.corrections.record(plan)
    assert [found.code for found in two_shops.story(LOT).findings] == ["shipped-before-made"]
    right = {"event_time": (clock() - timedelta(minutes=5)).isoformat()}
    plan = two_shops.corrections.plan(index + 1, "incorrect_data", facts=right)
    assert two_shops.corrections.findings(plan) == ()
    two_shops.corrections.record(plan)
    assert two_shops.story(LOT).findings == ()
    two_shops.rebuild()
    assert two_shops.story(LOT).findings == ()


def test_an_amount_and_a_place_are_put_right_in_one_breath(
    two_shops: Workspace, clock: Callable[[], datetime]
) -> None:
    index = shipped(two_shops, clock)
    corrections = two_shops.corrections
    plan = corrections.plan(index, "incorrect_data", {LOT: Decimal(90)}, facts={"place": SHOP})
    assert [(one.fact.kind, one.fact.value, one.value) for one in plan.changes] == [
        ("amount", "100", "90"),
        ("place", FIELD, SHOP),
    ]
    *_, told = corrections.record(plan)
    entry: Any = two_shops.entry(told.index - 1).event
    assert (entry.read_point, entry.quantity_list[0].quantity) == (SHOP, Decimal(90))


def test_saying_the_same_again_and_a_stranger_are_refused_and_write_nothing(
    two_shops: Workspace, clock: Callable[[], datetime]
) -> None:
    index, size = shipped(two_shops, clock), two_shops.size()
    for facts, code in (
        ({"place": FIELD}, "correction-nothing"),
        ({"destination": "没有这家店"}, "party-unknown"),
        ({"event_time": (clock() + timedelta(days=1)).isoformat()}, "correction-future"),
    ):
        with pytest.raises((EventInvalid, LedgerError)) as refused:
            two_shops.corrections.correct(index, "incorrect_data", facts=facts)
        assert refused.value.code == code
    with pytest.raises(EventInvalid) as never:
        two_shops.corrections.correct(index, "did_not_occur", facts={"place": SHOP})
    assert never.value.code == "correction-never"
    assert two_shops.size() == size


@settings(max_examples=8)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@given(
    words=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "place": st.sampled_from([FIELD, SHOP, "urn:x:dock"]),
                "destination": st.sampled_from([builders.CARRIER, "urn:x:1", "urn:x:2"]),
                "event_time": st.integers(1, 90).map(
                    lambda minutes: (AT + timedelta(minutes=minutes)).isoformat()
                ),
            },
        ).filter(bool),
        min_size=1,
        max_size=4,
    )
)
def test_however_often_it_is_corrected_the_last_word_stands_and_no_entry_changes(
    two_shops: Workspace, clock: Callable[[], datetime], words: list[dict[str, str]]
) -> None:
    index = shipped(two_shops, clock)
    standing = two_shops.corrections.standing(index)
    expected = {each.name: each.value for each in two_shops.corrections.facts(standing)}
    for facts in words:
        said = {name: value for name, value in facts.items() if expected[name] != value}
        before = [encode(two_shops.entry(each).event) for each in range(two_shops.size())]
        if not said:
            continue
        index = two_shops.corrections.correct(index, "incorrect_data", facts=said)[0].index
        expected |= said
        after = [encode(two_shops.entry(each).event) for each in range(two_shops.size())]
        assert after[: len(before)] == before
        assert len(after) == len(before) + 2
    standing = two_shops.corrections.standing(index)
    assert standing.open
    now = {each.name: each.value for each in two_shops.corrections.facts(standing)}
    assert now == expected
    assert index in [step.index for step in two_shops.trace(LOT).events]
