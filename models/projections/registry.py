"""Fold who is who and what is what: parties, their roles and keys, places and products.

Rule: the newest word holds, except that master data (anybody may import it) never renames an enrolled party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, select

from ledger.events.governance import KeyAdded, KeyRevoked, MasterData, PartyEnrolled
from ledger.events.values import FrozenMap, Json
from ledger.public_key import PublicKey
from models import tables
from models.projections.codes import gtin_or_none, name_of
from models.projections.entries import Entry, plain
from models.projections.moves import local

_MU_PER_HECTARE = Decimal(15)


def fold_registry(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the rows of these entries."""
    for entry in entries:
        event = entry.event
        if isinstance(event, PartyEnrolled):
            _enrol(connection, entry.index, event)
        elif isinstance(event, KeyAdded):
            _add_key(connection, name_of(event.party), event.public_key, entry.index)
        elif isinstance(event, KeyRevoked):
            keys = tables.party_keys
            mine = (keys.c.party == name_of(event.party)) & (keys.c.key_id == event.key_id)
            connection.execute(
                keys.update().where(mine).values(revoked_index=entry.index, revoked_reason=event.reason)
            )
        elif isinstance(event, MasterData):
            _MASTER_DATA[event.kind](connection, entry.index, event)


def _enrol(connection: Connection, index: int, event: PartyEnrolled) -> None:
    party = name_of(event.party)
    row = {
        "party": party,
        "name": event.name,
        "name_en": event.name_en,
        "category": event.category,
        "place": None if event.place is None else name_of(event.place),
        "enrolled_index": index,
        "enrolled_time": event.event_time,
    }
    _put(connection, tables.parties, "party", row)
    connection.execute(tables.party_roles.delete().where(tables.party_roles.c.party == party))
    connection.execute(tables.party_roles.insert(), [{"party": party, "role": role} for role in event.roles])
    _add_key(connection, party, event.public_key, index)


def _add_key(connection: Connection, party: str, public_key: str, index: int) -> None:
    key_id = PublicKey(bytes.fromhex(public_key)).key_id
    keys = tables.party_keys
    known = connection.execute(
        select(keys.c.key_id).where(keys.c.party == party, keys.c.key_id == key_id)
    ).first()
    if known is None:
        row = {"party": party, "key_id": key_id, "public_key": public_key, "added_index": index}
        connection.execute(keys.insert(), row)


def _describe_party(connection: Connection, index: int, event: MasterData) -> None:  # noqa: ARG001
    party, said = name_of(event.id), _attributes(event)
    row = connection.execute(select(tables.parties).where(tables.parties.c.party == party)).mappings().first()
    if row is None or row["enrolled_index"] is None:
        _put(
            connection,
            tables.parties,
            "party",
            {
                "party": party,
                "name": _text(said, "name") or event.id,
                "name_en": _text(said, "name_en", "nameEn"),
            },
        )


def _describe_place(connection: Connection, index: int, event: MasterData) -> None:
    said = _attributes(event)
    hectares = _number(said, "areaHectare", "area_hectare")
    row = {
        "place": name_of(event.id),
        "name": _text(said, "name"),
        "name_en": _text(said, "name_en", "nameEn"),
        "latitude": _number(said, "latitude"),
        "longitude": _number(said, "longitude"),
        "area_mu": _number(said, "areaMu", "area_mu")
        or (None if hectares is None else hectares * _MU_PER_HECTARE),
        "party": _party(said),
        "attributes": plain(event.attributes),
        "index": index,
    }
    _put(connection, tables.places, "place", row)


def _describe_product(connection: Connection, index: int, event: MasterData) -> None:
    said = _attributes(event)
    row = {
        "product": name_of(event.id),
        "gtin": gtin_or_none(event.id),
        "name": _text(said, "name", "descriptionShort", "productName", "regulatedProductName"),
        "name_en": _text(said, "name_en", "nameEn"),
        "category": _text(said, "category"),
        "attributes": plain(event.attributes),
        "index": index,
    }
    _put(connection, tables.products, "product", row)


_MASTER_DATA = {"party": _describe_party, "location": _describe_place, "product": _describe_product}


def _put(connection: Connection, table: Table, name: str, row: dict[str, Any]) -> None:
    connection.execute(table.delete().where(table.c[name] == row[name]))
    connection.execute(table.insert(), row)


def _attributes(event: MasterData) -> dict[str, Json]:
    """Return the attributes by their names without prefixes; a plain name wins over a prefixed one."""
    if not isinstance(event.attributes, FrozenMap):
        return {}
    prefixed = {local(name): value for name, value in event.attributes.items()}
    return {**prefixed, **event.attributes}


def _text(said: Mapping[str, Json], *names: str) -> str | None:
    return next((value for name in names if isinstance(value := said.get(name), str) and value), None)


def _number(said: Mapping[str, Json], *names: str) -> Decimal | None:
    for name in names:
        value = said.get(name)
        if isinstance(value, int | Decimal | str) and not isinstance(value, bool):
            try:
                number = Decimal(value)
            except ArithmeticError:
                continue
            if number.is_finite() and abs(number.adjusted()) < 40:
                return number
    return None


def _party(said: Mapping[str, Json]) -> str | None:
    party = _text(said, "owning_party", "party")
    return None if party is None else name_of(party)
