"""One name for each thing, however an event writes it, and what kind of thing the name stands for.

Rule: lineage runs through lots. A single item belongs to its lot; a container holds lots for a while; a code
that names only a product (no lot, no serial) stands for many lots at once, and lineage stops there, because
following it would join chains that have nothing to do with each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ledger.errors import EventInvalid
from ledger.events.identifiers import canonical, check_digit, gtin_of, lot_number_of, lot_of
from models.views import key

_CONTAINER = re.compile(r"https://id\.gs1\.org/(00|8003|8004)/|urn:epc:id:(sscc|grai|giai):")
_CLASS = re.compile(r"https://id\.gs1\.org/01/\d{14}$|urn:gdst:[^:]+:product:class:")
_ITEM = re.compile(r"https://id\.gs1\.org/01/\d{14}/21/|urn:gdst:[^:]+:product:serial:")
_SERIAL = re.compile(r"(https://id\.gs1\.org/01/\d{14})/10/[^/]+(/21/.+)")
_PLAIN = re.compile(
    r"(?P<product>https://id\.gs1\.org/01/(?P<gtin>\d{14}))"
    r"(?:/10/(?P<lot>[A-Za-z0-9._-]{1,20}))?(?:/21/(?P<serial>[A-Za-z0-9._-]{1,20}))?\Z"
)
"""A link as we write most of them: nothing to unescape, nothing to put in order."""
_FOREIGN_LOT = re.compile(r"(urn:gdst:[^:]+:product:)lot:(class:.+)\.([^.]+)$")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a code names: the lot, container or class it belongs to, and the single item if it names one."""

    code: str
    item: str | None = None


@lru_cache(maxsize=65_536)
def thing_of(code: str) -> Thing:
    """Return the lot (or container, or class) that a code belongs to, under its one name.

    >>> thing_of("urn:epc:class:lgtin:9521234.054321.L1")
    Thing(code='https://id.gs1.org/01/09521234543213/10/L1', item=None)
    """
    plain = _plain(code)
    if plain is not None:
        return _thing(plain)
    try:
        name, lot = canonical(code), lot_of(code)
    except EventInvalid:
        return Thing(key(code))
    if lot is not None:
        return Thing(key(lot), key(name) if name != lot else None)
    return Thing(key(name), key(name) if _ITEM.match(name) else None)


def serial_key(item: str) -> str:
    """Return the one name of an item: a serial is unique within its product, with or without its lot.

    >>> serial_key("https://id.gs1.org/01/09521234543213/10/L1/21/7")
    'https://id.gs1.org/01/09521234543213/21/7'
    """
    found = _SERIAL.match(item)
    return item if found is None else found[1] + found[2]


def name_of(code: str) -> str:
    """Return the one name of a party or place, however it is written."""
    return thing_of(code).code


def kind_of(code: str, *, holds_others: bool = False) -> str:
    """Return lot, container, class or item; any code is a container once it held something."""
    if _CONTAINER.match(code) or holds_others:
        return "container"
    if _CLASS.match(code):
        return "class"
    return "item" if _ITEM.match(code) else "lot"


@lru_cache(maxsize=65_536)
def product_of(code: str) -> str | None:
    """Return the product a lot is of, by the id its master data uses, or `None` if the code does not say.

    >>> product_of("urn:gdst:example.org:product:lot:class:processor.2u.v1-0122-2022")
    'urn:gdst:example.org:product:class:processor.2u'
    """
    gtin = gtin_or_none(code)
    if gtin is not None:
        return f"https://id.gs1.org/01/{gtin}"
    foreign = _FOREIGN_LOT.match(code)
    if foreign is not None:
        return key(foreign[1] + foreign[2])
    return code if _CLASS.match(code) else None


def gtin_or_none(code: str) -> str | None:
    """Return the GTIN inside a code, or `None`."""
    plain = _plain(code)
    if plain is not None:
        return plain["gtin"]
    try:
        return gtin_of(code)
    except EventInvalid:
        return None


def lot_number(code: str) -> str | None:
    """Return the lot number as printed: AI 10 of a GS1 code, or the last part of a foreign lot class."""
    plain = _plain(code)
    if plain is not None:
        return plain["lot"]
    printed = lot_number_of(code)
    if printed is not None:
        return printed
    foreign = _FOREIGN_LOT.match(code)
    return None if foreign is None else foreign[3]


def _plain(code: str) -> re.Match[str] | None:
    """Return the parts of a plain sound product link; reading every code by the whole grammar takes long."""
    found = _PLAIN.match(code)
    return found if found is not None and _sound(found["gtin"]) else None


@lru_cache(maxsize=65_536)
def _sound(gtin: str) -> bool:
    return check_digit(gtin[:-1]) == gtin[-1]


def _thing(plain: re.Match[str]) -> Thing:
    item = plain[0] if plain["serial"] else None
    return Thing(plain[0] if plain["lot"] is None else f"{plain['product']}/10/{plain['lot']}", item)
