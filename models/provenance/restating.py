"""Say an event again with other facts: a time, a place, a party, a paper or a reading put right.

Rule: pure. The same event with other facts is still about the same goods and the same act; another batch or
another act is another event, which is declared wrong and recorded anew. Nobody is made to act by another's
correction: the end of a handover that signed stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ledger.errors import EventInvalid
from ledger.events.checks import identifier, refusal
from ledger.events.supply import SupplyEvent
from ledger.events.values import FrozenMap, Json, freeze
from models.projections.codes import name_of
from models.projections.moves import EXPIRES_DAYS, MADE_DAYS, local
from models.provenance.facts import (
    AMOUNTS,
    ENDS,
    Fact,
    Where,
    all_facts,
    amounts_of,
    days_of,
    is_day,
    own_end,
    sealed,
    zone_of,
)

_GOODS = frozenset(
    "lot gtin product quantity epc_list quantity_list child_epcs child_quantity_list parent_id type action "  # noqa: SIM905
    "input_epc_list input_quantity_list output_epc_list output_quantity_list biz_step disposition".split()
)
_WIRE = {"read_point": "readPoint", "biz_location": "bizLocation"}


def restated(event: SupplyEvent, facts: Mapping[str, str], signer: str, now: datetime) -> SupplyEvent:
    """Return the event with other facts, each by its name.

    Args:
        signer: who signed the event and signs it again.
        now: what happened lies before.

    Raises:
        EventInvalid: a fact that cannot be put right so, or a value that does not fit; `field` is its name.
    """
    known = {fact.name: (fact, where) for fact, where in all_facts(event)}
    changed = []
    for name, text in facts.items():
        if name not in known:
            raise _not_a_fact(name, known)
        fact, where = known[name]
        value = text.strip()
        if value == fact.value:
            continue
        _check_owner(event, fact, signer)
        event = replace(event, **_put(event, where, fact, _read(event, fact, value, now)))
        changed.append(fact)
    for fact in changed:
        _check_whole(event, fact)
    return event


def with_amounts(event: SupplyEvent, amounts: Mapping[str, Decimal]) -> SupplyEvent:
    """Return the event with other amounts of some of its lots."""
    known = {amount.epc_class for amount in amounts_of(event)}
    strange = sorted(set(amounts) - known)
    if strange:
        raise EventInvalid(
            "the entry states no amount of this lot",
            field="quantity",
            code="correction-lot",
            found=strange[0],
            expected=", ".join(sorted(known)) or "an entry that states amounts",
            remedy="name a lot of the entry, or give the whole event in a file",
        )
    changes: dict[str, Any] = {
        name: tuple(
            replace(each, quantity=amounts.get(each.epc_class, each.quantity))
            for each in getattr(event, name)
        )
        for name in AMOUNTS[type(event)]
    }
    return replace(event, **changes)


def _read(event: SupplyEvent, fact: Fact, value: str, now: datetime) -> Any:
    """Return what the text means."""
    if fact.kind == "moment":
        return _moment(fact, value, now)
    if fact.kind == "day":
        return _day(event, fact, value, now)
    if fact.kind == "reading":
        return _reading(fact, value)
    # A place may be left unsaid; a party and a paper that were named have a name.
    return None if fact.kind == "place" and not value and not fact.detail else identifier(value, fact.name)


def _moment(fact: Fact, value: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("no zone")
    except ValueError as error:
        raise refusal(
            "not a time with a time zone",
            fact.name,
            "instant-unreadable",
            value,
            "such as 2026-07-22T06:45:00+08:00",
        ) from error
    if moment > now:
        raise _future(fact, value, now)
    return moment


def _day(event: SupplyEvent, fact: Fact, value: str, now: datetime) -> str:
    if not is_day(value):
        raise refusal("not a day", fact.name, "correction-day", value, "such as 2026-03-01")
    if fact.detail in MADE_DAYS and date.fromisoformat(value) > now.astimezone(zone_of(event)).date():
        raise _future(fact, value, now)
    return value


def _reading(fact: Fact, value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise refusal("not a reading", fact.name, "correction-reading", value, "a number such as 3.5")
    return number


def _put(event: SupplyEvent, where: Where, fact: Fact, value: Any) -> dict[str, Any]:
    """Return the fields of the event that are other than before."""
    if fact.kind == "moment":
        text = value.strftime("%z")
        return {"event_time": value, "event_time_zone_offset": f"{text[:3]}:{text[3:5]}"}
    if fact.kind == "day":
        return {"ilmd": _with(getattr(event, "ilmd", None), where[0], value)}
    if fact.kind == "reading":
        return {"sensor_element_list": _sensed(event, where, value)}
    if where[0] in _WIRE:
        return dict.fromkeys(where, value) | {"extensions": _beside(event, where)}
    name, *places = where
    listed = getattr(event, name)
    return {name: tuple(replace(one, id=value) if n in places else one for n, one in enumerate(listed))}


def _beside(event: SupplyEvent, where: Where) -> Json:
    """What stood beside the id (an address, a point on the map) described the place that was wrong."""
    kept = event.extensions if isinstance(event.extensions, FrozenMap) else {}
    gone = {_WIRE[name] for name in where}
    return freeze({label: each for label, each in kept.items() if label not in gone}) or None


def _sensed(event: SupplyEvent, where: Where, value: Decimal) -> tuple[Json, ...]:
    element, place, name = where
    elements = list(event.sensor_element_list)
    whole: Any = elements[element]
    reports = list(whole["sensorReport"])
    reports[place] = _with(reports[place], name, value)
    elements[element] = _with(whole, "sensorReport", tuple(reports))
    return tuple(elements)


def _with(fields: Any, name: str, value: Json) -> Json:
    return freeze({**(fields or {}), name: value})


# --- what may not be ------------------------------------------------------------------------------------


def _check_owner(event: SupplyEvent, fact: Fact, signer: str) -> None:
    if own_end(fact, signer):
        raise refusal(
            "who signed cannot be replaced by somebody whose key does not sign",
            fact.name,
            "correction-actor",
            fact.value,
            "the other party of the handover",
            "declare the entry wrong; who really acted records it",
        )
    if sealed(event, fact):
        raise refusal(
            "this reading sums up a logger's series",
            fact.name,
            "correction-series",
            fact.value,
            "a reading that somebody typed",
            "declare the entry wrong, then read the right series in",
        )


def _check_whole(event: SupplyEvent, fact: Fact) -> None:
    """Check what facts say together, as far as this one has a part in it."""
    if fact.kind == "party":
        _check_ends(event, fact)
    elif fact.kind == "day":
        _check_days(event, fact)
    elif fact.kind == "reading":
        _check_range(event, fact)


def _check_ends(event: SupplyEvent, fact: Fact) -> None:
    sides = [
        {name_of(end.id) for end in getattr(event, name) if end.type != "location"} for name in ENDS.values()
    ]
    both = sides[0] & sides[1]
    if both:
        raise refusal(
            "one party on both sides",
            fact.name,
            "correction-ends",
            min(both),
            "two parties",
            "name the other party of the handover",
        )


def _check_days(event: SupplyEvent, fact: Fact) -> None:
    days = {local(label): str(value) for label, value in days_of(event).items()}
    made = max((days[name] for name in MADE_DAYS if name in days), default="")
    ends = min((days[name] for name in EXPIRES_DAYS if name in days), default="")
    if made and ends and ends < made:
        raise refusal(
            "best before lies ahead of the day it was made",
            fact.name,
            "best-before-early",
            ends,
            f"{made} or later",
            "correct one of the two days",
        )


def _check_range(event: SupplyEvent, fact: Fact) -> None:
    start = fact.name.rpartition(".")[0]
    values = {each.name: Decimal(each.value) for each, _ in all_facts(event) if each.kind == "reading"}
    order = [
        values[name] for end in ("minValue", "meanValue", "maxValue") if (name := f"{start}.{end}") in values
    ]
    if order != sorted(order):
        raise refusal(
            "the least, the mean and the most are out of order",
            fact.name,
            "correction-range",
            " · ".join(f"{value:f}" for value in order),
            "least <= mean <= most",
            "correct all of them that are wrong",
        )


def _not_a_fact(name: str, known: Mapping[str, object]) -> EventInvalid:
    if name.split(".")[0] in _GOODS:
        return refusal(
            "which goods it was and what was done with them cannot be put right word by word",
            name,
            "correction-goods",
            name,
            ", ".join(known),
            "declare the entry wrong (did_not_occur) and record the right one",
        )
    return refusal(
        "the entry says nothing of this name",
        name,
        "correction-fact",
        name,
        ", ".join(known),
        "give one of these names",
    )


def _future(fact: Fact, value: str, now: datetime) -> EventInvalid:
    return refusal(
        "this lies in the future",
        fact.name,
        "correction-future",
        value,
        f"{now.isoformat(timespec='minutes')} or earlier",
        "give the time it really happened",
    )
