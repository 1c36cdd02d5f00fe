"""The table of application identifiers: formats, checks, associations, Digital Link keys.

Rule: facts only, restated from the GS1 Barcode Syntax Dictionary in resources/vocab/gs1_ai.json, where each
row keeps the dictionary's own notation: `N14,csum` is 14 digits with a check digit, `[X..17]` an optional
tail, `req=01+21,02` needs (01) with (21), or (02); `dlpkey=22,10,21|235` lists the qualifiers of a key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import resources

_COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,\w+)*)")
LONGEST_VALUE = 90


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a value: its character set (N, X, Y or Z), length bounds and named content checks."""

    charset: str
    least: int
    most: int
    optional: bool
    linters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the table says about one application identifier.

    `requires` holds one tuple per `req=`: alternatives, each a group of patterns that must all be present.
    `paths` holds the key alone and with every ordered choice of qualifiers; empty when it is no key.
    """

    ai: str
    separated: bool
    attribute: bool
    components: tuple[Component, ...]
    requires: tuple[tuple[tuple[str, ...], ...], ...]
    excludes: tuple[str, ...]
    paths: frozenset[tuple[str, ...]]
    sequences: tuple[tuple[str, ...], ...]
    title: str

    @property
    def shortest(self) -> int:
        """Return the least length of a value."""
        return sum(part.least for part in self.components if not part.optional)

    @property
    def longest(self) -> int:
        """Return the greatest length of a value."""
        return sum(part.most for part in self.components)


def entry_of(ai: str, *, unknown: bool = False) -> Entry | None:
    """Return the row of exactly this AI; with `unknown`, also a made-up row for digits nobody assigned."""
    table = _entries()
    if ai in table:
        return table[ai]
    if not unknown or not 2 <= len(ai) <= 4 or not (ai.isascii() and ai.isdigit()):
        return None
    if any(known.startswith(ai) or ai.startswith(known) for known in table):
        return None
    expected = _lengths().get(ai[:2])
    return _unknown(ai) if expected in (None, len(ai)) else None


def entry_at(data: str, *, unknown: bool = False) -> Entry | None:
    """Return the row whose AI begins `data`; an unknown AI only where its first digits tell its length."""
    table = _entries()
    for length in (2, 3, 4):
        if data[:length] in table:
            return table[data[:length]]
    length = _lengths().get(data[:2], 0)
    if unknown and length and data[:length].isdigit() and len(data) >= length:
        return _unknown(data[:length])
    return None


def is_path(sequence: tuple[str, ...]) -> bool:
    """Return whether these AIs, in this order, may be the path of a Digital Link."""
    entry = _entries().get(sequence[0]) if sequence else None
    return entry is not None and sequence in entry.paths


def is_unknown(entry: Entry) -> bool:
    """Return whether the row was made up for digits nobody assigned."""
    return entry.ai not in _entries()


@cache
def code_list(name: str) -> frozenset[str]:
    """Return one of the lists the checks need: currencies, countries, countries_alpha, package_types."""
    return frozenset(_document()[name].split())


@cache
def _document() -> dict[str, str]:
    document: dict[str, str] = resources.document("vocab/gs1_ai.json")
    return document


@cache
def _entries() -> dict[str, Entry]:
    return {entry.ai: entry for row in _document()["rows"] for entry in _read_row(*row)}


@cache
def _lengths() -> dict[str, int]:
    """Return how many digits an AI has by its first two, where every known AI agrees."""
    found: dict[str, set[int]] = {}
    for ai in _entries():
        found.setdefault(ai[:2], set()).add(len(ai))
    return {start: lengths.pop() for start, lengths in found.items() if len(lengths) == 1}


def _read_row(ais: str, flags: str, specification: str, attributes: str, title: str) -> list[Entry]:
    words = attributes.split()
    keys = [word.partition("=")[2] for word in words if word.startswith("dlpkey")]
    sequences = tuple(tuple(choice.split(",")) if choice else () for key in keys for choice in key.split("|"))
    requires = tuple(
        tuple(tuple(group.split("+")) for group in word[4:].split(","))
        for word in words
        if word.startswith("req=")
    )
    excludes = tuple(pattern for word in words if word.startswith("ex=") for pattern in word[3:].split(","))
    first, _, last = ais.partition("-")
    names = [str(number).zfill(len(first)) for number in range(int(first), int(last or first) + 1)]
    return [
        Entry(
            ai=name,
            separated="*" not in flags,
            attribute="?" in flags,
            components=tuple(_read_component(part) for part in specification.split()),
            requires=requires,
            excludes=excludes,
            paths=frozenset((name, *chosen) for sequence in sequences for chosen in _choices(sequence)),
            sequences=sequences,
            title=title,
        )
        for name in names
    ]


def _read_component(text: str) -> Component:
    match = _COMPONENT.fullmatch(text)
    assert match is not None, f"resources/vocab/gs1_ai.json holds an unreadable format {text!r}"
    optional, charset, variable, length, linters = match.groups()
    least = 1 if variable else int(length)
    return Component(charset, least, int(length), bool(optional), tuple(linters.split(",")[1:]))


def _choices(sequence: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [chosen for count in range(len(sequence) + 1) for chosen in combinations(sequence, count)]


def _unknown(ai: str) -> Entry:
    value = Component("X", 1, LONGEST_VALUE, False, ())
    return Entry(ai, True, True, (value,), (), (), frozenset(), (), "UNKNOWN")
