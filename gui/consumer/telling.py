"""Word a story: checks, steps, custody, certificates, inspections, findings, each as one line to show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gui.consumer.verdict import Answer
from gui.evidence import finding_item
from gui.widgets import TimelineItem
from gui.wording import (
    STATUS_KINDS,
    correction_text,
    entries_text,
    finding_text,
    recall_text,
    step_text,
    told,
)
from gui.words import Words

Items = tuple[TimelineItem, ...]
EXCURSION = "temperature-excursion"
COPIED = "cloned-"
PHOTO_KINDS = {"same": "ok", "changed": "bad", "missing": "neutral"}
STANDINGS = {"valid": "ok", "expired": "attention", "not-yet": "attention", "revoked": "bad"}


def warnings(words: Words, answer: Answer) -> tuple[str, ...]:
    """Return what a person must know before anything else: recalls, and a lot sold past its day."""
    story = answer.story
    found = [recall_text(words, notice) for notice in getattr(story, "recalls", ())]
    found += [
        finding_text(words, one) for one in getattr(story, "findings", ()) if one.code.startswith(COPIED)
    ]
    found += [
        words("story.photo.changed", name=photo.name, title=told_.title)
        for told_, photos in answer.origins
        for photo in photos
        if photo.status == "changed"
    ]
    if getattr(story, "lot", None) is None:
        found += [correction_text(words, one) for one in getattr(story, "corrections", ())]
    if answer.verdict in ("attention", "failed"):
        asking = [one for one in story.checks if one.status in ("attention", "fail") and one.code != "ledger"]
        found += [
            f"{words(f'check.{one.code}')}：{check_text(words, one)}"
            if words.chinese
            else f"{words(f'check.{one.code}')}: {check_text(words, one)}"
            for one in asking[:2]
        ]
    return tuple(dict.fromkeys(found))


def check_text(words: Words, check: Any) -> str:
    """Return what one check saw."""
    return told(words, f"check.{check.code}.{check.status}", check.params)


def step_items(words: Words, answer: Answer) -> Items:
    """Return the way from origin to shelf, oldest first; what was corrected stands there as corrected."""
    mixed = proof_of(answer) == "some"
    lines = [((step.event_time, step.index), _step(words, step, mixed)) for step in answer.story.steps]
    lines += [((one.event_time, one.index), _corrected(words, one)) for one in answer.story.corrections]
    return tuple(item for _, item in sorted(lines, key=lambda line: line[0]))


def proof_of(answer: Answer) -> str:
    """Return how many steps an outside witness vouches for: "all", "some" or "none"."""
    proven = [step.proof.witnessed for step in answer.story.steps]
    return "none" if not any(proven) else "all" if all(proven) else "some"


def tabs(words: Words, answer: Answer) -> tuple[tuple[str, Items], ...]:
    """Return everything else, kind by kind: (name, lines)."""
    story = answer.story
    return (
        ("custody", tuple(_span(words, span) for span in story.custody)),
        ("certificates", tuple(_certificate(words, row) for row in story.certificates)),
        ("promises", tuple(_promise(words, row) for row in answer.promises)),
        ("inspections", tuple(_inspection(words, row) for row in story.inspections)),
        (
            "storage",
            tuple(finding_item(words, one) for one in story.findings if one.code == "temperature-excursion"),
        ),
        ("scans", tuple(_scan(words, scan) for scan in story.scans)),
        ("origin", tuple(item for told_, photos in answer.origins for item in _origin(words, told_, photos))),
        ("carbon", _carbon(words, answer.carbon)),
        ("findings", tuple(finding_item(words, one) for one in story.findings)),
    )


def why_items(words: Words, answer: Answer) -> Items:
    """Return what a verdict rests on, gravest first."""
    order = {"fail": 0, "attention": 1, "unknown": 2, "pass": 3}
    checks = sorted(answer.story.checks, key=lambda one: order[one.status])
    return (
        *(
            TimelineItem(
                "",
                words(f"check.{one.code}"),
                check_text(words, one),
                STATUS_KINDS[one.status],
                words(f"status.{one.status}"),
                str(one.entries[-1]) if one.entries else "",
                entries_text(words, one.entries),
            )
            for one in checks
        ),
        *(finding_item(words, one) for one in answer.story.findings),
    )


def _corrected(words: Words, one: Any) -> TimelineItem:
    return TimelineItem(
        words.date(one.event_time),
        step_text(words, one.type, one.biz_step),
        correction_text(words, one),
        "neutral",
        words("entry.corrected"),
        str(one.index),
        "",
    )


def _step(words: Words, step: Any, mixed: bool) -> TimelineItem:
    title, amounts = step_text(words, step.event_type, step.biz_step), _amounts(words, step.lots)
    place = _local(words, step.place[1], step.place[2]) if step.place else ""
    party = _local(words, step.party_name, step.party_name_en)
    kind = "ok" if step.proof.witnessed else "attention"
    # Where no step is proven the heading says so once; where some are, each unproven one says it.
    badge = words("proof.unwitnessed") if mixed and not step.proof.witnessed else ""
    where = " · ".join(part for part in (party, place if place != party else "") if part)
    return TimelineItem(words.date(step.event_time), title, where, kind, badge, str(step.index), amounts)


def _amounts(words: Words, lots: Iterable[tuple[str, Any, str | None, str]]) -> str:
    """Return how much went in and came out; only the totals, a shopper does not count lots."""
    sums: dict[tuple[str, str | None], Any] = {}
    for _, quantity, uom, part in lots:
        if quantity is not None:
            sums[part, uom] = sums.get((part, uom), 0) + quantity

    def side(part: str) -> str:
        return words.listing(
            words.quantity(total, uom) for (name, uom), total in sums.items() if name == part
        )

    into, out, itself = side("in"), side("out"), side("self")
    return f"{into} → {out}" if into and out else into or out or itself


def _span(words: Words, span: Any) -> TimelineItem:
    until = words.date(span.until) if span.until else words("story.custody.now")
    place = _local(words, span.place_name, span.place_name_en) if span.place_name else ""
    kind, badge = ("ok", "both") if span.signed_both else ("attention", "one")
    if span.shipped_index is None and not span.signed_both:
        kind, badge = "neutral", "origin"
    return TimelineItem(
        words.date(span.since),
        _local(words, span.name, span.name_en),
        " · ".join(part for part in (words("story.custody.until", date=until), place) if part),
        kind,
        words(f"story.custody.{badge}"),
        str(span.received_index),
        words.quantity(span.quantity, span.uom) if span.quantity is not None else "",
    )


def _certificate(words: Words, row: Any) -> TimelineItem:
    span = words("certificate.span", first=row.valid_from, last=row.valid_until)
    return TimelineItem(
        words.date(row.valid_from),
        words.code("scheme", row.scheme),
        f"{row.number} · {span}",
        STANDINGS.get(row.standing, "attention"),
        words(f"story.standing.{row.standing}"),
        str(row.index),
        words(
            "story.certificate.between",
            issuer=_local(words, row.issuer_name, row.issuer_name_en),
            subject=_local(words, row.subject_name, row.subject_name_en),
        ),
    )


def _promise(words: Words, row: Any) -> TimelineItem:
    return TimelineItem(
        words.date(row.event_time),
        words("story.promise", number=row.number),
        words.listing(words.code("promise_basis", basis) for basis in row.basis),
        "ok",
        words("story.promise.stands"),
        str(row.index),
        _local(words, row.name, row.name_en),
    )


def _inspection(words: Words, row: Any) -> TimelineItem:
    counts = [(name, getattr(row, name)) for name in ("critical", "serious", "minor")]
    found = words.listing(words(f"inspection.count.{name}", n=n) for name, n in counts if n)
    outcome = "critical" if row.critical else "some" if found else "clean"
    return TimelineItem(
        words.date(row.event_time),
        words.code("inspection_kind", row.kind),
        found or words("inspection.count.none"),
        "bad" if row.critical else "attention" if found else "ok",
        words(f"inspection.outcome.{outcome}"),
        str(row.index),
        words(
            "story.inspection.between",
            inspector=_local(words, row.inspector_name, row.inspector_name_en),
            subject=_local(words, row.subject_name, row.subject_name_en),
        ),
    )


def _scan(words: Words, scan: Any) -> TimelineItem:
    setting = words(f"seen.setting.{scan.setting}") if scan.setting else ""
    return TimelineItem(
        words.date(scan.event_time),
        scan.place or words("seen.nowhere"),
        " · ".join(part for part in (_local(words, scan.author_name, scan.author_name_en), setting) if part),
        "neutral",
        "",
        str(scan.index),
    )


def _origin(words: Words, told_: Any, photos: Iterable[Any]) -> Items:
    """Return a story and its photos, each with whether it is the one that was signed."""
    by = _local(words, told_.author_name, told_.author_name_en)
    first = TimelineItem(
        words.date(told_.event_time), told_.title, f"{told_.text} · {by}", "ok", "", str(told_.index)
    )
    return (
        first,
        *(
            TimelineItem(
                "",
                photo.name,
                "",
                PHOTO_KINDS[photo.status],
                words(f"photo.{photo.status}"),
                str(told_.index),
            )
            for photo in photos
        ),
    )


def _carbon(words: Words, carbon: Any) -> Items:
    """Return the footprint and its legs; a range, its source and date, never one bare number."""
    if carbon is None or not any(carbon.total):
        return ()
    table = carbon.factors
    least, usual, most = (f"{cost:.2g}" for cost in (carbon.per_kg or carbon.total))
    key = "carbon.per_kg" if carbon.per_kg else "carbon.total"
    head = TimelineItem(
        words.date(table.as_of),
        words(key, least=least, usual=usual, most=most),
        words("carbon.source", region=table.region, n=carbon.unknown_legs),
        "info",
    )
    legs = (
        TimelineItem(
            "",
            f"{_local(words, leg.origin, leg.origin_en)} → {_local(words, leg.target, leg.target_en)}",
            words("carbon.leg", km=round(leg.km), kg=round(leg.mass_kg), mode=words(f"mode.{leg.mode}"))
            if leg.kg_co2e
            else words("carbon.leg.unknown"),
            "neutral",
            "",
            str(leg.entries[-1]),
        )
        for leg in carbon.legs
    )
    return (head, *legs)


def _local(words: Words, name: str, name_en: str | None) -> str:
    return name if words.chinese else name_en or name
