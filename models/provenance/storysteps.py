"""The steps of a story: what happened to a lot, in order, each with its proof against the newest witness.

Rule: a step that only other items of the lot took is not told of this one; an unproven step says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, bindparam, select

from models.projections.codes import Thing
from models.provenance.names import party_names, place_names
from models.provenance.trace import Trace, TraceEvent
from models.tables import items as item_table
from models.tables import steps as step_table
from models.views import batches

Part = Literal["in", "out", "self"]


@dataclass(frozen=True, slots=True)
class ProofBadge:
    """Which tree proves an entry: `witnessed` if an outside witness has cosigned a tree that holds it."""

    index: int
    size: int
    witnessed: bool


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One event on the way from origin to shelf; `depth` counts transformations back from the lot.

    Args:
        place: (id, name, English name) or `None`.
        lots: (lot, quantity, unit, in | out | self).
        signer: who signed the entry, where that is not the party itself.
    """

    index: int
    event_type: str
    biz_step: str | None
    disposition: str | None
    event_time: datetime
    record_time: datetime
    place: tuple[str, str, str | None] | None
    party: str
    party_name: str
    lots: tuple[tuple[str, Decimal | None, str | None, Part], ...]
    depth: int
    proof: ProofBadge
    party_name_en: str | None = None
    signer: str | None = None
    via: str | None = None


def steps_of(
    connection: Connection, thing: Thing, traced: Trace, size: int, witnessed_size: int
) -> tuple[StoryStep, ...]:
    """Return the steps of a thing, in the order of its trace.

    Args:
        size: of the ledger; witnessed_size: how many entries an outside witness has vouched for.
    """
    others = _of_other_items(connection, thing)
    shown = [event for event in traced.events if event.index not in others]
    told = {}
    for batch in batches(sorted(event.index for event in shown)):
        for entry, recorded, signer in connection.execute(_TOLD, {"entries": batch}):
            told[entry] = (recorded, signer)
    parties = party_names(connection, (event.party for event in shown))
    places = place_names(connection, (event.place for event in shown))
    steps = []
    for event in shown:
        recorded, signer = told[event.index]
        place = None if event.place is None else places[event.place]
        steps.append(
            StoryStep(
                index=event.index,
                event_type=event.type,
                biz_step=event.biz_step,
                disposition=event.disposition,
                event_time=event.event_time,
                record_time=recorded,
                place=None if place is None else (place.id, place.name, place.name_en),
                party=event.party,
                party_name=parties[event.party].name,
                lots=_lots(event),
                depth=event.depth,
                proof=ProofBadge(event.index, max(size, witnessed_size), event.index < witnessed_size),
                party_name_en=parties[event.party].name_en,
                signer=None if signer == event.party else signer,
                via=event.via,
            )
        )
    return tuple(steps)


_TOLD = select(step_table.c.index.label("entry"), step_table.c.record_time, step_table.c.signer).where(
    step_table.c.index.in_(bindparam("entries", expanding=True))
)


def _lots(event: TraceEvent) -> tuple[tuple[str, Decimal | None, str | None, Part], ...]:
    parts: Sequence[tuple[Iterable[tuple[str, Decimal | None, str | None]], Part]] = (
        (event.inputs, "in"),
        (event.outputs, "out"),
        (event.lots, "self"),
    )
    return tuple((named, quantity, uom, part) for amounts, part in parts for named, quantity, uom in amounts)


def _of_other_items(connection: Connection, thing: Thing) -> set[int]:
    """Return the entries that are only about other items of the same lot."""
    if thing.item is None:
        return set()
    rows = connection.execute(
        select(item_table.c.index.label("entry"), item_table.c.item).where(item_table.c.code == thing.code)
    ).all()
    mine = {row.entry for row in rows if row.item == thing.item}
    return {row.entry for row in rows} - mine
