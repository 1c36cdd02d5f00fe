"""The apple chain: three orchards, a controlled-atmosphere store, gift boxes on pallets with one SSCC each.

Rule: what is on a pallet is said once, when it is packed; journeys name the pallet alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ledger.events.identifiers import check_digit
from ledger.events.supply import AggregationEvent, ObjectEvent, TransformationEvent
from ledger.events.values import freeze
from models.demonstration.cast import WEB, Cast
from models.demonstration.telling import ZONE, Telling, at, harvest_days, tell, today
from models.demonstration.trade import Leg, Load, journey, kilograms, sales, stored, thirds, whole

ORCHARDS = 3
ORCHARD_KG, KEPT_KG = 8000, 600
SORTED_KG, BOXED_KG = 1200, 560
EVERY_DAYS = 40
PACKINGS = 6
SHOPS = (("laozhou", "hetian"), ("laozhou", "lvlan"), ("bianmin", "laozhou"))


def apple(cast: Cast, now: datetime) -> Iterator[Telling]:
    """Tell of the apples, from orchard to shop."""
    for season, harvest in enumerate(harvest_days(now, 10, 6)):
        yield from _harvest(cast, harvest, kept=KEPT_KG * season)
        for number in range(PACKINGS):
            day = harvest + timedelta(days=16 + EVERY_DAYS * number)
            if day >= today(now) - timedelta(days=550):
                yield from _pack(cast, harvest, day, season * PACKINGS + number)


def box_lot(cast: Cast, day: date, part: int) -> str:
    """Return the lot boxed for one shop on a day; parts count from 1."""
    return cast.products["apple-pack"].lot(f"GY{day:%y%m%d}-{part}")


def sscc(serial: int) -> str:
    """Return the id of a pallet of the packhouse.

    >>> sscc(7)
    'https://id.gs1.org/00/095210022000000072'
    """
    body = f"09521002200{serial:06d}"
    return f"{WEB}/00/{body}{check_digit(body)}"


def orchard_lot(cast: Cast, harvest: date, orchard: int) -> str:
    """Return the lot of one orchard's harvest; orchards count from 1."""
    return cast.products["apple"].lot(f"YX{harvest:%y%m%d}-{orchard}")


def _harvest(cast: Cast, harvest: date, *, kept: int) -> Iterator[Telling]:
    for orchard in range(1, ORCHARDS + 1):
        lot = orchard_lot(cast, harvest, orchard)
        event = ObjectEvent(
            at(harvest + timedelta(days=orchard), "17:30"),
            "ADD",
            ZONE,
            quantity_list=(kilograms(lot, ORCHARD_KG + kept),),
            biz_step="commissioning",
            disposition="active",
            read_point=cast.place("apple-coop", orchard),
            biz_location=cast.place("apple-coop", orchard),
            ilmd=freeze({"cbvmda:harvestEndDate": harvest.isoformat(), "cbvmda:countryOfOrigin": "CN"}),
        )
        yield tell(cast.id("apple-coop"), event)
        leg = Leg("apple-coop", "carrier", "packhouse", harvest + timedelta(days=4 + orchard))
        yield from journey(cast, leg, whole(lot, ORCHARD_KG))
        yield stored(cast, "packhouse", whole(lot, ORCHARD_KG), leg.day + timedelta(days=1), "1.2")


def _pack(cast: Cast, harvest: date, day: date, number: int) -> Iterator[Telling]:
    """Sort one orchard's apples into gift boxes for two shops; what falls out (80 kg) goes to juice."""
    source = orchard_lot(cast, harvest, number % ORCHARDS + 1)
    shops = SHOPS[number % len(SHOPS)]
    boxes = {box_lot(cast, day, part): shop for part, shop in enumerate(shops, 1)}
    event = TransformationEvent(
        at(day, "10:30"),
        input_quantity_list=(kilograms(source, SORTED_KG),),
        output_quantity_list=tuple(kilograms(lot, BOXED_KG) for lot in boxes),
        event_time_zone_offset=ZONE,
        biz_step="packing",
        disposition="active",
        read_point=cast.place("packhouse"),
        biz_location=cast.place("packhouse"),
    )
    yield tell(cast.id("packhouse"), event)
    for part, (lot, shop) in enumerate(boxes.items()):
        yield from _pallet_to_shop(cast, sscc(number * 10 + part), lot, shop, day)


def _pallet_to_shop(cast: Cast, pallet: str, lot: str, shop: str, day: date) -> Iterator[Telling]:
    received = day + timedelta(days=3)
    yield _palletised(cast, "packhouse", "ADD", pallet, lot, at(day, "16:40"))
    leg = Leg("packhouse", "carrier", shop, day + timedelta(days=1), days=2)
    yield from journey(cast, leg, Load(epcs=(pallet,)))
    yield _palletised(cast, shop, "DELETE", pallet, lot, at(received, "11:00"))
    yield from sales(cast, shop, lot, thirds(received, BOXED_KG))


def _palletised(cast: Cast, who: str, action: str, pallet: str, lot: str, moment: datetime) -> Telling:
    packing = action == "ADD"
    event = AggregationEvent(
        moment,
        action,
        pallet,
        child_quantity_list=(kilograms(lot, BOXED_KG),),
        event_time_zone_offset=ZONE,
        biz_step="packing" if packing else "unpacking",
        disposition="container_closed" if packing else "sellable_accessible",
        read_point=cast.place(who),
        biz_location=cast.place(who),
    )
    return tell(cast.id(who), event)
