"""Cut a bundle into texts for a row of QR codes, and put one together again, in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from ledger import bundle
from ledger.bundle import BundleReport
from ledger.envelope import open_leaf
from ledger.errors import LedgerError
from ledger.events import codec
from ledger.reader import Reader
from ledger.tlog.note_keys import SignerKey

__all__ = ["PART", "BundleReport", "TwoVersions", "adopt", "joined", "parts_of", "two_versions"]
PART = bundle.PART


def parts_of(data: bytes) -> tuple[str, ...]:
    """Return a bundle as texts, each for one QR code."""
    return bundle.split(data)


def joined(parts: Iterable[str]) -> bytes:
    """Return the bundle of these texts.

    Raises:
        LedgerError: `bundle-parts-missing`, naming them, or `bundle-malformed`.
    """
    data, missing = bundle.join(parts)
    if data is None:
        raise LedgerError(
            "some of the codes of this bundle are missing",
            code="bundle-parts-missing",
            found=", ".join(str(number + 1) for number in missing),
            expected="every code of the row, in any order",
            remedy="photograph the missing ones too and give all pictures together",
        )
    return data


def adopt(engine: Engine, data: bytes, log_key: SignerKey, clock: Callable[[], datetime]) -> BundleReport:
    """Make a ledger of our own, under our own log key, from another's whole bundle.

    Raises:
        LedgerError: `bundle-partial`, or what reading the bundle raises.
    """
    return bundle.adopt(engine, bundle.read_bundle(data), log_key=log_key, clock=clock)


@dataclass(frozen=True, slots=True)
class TwoVersions:
    """What one author said twice under one number: the entry here, and how the other version differs.

    Args:
        index: the entry that this ledger has.
        party: who signed both.
        differences: (field, here, there).
    """

    index: int
    party: str
    differences: tuple[tuple[str, str, str], ...]


def two_versions(reader: Reader) -> tuple[TwoVersions, ...]:
    """Return every conflict that was kept, as what it is: two signed versions."""
    found = []
    for conflict in reader.conflicts():
        here = dict(_flat(codec.document(reader.entry(conflict.rival).event)))
        envelope = open_leaf(conflict.leaf)
        there = dict(_flat(envelope.event))
        names = [name for name in dict.fromkeys([*here, *there]) if here.get(name) != there.get(name)]
        rows = tuple((name, here.get(name, ""), there.get(name, "")) for name in names)
        found.append(TwoVersions(conflict.rival, envelope.author.party, rows))
    return tuple(found)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _flat(each, f"{path}[{number}]")
    else:
        yield path, str(value)
