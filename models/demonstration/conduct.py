"""How the parties behave: inspections, complaints, reviews and certificates, from resources/demo.

Rule: what people say is kept apart from what is recorded: a telling carries the words, its event never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import resources
from ledger.events.evidence import Certificate, Complaint, Inspection, Review
from ledger.events.supply import ObjectEvent
from models.demonstration.cast import Cast
from models.demonstration.telling import Telling, at, draw, tell, today

Shelf = Mapping[str, list[tuple[date, str]]]
STEPS_BEFORE = {"filed": (), "accepted": ("filed",)}
OUTCOME_AFTER = ("filed", "accepted")


def conduct(cast: Cast, now: datetime, told: Iterable[Telling]) -> Iterator[Telling]:
    """Tell what others found and said about the parties; `told` is what they did, for the lots concerned."""
    written = resources.document("demo/conduct.json")
    shelf = _shelf(cast, told)
    yield from _certificates(cast, now, written["certificates"])
    for subject, visits in written["inspections"].items():
        for visit in visits:
            yield _inspected(cast, now, subject, visit)
    for subject, cases in written["complaints"].items():
        for case in cases:
            yield from _complained(cast, now, subject, case, written["words"], shelf)
    yield from _reviews(cast, now, written, shelf)


def _shelf(cast: Cast, told: Iterable[Telling]) -> Shelf:
    """Return what each shop sold, by day: reviews and complaints are about such lots."""
    keys = {actor.id: key for key, actor in cast.actors.items()}
    shelf: dict[str, list[tuple[date, str]]] = {key: [] for key in cast.actors}
    for telling in told:
        event = telling.event
        if isinstance(event, ObjectEvent) and event.biz_step == "retail_selling":
            lot = event.quantity_list[0].epc_class
            shelf[keys[telling.party]].append((today(event.event_time), lot))
    return {key: sorted(sold) for key, sold in shelf.items()}


def _bought(shelf: Shelf, shop: str, day: date) -> str | None:
    """Return the lot the shop had sold last by `day`, if that was lately."""
    lately = [lot for sold, lot in shelf[shop] if timedelta() <= day - sold <= timedelta(days=30)]
    return lately[-1] if lately else None


def _day(now: datetime, ago: int) -> date:
    return today(now) - timedelta(days=ago)


def _inspected(cast: Cast, now: datetime, subject: str, visit: list[Any]) -> Telling:
    ago, kind, critical, serious, minor, summary = visit
    actor = cast.actors[subject]
    event = Inspection(
        at(_day(now, ago), f"{9 + draw(7, subject, ago):02}:{draw(60, ago, subject):02}"),
        actor.id,
        kind,
        critical,
        serious,
        minor,
        actor.category or "general",
        summary=summary,
        place=actor.place,
    )
    return tell(cast.id("inspectorate"), event)


def _complained(
    cast: Cast, now: datetime, subject: str, case: list[Any], words: Mapping[str, list[str]], shelf: Shelf
) -> Iterator[Telling]:
    ago, kind, severity, outcome, days = case
    day = _day(now, ago)
    said = words[kind][draw(len(words[kind]), subject, ago)]
    steps = STEPS_BEFORE.get(outcome, OUTCOME_AFTER)
    for number, status in enumerate((*steps, outcome)):
        event = Complaint(
            at(day + timedelta(days=(0, 1, max(days, 2))[number]), ("12:10", "09:40", "16:20")[number]),
            cast.id(subject),
            f"DEMO-{subject}-{day:%Y%m%d}",
            status,
            kind,
            lot=_bought(shelf, subject, day),
            severity=severity,
        )
        yield tell(cast.id("inspectorate" if number else "desk"), event, None if number else said)


def _reviews(cast: Cast, now: datetime, written: Mapping[str, Any], shelf: Shelf) -> Iterator[Telling]:
    for subject, habit in written["reviews"].items():
        for number, ago in enumerate(range(habit["from"], 0, -habit["every"])):
            stars = habit["stars"][number % len(habit["stars"])]
            moment = at(_day(now, ago), f"{18 + draw(4, subject, ago)}:{draw(60, subject, ago, 'm'):02}")
            said = written["words"][stars]
            words = said[draw(len(said), subject, ago, "w")]
            rater = f"r{draw(240, subject, ago, 'r'):03}"
            yield _reviewed(cast, subject, moment, int(stars), rater, words, shelf)
    for subject, ago, count, stars, raters in written["bursts"]:
        said = written["words"]["burst"]
        for number in range(count):
            moment = at(_day(now, ago), f"{22 + number // 20}:{number * 3 % 60:02}")
            rater = f"r{900 + number % raters}"
            yield _reviewed(cast, subject, moment, stars, rater, said[number % len(said)], shelf)


def _reviewed(
    cast: Cast, subject: str, moment: datetime, stars: int, rater: str, words: str, shelf: Shelf
) -> Telling:
    lot = _bought(shelf, subject, today(moment))
    event = Review(moment, cast.id(subject), stars, lot=lot, channel="desk", rater=rater)
    return tell(cast.id("desk"), event, words)


def _certificates(cast: Cast, now: datetime, rows: Iterable[list[Any]]) -> Iterator[Telling]:
    first: dict[str, date] = {}
    for subject, scheme, number, ago, days, products, status in rows:
        day = _day(now, ago)
        begins = first.setdefault(number, day)
        event = Certificate(
            at(day, "10:00"),
            cast.id(subject),
            scheme,
            number,
            begins,
            begins + timedelta(days=days),
            tuple(cast.products[key].id for key in products),
            status,
            cast.actors["certifier"].name,
        )
        yield tell(cast.id("certifier"), event)
