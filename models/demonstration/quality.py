"""A gate in the demonstration: stored apples leave only with a passed report, and one orchard's has passed.

Rule: the gate is set on the last days of the story, so nothing in it went through closed; the values lie
far under the limits that `resources/quality` dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ledger.events.quality import LabReport, Measured, QualityGate
from models.demonstration.apple import orchard_lot
from models.demonstration.cast import Cast
from models.demonstration.telling import Telling, at, harvest_days, tell, today

WHO = "apple-coop"
LABORATORY = "示范检测中心"
RESULTS = (("镉（以Cd计）", "0.008"), ("铅（以Pb计）", "0.02"))
FRESH_DAYS = 90


def quality(cast: Cast, now: datetime) -> Iterator[Telling]:
    """Tell of the gate and of the report that opens it for one lot."""
    set_on = today(now) - timedelta(days=3)
    gate = QualityGate(
        at(set_on, "09:00"), cast.products["apple"].id, ("shipping", "labelling"), "lab-report", FRESH_DAYS
    )
    yield tell(cast.id(WHO), gate)
    lot = orchard_lot(cast, harvest_days(now, 10, 6)[1], 1)
    measured = tuple(Measured(substance, value, "mg/kg") for substance, value in RESULTS)
    report = LabReport(
        at(set_on + timedelta(days=1), "15:20"),
        cast.id(WHO),
        lot,
        f"DEMO-{set_on:%Y%m%d}",
        measured,
        LABORATORY,
        set_on - timedelta(days=2),
    )
    yield tell(cast.id(WHO), report)
