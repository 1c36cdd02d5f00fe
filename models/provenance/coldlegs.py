"""The measured journeys of a lot, with the series behind each where it is kept here.

Rule: a leg is told even where its series is not: then only its least, mean and most are known, and whether
the series was removed on request or lies elsewhere. A file that names no zone is read back in the zone it
was taken in with: the event's first instant says which that was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, Engine, select

from ledger.errors import EventInvalid, LedgerError
from models.projections.codes import thing_of
from models.provenance import lots as lot_views
from models.provenance.coldchain import Assessment, Limits, Sample, assess, limits_for
from models.provenance.contradictions import product_attributes
from models.provenance.lineage import reach
from models.provenance.loggers import LoggerFile, logger_text, read_logger
from models.tables import erasures, passages, sensors, steps
from models.views import batches, reading

Kept = Literal["here", "removed", "elsewhere", "unreadable"]
OPENED = 8
"""How many series are opened for one page: the worst and newest; the others show their summary."""
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_READ = tuple(
    sensors.c[name]
    for name in ("part", "device", "time", "since", "until", "value", "least", "most", "mean", "raw_digest")
)
_WIDEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class ColdLeg:
    """One leg's temperatures in degrees Celsius, from its series or from its summary alone.

    Args:
        samples: the series; empty unless `kept` is "here".
        assessment: what the series says; none without one.
        unread: rows of the series that cannot be read.
    """

    index: int
    lot: str
    actor: str
    device: str | None
    since: datetime
    until: datetime
    least: Decimal | None
    mean: Decimal | None
    most: Decimal | None
    limits: Limits | None
    digest: str | None
    kept: Kept = "elsewhere"
    samples: tuple[Sample, ...] = ()
    assessment: Assessment | None = None
    unread: int = 0

    @property
    def status(self) -> str:
        """Return fail, pass or unknown; a summary alone can fail, but whether it had gaps nobody can see."""
        if self.limits is None:
            return "unknown"
        if self.assessment is not None:
            return self.assessment.status
        warm = self.most is not None and self.most > self.limits.most
        cold = self.limits.least is not None and self.least is not None and self.least < self.limits.least
        return "fail" if warm or cold else "unknown"


class ColdLegs:
    """The measured journeys in one ledger's views.

    Args:
        material: opens what the vault keeps under a SHA-256; none when it is not kept here.
        resolve: turns what a person typed into the code the views know.
    """

    def __init__(
        self,
        views: Engine,
        material: Callable[[str], bytes | None],
        resolve: Callable[[Connection, str], str],
    ) -> None:
        self._views, self._material, self._resolve = views, material, resolve

    def of(self, code: str) -> tuple[ColdLeg, ...]:
        """Return the legs of a lot and of what it was made from: failed ones first, then the newest."""
        with reading(self._views) as connection:
            lot = thing_of(self._resolve(connection, code)).code
            depth = reach(connection, [lot], "back").depth
            found = list(_summaries(connection, depth))
            gone = _removed(connection, [leg.digest for leg in found if leg.digest])
        found.sort(key=lambda leg: (leg.status != "fail", depth[leg.lot], -leg.until.timestamp(), leg.index))
        return tuple(self._opened(leg, gone) if number < OPENED else leg for number, leg in enumerate(found))

    def _opened(self, leg: ColdLeg, gone: set[str]) -> ColdLeg:
        if leg.digest is None:
            return leg
        if leg.digest in gone:
            return replace(leg, kept="removed")
        try:
            data = self._material(leg.digest)
            file = None if data is None else _read_back(data, leg.since)
        except (EventInvalid, LedgerError):
            return replace(leg, kept="unreadable")
        if file is None:
            return leg
        if not file.samples:
            return replace(leg, kept="unreadable")
        judged = assess(file.samples, leg.limits) if leg.limits else _unjudged(file.samples)
        return replace(leg, kept="here", samples=file.samples, assessment=judged, unread=len(file.refused))


def _read_back(data: bytes, since: datetime) -> LoggerFile:
    """Read a series in the zone in which its first reading is the leg's first instant."""
    text = logger_text(data, "series")
    plain = read_logger(text, "series", UTC)
    ahead = plain.samples[0].time - since if plain.samples else timedelta(0)
    if not ahead or abs(ahead) > _WIDEST_ZONE or ahead % timedelta(minutes=1):
        return plain
    return read_logger(text, "series", timezone(ahead))


def _unjudged(samples: tuple[Sample, ...]) -> Assessment:
    return assess(samples, Limits(Decimal(1000), None, ""))


def _summaries(connection: Connection, depth: Mapping[str, int]) -> Iterable[ColdLeg]:
    rows = lot_views.lots_named(connection, depth)
    attributes = product_attributes(connection, rows)
    nearest: dict[tuple[int, int], Any] = {}
    for batch in batches(sorted(depth)):
        query = (
            select(passages.c.lot, steps.c.actor, sensors.c.index.label("entry"), *_READ)
            .join_from(passages, sensors, sensors.c.index == passages.c.index)
            .join(steps, steps.c.index == passages.c.index)
            .where(passages.c.lot.in_(batch), sensors.c.kind == "Temperature", sensors.c.uom == "CEL")
        )
        for row in connection.execute(query):
            known = nearest.get((row.entry, row.part))
            if known is None or (depth[row.lot], row.lot) < (depth[known.lot], known.lot):
                nearest[(row.entry, row.part)] = row
    for row in nearest.values():
        category = rows[row.lot].category if row.lot in rows else None
        leg = _summary(row, limits_for(category, attributes.get(row.lot)))
        if leg is not None:
            yield leg


def _summary(row: Any, limits: Limits | None) -> ColdLeg | None:
    least, most = (row.value if each is None else each for each in (row.least, row.most))
    moments = [each for each in (row.since, row.until, row.time) if each is not None]
    if (least is None and most is None and row.mean is None) or not moments:
        return None
    digest = _DIGEST.search((row.raw_digest or "").lower())
    mean = row.value if row.mean is None else row.mean
    since, until = row.since or min(moments), row.until or max(moments)
    found = None if digest is None else digest[0]
    return ColdLeg(row.entry, row.lot, row.actor, row.device, since, until, least, mean, most, limits, found)


def _removed(connection: Connection, digests: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for batch in batches(sorted(set(digests))):
        query = select(erasures.c.vault_id).where(erasures.c.vault_id.in_(batch))
        found |= set(connection.scalars(query))
    return found
