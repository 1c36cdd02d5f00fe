"""One leg of a cold chain as one event: the least, most and mean temperature, and the digest of the series.

Rule: the series itself lies in the vault under its SHA-256 and can be erased alone; the event says what it
came to, so that nothing personal and no thousand rows are ever hashed. A time without a measurement is
unknown, never good. Source: EPCIS 2.0 7.3.8 (sensor elements).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from ledger.errors import EventInvalid
from ledger.events.instants import instant_text
from ledger.events.supply import ObjectEvent, Quantity
from ledger.events.values import freeze
from models.provenance.coldchain import Assessment, Limits, assess, limits_for
from models.provenance.loggers import LoggerFile

UNLIMITED = Limits(Decimal(1000), None, "")
_TENTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Leg:
    """A logger's file beside the lot it travelled with.

    Args:
        limits: the product's; none: nobody has said, and nothing is judged.
    """

    file: LoggerFile
    limits: Limits | None
    assessment: Assessment
    digest: str

    @property
    def status(self) -> str:
        """Return pass, fail or unknown; without limits always unknown."""
        return "unknown" if self.limits is None else self.assessment.status


def leg_of(
    data: bytes, file: LoggerFile, name: str, category: str | None, attributes: dict[str, Any] | None = None
) -> Leg:
    """Return what a logger's file comes to for a product.

    Raises:
        EventInvalid: code `logger-empty`: no reading could be read.
    """
    if not file.samples:
        raise EventInvalid(
            "the file holds no reading",
            field="FILE",
            code="logger-empty",
            found=f"{len(file.refused)} rows that cannot be read",
            expected="a time and a temperature in each row",
            where=name,
            remedy="write times with the year first, such as 2026-03-01 08:30",
        )
    limits = limits_for(category, attributes)
    return Leg(file, limits, assess(file.samples, limits or UNLIMITED), sha256(data).hexdigest())


def event_of(leg: Leg, lot: str, device: str | None, now: datetime) -> ObjectEvent:
    """Return the one event of a leg, as of its last reading."""
    samples, found = leg.file.samples, leg.assessment
    metadata: dict[str, object] = {
        "startTime": instant_text(samples[0].time),
        "endTime": instant_text(samples[-1].time),
        "rawData": f"ni:///sha-256;{leg.digest}",
    }
    if device is not None:
        metadata["deviceID"] = device if ":" in device else f"urn:suxin:logger:{device}"
    report: dict[str, object] = {
        "type": "Temperature",
        "minValue": _degrees(found.least),
        "maxValue": _degrees(found.most),
        "meanValue": _degrees(sum(sample.celsius for sample in samples) / len(samples)),
        "uom": "CEL",
    }
    said = {
        "status": leg.status,
        "samples": len(samples),
        "meanKinetic": str(_degrees(found.mean_kinetic)),
        "degreeMinutes": str(_degrees(found.degree_minutes if leg.limits else 0.0)),
        "gapMinutes": int(sum((b - a).total_seconds() for a, b in found.gaps) // 60),
    }
    return ObjectEvent(
        min(samples[-1].time, now),
        "OBSERVE",
        quantity_list=(Quantity(lot),),
        biz_step="sensor_reporting",
        sensor_element_list=(freeze({"sensorMetadata": metadata, "sensorReport": [report]}),),
        extensions=freeze({"suxin:coldChain": said}),
    )


def _degrees(value: float | None) -> Decimal:
    return Decimal(repr(value or 0.0)).quantize(_TENTH)
