"""Everything a regulator may see of one merchant, each line citing the entries it rests on.

Rule: a dossier is read, never judged here; the score and its reasons come from `models.credit`, the records
from the views. Words that a person had removed are shown as removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from ledger.errors import LedgerError
from ledger.events.identifiers import canonical
from models.case import Case
from models.casebook import cases_of, taken_back
from models.credit.ladder import Standing
from models.credit.policy import GRADES, Policy
from models.credit.reasons import Change
from models.credit.scorecard import Score
from models.finding import Finding
from models.measures import MeasureLine, Record, measures_of, records_of
from models.provenance.contradictions import findings_about
from models.ratings import Ratings
from models.tables import (
    certificates,
    claim_findings,
    complaints,
    inspections,
    parties,
    party_keys,
    party_roles,
    reviews,
)
from models.trade import ReadWords, trade_findings

RATED_ROLES = ("merchant", "cooperative", "processor", "carrier")
GRADE_ORDER = ("D", "C", "B", "A", "NR")
TREND_DAYS = 90
Rows = tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Party:
    """An enrolled organisation."""

    id: str
    name: str
    name_en: str | None
    roles: tuple[str, ...]
    category: str | None
    place: str | None
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MerchantRow:
    """One line of the regulator's list.

    Args:
        trend: points gained in 90 days, None if unrated then.
        thin: the points would do for a better grade than what is known allows.
    """

    party: str
    name: str
    name_en: str | None
    category: str | None
    grade: str
    score: int | None
    interval: tuple[int, int]
    trend: int | None
    complaints_open: int
    last_inspection: datetime | None
    thin: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is counted once for all merchants: when each was last visited, how many complaints wait."""

    visits: dict[str, datetime]
    waiting: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One merchant, whole."""

    party: Party
    score: Score
    history: tuple[tuple[datetime, Score], ...]
    changes: tuple[Change, ...]
    inspections: Rows
    complaints: Rows
    reviews: Rows
    certificates: Rows
    findings: tuple[Finding, ...]
    claims: Rows = ()
    held: Standing | None = None
    measures: tuple[MeasureLine, ...] = ()
    records: tuple[Record, ...] = ()
    cases: tuple[Case, ...] = ()


def all_parties(
    connection: Connection, role: str | None = None, only: Collection[str] = ()
) -> tuple[Party, ...]:
    """Return enrolled parties, by name; with `role`, those that have it; with `only`, those of these ids."""
    roles: dict[str, list[str]] = {}
    said = select(party_roles.c.party, party_roles.c.role).order_by(party_roles.c.role)
    for party, word in connection.execute(_only(said, party_roles, only)):
        roles.setdefault(party, []).append(word)
    keys: dict[str, list[str]] = {}
    current = select(party_keys.c.party, party_keys.c.key_id).where(party_keys.c.revoked_index.is_(None))
    for party, key in connection.execute(_only(current.order_by(party_keys.c.added_index), party_keys, only)):
        keys.setdefault(party, []).append(key)
    enrolled = select(parties).where(parties.c.enrolled_index.is_not(None)).order_by(parties.c.name)
    rows = connection.execute(_only(enrolled, parties, only))
    found = (
        Party(
            row.party,
            row.name,
            row.name_en,
            tuple(roles.get(row.party, ())),
            row.category,
            row.place,
            tuple(keys.get(row.party, ())),
        )
        for row in rows
    )
    return tuple(party for party in found if role is None or role in party.roles)


def by_id(connection: Connection, named: str) -> Party | None:
    """Return the enrolled party of this id, however written, or None."""
    return next(iter(all_parties(connection, only=(canonical(named.strip()),))), None)


def the_party(known: tuple[Party, ...], named: str) -> Party:
    """Return the party meant by an id however written, a GLN, or a registered name.

    Raises:
        LedgerError: code `party-unknown` or `party-ambiguous`.
    """
    wanted = canonical(named.strip())
    fits = [p for p in known if wanted in (p.id, p.name, p.name_en) or p.id.rsplit("/", 1)[-1] == wanted]
    if len(fits) == 1:
        return fits[0]
    if fits:
        ids = ", ".join(party.id for party in fits)
        raise LedgerError(
            "several parties have this name",
            code="party-ambiguous",
            found=named,
            expected=ids,
            remedy=f"use {fits[0].id}",
        )
    raise LedgerError(
        "no such party is enrolled in this ledger",
        code="party-unknown",
        found=named,
        expected="an enrolled party's id, GLN or name, such as "
        + (known[0].name if known else "(nobody is enrolled)"),
        remedy="list them: scores",
    )


def merchants(
    connection: Connection, ratings: Ratings, as_of: datetime, text: str = "", grade: str | None = None
) -> tuple[MerchantRow, ...]:
    """Return every rated party, worst grade first, so that who needs a visit stands on top."""
    wanted = text.strip().casefold()
    rows, said = [], facts(connection, as_of)
    for party in rated_parties(connection):
        if (
            wanted
            and wanted not in f"{party.name} {party.name_en or ''} {party.id} {party.category}".casefold()
        ):
            continue
        row = merchant_row(party, ratings, as_of, said)
        if grade is None or row.grade == grade:
            rows.append(row)
    return tuple(sorted(rows, key=lambda row: (GRADE_ORDER.index(row.grade), row.score or 0, row.name)))


def rated_parties(connection: Connection) -> tuple[Party, ...]:
    """Return the parties that are rated, whatever is known of them."""
    return tuple(party for party in all_parties(connection) if set(party.roles) & set(RATED_ROLES))


def facts(connection: Connection, as_of: datetime) -> Facts:
    """Return what the lines of all merchants need of the views."""
    return Facts(_last_visits(connection, as_of), _open_complaints(connection))


def merchant_row(party: Party, ratings: Ratings, as_of: datetime, said: Facts) -> MerchantRow:
    """Return one merchant's line as of an instant."""
    now = ratings.rating(party.id, as_of)
    before = ratings.rating(party.id, as_of - timedelta(days=TREND_DAYS))
    known = now.score is not None and before.score is not None
    trend = now.points - before.points if known else None
    return MerchantRow(
        party.id,
        party.name,
        party.name_en,
        party.category,
        now.grade,
        now.score,
        now.interval,
        trend,
        said.waiting.get(party.id, 0),
        said.visits.get(party.id),
        _thin(now, ratings.policy(as_of)),
    )


def _thin(now: Score, policy: Policy) -> bool:
    if now.score is None or now.grade not in GRADES:
        return False
    bands = zip(GRADES, policy.grade_from, strict=False)
    earned = next((letter for letter, least in bands if now.points >= least), now.grade)
    return GRADES.index(earned) < GRADES.index(now.grade)


def _only(query: Select[Any], table: Table, ids: Collection[str]) -> Select[Any]:
    return query.where(table.c.party.in_(list(ids))) if ids else query


def _last_visits(connection: Connection, as_of: datetime) -> dict[str, datetime]:
    visits: dict[str, datetime] = {}
    query = select(inspections.c.subject, inspections.c.event_time).order_by(inspections.c.event_time)
    for subject, moment in connection.execute(query.where(inspections.c.event_time <= as_of)):
        visits[subject] = moment
    return visits


def _open_complaints(connection: Connection) -> dict[str, int]:
    """Count complaints that still wait for an answer, by the party they are about."""
    return Counter(case.subject for case in cases_of(connection) if case.state in ("filed", "accepted"))


def dossier(
    connection: Connection,
    ratings: Ratings,
    party: Party,
    as_of: datetime,
    points: int = 18,
    read_words: ReadWords | None = None,
) -> Dossier:
    """Return everything about one party, newest first; reviews are compared where words can be read."""
    gone = taken_back(connection)
    held = ratings.standing(party.id, as_of)
    return Dossier(
        party=party,
        score=ratings.rating(party.id, as_of),
        history=ratings.history(party.id, as_of, points),
        changes=ratings.changes(party.id, as_of),
        inspections=_newest(connection, gone, select(inspections).where(inspections.c.subject == party.id)),
        complaints=_newest(connection, gone, select(complaints).where(complaints.c.subject == party.id)),
        reviews=_newest(connection, gone, select(reviews).where(reviews.c.subject == party.id)),
        certificates=_newest(
            connection, gone, select(certificates).where(certificates.c.subject == party.id)
        ),
        findings=(
            *trade_findings(connection, party.id, ratings.reviews(as_of), read_words),
            *findings_about(connection, party.id),
        ),
        claims=_newest(connection, gone, select(claim_findings).where(claim_findings.c.subject == party.id)),
        held=held,
        measures=measures_of(connection, party.id, held, as_of),
        records=records_of(connection, party.id, as_of),
        cases=cases_of(connection, party.id),
    )


def _newest(connection: Connection, gone: frozenset[int], query: Select[tuple[object, ...]]) -> Rows:
    """Return the rows, newest first; what a ruling voided never happened."""
    rows = [dict(row._mapping) for row in connection.execute(query) if row._mapping["index"] not in gone]
    return tuple(sorted(rows, key=lambda row: (str(row["event_time"]), str(row["index"])), reverse=True))


def valid_on(certificate: dict[str, object], day: date) -> bool:
    """Say whether a certificate's row covers a day."""
    first, last = certificate["valid_from"], certificate["valid_until"]
    return isinstance(first, date) and isinstance(last, date) and first <= day <= last
