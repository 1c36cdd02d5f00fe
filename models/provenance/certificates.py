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
        issuer_name_en: what the issuer is called in English; None where the certificate names somebody else.
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
    subject_name_en: str | None = None
    issuer_name_en: str | None = None

    @property
    def entries(self) -> tuple[int, ...]:
        """Return the entries that issue and revoke it."""
        return (self.index,) if self.revoked_index is None else (self.index, self.revoked_index)


def certificates_for(
    connection: Connection, rows: Sequence[LotRow]
) -> tuple[tuple[CertificateRow, ...], tuple[Finding, ...]]:
    """Return the certificates that speak for these lots (nearest first), and what is wrong with them."""
    touched = _touched(connection, rows)
    parties = _parties_of(touched)
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
    found += _claimed(touched, rows, known)
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
_TOUCHED = (
    select(passages.c.lot, passages.c.party, passages.c.role, steps.c.index.label("entry"))
    .add_columns(steps.c.event_time, steps.c.certificates)
    .join_from(passages, steps, steps.c.index == passages.c.index)
    .where(passages.c.lot.in_(bindparam("lots", expanding=True)), passages.c.role != "noted")
    .order_by(steps.c.index)
)
_ISSUED = (
    select(table, table.c.index.label("entry"))
    .where(table.c.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(table.c.index)
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
    subject_name_en: str | None
    issuer_name_en: str | None


def _touched(connection: Connection, rows: Sequence[LotRow]) -> list[AnyRow]:
    """Return what happened to each lot, by whom, and the certificates that the event itself names."""
    found: list[AnyRow] = []
    for batch in batches(sorted({row.lot for row in rows})):
        found += connection.execute(_TOUCHED, {"lots": batch}).all()
    return found


def _parties_of(touched: Iterable[AnyRow]) -> dict[str, dict[str, date]]:
    """Return who touched each lot, and the first day they did."""
    first: dict[str, dict[str, datetime]] = defaultdict(dict)
    for row in touched:
        acted = first[row.lot]
        acted[row.party] = min(row.event_time, acted.get(row.party, row.event_time))
    return {lot: {party: moment.date() for party, moment in acted.items()} for lot, acted in first.items()}


def _known(connection: Connection, subjects: set[str]) -> list[_Issued]:
    rows: list[AnyRow] = []
    for batch in batches(sorted(subjects)):
        rows += connection.execute(_ISSUED, {"subjects": batch}).all()
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
            names[row.subject].name_en,
            names[row.author].name_en if row.issuer_name in (None, names[row.author].name) else None,
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
        subject_name_en=issued.subject_name_en,
        issuer_name_en=issued.issuer_name_en,
    )


def _claimed(touched: Iterable[AnyRow], rows: Sequence[LotRow], known: list[_Issued]) -> list[Finding]:
    """Check the certificates that events name themselves."""
    named = {row.lot: row for row in rows}
    return [
        found
        for row in touched
        if row.role == "made"
        for number in row.certificates
        for found in _claim(number, row.entry, row.event_time.date(), named[row.lot], known)
    ]


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
