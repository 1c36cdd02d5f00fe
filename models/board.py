"""Ask for merchants as a list a million long: filtered, sorted and cut by the database.

Rule: an order is asked for once, as the numbers of its rows; a page of it is then so many primary keys, as
quick at the end as at the start. Nothing here computes a score: `models.boardkeeping` copies what was folded.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, Text, cast, func, literal, select

from models.dossier import MerchantRow
from models.tables.board import board, board_order, board_stamp
from models.views import reading

SORTS = {
    "name": board_order.c.by_name,
    "name_en": board_order.c.by_name_en,
    "category": board_order.c.category,
    "grade": board_order.c.by_grade,
    "score": board_order.c.by_score,
    "interval": board_order.c.by_low,
    "trend": board_order.c.by_trend,
    "complaints": board_order.c.by_complaints,
    "last_inspection": board_order.c.by_visit,
}
_TEXTS = frozenset({"name", "name_en", "category"})
PARSED_AT_ONCE = 1 << 15
"""Characters turned into numbers in one go: other threads are let in between."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which merchants, in which order.

    Args:
        text: words that must all occur in names, numbers, trade or place.
        categories: trades that fit as well as the text does (a face knows what they are called).
        watched: only those that need attention: the lowest grade, a clear fall, or a complaint unanswered.
    """

    text: str = ""
    categories: tuple[str, ...] = ()
    grade: str = ""
    category: str = ""
    role: str = ""
    watched: bool = False
    sort: str = "score"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """How many merchants of each grade there are, whether some lack evidence for a better one, the trades."""

    grades: tuple[tuple[str, int], ...]
    thin: bool
    categories: tuple[str, ...]

    @property
    def total(self) -> int:
        """Return how many merchants there are."""
        return sum(count for _, count in self.grades)


class Board:
    """The list, to be asked; every method may take as long as a database does.

    Args:
        views: the views' engine; the caller disposes it.
    """

    def __init__(self, views: Engine) -> None:
        self._views = views

    def made(self) -> bool:
        """Say whether the list has ever been whole."""
        with reading(self._views) as connection:
            return connection.execute(select(board_stamp.c.stamp)).first() is not None

    def summary(self) -> Summary:
        """Return what there is to filter by."""
        o = board_order.c
        with reading(self._views) as connection:
            found = connection.execute(select(o.grade, o.thin, func.count()).group_by(o.grade, o.thin)).all()
            trades = tuple(_distinct(connection, o.category))
        grades: dict[str, int] = {}
        for grade, _, count in found:
            grades[grade] = grades.get(grade, 0) + count
        return Summary(tuple(sorted(grades.items())), any(thin for _, thin, _ in found), trades)

    def count(self, question: Question = Question()) -> int:
        """Return how many merchants fit."""
        with reading(self._views) as connection:
            fitting = select(func.count()).select_from(board_order).where(*_where(question, connection))
            return connection.scalar(fitting) or 0

    def numbers(self, question: Question) -> array[int]:
        """Return the numbers of the rows that fit, in order: eight bytes a merchant."""
        with reading(self._views) as connection:
            ordered = _ordered(question, connection).subquery()
            # One text, not a million rows: the interpreter is not asked between them.
            text = connection.scalar(
                select(func.aggregate_strings(_digits(ordered.c.index, connection), ","))
            )
        return _parsed(text or "")

    def slice(self, question: Question, start: int, stop: int) -> tuple[MerchantRow, ...]:
        """Return the rows from `start` to before `stop`, for who does not have their numbers yet."""
        with reading(self._views) as connection:
            chosen = _ordered(question, connection).offset(start).limit(stop - start)
            return _rows(connection, list(connection.scalars(chosen)))

    def rows(self, numbers: Sequence[int]) -> tuple[MerchantRow, ...]:
        """Return the rows of these numbers, in this order; one that has left the list is left out."""
        with reading(self._views) as connection:
            return _rows(connection, numbers)

    def place(self, numbers: array[int], party: str) -> int | None:
        """Return where a party stands among these numbers, or None."""
        with reading(self._views) as connection:
            number = connection.scalar(select(board.c.index).where(board.c.party == party))
        try:
            return None if number is None else numbers.index(number)
        except ValueError:
            return None


def _ordered(question: Question, connection: Connection) -> Select[tuple[int]]:
    """Return the query for the numbers of the rows that fit, in order."""
    where = _where(question, connection)
    key: ColumnElement[object] = SORTS[question.sort]
    if where:
        # Taken as it stands, SQLite would walk the key's index and fetch a row for each step of it: a
        # million scattered reads. One pass over the narrow table and a sort of what fits is ten times less.
        key = key.concat("") if question.sort in _TEXTS else func.coalesce(key, 0)
    return (
        select(board_order.c.index)
        .where(*where)
        .order_by(key.desc() if question.descending else key, board_order.c.index)
    )


def _where(question: Question, connection: Connection) -> list[ColumnElement[bool]]:
    o, wanted = board_order.c, []
    for column, value in (
        (o.grade, question.grade),
        (o.category, question.category),
        (o.role, question.role),
    ):
        if value:
            wanted.append(column == value)
    if question.watched:
        wanted.append(o.watched.is_(True))
    words = question.text.casefold().split()
    if words:
        # instr and strpos look for the very words, with no pattern to escape, in half the time of LIKE.
        find = func.instr if connection.dialect.name == "sqlite" else func.strpos
        found = select(board.c.index).where(*(find(board.c.search, word) > 0 for word in words))
        fits = o.index.in_(found)
        wanted.append(fits | o.category.in_(question.categories) if question.categories else fits)
    return wanted


def _rows(connection: Connection, numbers: Sequence[int]) -> tuple[MerchantRow, ...]:
    found = connection.execute(select(board).where(board.c.index.in_(list(numbers))))
    known = {row._mapping["index"]: row for row in found}
    return tuple(
        MerchantRow(
            row.party,
            row.name,
            row.name_en,
            row.category,
            row.grade,
            row.score,
            (row.low, row.high),
            row.trend,
            row.complaints_open,
            row.last_inspection,
            row.thin,
        )
        for row in (known[number] for number in numbers if number in known)
    )


def _distinct(connection: Connection, column: ColumnElement[str]) -> list[str]:
    """Return the values of an indexed column, stepping from one to the next: as many looks as values."""
    found: list[str] = []
    value = connection.scalar(select(func.min(column)))
    while value is not None:
        if value:
            found.append(value)
        value = connection.scalar(select(func.min(column)).where(column > literal(value)))
    return found


def _digits(column: ColumnElement[int], connection: Connection) -> ColumnElement[Any]:
    """Return a number as it is joined to others: SQLite joins numbers as they are."""
    return column if connection.dialect.name == "sqlite" else cast(column, Text)


def _parsed(text: str) -> array[int]:
    numbers: array[int] = array("q")
    start = 0
    while start < len(text):
        end = text.find(",", start + PARSED_AT_ONCE)
        end = len(text) if end < 0 else end
        numbers.extend(map(int, text[start:end].split(",")))
        start = end + 1
    return numbers
