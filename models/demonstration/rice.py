"""The rice chain: three fields, one mill that mixes them, shops; one milling is called back for cadmium.

Rule: mass is kept at every step: 1,500 kg of paddy give 990 kg of rice and 150 kg of bran, packs add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.events.evidence import Recall
from ledger.events.supply import ObjectEvent, Quantity, TransformationEvent
from ledger.events.values import freeze
from models.demonstration.cast import Cast
from models.demonstration.telling import ZONE, Telling, at, harvest_days, tell, today
from models.demonstration.trade import (
    Leg,
    destroyed,
    journey,
    kilograms,
    sales,
    stored,
    thirds,
    whole,
)

FIELDS = 3
FIELD_KG, KEPT_KG = 9000, 1500
MILLED_KG, RICE_KG, BRAN_KG, PACKED_KG = 1500, 990, 150, 330
EVERY_DAYS = 45
DRYING_DAYS = 20
RECALLED_AFTER_DAYS = 18
SHOPS = (("jiangpan", "hetian", "bianmin"), ("jiangpan", "lvlan", "bianmin"))


@dataclass(frozen=True, slots=True)
class Milling:
    """One day at the mill: from which harvest, in which order, for which shops."""

    day: date
    harvest: date
    number: int
    shops: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Return the lot number of its rice."""
        return f"DM{self.day:%y%m%d}"


def rice(cast: Cast, now: datetime) -> Iterator[Telling]:
    """Tell of the rice, from field to shop."""
    older, newer = harvest_days(now, 9, 28)
    yield from _harvest(cast, older, kept=0)
    yield from _harvest(cast, newer, kept=KEPT_KG)
    recalled = recalled_milling(now)
    for milling in millings(now):
        yield from _mill(cast, milling)
        for shop in milling.shops:
            yield from _pack_to_shop(cast, milling, shop, recall=milling == recalled)
    yield from _recall(cast, recalled)


def millings(now: datetime) -> tuple[Milling, ...]:
    """Return every milling day since the shops joined, oldest first."""
    older, newer = harvest_days(now, 9, 28)
    newest = today(now) - timedelta(days=4)
    days = [newest - timedelta(days=EVERY_DAYS * back) for back in range(12)]
    days = [day for day in days if day >= older + timedelta(days=DRYING_DAYS)]
    listed: list[Milling] = []
    for number, day in enumerate(sorted(days)):
        harvest = newer if day >= newer + timedelta(days=DRYING_DAYS) else older
        shops = SHOPS[number % 2] + (("xinya",) if day > newest - timedelta(days=50) else ())
        listed.append(Milling(day, harvest, number, shops))
    return tuple(listed)


def recalled_milling(now: datetime) -> Milling:
    """Return the milling that is called back, some four months ago."""
    return millings(now)[-4]


def paddy_lot(cast: Cast, harvest: date, field: int) -> str:
    """Return the lot of one field's harvest; fields count from 1."""
    return cast.products["paddy"].lot(f"QH{harvest:%y%m%d}-{field}")


def pack_lot(cast: Cast, milling: Milling, shop: str) -> str:
    """Return the lot that was packed for one shop."""
    return cast.products["rice-pack"].lot(f"{milling.mark}-{milling.shops.index(shop) + 1}")


def _harvest(cast: Cast, harvest: date, *, kept: int) -> Iterator[Telling]:
    for field in range(1, FIELDS + 1):
        lot = paddy_lot(cast, harvest, field)
        event = ObjectEvent(
            at(harvest + timedelta(days=field - 1), "17:00"),
            "ADD",
            ZONE,
            quantity_list=(kilograms(lot, FIELD_KG + kept),),
            biz_step="commissioning",
            disposition="active",
            read_point=cast.place("rice-coop", field),
            biz_location=cast.place("rice-coop", field),
            ilmd=freeze({"cbvmda:harvestEndDate": harvest.isoformat(), "cbvmda:countryOfOrigin": "CN"}),
        )
        yield tell(cast.id("rice-coop"), event)
        leg = Leg("rice-coop", "carrier", "mill", harvest + timedelta(days=9 + field))
        yield from journey(cast, leg, whole(lot, FIELD_KG))
        yield stored(cast, "mill", whole(lot, FIELD_KG), leg.day + timedelta(days=1))


def _mill(cast: Cast, milling: Milling) -> Iterator[Telling]:
    """Every third milling mixes two fields, as mills do: a merge the recall has to follow."""
    first = milling.number % FIELDS + 1
    second = first % FIELDS + 1
    amounts = {first: 1000, second: 500} if milling.number % 3 == 0 else {first: MILLED_KG}
    bulk = cast.products["rice-bulk"].lot(milling.mark)
    bran = cast.products["rice-bran"].lot(f"MK{milling.day:%y%m%d}")
    inputs = tuple(kilograms(paddy_lot(cast, milling.harvest, field), kg) for field, kg in amounts.items())
    yield _made(
        cast, at(milling.day, "11:00"), "commissioning", inputs=inputs, outputs={bulk: RICE_KG, bran: BRAN_KG}
    )
    packs = {pack_lot(cast, milling, shop): RICE_KG // len(milling.shops) for shop in milling.shops}
    yield _made(
        cast,
        at(milling.day, "15:30"),
        "packing",
        inputs=(kilograms(bulk, sum(packs.values())),),
        outputs=packs,
    )


def _made(
    cast: Cast, moment: datetime, step: str, *, inputs: tuple[Quantity, ...], outputs: dict[str, int]
) -> Telling:
    event = TransformationEvent(
        moment,
        input_quantity_list=inputs,
        output_quantity_list=tuple(kilograms(lot, amount) for lot, amount in outputs.items()),
        event_time_zone_offset=ZONE,
        biz_step=step,
        disposition="active",
        read_point=cast.place("mill"),
        biz_location=cast.place("mill"),
    )
    return tell(cast.id("mill"), event)


def _pack_to_shop(cast: Cast, milling: Milling, shop: str, *, recall: bool) -> Iterator[Telling]:
    lot, amount = pack_lot(cast, milling, shop), RICE_KG // len(milling.shops)
    leg = Leg("mill", "carrier", shop, milling.day + timedelta(days=1), days=2)
    yield from journey(cast, leg, whole(lot, amount))
    sold = thirds(leg.day + timedelta(days=2), amount)
    if recall:
        stop = milling.day + timedelta(days=RECALLED_AFTER_DAYS)
        sold = tuple((day, kg) for day, kg in sold if day <= stop)
        if shop == "bianmin":  # One shop goes on selling what was called back; a complaint will say so.
            sold = (*sold, (stop + timedelta(days=2), 20))
        yield destroyed(cast, shop, lot, amount - sum(kg for _, kg in sold), stop + timedelta(days=9))
    yield from sales(cast, shop, lot, sold)


def _recall(cast: Cast, milling: Milling) -> Iterator[Telling]:
    lots = (
        cast.products["rice-bulk"].lot(milling.mark),
        *(pack_lot(cast, milling, shop) for shop in milling.shops),
    )
    day = milling.day + timedelta(days=RECALLED_AFTER_DAYS)
    inspectorate = cast.id("inspectorate")
    yield tell(inspectorate, Recall(at(day, "21:00"), lots, "II", "heavy-metal: cadmium above limit"))
