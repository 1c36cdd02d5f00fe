"""Who plays in the demonstration: parties, their places and their products, read from resources/demo.

Rule: every identifier carries GS1's demonstration prefix 952, so nothing here can be taken for somebody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import resources
from ledger.events.values import PartyId

WEB = "https://id.gs1.org"


@dataclass(frozen=True, slots=True)
class Place:
    """A shop, a field, a mill: a GLN with a name and a position."""

    key: str
    id: str
    name: str
    name_en: str
    latitude: str
    longitude: str


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation of the story and the places it owns, its main one first."""

    key: str
    id: PartyId
    name: str
    name_en: str
    roles: tuple[str, ...]
    category: str | None
    since_days: int
    places: tuple[Place, ...]

    @property
    def place(self) -> str:
        """Return the id of the main place."""
        return self.places[0].id


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the story."""

    key: str
    maker: str
    gtin: str
    name: str
    name_en: str
    category: str

    @property
    def id(self) -> str:
        """Return the product's own id."""
        return f"{WEB}/01/{self.gtin}"

    def lot(self, number: str) -> str:
        """Return the id of one of its lots."""
        return f"{self.id}/10/{number}"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything, by the short key the story uses."""

    actors: Mapping[str, Actor]
    products: Mapping[str, Product]

    def id(self, key: str) -> PartyId:
        """Return the id of the party called `key` in the story."""
        return self.actors[key].id

    def place(self, actor: str, number: int = 0) -> str:
        """Return the id of a party's place: 0 is the main one."""
        return self.actors[actor].places[number].id


def read_cast() -> Cast:
    """Return the cast that ships with the program."""
    document = resources.document("demo/cast.json")
    return Cast(
        {each["key"]: _actor(each) for each in document["parties"]},
        {each["key"]: Product(**each) for each in document["products"]},
    )


def _actor(written: Mapping[str, Any]) -> Actor:
    return Actor(
        key=written["key"],
        id=PartyId(f"{WEB}/417/{written['gln']}"),
        name=written["name"],
        name_en=written["name_en"],
        roles=tuple(written["roles"]),
        category=written["category"],
        since_days=written["since_days"],
        places=tuple(_place(each) for each in written["places"]),
    )


def _place(written: Mapping[str, str]) -> Place:
    rest = {name: value for name, value in written.items() if name != "gln"}
    return Place(id=f"{WEB}/414/{written['gln']}", **rest)
