"""However the list of merchants is asked, the database answers as sorting the whole list would."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ledger_world import (
    CARRIER,
    COOPERATIVE,
    INSPECTOR,
    MERCHANT,
    World,
    found_world,
    inspection,
)

from ledger.home import Home
from models.board import SORTS, Board, Question
from models.boardkeeping import LAST, NEVER, name_key
from models.tables.board import board, board_order
from models.views import prepare, writing
from models.workspace import Workspace

COUNT = 90
NAMES = ("青禾合作社", "绿篮子超市", "老巷果蔬", "50%折扣店", "a_b 铺", "海味小铺")
DAY = datetime(2026, 5, 1, tzinfo=UTC)


def made(seed: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of both tables, many of them equal in what they are sorted by."""
    draw, rows = random.Random(seed), []
    for number in range(5, 5 + COUNT):
        grade, trade = draw.choice(("A", "B", "C", "D", "NR")), draw.choice(("rice", "fruit", ""))
        score = None if grade == "NR" else draw.randrange(300, 320)
        name, visit = draw.choice(NAMES), draw.choice((None, DAY, DAY + timedelta(days=3)))
        trend, complaints = draw.randrange(-2, 3), draw.randrange(2)
        shown = {
            "index": number,
            "party": f"urn:party:{number}",
            "name": name,
            "name_en": None,
            "category": trade or None,
            "grade": grade,
            "score": score,
            "low": (score or 0) - 9,
            "high": (score or 0) + 9,
            "trend": trend,
            "complaints_open": complaints,
            "last_inspection": visit,
            "thin": number % 7 == 0,
            "search": f"{name} urn:party:{number} {trade} 东市街".casefold(),
        }
        order = {
            "index": number,
            "grade": grade,
            "category": trade,
            "role": draw.choice(("merchant", "carrier")),
            "watched": grade == "D" or complaints > 0,
            "thin": shown["thin"],
            "by_name": name_key(name),
            "by_name_en": name_key(name),
            "by_grade": ["NR", "D", "C", "B", "A"].index(grade) * 10_000 + (score or 0),
            "by_score": LAST if score is None else score,
            "by_low": LAST if score is None else score - 9,
            "by_trend": trend,
            "by_complaints": complaints,
            "by_visit": visit or NEVER,
        }
        rows.append((shown, order))
    return rows


ROWS = made(7)


@pytest.fixture
def filled(views_engine: sa.Engine) -> Board:
    prepare(views_engine)
    with writing(views_engine) as connection:
        connection.execute(board.insert(), [shown for shown, _ in ROWS])
        connection.execute(board_order.insert(), [order for _, order in ROWS])
    return Board(views_engine)


def expected(question: Question) -> list[int]:
    def fits(shown: dict[str, Any], order: dict[str, Any]) -> bool:
        named = all(word in shown["search"] for word in question.text.casefold().split())
        return (
            (named or order["category"] in question.categories)
            and question.grade in ("", order["grade"])
            and question.category in ("", order["category"])
            and question.role in ("", order["role"])
            and (order["watched"] or not question.watched)
        )

    kept = [order for shown, order in ROWS if fits(shown, order)]
    key = SORTS[question.sort].name
    return [row["index"] for row in sorted(kept, key=lambda row: row[key], reverse=question.descending)]


QUESTIONS = [
    *(Question(sort=sort, descending=down) for sort in SORTS for down in (False, True)),
    *(Question(sort=sort, grade="D", watched=True) for sort in SORTS),
    Question(text="合作"),
    Question(text="合作", categories=("rice",), sort="name", descending=True),
    Question(text="东市 超市", role="merchant"),
    Question(text="50%"),
    Question(text="A_B"),
    Question(text="没有这一家"),
    Question(category="fruit", grade="B", sort="last_inspection", descending=True),
    Question(text="PARTY:1", role="carrier", watched=True, sort="trend"),
]


def test_every_order_and_filter_is_what_sorting_all_of_it_gives(filled: Board) -> None:
    for question in QUESTIONS:
        numbers = list(filled.numbers(question))
        assert numbers == expected(question), question
        assert filled.count(question) == len(numbers)
        rows = filled.slice(question, 3, 12)
        assert [row.party for row in rows] == [f"urn:party:{number}" for number in numbers[3:12]]
        assert filled.rows(numbers[3:12]) == rows


def test_a_row_reads_as_it_was_written(filled: Board) -> None:
    (row,) = filled.rows([ROWS[4][0]["index"]])
    shown = ROWS[4][0]
    assert (row.name, row.score, row.last_inspection) == (
        shown["name"],
        shown["score"],
        shown["last_inspection"],
    )
    assert (row.interval, row.thin) == ((shown["low"], shown["high"]), shown["thin"])
    assert filled.rows([10_000]) == ()


def test_what_there_is_to_filter_by_is_counted(filled: Board) -> None:
    summary = filled.summary()
    assert summary.total == filled.count() == COUNT
    assert dict(summary.grades)["D"] == sum(shown["grade"] == "D" for shown, _ in ROWS)
    assert summary.thin
    assert summary.categories == ("fruit", "rice")


def test_a_merchant_is_found_again_in_another_order(filled: Board) -> None:
    numbers = filled.numbers(Question(sort="name", descending=True))
    assert filled.place(numbers, "urn:party:20") == list(numbers).index(20)
    assert filled.place(filled.numbers(Question(text="没有")), "urn:party:20") is None
    assert filled.place(numbers, "urn:party:none") is None


def test_a_million_numbers_come_through_whole() -> None:
    from models.board import _parsed

    wanted = [*range(0, 60_000, 7), 12_345_678_901]
    assert list(_parsed(",".join(map(str, wanted)))) == wanted
    assert list(_parsed("")) == []


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    return found_world(ledger_engine, clock)


@pytest.fixture
def workspace(world: World, views_engine: sa.Engine, tmp_path: Path) -> Workspace:
    drawn = itertools.count(1)
    home = Home(tmp_path / "home", lambda count: next(drawn).to_bytes(count, "big"))
    return Workspace(world.engine, views_engine, home, clock=world.clock)


def listed(workspace: Workspace) -> set[object]:
    merchants = workspace.merchants
    return set(merchants.board.rows(merchants.board.numbers(Question())))


def test_the_list_follows_the_ledger_and_is_copied_only_when_it_moved(
    workspace: Workspace, world: World
) -> None:
    merchants = workspace.merchants
    assert not merchants.board.made()
    assert merchants.refresh_board()
    assert merchants.board.made()
    assert listed(workspace) == set(merchants.rows())
    assert {row.party for row in merchants.rows()} == {COOPERATIVE, MERCHANT, CARRIER}
    assert not merchants.refresh_board()
    world.say(*[inspection(minor=3)] * 2, by=INSPECTOR)
    workspace._projector.catch_up()
    assert merchants.refresh_board()
    assert listed(workspace) == set(merchants.rows())
    assert any(row.last_inspection for row in merchants.rows())
    workspace.rebuild()
    assert not merchants.board.made()
    assert merchants.refresh_board()
    assert listed(workspace) == set(merchants.rows())


def test_another_day_is_another_list(workspace: Workspace, clock: Any) -> None:
    workspace.merchants.refresh_board()
    assert not workspace.merchants.refresh_board()
    clock.now += timedelta(days=1)
    assert workspace.merchants.refresh_board()


def test_a_refresh_called_off_is_no_whole_list(workspace: Workspace) -> None:
    workspace.merchants.refresh_board(lambda: True)
    assert not workspace.merchants.board.made()


def test_names_sort_as_a_dictionary_has_them() -> None:
    assert sorted(["张家铺", "安心店", "李记", "Bold"], key=name_key) == ["Bold", "安心店", "李记", "张家铺"]
