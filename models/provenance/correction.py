"""What was declared wrong, why and by which entry, and where a code leads whose registration was.

Rule: a printed link never leads nowhere. The declaration names the events that correct the wrong one
(EPCIS 2.0 7.4.1.4, `correctiveEventIDs`); what those made is what the old label stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from ledger.events.supply import ErrorDeclaration, SupplyEvent
from ledger.reader import Reader
from models.projections.codes import thing_of
from models.projections.entries import EntrySource
from models.projections.moves import Step
from models.projections.shelf import load_moves, load_steps
from models.projections.withdrawn import declared_wrong
from models.provenance.lots import lots_named
from models.tables import moves, steps
from models.views import batches, key

_FURTHEST = 16


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry that its author declared wrong.

    Args:
        index: the entry that is wrong; type, biz_step, event_time, party: what it said, and who signed it.
        declared: the entry that says so; when: the time it gives; reason: its CBV word, or None.
        corrective: the entries that say it right, as far as they are here.
    """

    index: int
    type: str
    biz_step: str | None
    event_time: datetime
    party: str
    declared: int
    when: datetime
    reason: str | None
    corrective: tuple[int, ...]


def corrections(connection: Connection, source: EntrySource, codes: Iterable[str]) -> tuple[Correction, ...]:
    """Return what was declared wrong of everything that happened to these lots, in ledger order."""
    wanted: set[str] = set()
    for batch in batches(sorted({thing_of(code).code for code in codes})):
        wanted |= set(connection.scalars(_WRONG, {"codes": batch}))
    if not wanted:
        return ()
    found = [move for move in load_moves(connection, wanted)[0] if move.code in wanted]
    listed = load_steps(connection, {move.index for move in found}, found)[0]
    by_index = {step.index: step for step in listed}
    taken = declared_wrong(listed, found)
    return tuple(
        _correction(connection, source, by_index[index], by_index[taken[index]]) for index in sorted(taken)
    )


_WRONG = (
    select(moves.c.code)
    .join(steps, steps.c.index == moves.c.index)
    .where(moves.c.code.in_(bindparam("codes", expanding=True)), steps.c.in_error)
    .distinct()
)


def _correction(connection: Connection, source: EntrySource, wrong: Step, told: Step) -> Correction:
    declaration = _declaration(source, told.index)
    return Correction(
        index=wrong.index,
        type=wrong.type,
        biz_step=wrong.biz_step,
        event_time=wrong.event_time,
        party=wrong.signer,
        declared=told.index,
        when=declaration.declaration_time if declaration else told.record_time,
        reason=declaration.reason if declaration else None,
        corrective=_entries_named(connection, declaration.corrective_event_ids if declaration else ()),
    )


def _declaration(source: EntrySource, index: int) -> ErrorDeclaration | None:
    event = next(iter(source.entries(index, index + 1))).event
    return event.error_declaration if isinstance(event, SupplyEvent) else None


def _entries_named(connection: Connection, event_ids: Sequence[str]) -> tuple[int, ...]:
    if not event_ids:
        return ()
    named = steps.c.event_id.in_([key(each) for each in event_ids])
    return tuple(
        connection.scalars(select(steps.c.index).where(named, ~steps.c.in_error).order_by(steps.c.index))
    )


def corrected(connection: Connection, reader: Reader, code: str) -> str | None:
    """Return the lot that stands in the place of a code that was declared wrong, or nothing.

    A correction may itself have been corrected; where it made several lots, the first that stands is meant.
    """
    ahead, seen = [thing_of(code).code], set[str]()
    while ahead and len(seen) < _FURTHEST:
        lot = ahead.pop(0)
        seen.add(lot)
        if lot != thing_of(code).code and lots_named(connection, [lot]):
            return lot
        ahead += [each for each in _corrections(connection, reader, lot) if each not in seen]
    return None


def _corrections(connection: Connection, reader: Reader, lot: str) -> list[str]:
    told = (
        select(steps.c.index)
        .join(moves, moves.c.index == steps.c.index)
        .where(moves.c.code == lot, moves.c.role == "made", steps.c.in_error)
        .order_by(steps.c.index)
    )
    named: list[str] = []
    for index in connection.scalars(told):
        event = reader.entry(index).event
        if isinstance(event, SupplyEvent) and event.error_declaration is not None:
            named += [key(each) for each in event.error_declaration.corrective_event_ids]
    if not named:
        return []
    made = (
        select(moves.c.code)
        .join(steps, steps.c.index == moves.c.index)
        .where(steps.c.event_id.in_(named), moves.c.role == "made", ~steps.c.in_error)
        .order_by(moves.c.index, moves.c.part)
    )
    return list(dict.fromkeys(connection.scalars(made)))
