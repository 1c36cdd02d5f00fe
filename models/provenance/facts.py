"""What an event says that may be put right word by word: when, where, between whom, by which paper, how warm.

Rule: pure. Each fact has a name of its own within its event; where several words say one thing (the party of
a side in two roles, the place where goods were read and are now), they are one fact.
Source: EPCIS 2.0 7.3.5 (`eventTime`), 7.4.1 (what every event carries), 7.3.8 (sensor reports).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from decimal import Decimal
from typing import Any

from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    ObjectEvent,
    Quantity,
    SupplyEvent,
    TransactionEvent,
    TransformationEvent,
)
from ledger.events.values import FrozenMap, Json
from models.projections.codes import name_of
from models.projections.moves import EXPIRES_DAYS, MADE_DAYS, SHIPS, local

ENDS = {"source": "source_list", "destination": "destination_list"}
AMOUNTS = {
    ObjectEvent: ("quantity_list",),
    TransactionEvent: ("quantity_list",),
    AggregationEvent: ("child_quantity_list",),
    AssociationEvent: ("child_quantity_list",),
    TransformationEvent: ("input_quantity_list", "output_quantity_list"),
}
_PAPERS = "biz_transaction_list"
_VALUES = ("value", "minValue", "meanValue", "maxValue")
Where = tuple[Any, ...]
"""Where a fact stands: the event's fields, or a list with the places in it that say the same."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an event says.

    Args:
        name: what to call it by when it is put right: `event_time`, `place`, `destination`, `document.1` ...
        kind: how it is read and edited: moment, day, place, party, document or reading.
        value: what was said, as text; "" where nothing was.
        detail: which of its kind, in the standard's word: productionDate, owning_party, po, Temperature ...
        unit: of a reading.
    """

    name: str
    kind: str
    value: str
    detail: str = ""
    unit: str | None = None


def facts_of(event: SupplyEvent, signer: str) -> tuple[Fact, ...]:
    """Return what can be put right of an event that this party signed."""
    return tuple(
        fact for fact, _ in all_facts(event) if not own_end(fact, signer) and not sealed(event, fact)
    )


def codes_of(event: SupplyEvent) -> tuple[str, ...]:
    """Return the codes of everything an event is about."""
    amounts = [amount.epc_class for amount in amounts_of(event)]
    epcs = [code for name in ("epc_list", "child_epcs", "input_epc_list", "output_epc_list")
            for code in getattr(event, name, ())]  # fmt: skip
    parent = getattr(event, "parent_id", None)
    return tuple(dict.fromkeys([*amounts, *epcs, *([parent] if parent else [])]))


def amounts_of(event: SupplyEvent) -> tuple[Quantity, ...]:
    """Return every amount an event states, inputs before outputs."""
    return tuple(amount for name in AMOUNTS[type(event)] for amount in getattr(event, name))


def said_by(event: SupplyEvent) -> tuple[Fact, ...]:
    """Return everything an event says that a person would ask for: its amounts, then its facts."""
    amounts = [
        Fact(one.epc_class, "amount", f"{one.quantity.normalize():f}", unit=one.uom)
        for one in amounts_of(event)
        if one.quantity is not None
    ]
    return (*amounts, *(fact for fact, _ in all_facts(event) if fact.value))


def all_facts(event: SupplyEvent) -> Iterator[tuple[Fact, Where]]:
    """Give every fact with where it stands in the event."""
    yield Fact("event_time", "moment", _moment_text(event)), ()
    yield from _places(event)
    for side, name in ENDS.items():
        yield from _ends(side, getattr(event, name))
    for number, paper in enumerate(event.biz_transaction_list, 1):
        yield Fact(f"document.{number}", "document", paper.id, paper.type or ""), (_PAPERS, number - 1)
    for label, value in days_of(event).items():
        yield Fact(f"day.{local(label)}", "day", str(value), local(label)), (label,)
    yield from _readings(event)


def _places(event: SupplyEvent) -> Iterator[tuple[Fact, Where]]:
    here, after = event.read_point, event.biz_location
    if here is not None and after is not None and here != after:
        yield Fact("read_point", "place", here, "read_point"), ("read_point",)
        yield Fact("biz_location", "place", after, "biz_location"), ("biz_location",)
        return
    names = [name for name in ("read_point", "biz_location") if getattr(event, name) is not None]
    # Goods that left are at no place of the sender's (CBV 2.0 7.1.3, shipping): only where they were read.
    silent = ("read_point",) if event.biz_step in SHIPS else ("read_point", "biz_location")
    yield Fact("place", "place", here or after or ""), tuple(names) or silent


def _ends(side: str, ends: tuple[Any, ...]) -> Iterator[tuple[Fact, Where]]:
    """Give the party of one side once, however many roles it has there, and its place."""
    seen: dict[tuple[str, bool], list[int]] = {}
    for number, end in enumerate(ends):
        seen.setdefault((end.id, end.type == "location"), []).append(number)
    names: list[str] = []
    for (code, is_place), numbers in seen.items():
        word = ends[numbers[0]].type
        name = side if side not in names and not is_place else f"{side}.{word}"
        names.append(name if name not in names else f"{name}.{numbers[0] + 1}")
        yield Fact(names[-1], "place" if is_place else "party", code, word), (ENDS[side], *numbers)


def days_of(event: SupplyEvent) -> dict[str, Json]:
    """Return the days on what was made: harvested, produced, best before; each under its name as written."""
    ilmd = getattr(event, "ilmd", None)
    if not isinstance(ilmd, FrozenMap):
        return {}
    dated = {label: value for label, value in ilmd.items() if local(label) in (*MADE_DAYS, *EXPIRES_DAYS)}
    return {label: value for label, value in dated.items() if isinstance(value, str) and is_day(value)}


def _readings(event: SupplyEvent) -> Iterator[tuple[Fact, Where]]:
    for element, report, place in reports_of(event):
        for name in _VALUES:
            value = report.get(name)
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                unit, kind = report.get("uom"), report.get("type")
                yield (
                    Fact(
                        f"reading.{element + 1}.{place + 1}.{name}",
                        "reading",
                        f"{Decimal(value):f}",
                        str(kind or ""),
                        unit if isinstance(unit, str) else None,
                    ),
                    (element, place, name),
                )


def reports_of(event: SupplyEvent) -> Iterator[tuple[int, FrozenMap, int]]:
    """Give every sensor report: the number of its element, itself, its number there."""
    for number, element in enumerate(event.sensor_element_list):
        reports = element.get("sensorReport") if isinstance(element, FrozenMap) else None
        for place, report in enumerate(reports if isinstance(reports, tuple) else ()):
            if isinstance(report, FrozenMap):
                yield number, report, place


def own_end(fact: Fact, signer: str) -> bool:
    """Say whether a fact names the party that signed."""
    return fact.kind == "party" and name_of(fact.value) == name_of(signer)


def sealed(event: SupplyEvent, fact: Fact) -> bool:
    """Say whether a reading sums up a series whose digest the event carries."""
    if fact.kind != "reading":
        return False
    number = int(fact.name.split(".")[1]) - 1
    element = event.sensor_element_list[number]
    found = element.get("sensorMetadata") if isinstance(element, FrozenMap) else None
    reports = [report for place, report, _ in reports_of(event) if place == number]
    return any(isinstance(part, FrozenMap) and part.get("rawData") for part in (found, *reports))


def is_day(value: str) -> bool:
    """Say whether a text is a day and nothing more."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def zone_of(event: SupplyEvent) -> timezone:
    """Return how far the clock on the wall was from UTC where it happened."""
    offset = event.event_time_zone_offset
    hours, minutes = int(offset[1:3]), int(offset[4:])
    apart = timedelta(hours=hours, minutes=minutes)
    return timezone(-apart if offset[0] == "-" else apart)


def _moment_text(event: SupplyEvent) -> str:
    return event.event_time.astimezone(zone_of(event)).isoformat()
