"""What a person who scans a code is told: is it what it says, where was it, who answers for it.

Rule: every step names the entry it rests on and says whether that entry is under a witnessed checkpoint; an
unproven step is shown as unproven, never hidden. Checks are plain codes; a check without data is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from models.finding import Finding
from models.projections.codes import Thing, thing_of
from models.projections.entries import EntrySource
from models.provenance.certificates import CertificateRow, certificates_for
from models.provenance.checks import OF, Check, checks_of
from models.provenance.correction import Correction, corrections
from models.provenance.custody import CustodySpan, custody
from models.provenance.inspected import InspectionRow, inspections_of
from models.provenance.lots import LotRow, lots_named
from models.provenance.names import party_names, with_names
from models.provenance.origins import Told, told_of
from models.provenance.recall import RecallNotice, notices
from models.provenance.sensing import sensed
from models.provenance.sightings import Scan, lots_with_serial, seen
from models.provenance.storysteps import StoryStep, steps_of
from models.provenance.trace import Trace, trace

Verdict = Literal["genuine", "recalled", "cloned?", "revoked", "unknown", "attention"]


@dataclass(frozen=True, slots=True)
class Story:
    """The whole story of one code, timeline from origin to shelf."""

    code: str
    verdict: Verdict
    lot: LotRow | None
    steps: tuple[StoryStep, ...]
    custody: tuple[CustodySpan, ...]
    certificates: tuple[CertificateRow, ...]
    inspections: tuple[InspectionRow, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    seller: str | None
    seller_name: str | None = None
    item: str | None = None
    recalls: tuple[RecallNotice, ...] = ()
    trace: Trace | None = None
    scans: tuple[Scan, ...] = ()
    origins: tuple[Told, ...] = ()
    corrections: tuple[Correction, ...] = ()


def story(
    connection: Connection,
    reader: EntrySource,
    code: str,
    witnessed_size: int,
    timing: Callable[[Iterable[int]], tuple[Finding, ...]] = lambda _: (),
) -> Story:
    """Tell the story of a lot, an item or a container, however its code is written.

    Args:
        reader: the ledger, for its size.
        witnessed_size: how many entries an outside witness has vouched for.
        timing: what witnesses know against the times that entries claim.
    """
    thing = _in_its_lot(connection, thing_of(code))
    traced = trace(connection, thing.code, "back")
    row = _subject(traced, thing.code)
    if row is None:
        # Registered once and declared wrong: no stranger's code, but nothing stands behind it any more.
        taken_back = corrections(connection, reader, [thing.code])
        told: Verdict = "revoked" if taken_back else "unknown"
        nothing = Story(thing.item or thing.code, told, None, (), (), (), (), (), (), None, item=thing.item)
        return replace(nothing, corrections=taken_back)
    chain = _chain(connection, row, traced)
    steps = steps_of(connection, thing, traced, reader.size(), witnessed_size)
    spans = custody(connection, [row.lot])
    certificates, wrong = certificates_for(connection, chain)
    sighted = seen(connection, thing)
    findings = tuple(dict.fromkeys([*sighted.findings, *traced.findings, *with_names(connection, wrong)]))
    findings += timing(step.index for step in steps)
    recalls = notices(connection, [node.lot for node in chain])
    inspected = inspections_of(connection, chain, spans)
    checks = checks_of(
        row=row,
        signed=[(step.index, step.party, step.signer, step.proof.witnessed) for step in steps],
        spans=spans,
        certificates=certificates,
        inspected=[(each.index, each.critical, each.serious) for each in inspected if each.lot is not None],
        recalled=tuple(index for notice in recalls for index in notice.entries),
        sighted=tuple(each.index for each in sighted.sightings if each.kind != "noted"),
        sensed=tuple(sensed(connection, (step.index for step in steps))),
        findings=findings,
    )
    seller = row.seller
    return Story(
        code=thing.item or thing.code,
        verdict=_verdict(row, recalls, checks, findings),
        lot=row,
        steps=steps,
        custody=spans,
        certificates=certificates,
        inspections=inspected,
        checks=checks,
        findings=findings,
        seller=seller,
        seller_name=None if seller is None else party_names(connection, [seller])[seller].name,
        item=thing.item,
        recalls=recalls,
        trace=traced,
        scans=sighted.scans,
        origins=told_of(connection, row.lot, [row.lot, *(node.lot for node in traced.lots_upstream)]),
        corrections=corrections(connection, reader, [node.lot for node in chain]),
    )


def _in_its_lot(connection: Connection, thing: Thing) -> Thing:
    """Return the item with the lot it was recorded in: a label may print its serial without the lot."""
    if thing.item != thing.code:
        return thing
    known = lots_with_serial(connection, thing)
    return Thing(known[0], thing.item) if len(known) == 1 else thing


def _subject(traced: Trace, code: str) -> LotRow | None:
    """Return the lot a story is about: with a container, the lot in it when there is exactly one."""
    rows = {row.lot: row for row in traced.subjects}
    inside = [row for row in traced.subjects if row.lot != code and row.kind != "container"]
    asked = rows.get(code)
    if len(inside) == 1 and (asked is None or asked.kind == "container"):
        return inside[0]
    return asked or next(iter(inside), None)


def _chain(connection: Connection, row: LotRow, traced: Trace) -> list[LotRow]:
    """Return the lot and everything in it, nearest first."""
    upstream = lots_named(connection, (node.lot for node in traced.lots_upstream))
    named = [upstream[node.lot] for node in traced.lots_upstream if node.lot in upstream]
    others = [subject for subject in traced.subjects if subject.lot != row.lot]
    return [row, *others, *named]


_NOTED = ("certificates", "inspections", "storage")


def _verdict(
    row: LotRow, recalls: Sequence[RecallNotice], checks: Sequence[Check], findings: Sequence[Finding]
) -> Verdict:
    """Return one word: recalled first, then a copied code, and attention when a person should look."""
    if recalls:
        return "recalled"
    if any(found.code in OF["unique"] for found in findings):
        return "cloned?"
    if row.status == "void" or (row.registered_index is None and row.kind == "class"):
        return "revoked" if row.status == "void" else "unknown"
    grave = any(found.severity == "bad" for found in findings)
    own = any(found.severity == "attention" and found.subject == row.lot for found in findings)
    failed = any(check.status == "fail" for check in checks)
    # A headline must not call plainly genuine what a check below it asks to look at.
    noted = any(check.status == "attention" and check.code in _NOTED for check in checks)
    return "attention" if grave or own or failed or noted else "genuine"
