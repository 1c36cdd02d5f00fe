"""Copied codes are found, honest items are not accused, whatever the item went through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import builders
import pytest
import sqlalchemy as sa
from builders import COOPERATIVE, FIELD, LOT, MERCHANT, SHOP, later
from histories import entries
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import EventInvalid
from ledger.events.codec import Event
from ledger.events.governance import MasterData
from ledger.events.scans import ScanReceipt, coarse
from ledger.events.supply import ErrorDeclaration
from ledger.events.values import freeze
from models.projector import Projector
from models.provenance.distance import kilometres
from models.provenance.radar import Sighting, bounds, conflicts
from models.provenance.story import Story, story
from models.views import reading

ITEM, NEIGHBOUR = f"{LOT}/21/1", f"{LOT}/21/2"
CONSUMER, RIVAL = "https://id.gs1.org/417/9521000000704", "https://id.gs1.org/417/9521000000605"
Said = list[tuple[str, Event]]
HARBIN, SHANGHAI = "geo:45.8,126.5", "geo:31.2,121.5"


def sale(**changes: Any) -> Event:
    settings = {"event_time": later(days=3), "quantity_list": (), "epc_list": (ITEM,), **changes}
    return builders.retail_sale(**settings)


def scan(hours: float, place: str | None = HARBIN, **changes: Any) -> tuple[str, Event]:
    return CONSUMER, ScanReceipt(later(days=3, hours=hours), changes.pop("code", ITEM), place, **changes)


def clean() -> Said:
    """Two pieces are made; one is sold in Harbin, scanned before it and at home after it."""
    north, east = ({"latitude": "44.9", "longitude": "127.2"}, {"latitude": "45.8", "longitude": "126.5"})
    return [
        (COOPERATIVE, MasterData(builders.AT, "location", FIELD, freeze(north))),
        (MERCHANT, MasterData(builders.AT, "location", SHOP, freeze(east))),
        (COOPERATIVE, builders.object_event(quantity_list=(), epc_list=(ITEM, NEIGHBOUR))),
        (COOPERATIVE, builders.shipping(quantity_list=(), epc_list=(ITEM, NEIGHBOUR))),
        (MERCHANT, builders.receiving(quantity_list=(), epc_list=(ITEM, NEIGHBOUR))),
        scan(-1, setting="shelf"),
        (MERCHANT, sale()),
        scan(2),
        scan(30),
    ]


def told(engine: sa.Engine, said: Said, code: str = ITEM) -> Story:
    source = entries(said)
    Projector(source, engine).rebuild()
    with reading(engine) as connection:
        return story(connection, source, code, len(said))


def clones(found: Story) -> dict[str, tuple[int, ...]]:
    return {each.code: each.entries for each in found.findings if each.code.startswith("cloned-")}


def test_an_honest_item_is_genuine_and_its_scans_are_shown(views_engine: sa.Engine) -> None:
    found = told(views_engine, clean())
    assert (found.verdict, clones(found)) == ("genuine", {})
    assert {check.code: check.status for check in found.checks}["unique"] == "pass"
    assert [(each.index, each.setting) for each in found.scans] == [(5, "shelf"), (7, None), (8, None)]
    assert told(views_engine, clean(), NEIGHBOUR).scans == ()


RETURN = builders.receiving(
    event_time=later(days=4), quantity_list=(), epc_list=(ITEM,), disposition="returned"
)
AGAIN = sale(event_time=later(days=5))
CLONES: dict[str, tuple[Said, dict[str, tuple[int, ...]]]] = {
    "scanned in Shanghai an hour after it was scanned in Harbin": (
        [scan(3, SHANGHAI)], {"cloned-too-far-apart": (7, 9)}),
    "the same serial sold twice": ([(MERCHANT, AGAIN)], {"cloned-sold-twice": (6, 9)}),
    "on a shelf again after its sale": (
        [scan(40, setting="shelf")], {"cloned-on-shelf-after-sale": (6, 9)}),
    "traded again after its sale": (
        [(RIVAL, builders.shipping(event_time=later(days=6), quantity_list=(), epc_list=(ITEM,)))],
        {"cloned-moved-after-sale": (6, 9)}),
    "scanned all over the country": (
        [scan(100, "geo:31.2,121.5"), scan(150, "geo:23.1,113.3"), scan(200, "geo:30.7,104.1"),
         scan(250, "geo:43.8,87.6")], {"cloned-many-places": (9, 10, 11, 12)}),
}  # fmt: skip


@pytest.mark.parametrize("kind", CLONES)
def test_each_kind_of_copy_is_found_and_only_in_its_item(quick_views: sa.Engine, kind: str) -> None:
    more, expected = CLONES[kind]
    found = told(quick_views, [*clean(), *more])
    assert (found.verdict, clones(found)) == ("cloned?", expected)
    assert told(quick_views, [*clean(), *more], NEIGHBOUR).verdict != "cloned?"


def test_a_serial_that_was_never_printed_is_a_copy_only_where_serials_were_listed(
    quick_views: sa.Engine,
) -> None:
    invented = f"{LOT}/21/999"
    found = told(quick_views, clean(), invented)
    assert (found.verdict, clones(found)) == ("cloned?", {"cloned-never-printed": (2,)})
    more = builders.object_event(quantity_list=(builders.quantity(LOT, "500", "EA"),))
    assert told(quick_views, [*clean(), (COOPERATIVE, more)], invented).verdict == "genuine"
    unlisted = [(COOPERATIVE, builders.object_event()), *clean()[3:]]
    assert clones(told(quick_views, unlisted, invented)) == {}


@pytest.mark.parametrize(
    "more",
    [
        [(MERCHANT, RETURN), (MERCHANT, AGAIN)],
        [(MERCHANT, sale(event_id="urn:uuid:1", event_time=later(days=5))),
         (MERCHANT, sale(event_id="urn:uuid:1", event_time=later(days=5),
                         error_declaration=ErrorDeclaration(later(days=6))))],
        [scan(3, SHANGHAI), (COOPERATIVE, builders.ruling(about=9))],
        [scan(3, SHANGHAI, code=NEIGHBOUR)],
        [scan(3, None)],
        [scan(0.2, setting="shelf")],
        [scan(7, "geo:39.9,116.4"), scan(60, SHANGHAI)],
    ],
    ids=["returned", "declared wrong", "ruled void", "another item", "no place", "clock off", "flew"],
)  # fmt: skip
def test_what_an_honest_item_can_do_accuses_nobody(quick_views: sa.Engine, more: Said) -> None:
    assert clones(told(quick_views, [*clean(), *more])) == {}


def test_a_label_without_its_lot_is_the_same_item(quick_views: sa.Engine) -> None:
    bare = f"https://id.gs1.org/01/{builders.RICE}/21/1"
    found = told(quick_views, [*clean(), scan(3, SHANGHAI, code=bare)], bare)
    assert (found.verdict, found.lot and found.lot.lot) == ("cloned?", LOT)
    assert len(found.scans) == 4


def test_a_recall_is_said_before_a_copied_code(quick_views: sa.Engine) -> None:
    found = told(quick_views, [*clean(), scan(3, SHANGHAI), (COOPERATIVE, builders.recall())])
    assert (found.verdict, [check.code for check in found.checks][:2]) == ("recalled", ["recall", "unique"])


cities = st.tuples(st.integers(20, 48), st.integers(85, 128))
pauses = st.floats(0.0, 300.0)


@given(st.lists(st.tuples(cities, pauses, st.floats(0.3, 1.0)), max_size=12))
@settings(max_examples=200)
def test_an_item_that_travels_no_faster_than_people_can_is_never_too_far_apart(journey: Any) -> None:
    moment, here, seen = later(days=0), (45, 126), []
    for number, (there, pause, of_top_speed) in enumerate(journey):
        km = kilometres(here, there)
        hours = max(min(km, 300) / 350, km / 900) / of_top_speed
        moment, here = moment + timedelta(hours=hours + pause), there
        seen.append(Sighting(number, moment, "scan", CONSUMER, there, 7.9, str(there)))
    found = {each.code for each in conflicts(ITEM, seen)}
    assert found <= {"cloned-many-places"}
    few = len({place for place, *_ in journey}) < bounds().stray_places
    assert not (found and few)


@given(cities, cities, st.floats(0.0, 4.0), st.booleans())
@settings(max_examples=200)
def test_two_items_with_one_code_seen_far_apart_are_always_found(
    here: Any, there: Any, hours: float, later_first: bool
) -> None:
    km = kilometres(here, there) - 16
    seen = [
        Sighting(0, later(days=1), "scan", CONSUMER, here, 7.9),
        Sighting(1, later(days=1, hours=-hours if later_first else hours), "scan", RIVAL, there, 7.9),
    ]
    impossible = km > 50 and max(min(km, 300) / 350, km / 900) > hours + 0.1
    if impossible:
        assert [each.code for each in conflicts(ITEM, seen)] == ["cloned-too-far-apart"]


def test_a_receipt_keeps_no_exact_place_no_second_and_no_code_of_many_items() -> None:
    receipt = ScanReceipt(builders.AT + timedelta(seconds=7), ITEM, coarse("45.77312, 126.64999"))
    assert (receipt.event_time, receipt.place) == (builders.AT, "geo:45.8,126.6")
    for field, change in (
        ("code", {"code": LOT}),
        ("place", {"place": "geo:45.77,126.65"}),
        ("place", {"place": "geo:99.0,126.6"}),
        ("place", {"place": "urn:x:12-market-street"}),
        ("setting", {"setting": "kitchen"}),
    ):
        with pytest.raises(EventInvalid) as refused:
            builders.scan_receipt(**change)
        assert refused.value.field == field
    assert builders.scan_receipt(place=SHOP).place == SHOP
