"""What parties and places are called, for everything that shows them.

Rule: a name is looked up, never guessed; what has no name is shown by its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.finding import Finding
from models.tables import parties, places
from models.views import batches, keeps, once

FEW = 100


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party's registered name, and its English one where it has one."""

    id: str
    name: str
    name_en: str | None = None
    enrolled: bool = False


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place's name, and where it lies if somebody said."""

    id: str
    name: str
    name_en: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    area_mu: Decimal | None = None
    party: str | None = None


def party_names(connection: Connection, ids: Iterable[str | None]) -> dict[str, PartyName]:
    """Return what these parties are called; the unknown by their ids."""
    wanted, known = {named for named in ids if named is not None}, once(connection, "parties")
    if wanted and not known and keeps(connection):
        # Most ledgers have few parties: one look at all of them, not one for each chapter of a story.
        known.update({row.party: _party(row) for row in connection.execute(_FIRST)})
        known[None] = len(known) < FEW
    missing = sorted(wanted - known.keys())
    for batch in () if known.get(None) else batches(missing):
        known.update({row.party: _party(row) for row in connection.execute(_PARTIES, {"ids": batch})})
    known.update({named: PartyName(named, named) for named in missing if named not in known})
    return {named: known[named] for named in wanted}


def _party(row: Row[*tuple[Any, ...]]) -> PartyName:
    return PartyName(row.party, row.name, row.name_en, row.enrolled_index is not None)


def place_names(connection: Connection, ids: Iterable[str | None]) -> dict[str, PlaceName]:
    """Return what these places are called; the unknown by their ids."""
    wanted, known = {named for named in ids if named is not None}, once(connection, "places")
    for batch in batches(sorted(wanted - known.keys())):
        known.update({named: PlaceName(named, named) for named in batch})
        for row in connection.execute(_PLACES, {"ids": batch}):
            name = row.name or row.place
            known[row.place] = PlaceName(
                row.place, name, row.name_en, row.latitude, row.longitude, row.area_mu, row.party
            )
    return {named: known[named] for named in wanted}


def with_names(connection: Connection, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings that call parties by their names; `party_en` beside `party` where one is enrolled."""
    listed = tuple(dict.fromkeys(findings))
    ids = {
        part for found in listed for name, value in found.params if name in _WHO for part in value.split(_AND)
    }
    names = party_names(connection, ids)
    return tuple(
        _named(found, names) if any(name in _WHO for name, _ in found.params) else found for found in listed
    )


def _named(found: Finding, names: dict[str, PartyName]) -> Finding:
    params: list[tuple[str, str]] = []
    for name, value in found.params:
        if name not in _WHO:
            params.append((name, value))
            continue
        called = [names[part] for part in value.split(_AND)]
        params.append((name, _AND.join(each.name for each in called)))
        if any(each.name_en for each in called):
            params.append((f"{name}_en", _AND.join(each.name_en or each.name for each in called)))
    return replace(found, params=tuple(params))


_WHO = frozenset({"party", "holder", "sender", "receiver", "reporter", "expected", "parties"})
_AND = " · "
_NAMES = select(parties.c.party, parties.c.name, parties.c.name_en, parties.c.enrolled_index)
_PARTIES = _NAMES.where(parties.c.party.in_(bindparam("ids", expanding=True)))
_FIRST = _NAMES.order_by(parties.c.party).limit(FEW)
_PLACES = select(places).where(places.c.place.in_(bindparam("ids", expanding=True)))
