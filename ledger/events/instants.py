"""Points in time as text: what others write, and the one text we write.

Rule: a time without a zone is refused, never guessed; digits beyond microseconds are cut off.
Source: ISO 8601 as profiled by RFC 3339 and XML Schema dateTimeStamp.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from ledger.events.checks import refusal

_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):?(\d\d))", re.ASCII
)


def parse_instant(value: object, field: str) -> datetime:
    """Return the instant of an ISO 8601 text with time zone; digits beyond microseconds are cut off.

    >>> parse_instant("2021-10-05T11:10:00.0000000+00:00", "eventTime").isoformat()
    '2021-10-05T11:10:00+00:00'
    """
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise refusal(
            "not a time with a time zone",
            field,
            "instant-unreadable",
            value,
            "such as 2026-07-22T06:45:00+08:00",
        )
    day, clock, fraction, _, sign, hours, minutes = match.groups()
    try:
        plain = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '')[:6].ljust(6, '0')}")
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return plain.replace(tzinfo=timezone(-offset if sign == "-" else offset)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise refusal(
            "no such time", field, "instant-impossible", value, "a day and time that exist"
        ) from error


def instant_text(moment: datetime) -> str:
    """Return the one text of an instant: UTC with Z, microseconds only where there are any.

    >>> instant_text(parse_instant("2026-07-22T06:45:00.500+08:00", "time"))
    '2026-07-21T22:45:00.500000Z'
    """
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat()[:-6] + "Z"
