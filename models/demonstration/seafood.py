"""The seafood chain: fry grow fourfold in sea cages, fish go chilled to the shops; one cold chain breaks.

Rule: growth happens in the cage alone; after the harvest nothing weighs more than before, except in the
books of one wholesaler, who sells more than he ever received.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ledger.events.supply import ObjectEvent, TransformationEvent
from ledger.events.values import freeze
from models.demonstration.cast import Cast
from models.demonstration.telling import ZONE, Telling, at, tell, today
from models.demonstration.trade import Leg, journey, kilograms, sales, whole

HARVESTS, GROWING = 12, 5
EVERY_DAYS = 40
GROWING_DAYS = 240
FRY_KG, FISH_KG, DRESSED_KG, SHOP_KG = 130, 520, 468, 156
BROKEN_DAYS_AGO = 75
SHOPS = (("haiwei", "hetian", "jinwang"), ("haiwei", "lvlan", "jinwang"))
COLD, BROKEN = "3.1", "11.4"


def seafood(cast: Cast, now: datetime) -> Iterator[Telling]:
    """Tell of the fish, from cage to shop."""
    days = harvests(now)
    for number, day in enumerate(days):
        yield from _grow(cast, number, day)
        yield from _harvest(cast, number, day)
        for part, shop in enumerate(SHOPS[number % 2], 1):
            yield from _to_shop(cast, day, shop, part, broken=day == broken_day(now))


def harvests(now: datetime) -> tuple[date, ...]:
    """Return every harvest day, oldest first; the last five lie ahead, their fish are in the cages."""
    newest = today(now) - timedelta(days=5)
    return tuple(newest + timedelta(days=EVERY_DAYS * step) for step in range(1 - HARVESTS, GROWING + 1))


def broken_day(now: datetime) -> date:
    """Return the harvest whose fish got warm on the way to one shop."""
    return min(harvests(now), key=lambda day: abs((today(now) - day).days - BROKEN_DAYS_AGO))


def shop_lot(cast: Cast, day: date, part: int) -> str:
    """Return the lot dressed for one shop from a day's harvest; parts count from 1."""
    return cast.products["croaker-pack"].lot(f"HF{day + timedelta(days=1):%y%m%d}-{part}")


def _fish_lot(cast: Cast, day: date) -> str:
    return cast.products["croaker"].lot(f"BW{day:%y%m%d}")


def _fry_lot(cast: Cast, number: int, day: date) -> str:
    return cast.products["fry"].lot(f"YM{day - timedelta(days=GROWING_DAYS):%y%m%d}-{number % 3 + 1}")


def _grow(cast: Cast, number: int, day: date) -> Iterator[Telling]:
    cage = cast.place("fish-coop", number % 3 + 1)
    event = ObjectEvent(
        at(day - timedelta(days=GROWING_DAYS), "09:00"),
        "ADD",
        ZONE,
        quantity_list=(kilograms(_fry_lot(cast, number, day), FRY_KG),),
        biz_step="commissioning",
        disposition="active",
        read_point=cage,
        biz_location=cage,
        ilmd=freeze({"cbvmda:countryOfOrigin": "CN", "gdst:broodstockSource": "domestic"}),
    )
    yield tell(cast.id("fish-coop"), event)


def _harvest(cast: Cast, number: int, day: date) -> Iterator[Telling]:
    cage, works = cast.place("fish-coop", number % 3 + 1), cast.place("fishworks")
    fry, fish = _fry_lot(cast, number, day), _fish_lot(cast, day)
    grown = TransformationEvent(
        at(day, "05:40"),
        input_quantity_list=(kilograms(fry, FRY_KG),),
        output_quantity_list=(kilograms(fish, FISH_KG),),
        event_time_zone_offset=ZONE,
        biz_step="urn:gdst:bizStep:farmHarvest",
        disposition="active",
        read_point=cage,
        biz_location=cage,
        ilmd=freeze({"cbvmda:harvestStartDate": day.isoformat(), "cbvmda:harvestEndDate": day.isoformat()}),
    )
    yield tell(cast.id("fish-coop"), grown)
    yield from journey(
        cast, Leg("fish-coop", "cold-carrier", "fishworks", day, 1, COLD), whole(fish, FISH_KG)
    )
    dressed = tuple(kilograms(shop_lot(cast, day, part), SHOP_KG) for part in (1, 2, 3))
    event = TransformationEvent(
        at(day + timedelta(days=1), "14:00"),
        input_quantity_list=(kilograms(fish, FISH_KG),),
        output_quantity_list=dressed,
        event_time_zone_offset=ZONE,
        biz_step="packing",
        disposition="active",
        read_point=works,
        biz_location=works,
    )
    yield tell(cast.id("fishworks"), event)


def _to_shop(cast: Cast, day: date, shop: str, part: int, *, broken: bool) -> Iterator[Telling]:
    lot = shop_lot(cast, day, part)
    warmest = BROKEN if broken and shop == "haiwei" else COLD
    yield from journey(
        cast, Leg("fishworks", "cold-carrier", shop, day + timedelta(days=2), 1, warmest), whole(lot, SHOP_KG)
    )
    received = day + timedelta(days=3)
    amounts = (75, 82, 60) if shop == "jinwang" else (60, 55, 41)
    days = (received, received + timedelta(days=1), received + timedelta(days=3))
    yield from sales(cast, shop, lot, tuple(zip(days, amounts, strict=True)))
