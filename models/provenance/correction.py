"""Where a printed code leads after its registration was declared wrong: to what corrects it.

Rule: a printed link never leads nowhere. The declaration names the events that correct the wrong one
(EPCIS 2.0 7.4.1.4, `correctiveEventIDs`); what those made is what the old label stands on.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.events.supply import SupplyEvent
from ledger.reader import Reader
from models.projections.codes import thing_of
from models.provenance.lots import lots_named
from models.tables import moves, steps
from models.views import key

_FURTHEST = 16


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
