"""Read the sensor reports of an event (EPCIS 2.0 7.3.8) into rows: one per report, temperatures in Celsius.

Rule: a value without a unit or of an unknown kind is kept as it is and never used as a temperature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ledger.events.supply import SupplyEvent
from ledger.events.values import FrozenMap, Json
from models.projections.moves import instant

_CELSIUS = {
    "CEL": (Decimal(1), Decimal(0)),
    "FAH": (Decimal(5) / Decimal(9), Decimal(-160) / Decimal(9)),
    "KEL": (Decimal(1), Decimal("-273.15")),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One sensor report: a single value, or the least, most and mean over a time."""

    index: int
    part: int
    kind: str
    device: str | None
    time: datetime | None
    since: datetime | None
    until: datetime | None
    value: Decimal | None
    least: Decimal | None
    most: Decimal | None
    mean: Decimal | None
    uom: str | None
    raw_digest: str | None


def readings(event: SupplyEvent, index: int) -> tuple[Reading, ...]:
    """Return every sensor report of the event."""
    found: list[Reading] = []
    for element in event.sensor_element_list:
        if isinstance(element, FrozenMap):
            for row in _element(element, index, len(found), event.event_time):
                found.append(row)
    return tuple(found)


def _element(element: Mapping[str, Json], index: int, first: int, event_time: datetime) -> Iterator[Reading]:
    metadata = element.get("sensorMetadata")
    about = metadata if isinstance(metadata, FrozenMap) else FrozenMap({})
    reports = element.get("sensorReport")
    for offset, report in enumerate(reports if isinstance(reports, tuple) else ()):
        if isinstance(report, FrozenMap):
            both = {**about, **report}
            yield Reading(
                index=index,
                part=first + offset,
                kind=(_text(report, "type") or "unknown")
                .replace("#", ":")
                .rpartition(":")[2]
                .rpartition("-")[2],
                device=_text(both, "deviceID"),
                time=_time(both, "time") or (None if "startTime" in both else event_time),
                since=_time(both, "startTime"),
                until=_time(both, "endTime"),
                value=_number(report, "value"),
                least=_number(report, "minValue"),
                most=_number(report, "maxValue"),
                mean=_number(report, "meanValue"),
                uom="CEL" if _text(report, "uom") in _CELSIUS else _text(report, "uom"),
                raw_digest=_text(both, "rawData"),
            )


def _number(report: Mapping[str, Json], name: str) -> Decimal | None:
    value = report.get(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    if not number.is_finite():
        return None
    factor, offset = _CELSIUS.get(_text(report, "uom") or "", (Decimal(1), Decimal(0)))
    return number if factor == 1 and not offset else (number * factor + offset).quantize(Decimal("0.0001"))


def _text(report: Mapping[str, Json], name: str) -> str | None:
    value = report.get(name)
    return value if isinstance(value, str) and value else None


def _time(report: Mapping[str, Json], name: str) -> datetime | None:
    value = _text(report, name)
    return None if value is None else instant(value)
