"""Correct what was recorded: declare it wrong, and say it right in the same breath.

Rule: nothing recorded is changed or removed. Only who signed an event can declare it wrong; the declaration
repeats the event with the reason, and both it and the event that corrects it stay in the ledger for good.
Source: EPCIS 2.0 7.4.1.4 (`errorDeclaration`, `correctiveEventIDs`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ledger.errors import EventInvalid, LedgerError
from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    ErrorDeclaration,
    ObjectEvent,
    Quantity,
    SupplyEvent,
    TransactionEvent,
    TransformationEvent,
)
from ledger.events.vocabulary import ERROR_REASONS
from ledger.receipts import Receipt
from models.importing import read_parts
from models.provenance.correction import Correction, corrections
from models.recorder import Recorder
from models.views import reading

_PART = 4096
_LISTS = {
    ObjectEvent: ("quantity_list",),
    TransactionEvent: ("quantity_list",),
    AggregationEvent: ("child_quantity_list",),
    AssociationEvent: ("child_quantity_list",),
    TransformationEvent: ("input_quantity_list", "output_quantity_list"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one entry stands.

    Args:
        event: the supply event it records, None for any other entry.
        correction: how it was declared wrong, None while it stands.
        mine: its author's key lies here; declares: it is itself such a declaration.
    """

    index: int
    event: SupplyEvent | None
    correction: Correction | None
    mine: bool
    declares: bool

    @property
    def open(self) -> bool:
        """Say whether it can be corrected here and now."""
        return self.event is not None and self.correction is None and self.mine and not self.declares


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
        return Standing(index, event, found, mine, event.error_declaration is not None)

    def correct(
        self,
        index: int,
        reason: str,
        amounts: Mapping[str, Decimal] | None = None,
        instead: Sequence[SupplyEvent] = (),
    ) -> tuple[Receipt, ...]:
        """Declare an entry wrong, after recording what is right; the declaration's receipt comes last.

        Args:
            amounts: the right amount by lot, in the unit of the entry; the rest of the event was right.
            instead: whole events that say it right.

        Raises:
            EventInvalid: the reason or an amount does not fit.
            LedgerError: the entry cannot be corrected, or not by anybody here.
        """
        entry = self._recorder.reader.entry(index)
        event = _correctable(self.standing(index))
        _check_reason(reason, bool(amounts or instead))
        right = [_named(self._fresh_id(), each) for each in instead]
        if amounts:
            right.append(replace(with_amounts(event, amounts), event_id=self._fresh_id()))
        ids = tuple(each.event_id for each in right if each.event_id is not None)
        told = replace(event, error_declaration=ErrorDeclaration(self._recorder.clock(), reason, ids))
        return self._recorder.record_all([*right, told], as_party=entry.party)

    def read(self, path: Path) -> tuple[SupplyEvent, ...]:
        """Return the events that a file states, for `instead`; one bad row refuses the whole file."""
        events: list[SupplyEvent] = []
        for part in read_parts(path, self._recorder.clock(), None, _PART):
            if part.refused:
                raise part.refused[0]
            events += part.supply
        return tuple(events)

    def _fresh_id(self) -> str:
        return f"urn:uuid:{uuid.UUID(bytes=self._recorder.home.random(16), version=4)}"


def codes_of(event: SupplyEvent) -> tuple[str, ...]:
    """Return the codes of everything an event is about."""
    amounts = [amount.epc_class for amount in amounts_of(event)]
    epcs = [code for name in ("epc_list", "child_epcs", "input_epc_list", "output_epc_list")
            for code in getattr(event, name, ())]  # fmt: skip
    parent = getattr(event, "parent_id", None)
    return tuple(dict.fromkeys([*amounts, *epcs, *([parent] if parent else [])]))


def amounts_of(event: SupplyEvent) -> tuple[Quantity, ...]:
    """Return every amount an event states, inputs before outputs."""
    return tuple(amount for name in _LISTS[type(event)] for amount in getattr(event, name))


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
        for name in _LISTS[type(event)]
    }
    return replace(event, **changes)


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
