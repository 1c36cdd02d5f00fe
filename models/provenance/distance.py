"""Where places lie, and how far apart.

Rule: only what somebody said. A place without coordinates, outside the earth, or at 0,0 (what devices say
when they do not know) lies nowhere, and nothing is concluded from it.
"""

from __future__ import annotations

import math
from decimal import Decimal

from models.provenance.names import PlaceName

Point = tuple[float, float]
EARTH_KM = 6371.0


def kilometres(first: Point, second: Point) -> float:
    """Return the great-circle distance between two (latitude, longitude) pairs in degrees.

    >>> round(kilometres((39.9, 116.4), (31.2, 121.5)))
    1071
    """
    (a, b), (c, d) = (tuple(map(math.radians, point)) for point in (first, second))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def point_of(named: PlaceName | None) -> Point | None:
    """Return a place's coordinates, from its master data or its `geo:` name."""
    if named is None:
        return None
    latitude, longitude = named.latitude, named.longitude
    if latitude is None and longitude is None and named.id.startswith("geo:"):
        try:
            north, east = named.id[4:].partition(";")[0].split(",")[:2]
            latitude, longitude = Decimal(north), Decimal(east)
        except (ArithmeticError, ValueError):
            return None
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return (float(latitude), float(longitude)) if latitude or longitude else None


def blur_km(named: PlaceName | None) -> float:
    """Return how far the true place may lie from a rounded point: half the diagonal of its square.

    >>> round(blur_km(PlaceName("geo:45.8,126.5", "")), 1), blur_km(PlaceName("urn:x", "", None, Decimal(1)))
    (7.9, 0.0)
    """
    if named is None or named.latitude is not None or not named.id.startswith("geo:"):
        return 0.0
    places = max(len(part.partition(".")[2]) for part in named.id[4:].partition(";")[0].split(",")[:2])
    return 111.32 * 10.0**-places / math.sqrt(2)
