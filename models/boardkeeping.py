"""Copy what every merchant's figures are into the list the database filters and sorts.

Rule: a row is copied whole or not at all, and only when it changed; the stamp is written last, so a list that
was interrupted is begun again. Two programs that copy at once write the same rows. Nobody leaves the list: a
party is enrolled once, and its roles with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.exc import OperationalError

from models import dossier as dossiers
from models.credit.evidence import day_of
from models.credit.policy import GRADES, Policy
from models.dossier import MerchantRow, Party
from models.ratings import Ratings
from models.tables import cursors, inspections, parties, party_roles, places
from models.tables.board import board, board_order, board_stamp
from models.views import batches, reading, writing

AT_ONCE = 250
LAST = 1_000_000
"""Sorts behind every score: who is not rated stands at the end of the list, not at its top."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Cancelled = Callable[[], bool]


class Boardkeeper:
    """Keeps the list of merchants.

    Args:
        ratings: folds the scores; views: the views' engine, which the caller disposes.
    """

    def __init__(self, ratings: Ratings, views: Engine, clock: Callable[[], datetime]) -> None:
        self._ratings = ratings
        self._views = views
        self._clock = clock
        self._one = Lock()

    def refresh(self, cancelled: Cancelled = lambda: False) -> bool:
        """Bring the list to the present day, size and policy; say whether it may have changed.

        A list that cannot be written (the views are busy or read-only) stays as it stands.
        """
        # Two at once would fold every score twice; the second finds the work of the first done.
        with self._one:
            return self._refresh(cancelled)

    def _refresh(self, cancelled: Cancelled) -> bool:
        now = self._clock()
        stamp, policy = self._stamp(now), self._ratings.policy(now)
        with reading(self._views) as connection:
            if connection.scalar(select(board_stamp.c.stamp)) == stamp:
                return False
            known = _enrolled(connection)
            facts = dossiers.facts(connection, now)
        try:
            for batch in batches(known, AT_ONCE):
                if cancelled():
                    return True
                self._copy(batch, facts, policy, now)
            with writing(self._views) as connection:
                _put(connection, board_stamp, "id", [{"id": 1, "stamp": stamp}])
        except OperationalError:
            return False
        return True

    def _copy(self, batch: Sequence[str], facts: dossiers.Facts, policy: Policy, now: datetime) -> None:
        with reading(self._views) as connection:
            who = dossiers.all_parties(connection, only=tuple(batch))
            details = _details(connection, batch)
        rows = [(party, dossiers.merchant_row(party, self._ratings, now, facts)) for party in who]
        shown = [_shown(party, row, details[party.id]) for party, row in rows]
        sorted_by = [_sorted_by(party, row, details[party.id][0], policy) for party, row in rows]
        with writing(self._views) as connection:
            for table, fresh in ((board, shown), (board_order, sorted_by)):
                _put(connection, table, "index", _changed(connection, table, fresh))

    def _stamp(self, now: datetime) -> str:
        """Return what the figures depend on: what is recorded and folded, the day, the policy, visits due."""
        size, policy = self._ratings.catch_up(), self._ratings.policy(now)
        with reading(self._views) as connection:
            folded = connection.scalar(select(func.min(cursors.c.position))) or 0
            due = connection.scalar(select(func.count()).where(inspections.c.event_time <= now)) or 0
        return f"{size} {folded} {day_of(now)} {due} {policy.digest()}"


def _enrolled(connection: Connection) -> list[str]:
    """Return the ids of the parties that are rated, in the order they were enrolled."""
    rated = select(party_roles.c.party).where(party_roles.c.role.in_(dossiers.RATED_ROLES))
    query = select(parties.c.party).where(parties.c.enrolled_index.is_not(None), parties.c.party.in_(rated))
    return list(connection.scalars(query.order_by(parties.c.enrolled_index)))


def _details(connection: Connection, batch: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return for each party the entry that enrolled it, and the names of its place."""
    query = (
        select(parties.c.party, parties.c.enrolled_index, places.c.name, places.c.name_en)
        .outerjoin(places, places.c.place == parties.c.place)
        .where(parties.c.party.in_(list(batch)))
    )
    return {
        row.party: (row.enrolled_index, f"{row.name or ''} {row.name_en or ''}")
        for row in connection.execute(query)
    }


def _shown(party: Party, row: MerchantRow, detail: tuple[int, str]) -> dict[str, Any]:
    index, place = detail
    words = (party.name, party.name_en or "", party.id, party.category or "", place)
    return {
        "index": index,
        "party": row.party,
        "name": row.name,
        "name_en": row.name_en,
        "category": row.category,
        "grade": row.grade,
        "score": row.score,
        "low": row.interval[0],
        "high": row.interval[1],
        "trend": row.trend,
        "complaints_open": row.complaints_open,
        "last_inspection": row.last_inspection,
        "thin": row.thin,
        "search": " ".join(words).casefold(),
    }


def _sorted_by(party: Party, row: MerchantRow, index: int, policy: Policy) -> dict[str, Any]:
    fell = row.trend is not None and row.trend <= -policy.hysteresis_points
    grades = (*GRADES, "NR")
    return {
        "index": index,
        "grade": row.grade,
        "category": row.category or "",
        "role": next(role for role in dossiers.RATED_ROLES if role in party.roles),
        "watched": row.grade == GRADES[-1] or fell or row.complaints_open > 0,
        "thin": row.thin,
        "by_name": name_key(row.name),
        "by_name_en": name_key(row.name_en or row.name),
        "by_grade": (len(grades) - grades.index(row.grade)) * 10_000 + (row.score or 0),
        "by_score": LAST if row.score is None else row.score,
        "by_low": LAST if row.score is None else row.interval[0],
        "by_trend": row.trend or 0,
        "by_complaints": row.complaints_open,
        "by_visit": row.last_inspection or NEVER,
    }


def name_key(name: str) -> str:
    """Return what a name sorts by, the same on every engine: common characters in the order of pinyin.

    GB 18030 keeps the order of GB 2312, whose first level is arranged by pinyin.

    >>> sorted(["张", "李", "安"], key=name_key)
    ['安', '李', '张']
    """
    return name.casefold().encode("gb18030", "replace").hex()


def _changed(connection: Connection, table: Table, fresh: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that are not in the table just so."""
    numbers = [row["index"] for row in fresh]
    known = {
        row["index"]: dict(row)
        for row in connection.execute(select(table).where(table.c.index.in_(numbers))).mappings()
    }
    return [row for row in fresh if known.get(row["index"]) != row]


def _put(connection: Connection, table: Table, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or change those that are there."""
    if not rows:
        return
    made: Any = import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(table)
    others = {column.name: made.excluded[column.name] for column in table.columns if column.name != name}
    connection.execute(made.on_conflict_do_update(index_elements=[name], set_=others), list(rows))
