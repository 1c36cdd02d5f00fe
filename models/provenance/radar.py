"""Was the code of one item copied: places too far apart, sold twice, never printed, on sale after its sale.

    hours needed = max(min(km, 300) / 350, km / 900)      express train nearby, aeroplane far away

Rule: only what an honest item cannot do is a conflict. A household carries its purchase anywhere and may
scan it often; a return, a declared error or a voided entry takes the sale back. Bounds are data
(`resources/factors/radar.json`). Worked number: 300 km in 30 minutes needs 0.857 h and is impossible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import resources
from models.finding import Finding, finding
from models.provenance.distance import Point, kilometres

_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Sighting:
    """One item seen at one moment.

    Args:
        kind: made, moved, sold, returned, scan (in somebody's hand) or shelf (scanned while on sale).
        party: who sold, moved or scanned it.
        point: where, if known; `blur_km` is how far off that may be.
    """

    index: int
    time: datetime
    kind: str
    party: str
    point: Point | None = None
    blur_km: float = 0.0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """What is known of a lot's serials: the entry that named them, and whether this one is among them."""

    entries: tuple[int, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """The data file, as numbers."""

    near_km: float
    air_kmh: float
    rail_kmh: float
    rail_until_km: float
    clock_minutes: float
    resale_minutes: float
    stray_places: int
    stray_apart_km: float

    def possible(self, km: float, hours: float) -> bool:
        """Say whether one item can go that far in that time, clocks a little off."""
        needed = max(min(km, self.rail_until_km) / self.rail_kmh, km / self.air_kmh)
        return km <= self.near_km or needed <= hours + self.clock_minutes / 60


@lru_cache(maxsize=1)
def bounds() -> Bounds:
    """Return the bounds in force."""
    document = resources.document("factors/radar.json")
    values = {name: float(Decimal(document[name])) for name in Bounds.__slots__}
    return Bounds(**{**values, "stray_places": int(values["stray_places"])})  # type: ignore[arg-type]  # the one whole number


def conflicts(
    item: str,
    sightings: Sequence[Sighting],
    printed: Printed | None = None,
    travelled: Sequence[Point] = (),
) -> tuple[Finding, ...]:
    """Return why an item's code may be a copy; nothing when one honest item explains everything.

    Args:
        sightings: everything known of this serial, in any order.
        printed: what is known of the serials printed for its lot, `None` when nobody listed them.
        travelled: where the ledger says that its lot was.
    """
    known = sorted(sightings, key=lambda each: (each.time, each.index))
    return (
        *_unprinted(item, known, printed),
        *_twice(item, known),
        *_after_sale(item, known),
        *_apart(item, known),
        *_strays(item, known, travelled),
    )


def _unprinted(item: str, known: Sequence[Sighting], printed: Printed | None) -> Iterator[Finding]:
    if printed is not None and not printed.named:
        seen = tuple(each.index for each in known)
        yield finding("cloned-never-printed", "bad", item, (*printed.entries, *seen))


def _twice(item: str, known: Sequence[Sighting]) -> Iterator[Finding]:
    """Sold again though nobody brought it back."""
    for first, second in _open_sales(known, {"sold"}):
        if (first.party, first.time, first.place) != (second.party, second.time, second.place):
            yield finding(
                "cloned-sold-twice",
                "bad",
                item,
                (first.index, second.index),
                sender=first.party,
                receiver=second.party,
                first=first.time.isoformat(),
                second=second.time.isoformat(),
            )


def _after_sale(item: str, known: Sequence[Sighting]) -> Iterator[Finding]:
    """On a shelf, or in the chain again, after it was sold."""
    slack = timedelta(minutes=bounds().resale_minutes)
    for sale, later in _open_sales(known, {"shelf", "moved"}):
        if later.time > sale.time + slack:
            code = "cloned-on-shelf-after-sale" if later.kind == "shelf" else "cloned-moved-after-sale"
            yield finding(
                code,
                "bad",
                item,
                (sale.index, later.index),
                party=later.party,
                first=sale.time.isoformat(),
                second=later.time.isoformat(),
            )
            return


def _open_sales(known: Sequence[Sighting], kinds: set[str]) -> Iterator[tuple[Sighting, Sighting]]:
    """Give each sale with what of `kinds` came after it and before anybody brought it back."""
    sale: Sighting | None = None
    for each in known:
        back = each.kind == "returned" or (each.kind == "moved" and sale and each.party == sale.party)
        if sale is not None and back:
            sale = None  # the seller has it in hand again
        elif sale is not None and each.kind in kinds:
            yield sale, each
        if each.kind == "sold":
            sale = each


def _apart(item: str, known: Sequence[Sighting]) -> Iterator[Finding]:
    """In two places that are too far apart for the time between."""
    placed = [each for each in known if each.point is not None and each.kind in ("sold", "scan", "shelf")]
    found: list[tuple[float, Finding]] = []
    for first, second in pairwise(placed):
        if first.point is None or second.point is None:
            continue
        km = max(0.0, kilometres(first.point, second.point) - first.blur_km - second.blur_km)
        hours = (second.time - first.time) / timedelta(hours=1)
        if not bounds().possible(km, hours):
            told = finding(
                "cloned-too-far-apart",
                "bad",
                item,
                (first.index, second.index),
                km=round(km),
                minutes=round(hours * 60),
                origin=first.place,
                target=second.place,
            )
            found.append((km / (hours + 0.01), told))
    worst = sorted(found, key=lambda pair: -pair[0])[:_MOST_TOLD]
    yield from (told for _, told in worst)


def _strays(item: str, known: Sequence[Sighting], travelled: Sequence[Point]) -> Iterator[Finding]:
    """Scanned in more places, far from each other and from its way, than one purchase gets around."""
    rule = bounds()
    kept: list[Sighting] = []
    for each in known:
        if each.kind not in ("scan", "shelf") or each.point is None:
            continue
        elsewhere = [*travelled, *(other.point for other in kept if other.point is not None)]
        if all(kilometres(each.point, point) - each.blur_km > rule.stray_apart_km for point in elsewhere):
            kept.append(each)
    if len(kept) >= rule.stray_places:
        yield finding(
            "cloned-many-places",
            "bad",
            item,
            tuple(each.index for each in kept),
            n=len(kept),
            places=" · ".join(dict.fromkeys(each.place for each in kept)),
        )
