"""What follows a complaint's outcome in the demonstration: the notice to both sides, and one appeal.

Rule: as in the rest of the tale, everything follows from what was told; nobody is invented here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from ledger.events.cases import CaseStep
from ledger.events.evidence import Complaint
from models.demonstration.cast import Cast
from models.demonstration.telling import Telling, tell

NOTICE_AFTER = timedelta(days=1, hours=1)
APPEAL_AFTER = timedelta(days=3)
APPEALING = "haiwei"
"""The shop that contests its newest upheld complaint."""


def cases(cast: Cast, told: Iterable[Telling]) -> Iterator[Telling]:
    """Tell the notices after each decision, and the appeal against one."""
    decided = [
        telling.event
        for telling in told
        if isinstance(telling.event, Complaint) and telling.event.status in ("upheld", "rejected")
    ]
    for event in decided:
        yield tell(cast.id("inspectorate"), _step(event, "notified", NOTICE_AFTER))
    contested = [e for e in decided if e.subject == cast.id(APPEALING) and e.status == "upheld"]
    if contested:
        newest = max(contested, key=lambda event: event.event_time)
        yield tell(newest.subject, _step(newest, "appealed", APPEAL_AFTER))


def _step(event: Complaint, step: str, after: timedelta) -> CaseStep:
    return CaseStep(event.event_time + after, event.subject, event.complaint_id, step)
