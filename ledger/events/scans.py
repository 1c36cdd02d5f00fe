"""Somebody scanned one item: which serial, when, roughly where, and whether it was still on sale.

Rule: nothing here points at a person. A place is a registered site or a point with at most one decimal
(some 11 km), an instant is a whole minute, and the signer is an installation, never a shopper. A code
without a serial says nothing about one item and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ledger.events import checks
from ledger.events.checks import put, refusal
from ledger.events.identifiers import canonical, serial_of

SETTINGS = ("shelf", "hand")
_POINT = re.compile(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?:[;,].*)?\Z")
_COARSE = re.compile(r"geo:-?\d{1,2}(?:\.\d)?,-?\d{1,3}(?:\.\d)?\Z")
_SITE = re.compile(r"https://id\.gs1\.org/41[47]/\d{13}\Z")


@dataclass(frozen=True, slots=True)
class ScanReceipt:
    """One item was scanned: `shelf` while it was offered for sale, `hand` by whoever had it, if said."""

    event_time: datetime
    code: str
    place: str | None = None
    setting: str | None = None

    def __post_init__(self) -> None:
        moment = checks.instant(self.event_time, "event_time")
        put(self, "event_time", moment.replace(second=0, microsecond=0))
        checks.identifier(self.code, "code")
        if serial_of(self.code) is None and ":product:serial:" not in self.code:
            raise refusal(
                "this code names no single item",
                "code",
                "scan-without-serial",
                self.code,
                "a code with a serial number, such as https://id.gs1.org/01/09521234543213/21/1001",
            )
        if self.place is not None:
            _coarse_place(checks.identifier(self.place, "place"))
        if self.setting is not None:
            checks.one_of(self.setting, SETTINGS, "setting", "scan-setting")


def coarse(place: str) -> str:
    """Return a place as a receipt may keep it: a point rounded to one decimal, anything else as it is.

    >>> coarse("geo:45.7731,126.6491;u=20"), coarse("45.77, 126.65")
    ('geo:45.8,126.6', 'geo:45.8,126.7')
    """
    text = place.strip()
    if re.fullmatch(r"-?\d+(?:\.\d+)?\s*[,，]\s*-?\d+(?:\.\d+)?", text):
        text = "geo:" + re.sub(r"\s*[,，]\s*", ",", text)
    point = _POINT.match(text)
    if point is None:
        return canonical(text)
    return "geo:" + ",".join(_rounded(number) for number in point.groups())


def _rounded(number: str) -> str:
    text = f"{float(number):.1f}"
    return "0.0" if text == "-0.0" else text


def _coarse_place(place: str) -> None:
    if _SITE.match(canonical(place)):
        return
    point = _POINT.match(place)
    if not _COARSE.match(place) or point is None:
        raise refusal(
            "a scan keeps only a coarse place",
            "place",
            "place-too-exact",
            place,
            "a point with one decimal such as geo:45.8,126.5, or the number of a registered site",
        )
    if abs(float(point[1])) > 90 or abs(float(point[2])) > 180:
        raise refusal("no such place on earth", "place", "place-off-earth", place, "geo:LATITUDE,LONGITUDE")
