"""Correct what was recorded: declare it wrong, and say it right in the same breath.

Rule: nothing recorded is changed or removed. Only who signed an event can declare it wrong; the declaration
repeats the event with the reason, and both it and the event that corrects it stay in the ledger for good.
Source: EPCIS 2.0 7.4.1.4 (`errorDeclaration`, `correctiveEventIDs`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine

from ledger.errors import EventInvalid, LedgerError
from ledger.events.supply import ErrorDeclaration, SupplyEvent
from ledger.events.vocabulary import ERROR_REASONS
from ledger.receipts import Receipt
from models.finding import Finding
from models.importing import read_parts
from models.provenance.correction import Correction, corrections
from models.provenance.facts import Fact, all_facts, amounts_of, codes_of, facts_of
from models.provenance.names import PartyName, PlaceName, party_names, place_names
from models.provenance.preview import findings_for_all
from models.provenance.restating import restated, with_amounts
from models.recorder import Recorder
from models.views import reading

_PART = 4096


@dataclass(frozen=True, slots=True)
class Standing:
    """How one entry stands.

    Args:
        event: the supply event it records, None for any other entry.
        correction: how it was declared wrong, None while it stands.
        mine: its author's key lies here; declares: it is itself such a declaration.
        party: its author.
    """

    index: int
    event: SupplyEvent | None
    correction: Correction | None
    mine: bool
    declares: bool
    party: str = ""

    @property
    def open(self) -> bool:
        """Say whether it can be corrected here and now."""
        return self.event is not None and self.correction is None and self.mine and not self.declares


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an entry said and its correction says otherwise, both as text.

    Args:
        fact: what it said; of an amount `name` is its lot.
        value: what it says from now on, "" for nothing.
    """

    fact: Fact
    value: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What correcting an entry would record: the right events, then the declaration.

    Args:
        changes: what would be said otherwise.
    """

    events: tuple[SupplyEvent, ...]
    changes: tuple[Change, ...]
    party: str


class Corrections:
    """Ask how entries stand, and correct them."""

    def __init__(self, recorder: Recorder, views: Engine) -> None:
        self._recorder, self._views = recorder, views

    def of_lot(self, code: str) -> tuple[Correction, ...]:
        """Return what was declared wrong of everything that happened to a lot."""
        with reading(self._views) as connection:
            return corrections(connection, self._recorder.reader, [code])

    def codes(self, index: int) -> tuple[str, ...]:
        """Return the codes of everything an entry is about."""
        event = self._recorder.reader.entry(index).event
        return codes_of(event) if isinstance(event, SupplyEvent) else ()

    def amounts(self, standing: Standing) -> tuple[tuple[str, Decimal, str | None], ...]:
        """Return the amounts an entry states, each lot once: (lot, amount, unit)."""
        found: dict[str, tuple[str, Decimal, str | None]] = {}
        for one in amounts_of(standing.event) if standing.event is not None else ():
            if one.quantity is not None:
                found.setdefault(one.epc_class, (one.epc_class, one.quantity, one.uom))
        return tuple(found.values())

    def standing(self, index: int) -> Standing:
        """Return how an entry stands."""
        entry = self._recorder.reader.entry(index)
        event = entry.event
        if not isinstance(event, SupplyEvent):
            return Standing(index, None, None, False, False)
        with reading(self._views) as connection:
            told = corrections(connection, self._recorder.reader, codes_of(event))
        found = next((each for each in told if each.index == index), None)
        mine = entry.party in self._recorder.home.identities()
        return Standing(index, event, found, mine, event.error_declaration is not None, entry.party)

    def facts(self, standing: Standing) -> tuple[Fact, ...]:
        """Return what can be put right of an entry word by word, amounts aside."""
        return () if standing.event is None else facts_of(standing.event, standing.party)

    def names(self, facts: Iterable[Fact], values: Iterable[str] = ()) -> dict[str, PartyName | PlaceName]:
        """Return what the parties and places in these facts are called, and those of these ids."""
        told = [*facts]
        also = [value for value in values if value]
        with reading(self._views) as connection:
            parties = [fact.value for fact in told if fact.kind == "party" and fact.value]
            places = [fact.value for fact in told if fact.kind == "place" and fact.value]
            called = party_names(connection, [*parties, *also])
            known = place_names(connection, [*places, *also])
        return {**called, **{code: place for code, place in known.items() if place.name != code}}

    def plan(
        self,
        index: int,
        reason: str,
        amounts: Mapping[str, Decimal] | None = None,
        instead: Sequence[SupplyEvent] = (),
        facts: Mapping[str, str] | None = None,
    ) -> Plan:
        """Return what correcting an entry would record, and what it changes; nothing is written.

        Args:
            amounts: the right amount by lot, in the unit of the entry; the rest of the event was right.
            instead: whole events that say it right.
            facts: what else was wrong, each fact by its name; a party or a place also by its name.

        Raises:
            EventInvalid: the reason, an amount or a fact does not fit.
            LedgerError: the entry cannot be corrected, or not by anybody here.
        """
        standing = self.standing(index)
        event = _correctable(standing)
        _check_reason(reason, bool(amounts or facts or instead))
        right = [_named(self._fresh_id(), each) for each in instead]
        changes: tuple[Change, ...] = ()
        if amounts or facts:
            meant = self._meant(event, facts or {})
            told = restated(with_amounts(event, amounts or {}), meant, standing.party, self._recorder.clock())
            changes = _changes(event, told, meant)
            if not changes:
                raise _nothing(next(iter(facts or {}), "quantity"))
            right.append(replace(told, event_id=self._fresh_id()))
        ids = tuple(each.event_id for each in right if each.event_id is not None)
        wrong = replace(event, error_declaration=ErrorDeclaration(self._recorder.clock(), reason, ids))
        return Plan((*right, wrong), changes, standing.party)

    def findings(self, plan: Plan) -> tuple[Finding, ...]:
        """Return what a correction would bring to light."""
        with reading(self._views) as connection:
            return findings_for_all(connection, plan.events, plan.party, self._recorder.clock())

    def correct(
        self,
        index: int,
        reason: str,
        amounts: Mapping[str, Decimal] | None = None,
        instead: Sequence[SupplyEvent] = (),
        facts: Mapping[str, str] | None = None,
    ) -> tuple[Receipt, ...]:
        """Declare an entry wrong, after recording what is right; the declaration's receipt comes last.

        Args:
            amounts, instead, facts: as for `plan`, which also says what is refused.
        """
        return self.record(self.plan(index, reason, amounts, instead, facts))

    def record(self, plan: Plan) -> tuple[Receipt, ...]:
        """Record a correction as planned; the declaration's receipt comes last."""
        return self._recorder.record_all(plan.events, as_party=plan.party)

    def read(self, path: Path) -> tuple[SupplyEvent, ...]:
        """Return the events that a file states, for `instead`; one bad row refuses the whole file."""
        events: list[SupplyEvent] = []
        for part in read_parts(path, self._recorder.clock(), None, _PART):
            if part.refused:
                raise part.refused[0]
            events += part.supply
        return tuple(events)

    def _meant(self, event: SupplyEvent, facts: Mapping[str, str]) -> dict[str, str]:
        """Return the facts with the ids of parties and places that are named by their names."""
        kinds = {fact.name: fact.kind for fact, _ in all_facts(event)}
        return {name: self._id_of(kinds.get(name, ""), text.strip()) for name, text in facts.items()}

    def _id_of(self, kind: str, text: str) -> str:
        if kind == "party" and ":" not in text:
            return self._recorder.party(text).id
        if kind == "place" and ":" not in text:
            fits = {place.id for place in self._recorder.places() if text in (place.name, place.name_en)}
            return fits.pop() if len(fits) == 1 else text
        return text

    def _fresh_id(self) -> str:
        return f"urn:uuid:{uuid.UUID(bytes=self._recorder.home.random(16), version=4)}"


def _changes(was: SupplyEvent, told: SupplyEvent, facts: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what one event says otherwise than the other, amounts first."""
    weighed = [
        Change(Fact(old.epc_class, "amount", _plain(old.quantity), unit=old.uom), _plain(new.quantity))
        for old, new in zip(amounts_of(was), amounts_of(told), strict=True)
        if old.quantity != new.quantity
    ]
    said = [
        Change(fact, facts[fact.name])
        for fact, _ in all_facts(was)
        if fact.name in facts and facts[fact.name] != fact.value
    ]
    return (*dict.fromkeys(weighed), *said)


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _nothing(field: str) -> EventInvalid:
    return EventInvalid(
        "nothing is changed",
        field=field,
        code="correction-nothing",
        expected="at least one thing that was written down wrongly",
        remedy="change what is wrong, or say that it never happened (did_not_occur)",
    )


def _named(fresh: str, event: SupplyEvent) -> SupplyEvent:
    return event if event.event_id is not None else replace(event, event_id=fresh)


def _correctable(standing: Standing) -> SupplyEvent:
    if standing.event is None or standing.declares:
        raise LedgerError(
            "only an event of goods can be declared wrong",
            code="correction-kind",
            found=f"entry {standing.index}",
            expected="a registration, movement, transformation or sale",
            remedy="other entries have steps of their own: a gate is lifted, a ruling is appealed",
        )
    if standing.correction is not None:
        raise LedgerError(
            "this entry is declared wrong already",
            code="correction-twice",
            found=f"entry {standing.correction.declared} says so",
            expected="an entry that stands",
            remedy="correct the entry that took its place, if that is wrong as well",
        )
    if not standing.mine:
        raise LedgerError(
            "only who signed an entry can declare it wrong",
            code="correction-stranger",
            found="the key of its author does not lie here",
            expected="the author's own installation",
            remedy="ask its author to correct it, or file a complaint",
        )
    return standing.event


def _check_reason(reason: str, corrected: bool) -> None:
    if reason not in ERROR_REASONS:
        raise EventInvalid(
            "there is no such reason",
            field="reason",
            code="correction-reason",
            found=reason,
            expected=", ".join(sorted(ERROR_REASONS)),
            remedy="did_not_occur: it never happened; incorrect_data: it was written down wrongly",
        )
    if reason == "did_not_occur" and corrected:
        raise EventInvalid(
            "what never happened has no right amount",
            field="reason",
            code="correction-never",
            found=reason,
            expected="incorrect_data",
            remedy="give the reason incorrect_data, or leave the amounts out",
        )
