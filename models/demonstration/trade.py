"""What the three chains have in common: ship with one hand, carry, receive with the other, sell.

Rule: each side says its own part with its own key; one temperature summary is told per leg, with the digest
of the series it was made from (HOUSE ruling 15).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from ledger.events.supply import Destination, ObjectEvent, Quantity, Source
from ledger.events.values import Json, freeze
from models.demonstration import coldcurve
from models.demonstration.cast import Cast
from models.demonstration.telling import ZONE, Telling, at, tell

KILOGRAMS = "KGM"
COLD_LIMIT = Decimal(4)


@dataclass(frozen=True, slots=True)
class Load:
    """What travels: an amount of a lot, or a sealed container with it inside."""

    quantities: tuple[Quantity, ...] = ()
    epcs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """A journey between two parties: who carries, on which day, how many days long, and how warm it got.

    Args:
        warmest: the highest temperature in degrees Celsius; None tells of no sensor.
    """

    sender: str
    carrier: str
    receiver: str
    day: date
    days: int = 1
    warmest: str | None = None


def kilograms(lot: str, amount: int | Decimal) -> Quantity:
    """Return an amount of a lot in kilograms."""
    return Quantity(lot, Decimal(amount), KILOGRAMS)


def whole(lot: str, amount: int | Decimal) -> Load:
    """Return a load of one lot."""
    return Load((kilograms(lot, amount),))


def journey(cast: Cast, leg: Leg, load: Load) -> Iterator[Telling]:
    """Tell of one journey by the three who saw it: sender, carrier, receiver."""
    left = at(leg.day, "08:20")
    arrived = at(leg.day + timedelta(days=leg.days), "10:10")
    yield _shipped(cast, leg, load, left)
    yield _carried(cast, leg, load, left, arrived)
    yield _received(cast, leg, load, arrived)


def sales(cast: Cast, seller: str, lot: str, amounts: Sequence[tuple[date, int]]) -> Iterator[Telling]:
    """Tell of a shop's day totals of one lot."""
    for day, amount in amounts:
        event = ObjectEvent(
            at(day, "20:30"),
            "OBSERVE",
            ZONE,
            quantity_list=(kilograms(lot, amount),),
            biz_step="retail_selling",
            disposition="retail_sold",
            read_point=cast.place(seller),
            biz_location=cast.place(seller),
        )
        yield tell(cast.id(seller), event)


def thirds(received: date, amount: int) -> tuple[tuple[date, int], ...]:
    """Return how a shop usually sells a lot: all of it in three weeks.

    >>> [amount for day, amount in thirds(date(2026, 3, 1), 247)]
    [86, 86, 75]
    """
    third = amount * 35 // 100
    amounts = ((3, third), (11, third), (20, amount - 2 * third))
    return tuple((received + timedelta(days=days), amount) for days, amount in amounts)


def stored(cast: Cast, keeper: str, load: Load, day: date, warmest: str | None = None) -> Telling:
    """Tell of goods put into store, with how warm the store has been where that matters."""
    moment = at(day, "16:00")
    event = ObjectEvent(
        moment,
        "OBSERVE",
        ZONE,
        quantity_list=load.quantities,
        epc_list=load.epcs,
        biz_step="storing",
        disposition="in_progress",
        read_point=cast.place(keeper),
        biz_location=cast.place(keeper),
        sensor_element_list=_sensed(keeper, moment - timedelta(hours=6), moment, warmest),
    )
    return tell(cast.id(keeper), event)


def destroyed(cast: Cast, keeper: str, lot: str, amount: int, day: date) -> Telling:
    """Tell of recalled goods being destroyed."""
    event = ObjectEvent(
        at(day, "15:00"),
        "DELETE",
        ZONE,
        quantity_list=(kilograms(lot, amount),),
        biz_step="destroying",
        disposition="destroyed",
        read_point=cast.place(keeper),
    )
    return tell(cast.id(keeper), event)


def _shipped(cast: Cast, leg: Leg, load: Load, moment: datetime) -> Telling:
    event = _handover(cast, leg, load, moment, "shipping", "in_transit")
    return tell(cast.id(leg.sender), replace(event, read_point=cast.place(leg.sender)))


def _received(cast: Cast, leg: Leg, load: Load, moment: datetime) -> Telling:
    event = _handover(cast, leg, load, moment, "receiving", "in_progress")
    here = cast.place(leg.receiver)
    return tell(cast.id(leg.receiver), replace(event, read_point=here, biz_location=here))


def _handover(cast: Cast, leg: Leg, load: Load, moment: datetime, step: str, disposition: str) -> ObjectEvent:
    return ObjectEvent(
        moment,
        "OBSERVE",
        ZONE,
        epc_list=load.epcs,
        quantity_list=load.quantities,
        biz_step=step,
        disposition=disposition,
        source_list=(Source(cast.id(leg.sender), "possessing_party"),),
        destination_list=(Destination(cast.id(leg.receiver), "possessing_party"),),
    )


def _carried(cast: Cast, leg: Leg, load: Load, left: datetime, arrived: datetime) -> Telling:
    middle = left + (arrived - left) / 2
    event = ObjectEvent(
        middle,
        "OBSERVE",
        ZONE,
        epc_list=load.epcs,
        quantity_list=load.quantities,
        biz_step="transporting",
        disposition="in_transit",
        read_point=cast.place(leg.carrier),
        sensor_element_list=_sensed(leg.carrier, left, arrived, leg.warmest),
    )
    return tell(cast.id(leg.carrier), event)


def _sensed(keeper: str, since: datetime, until: datetime, warmest: str | None) -> tuple[Json, ...]:
    if warmest is None:
        return ()
    most = Decimal(warmest)
    mean, series = most / 2, f"{keeper} {since.isoformat()} {warmest}".encode()
    if most > COLD_LIMIT:
        # The journey worth a look has its readings; the others' loggers are kept by their carriers.
        read = [value for _, value in coldcurve.readings(since, until, most)]
        mean = (sum(read, Decimal(0)) / len(read)).quantize(Decimal("0.1"))
        series = coldcurve.logger_file(since, until, most)
    element = {
        "sensorMetadata": {
            "startTime": since.isoformat(),
            "endTime": until.isoformat(),
            "deviceID": f"urn:demo:logger:{keeper}",
            "rawData": f"ni:///sha-256;{sha256(series).hexdigest()}",
        },
        "sensorReport": [
            {
                "type": "Temperature",
                "minValue": coldcurve.LEAST,
                "meanValue": mean,
                "maxValue": most,
                "uom": "CEL",
            }
        ],
    }
    return (freeze(element),)
