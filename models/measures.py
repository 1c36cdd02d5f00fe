"""What follows from the grade a merchant holds, and how long a bad record is published.

Rule: the catalogue of measures and the repair windows are dated data. A reward and a light measure follow
from the grade alone; a severe one is only ever proposed by the program and is in force because a regulator
signed a `Measure` entry. A record's window runs from the day it was decided; once repaired it is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

import resources
from ledger.errors import LedgerError
from ledger.events.cases import Measure as Said
from ledger.events.values import PartyId
from models import tables
from models.casebook import taken_back
from models.credit.ladder import Catalogue, Standing, Window, add_months, repair_state

MEASURES = "policy/measures.json"
_LOCAL = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure as it stands for a merchant.

    Args:
        state: `in-force` (it follows from the grade), `proposed` (it waits for a signature), `imposed` or
            `lifted` (a regulator signed `entry`).
    """

    code: str
    kind: str
    state: str
    basis: str
    needs_signature: bool
    entry: int | None = None
    signer: str | None = None
    reason: str | None = None
    until: date | None = None

    @property
    def holds(self) -> bool:
        """Say whether it is in force."""
        return self.state in ("in-force", "imposed")


@dataclass(frozen=True, slots=True)
class Record:
    """One bad record and its repair window.

    Args:
        state: `published`, `repairable`, `repaired`, `ended`, or `unlimited` where no window is in force.
        repair_from, ends: the first day repair may be granted; the first day it is no longer published.
    """

    entry: int
    kind: str
    severity: str
    decided: date
    state: str
    repair_from: date | None
    ends: date | None
    repaired: date | None
    basis: str

    @property
    def published(self) -> bool:
        """Say whether the public may still see it."""
        return self.state in ("published", "repairable", "unlimited")


def catalogue() -> Catalogue:
    """Return the catalogue that is shipped."""
    return Catalogue.from_document(resources.document(MEASURES))


def measures_of(
    connection: Connection, party: str, held: Standing, as_of: datetime
) -> tuple[MeasureLine, ...]:
    """Return every measure that follows from the grade held, and every one a regulator signed."""
    day, known = _day(as_of), catalogue()
    signed = _signed(connection, party, as_of)
    lines = []
    for rule in known.measures_for(held.grade, day):
        if rule.code in signed:
            continue
        state = "proposed" if rule.needs_signature else "in-force"
        lines.append(MeasureLine(rule.code, rule.kind, state, rule.basis, rule.needs_signature))
    kinds = {rule.code: rule for rule in known.measures}
    for code, row in signed.items():
        over = row.until is not None and row.until < day
        state = "lifted" if row.action == "lifted" or over else "imposed"
        named = kinds.get(code)
        lines.append(
            MeasureLine(
                code,
                named.kind if named else "severe",
                state,
                named.basis if named else "",
                needs_signature=True,
                entry=row._mapping["index"],
                signer=row.author,
                reason=row.reason,
                until=row.until,
            )
        )
    return tuple(lines)


def imposing(
    party: str,
    code: str,
    action: str,
    reason: str,
    now: datetime,
    *,
    about: int | None = None,
    until: date | None = None,
) -> Said:
    """Return the event that imposes or lifts a measure of the catalogue.

    Raises:
        LedgerError: code `measure-unknown`; a reward is nothing to impose.
    """
    day = _day(now)
    known = {rule.code for rule in catalogue().measures if rule.from_day <= day and rule.kind != "reward"}
    if code not in known:
        raise LedgerError(
            "no such measure is in the catalogue today",
            code="measure-unknown",
            found=code,
            expected=", ".join(sorted(known)),
            where=f"{day}",
            remedy="list them: measures PARTY",
        )
    return Said(now, PartyId(party), code, action, reason, about, until)


def records_of(connection: Connection, party: str, as_of: datetime) -> tuple[Record, ...]:
    """Return the bad records of a party with their windows, the newest first; void ones never happened."""
    day, known = _day(as_of), catalogue()
    gone = taken_back(connection)
    granted = _granted(connection, as_of)
    found = []
    for entry, kind, severity, decided in _bad(connection, party, as_of):
        if entry not in gone:
            window = known.window(severity, day)
            found.append(_record(entry, kind, severity, decided, day, window, granted.get(entry)))
    return tuple(sorted(found, key=lambda record: -record.entry))


def refuse_early_repair(connection: Connection, entry: int, now: datetime) -> None:
    """Refuse to grant a repair before the shortest time of publication is over.

    Raises:
        LedgerError: code `repair-too-early`.
    """
    day = _day(now)
    records = (r for party in _subjects(connection, entry) for r in records_of(connection, party, now))
    record = next((each for each in records if each.entry == entry), None)
    if record is None or record.repair_from is None or day >= record.repair_from:
        return
    raise LedgerError(
        "the shortest time of publication is not over yet",
        code="repair-too-early",
        found=f"{day}",
        expected=f"{record.repair_from} or later: a {record.severity} record decided on {record.decided}",
        where=f"entry {entry}",
        remedy=f"grant it from {record.repair_from} on ({record.basis})",
    )


def _subjects(connection: Connection, entry: int) -> tuple[str, ...]:
    """Return whom an entry of evidence is about."""
    bearing = (tables.inspections, tables.complaints, tables.claim_findings, tables.measures)
    found = (select(table.c.subject).where(table.c.index == entry) for table in bearing)
    return tuple(subject for query in found for subject in connection.execute(query).scalars())


def _record(
    entry: int,
    kind: str,
    severity: str,
    decided: date,
    day: date,
    window: Window | None,
    repaired: date | None,
) -> Record:
    if window is None:
        state = "repaired" if repaired else "unlimited"
        return Record(entry, kind, severity, decided, state, None, None, repaired, "")
    return Record(
        entry,
        kind,
        severity,
        decided,
        repair_state(decided, day, window, repaired),
        add_months(decided, window.repair_after_months),
        add_months(decided, window.ends_after_months),
        repaired,
        window.basis,
    )


def _bad(connection: Connection, party: str, as_of: datetime) -> list[tuple[int, str, str, date]]:
    """Return (entry, kind, severity, day decided) of every record that speaks against a party."""
    rows: list[tuple[int, str, str, date]] = []
    visits = tables.inspections
    query = select(visits).where(visits.c.subject == party, visits.c.event_time <= as_of)
    for row in connection.execute(query):
        severity = "serious" if row.critical >= 4 else "general" if row.critical else "minor"
        if row.critical or row.serious:
            rows.append((row._mapping["index"], "inspection", severity, _day(row.event_time)))
    said = tables.complaints
    upheld = select(said).where(
        said.c.subject == party, said.c.status == "upheld", said.c.event_time <= as_of
    )
    for row in connection.execute(upheld):
        severity = ("minor", "general", "serious")[row.severity - 1]
        rows.append((row._mapping["index"], "complaint", severity, _day(row.event_time)))
    claims = tables.claim_findings
    wrong = select(claims).where(claims.c.subject == party, claims.c.confirmed, claims.c.event_time <= as_of)
    rows += [
        (row._mapping["index"], "claim", "general", _day(row.event_time))
        for row in connection.execute(wrong)
        if row.verdict in ("violation", "contradicted")
    ]
    severe = {rule.code for rule in catalogue().measures if rule.needs_signature}
    signed = tables.measures
    imposed = select(signed).where(
        signed.c.subject == party, signed.c.action == "imposed", signed.c.event_time <= as_of
    )
    rows += [
        (row._mapping["index"], "measure", "serious", _day(row.event_time))
        for row in connection.execute(imposed)
        if row.code in severe
    ]
    return rows


def _granted(connection: Connection, as_of: datetime) -> dict[int, date]:
    rulings = tables.rulings
    query = select(rulings.c.about, rulings.c.record_time).where(
        rulings.c.decision == "repair", rulings.c.record_time <= as_of
    )
    return {about: _day(moment) for about, moment in connection.execute(query)}


def _signed(connection: Connection, party: str, as_of: datetime) -> dict[str, Any]:
    """Return the newest signed word about each measure."""
    signed = tables.measures
    query = select(signed).where(signed.c.subject == party, signed.c.event_time <= as_of)
    gone = taken_back(connection)
    rows = [
        row for row in connection.execute(query.order_by(signed.c.index)) if row._mapping["index"] not in gone
    ]
    return {row.code: row for row in rows}


def _day(instant: datetime) -> date:
    return (instant + _LOCAL).date()
