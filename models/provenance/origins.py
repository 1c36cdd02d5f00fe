"""The origin stories told about a lot, and whether the photos at hand are the ones their authors signed.

Rule: the newest story of an author about a thing holds; one that was voided is not told. A photo is the same
when its SHA-256 is; a changed photo is shown as changed, never quietly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.projections.codes import product_of, thing_of
from models.provenance.lineage import reach
from models.provenance.lots import lots_named
from models.provenance.names import party_names
from models.provenance.sightings import voided
from models.tables import origins
from models.views import batches

PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Told:
    """One origin story; `photos` are (name, digest, caption)."""

    index: int
    author: str
    author_name: str
    author_name_en: str | None
    about: str
    event_time: datetime
    title: str
    text: str
    photos: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class PhotoCheck:
    """A signed photo and the file of its name: same, changed or missing."""

    name: str
    digest: str
    status: str
    found: str | None = None


def origins_of(connection: Connection, code: str) -> tuple[Told, ...]:
    """Return the stories about a lot, what it was made of, its products, makers and places; newest first."""
    lot = thing_of(code).code
    return told_of(connection, lot, reach(connection, [lot], "back").depth)


def told_of(connection: Connection, lot: str, made_of: Iterable[str]) -> tuple[Told, ...]:
    """Return the same for a lot whose origins somebody has followed already."""
    about = {lot, product_of(lot)}
    for row in lots_named(connection, made_of).values():
        about |= {row.lot, product_of(row.lot), row.origin_party, row.origin_place}
    return told_about(connection, (each for each in about if each is not None))


def told_about(connection: Connection, about: Iterable[str]) -> tuple[Told, ...]:
    """Return the newest story of each author about each of these things; newest first."""
    found: list[Row[*tuple[Any, ...]]] = []
    for batch in batches(sorted(set(about))):
        found += connection.execute(_TOLD, {"about": batch}).all()
    void = voided(connection, [row.entry for row in found]) if found else set()
    newest = {(row.author, row.about): row for row in found if row.entry not in void}
    names = party_names(connection, (row.author for row in newest.values()))
    listed = [
        Told(
            row.entry,
            row.author,
            names[row.author].name,
            names[row.author].name_en,
            row.about,
            row.event_time,
            row.title,
            row.text,
            tuple((each["name"], each["digest"], each["caption"]) for each in row.photos),
        )
        for row in newest.values()
    ]
    return tuple(sorted(listed, key=lambda told: -told.index))


_TOLD = (
    select(origins, origins.c.index.label("entry"))
    .where(origins.c.about.in_(bindparam("about", expanding=True)))
    .order_by(origins.c.index)
)


def check_photos(told: Told, folder: Path) -> tuple[PhotoCheck, ...]:
    """Compare the files of a folder with the digests that were signed."""
    return tuple(_check(name, digest, folder / Path(name).name) for name, digest, _ in told.photos)


def digest_of(path: Path) -> str:
    """Return the hex SHA-256 of a file, read piece by piece."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def _check(name: str, digest: str, path: Path) -> PhotoCheck:
    if not path.is_file():
        return PhotoCheck(name, digest, "missing")
    found = digest_of(path)
    return PhotoCheck(name, digest, "same" if found == digest else "changed", found)
