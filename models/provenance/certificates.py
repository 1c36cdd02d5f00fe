"""Which certificates speak for a lot, and whether they were in force the day it was made.

Rule: a certificate is worth what its issuer says on that day: scope, first and last day, revocation. One
certificate in force per subject and scheme is enough; a lapsed one is a finding only when none replaced it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.finding import Finding, finding
from models.projections.codes import gtin_or_none, thing_of
from models.provenance.lots import LotRow
from models.provenance.names import party_names
from models.tables import certificates as table
from models.tables import passages, steps
from models.views import batches

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate beside the lot it speaks for; `standing` is how it stood on `day`.

    Args:
        standing: valid, expired, not-yet or revoked.
        issuer: the party that signed it into the ledger.
    """

    index: int
    scheme: str
    number: str
    subject: str
    subject_name: str
    issuer: str
    issuer_name: str
    valid_from: date
    valid_until: date
    scope: tuple[str, ...]
    lot: str
    day: date
    standing: str
    revoked_index: int | None = None

    @property
    def entries(self) -> tuple[int, ...]:
        """Return the entries that issue and revoke it."""
        return (self.index,) if self.revoked_index is None else (self.index, self.revoked_index)


def certificates_for(
    connection: Connection, rows: Sequence[LotRow]
) -> tuple[tuple[CertificateRow, ...], tuple[Finding, ...]]:
    """Return the certificates that speak for these lots (nearest first), and what is wrong with them."""
    parties = _parties_of(connection, rows)
    known = _known(connection, {party for acted in parties.values() for party in acted})
    covering: dict[tuple[str, str, str], list[CertificateRow]] = defaultdict(list)
    for row in rows:
        for issued in known:
            day = parties.get(row.lot, {}).get(issued.subject)
            if day is not None and covers(issued.scope, row):
                covering[(issued.subject, issued.scheme, row.lot)].append(_as_of(issued, row.lot, day))
    found: list[Finding] = []
    listed: dict[int, CertificateRow] = {}
    for _, options in sorted(covering.items()):
        best = min(
            options, key=lambda each: (_RANK[each.standing], -each.valid_until.toordinal(), each.index)
        )
        if best.standing == "not-yet":
            continue  # nobody says the lot was certified before the certificate was
        listed.setdefault(best.index, best)
        if best.standing != "valid":
            registered = next((row.registered_index for row in rows if row.lot == best.lot), None)
            found.append(_unfit(best, registered))
    found += _claimed(connection, rows, known)
    return tuple(listed.values()), tuple(found)


def covers(scope: Iterable[str], row: LotRow) -> bool:
    """Say whether a scope (products, lots, categories; nothing means everything) covers a lot."""
    listed = tuple(scope)
    return not listed or any(
        item == row.category
        or thing_of(item).code == row.lot
        or (row.gtin and gtin_or_none(item) == row.gtin)
        for item in listed
    )


_RANK = {"valid": 0, "expired": 1, "revoked": 2, "not-yet": 3}
_CODES = {
    "expired": "certificate-expired",
    "revoked": "certificate-revoked",
    "not-yet": "certificate-not-yet",
}
_PASSED = (
    select(passages.c.lot, passages.c.party, steps.c.event_time)
    .join_from(passages, steps, steps.c.index == passages.c.index)
    .where(passages.c.lot.in_(bindparam("lots", expanding=True)), passages.c.role != "noted")
)


@dataclass(frozen=True, slots=True)
class _Issued:
    """A certificate as its issuer last stated it."""

    row: AnyRow
    subject: str
    scheme: str
    scope: tuple[str, ...]
    revoked: AnyRow | None
    subject_name: str
    issuer_name: str


def _parties_of(connection: Connection, rows: Sequence[LotRow]) -> dict[str, dict[str, date]]:
    """Return who touched each lot, and the first day they did."""
    first: dict[str, dict[str, datetime]] = defaultdict(dict)
    for batch in batches([row.lot for row in rows]):
        for lot, party, moment in connection.execute(_PASSED, {"lots": batch}):
            first[lot][party] = min(moment, first[lot].get(party, moment))
    return {lot: {party: moment.date() for party, moment in acted.items()} for lot, acted in first.items()}


def _known(connection: Connection, subjects: set[str]) -> list[_Issued]:
    rows: list[AnyRow] = []
    for batch in batches(sorted(subjects)):
        query = select(table, table.c.index.label("entry")).where(table.c.subject.in_(batch))
        rows += connection.execute(query.order_by(table.c.index)).all()
    names = party_names(connection, (party for row in rows for party in (row.subject, row.author)))
    revoked = {(row.author, row.number): row for row in rows if row.status == "revoked"}
    return [
        _Issued(
            row,
            row.subject,
            row.scheme,
            tuple(row.scope),
            revoked.get((row.author, row.number)),
            names[row.subject].name,
            row.issuer_name or names[row.author].name,
        )
        for row in rows
        if row.status != "revoked"
    ]


def _as_of(issued: _Issued, lot: str, day: date) -> CertificateRow:
    row, revoked = issued.row, issued.revoked
    standing = "not-yet" if day < row.valid_from else ("expired" if day > row.valid_until else "valid")
    if revoked is not None and revoked.event_time.date() <= day:
        standing = "revoked"
    return CertificateRow(
        index=row.entry,
        scheme=row.scheme,
        number=row.number,
        subject=row.subject,
        subject_name=issued.subject_name,
        issuer=row.author,
        issuer_name=issued.issuer_name,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        scope=issued.scope,
        lot=lot,
        day=day,
        standing=standing,
        revoked_index=None if revoked is None else revoked.entry,
    )


def _claimed(connection: Connection, rows: Sequence[LotRow], known: list[_Issued]) -> list[Finding]:
    """Check the certificates that events name themselves."""
    found: list[Finding] = []
    named = {row.lot: row for row in rows}
    claims = select(passages.c.lot, steps.c.index.label("entry"), steps.c.event_time, steps.c.certificates)
    joined = claims.join_from(passages, steps, steps.c.index == passages.c.index)
    for batch in batches(sorted(named)):
        query = joined.where(passages.c.lot.in_(batch), passages.c.role == "made").order_by(steps.c.index)
        for lot, entry, moment, numbers in connection.execute(query):
            for number in numbers:
                found += _claim(number, entry, moment.date(), named[lot], known)
    return found


def _claim(number: str, entry: int, day: date, row: LotRow, known: list[_Issued]) -> list[Finding]:
    meant = [issued for issued in known if _names(number, issued.row.number)]
    if not meant:
        return [finding("certificate-unknown", "info", row.lot, (entry,), number=number)]
    best = min((_as_of(issued, row.lot, day) for issued in meant), key=lambda each: _RANK[each.standing])
    if best.standing == "valid" and covers(best.scope, row):
        return []
    if best.standing == "valid":
        return [
            finding(
                "certificate-out-of-scope",
                "attention",
                row.lot,
                (best.index, entry),
                number=best.number,
                scheme=best.scheme,
                scope=" · ".join(best.scope),
            )
        ]
    return [_unfit(best, entry)]


def _names(claim: str, number: str) -> bool:
    return claim == number or claim.replace("/", ":").rpartition(":")[2] == number


def _unfit(best: CertificateRow, entry: int | None) -> Finding:
    severity = "bad" if best.standing == "revoked" else "attention"
    entries = best.entries if entry is None else (*best.entries, entry)
    return finding(
        _CODES[best.standing],
        "bad" if severity == "bad" else "attention",
        best.lot,
        entries,
        number=best.number,
        scheme=best.scheme,
        valid_from=best.valid_from,
        valid_until=best.valid_until,
        day=best.day,
        party=best.subject,
    )
