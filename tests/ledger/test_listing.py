"""A list of entries shows what each entry says of itself, and opens none, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from ledger_world import World, batch, found_world

from ledger import listing


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    world = found_world(ledger_engine, clock)
    world.say(*[batch(number) for number in range(3)])
    return world


def test_a_line_says_what_its_entry_says(world: World) -> None:
    entries = list(world.reader.entries())
    lines = world.reader.lines(0, len(entries))
    names = listing.EntryLine.__slots__
    assert [[getattr(line, name) for name in names] for line in lines] == [
        [getattr(entry, name) for name in names] for entry in entries
    ]


def test_lines_are_cut_where_they_are_asked_and_where_the_ledger_ends(world: World) -> None:
    size = world.reader.size()
    assert [line.index for line in world.reader.lines(2, 5)] == [2, 3, 4]
    assert [line.index for line in world.reader.lines(size - 1, size + 50)] == [size - 1]
    assert world.reader.lines(size, size + 1) == ()
