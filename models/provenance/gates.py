"""Gates: what must be checked before a batch may be shipped, labelled, packed or sold, and how it stands.

Rule: a gate is an entry, and so is the check that opens it; the newest word about a product and check holds.
The program holds back its own acts at a closed gate; what somebody recorded all the same is a finding, with
the gate and the act as its entries. A check of a batch holds for what was made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from ledger.errors import LedgerError
from models.finding import Finding, finding
from models.projections.codes import product_of
from models.provenance.lineage import reach
from models.provenance.localtables import STANDARDS, tables_of
from models.provenance.lots import LotRow
from models.provenance.standards import Judged, judge_report, verdict_of
from models.tables import gates, lab_reports, promises
from models.views import batches

AnyRow = Row[*tuple[Any, ...]]
_STEP_OF = {
    "shipping": "shipping",
    "consigning": "shipping",
    "retail_selling": "retail_selling",
    "dispensing": "retail_selling",
    "packing": "packing",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A laboratory report about a lot, or about what it was made from, as it is judged today.

    Args:
        own: the author reports about its own goods.
    """

    index: int
    lot: str
    number: str
    laboratory: str
    own: bool
    event_time: datetime
    verdict: str
    results: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class GateState:
    """A gate before a lot: `standing` is open, missing (no check yet), failed, undecided or old."""

    index: int
    steps: tuple[str, ...]
    check: str
    standing: str
    valid_days: int | None
    entries: tuple[int, ...]


def gates_of(
    connection: Connection,
    row: LotRow,
    now: datetime,
    before: int | None = None,
    said: Sequence[AnyRow] | None = None,
) -> tuple[GateState, ...]:
    """Return the gates before a lot and how they stand.

    Args:
        before: only what was recorded before this entry counts; default: everything.
        said: what was recorded about gates of its products, where somebody has read that already.
    """
    products = _products(row)
    standing = _standing(_said(connection, products) if said is None else said, products, before)
    if not standing:
        return ()
    ancestors = sorted(reach(connection, [row.lot], "back").depth)
    reports = reports_of(connection, ancestors, row.category, before)
    issued = promised(connection, ancestors, before)
    return tuple(_state(gate, reports, issued, now) for gate in standing)


def holds(connection: Connection, row: LotRow, step: str, now: datetime) -> tuple[Finding, ...]:
    """Return why this step may not be taken with a lot now; nothing when every gate there is open."""
    return tuple(
        _closed(row.lot, state, step)
        for state in gates_of(connection, row, now)
        if step in state.steps and state.standing != "open"
    )


def closed_gate(found: Finding, lot: str) -> LedgerError:
    """Return the refusal of an act that a closed gate forbids."""
    return LedgerError(
        "a check must be passed first",
        code="gate-closed",
        found=found.values["standing"],
        expected=found.values["check"],
        where=lot,
        remedy="record a passing laboratory report or a promise of conformity first",
    )


def step_at(biz_step: str | None) -> str | None:
    """Return which gated step a business step is, if it is one.

    >>> step_at("urn:gdst:bizStep:shipping"), step_at("storing")
    ('shipping', None)
    """
    return _STEP_OF.get((biz_step or "").rpartition(":")[2])


def bypassed(
    connection: Connection,
    rows: Mapping[str, LotRow],
    passed: Iterable[tuple[str, int, str | None, datetime]],
) -> list[Finding]:
    """Return the gates that goods went through closed.

    Args:
        passed: lot, entry, business step and claimed time of everything that happened to the lots.
    """
    said = _said(connection, {product for row in rows.values() for product in _products(row)})
    if not said:
        return []
    found: list[Finding] = []
    for lot, index, biz_step, moment in passed:
        step, row = step_at(biz_step), rows.get(lot)
        if step is None or row is None:
            continue
        for state in gates_of(connection, row, moment, before=index, said=said):
            if step in state.steps and state.standing != "open":
                entries = (*state.entries, index)
                found.append(
                    finding(
                        "gate-bypassed", "attention", lot, entries, step=step, check=state.check,
                        standing=state.standing,
                    )
                )  # fmt: skip
    return found


def reports_of(
    connection: Connection, lots: Sequence[str], category: str | None, before: int | None = None
) -> tuple[Report, ...]:
    """Return the laboratory reports about these lots, newest first, each judged for the category."""
    rows: list[AnyRow] = []
    limits = tables_of(connection).rows(STANDARDS, "limits")
    for batch in batches(lots):
        query = select(lab_reports, lab_reports.c.index.label("entry")).where(lab_reports.c.lot.in_(batch))
        rows += connection.execute(query).all()
    found = []
    for row in rows:
        if before is None or row.entry < before:
            judged = judge_report(row.results, category, limits, whole=True)
            laboratory = row.laboratory or row.author
            own = row.author == row.subject
            found.append(
                Report(
                    row.entry,
                    row.lot,
                    row.number,
                    laboratory,
                    own,
                    row.event_time,
                    verdict_of(judged),
                    judged,
                )
            )
    return tuple(sorted(found, key=lambda each: (each.event_time, each.index), reverse=True))


def promised(connection: Connection, lots: Sequence[str], before: int | None = None) -> list[AnyRow]:
    """Return the promises about these lots that were not withdrawn, with their entries."""
    newest: dict[tuple[str, str], AnyRow] = {}
    for batch in batches(lots):
        query = select(promises, promises.c.index.label("entry")).where(promises.c.lot.in_(batch))
        for row in connection.execute(query.order_by(promises.c.index)):
            if before is None or row.entry < before:
                newest[(row.author, row.number)] = row
    return [row for row in newest.values() if row.status == "issued"]


def standing_gates(connection: Connection) -> int:
    """Return how many gates are set."""
    newest = {
        (row.product, row.check): row.status
        for row in connection.execute(select(gates).order_by(gates.c.index))
    }
    return sum(status == "set" for status in newest.values())


def _products(row: LotRow) -> list[str]:
    return [each for each in (product_of(row.lot), row.category) if each]


def _said(connection: Connection, products: Iterable[str]) -> list[AnyRow]:
    """Return everything recorded about gates of these products, in ledger order."""
    found: list[AnyRow] = []
    for batch in batches(sorted(set(products))):
        found += connection.execute(_GATES, {"products": batch}).all()
    return sorted(found, key=lambda row: int(row.entry))


_GATES = select(gates, gates.c.index.label("entry")).where(
    gates.c.product.in_(bindparam("products", expanding=True))
)


def _standing(said: Iterable[AnyRow], products: Sequence[str], before: int | None) -> list[AnyRow]:
    newest: dict[tuple[str, str], AnyRow] = {}
    for row in said:
        if row.product in products and (before is None or row.entry < before):
            newest[(row.product, row.check)] = row
    return [row for row in newest.values() if row.status == "set"]


def _state(gate: AnyRow, reports: Sequence[Report], promised: Sequence[AnyRow], now: datetime) -> GateState:
    oldest = None if gate.valid_days is None else now - timedelta(days=gate.valid_days)
    if gate.check == "conformity":
        dated = [(row.entry, row.event_time, "pass") for row in promised]
    else:
        dated = [(each.index, each.event_time, each.verdict) for each in reports]
    known = [each for each in dated if each[1] <= now]
    fresh = [each for each in known if oldest is None or each[1] >= oldest]
    entries = tuple(each[0] for each in fresh or known)
    if not known:
        standing = "missing"
    elif not fresh:
        standing = "old"
    else:
        standing = _verdict([each[2] for each in fresh])
    return GateState(
        gate.entry, tuple(gate.steps), gate.check, standing, gate.valid_days, (gate.entry, *entries)
    )


def _verdict(verdicts: Sequence[str]) -> str:
    """One failure closes the gate, whatever another laboratory says: a person must decide between them."""
    if "fail" in verdicts:
        return "failed"
    return "open" if "pass" in verdicts else "undecided"


def _closed(lot: str, state: GateState, step: str) -> Finding:
    return finding(
        "gate-closed", "bad", lot, state.entries, step=step, check=state.check, standing=state.standing
    )
