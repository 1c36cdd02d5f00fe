"""The readings behind the journey on which the cold broke: as a logger's file, made again from its summary.

Rule: the same journey gives the same bytes, so that the digest in the signed event is the file's own and the
file can be put into the vault beside it. The logger falls silent for a while, as loggers do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from ledger.events.supply import ObjectEvent
from ledger.events.values import FrozenMap
from models.demonstration.telling import Telling

LEAST = Decimal("0.4")
EVERY = timedelta(minutes=15)
PEAK, WIDTH = 0.42, 0.09
"""When the doors stood open, and for how long, as shares of the journey."""
SILENT = (0.66, 0.76)


def readings(since: datetime, until: datetime, most: Decimal) -> list[tuple[datetime, Decimal]]:
    """Return what the logger read: cold, once as warm as `most`, and for a while nothing."""
    count = int((until - since) / EVERY)
    peak = round(PEAK * count)
    found = []
    for number in range(count + 1):
        share = number / count
        if SILENT[0] < share < SILENT[1]:
            continue
        calm = 1.4 + 0.6 * math.sin(share * 40)
        bump = math.exp(-(((number - peak) / count / WIDTH) ** 2))
        value = Decimal(repr(round(calm + (float(most) - calm) * bump, 1)))
        found.append((since + number * EVERY, LEAST if number == 0 else value))
    return found


def logger_file(since: datetime, until: datetime, most: Decimal) -> bytes:
    """Return the readings as the logger's CSV file."""
    rows = (f"{moment.isoformat()},{value}\n" for moment, value in readings(since, until, most))
    return ("time,temperature °C\n" + "".join(rows)).encode()


def kept_series(tellings: Iterable[Telling]) -> Iterator[bytes]:
    """Yield the files that the tale's events cite, where they are one of these."""
    for telling in tellings:
        event = telling.event
        for element in event.sensor_element_list if isinstance(event, ObjectEvent) else ():
            if isinstance(element, FrozenMap):
                yield from _cited(element)


def _cited(element: FrozenMap) -> Iterator[bytes]:
    about: Any = element["sensorMetadata"]
    report: Any = element["sensorReport"]
    since, until = (datetime.fromisoformat(about[name]) for name in ("startTime", "endTime"))
    data = logger_file(since, until, Decimal(report[0]["maxValue"]))
    if about["rawData"].endswith(sha256(data).hexdigest()):
        yield data
