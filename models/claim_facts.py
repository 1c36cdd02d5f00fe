"""What a lot's story says, as the plain facts that claims lawful only if true are judged by.

Rule: a carrier carries and a processor makes; neither stands between origin and seller as a dealer would. A
claim is made now: goods still on the shelf grow older until now, goods that were sold stopped then. Only
inspections of the lot itself, or of what is in it, say anything of its tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from models.claims.crosscheck import CertificateFact, Facts
from models.provenance.gates import Report
from models.provenance.story import Story
from models.provenance.storysteps import StoryStep

_BORN = ("commissioning", "creating_class_instance")
_SENT = ("shipping", "departing")
_CAME = ("receiving", "arriving")
_DEALS = frozenset(("merchant", "cooperative", "administrator", "consumer"))
_NOT_FOUND = ("nd", "n.d.", "未检出", "not detected")
_METALS = frozenset(
    ("lead", "cadmium", "mercury", "arsenic", "inorganic arsenic", "chromium", "tin", "nickel")
)
_GONE = ("retail_selling", "consuming", "sold")


def facts_of(
    story: Story,
    roles: Mapping[str, Iterable[str]] | None = None,
    at: datetime | None = None,
    reports: Iterable[Report] = (),
) -> Facts:
    """Return the facts of a story.

    Args:
        roles: what each party is enrolled as; a party that is not in it counts as a dealer.
        reports: the laboratory reports about the lot and what it was made from.
        at: when the claim is made; without it, when the last thing happened.
    """
    if story.lot is None:
        return Facts()
    born = _born(story.steps)
    return Facts(
        known=True,
        certificates=tuple(
            CertificateFact(row.scheme, row.standing, row.entries) for row in story.certificates
        ),
        inspections=tuple(
            (row.index, row.critical + row.serious) for row in story.inspections if row.lot is not None
        ),
        reports=tuple((each.index, each.verdict, _clean(each)) for each in reports),
        harvested=None if born is None else (born.event_time, born.index),
        legs=tuple(_legs(story.steps)),
        hands=_hands(story.steps, born, roles or {}),
        until=_until(story.steps, at),
    )


def _clean(report: Report) -> bool:
    """Say whether a report looked for residues and detected none; metals are no residues of farming."""
    sought = [each for each in report.results if each.substance not in _METALS]
    return bool(sought) and all(
        each.value.lstrip().startswith("<") or each.value.strip().lower() in _NOT_FOUND for each in sought
    )


def _born(steps: Iterable[StoryStep]) -> StoryStep | None:
    """Return the first harvest; where none is told of, the first making of what is deepest in the lot."""
    listed = sorted(steps, key=lambda step: (step.event_time, step.index))
    harvests = [step for step in listed if "harvest" in (step.biz_step or "").lower()]
    made = [step for step in listed if step.biz_step in _BORN]
    return next(iter(harvests or made), None)


def _legs(steps: Iterable[StoryStep]) -> Iterable[tuple[datetime, datetime, tuple[int, ...]]]:
    """Give each journey from the sender's hand to the receiver's; a carrier's stops are no journeys."""
    listed = sorted(steps, key=lambda step: (step.event_time, step.index))
    whole = any(step.biz_step == "receiving" for step in listed)
    for step in listed:
        if step.biz_step in (_CAME[:1] if whole else _CAME):
            sent = [each for each in listed if each.biz_step in _SENT and each.event_time <= step.event_time]
            shipped = [each for each in sent if each.biz_step == "shipping" and each.party != step.party]
            if sent:
                start = (shipped or sent)[-1]
                yield start.event_time, step.event_time, (start.index, step.index)


def _hands(
    steps: Iterable[StoryStep], born: StoryStep | None, roles: Mapping[str, Iterable[str]]
) -> tuple[int, ...]:
    """Return the entries by which each dealer after the origin received the goods."""
    makers = {step.party for step in steps if step.event_type == "TransformationEvent"}
    found: dict[str, int] = {}
    for step in steps:
        if step.biz_step not in _CAME or (born is not None and step.party == born.party):
            continue
        known = set(roles.get(step.party, ()))
        carries = "carrier" in known and not known & _DEALS
        makes = "processor" in known and not known & _DEALS and step.party in makers
        if not carries and not makes:
            found.setdefault(step.party, step.index)
    return tuple(found.values())


def _until(steps: tuple[StoryStep, ...], at: datetime | None) -> tuple[datetime, int] | None:
    if not steps:
        return None
    last = max(steps, key=lambda step: (step.event_time, step.index))
    gone = [step for step in steps if step.biz_step in _GONE or step.disposition == "retail_sold"]
    if gone:
        first = min(gone, key=lambda step: (step.event_time, step.index))
        return first.event_time, first.index
    return (last.event_time if at is None else max(last.event_time, at)), last.index
