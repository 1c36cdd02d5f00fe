"""Whatever fails while an entry is written: acknowledged entries are there, others are not, and work goes on.

Every storage step fails once "not stored" and once "stored, but reported as failed"; the second is how a lost
connection or a dying disk looks to a program.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count as count_up
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ledger_world import CARRIER, COOPERATIVE, World, batch, found_world, inspection, log_key, pair_of

from ledger import store
from ledger.audit import audit
from ledger.desk import Desk
from ledger.errors import LedgerError, Problem
from ledger.opening import open_ledger
from ledger.reader import Reader
from ledger.receipts import Receipt


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    world = found_world(ledger_engine, clock)
    world.say(*[batch(number) for number in range(245)], batch=True)
    return world


class Saboteur:
    """Counts the steps of a transaction, and makes one of them fail."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.steps = 0
        self.fail_at = -1
        self.stored = False
        self.armed = False
        self._commit = engine.dialect.do_commit
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            sa.event.listen(engine, name, getattr(self, name))
        engine.dialect.do_commit = self.do_commit  # type: ignore[method-assign,assignment]

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
        return self._step(lambda: cursor.execute(statement, parameters))

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
        return self._step(lambda: cursor.executemany(statement, parameters))

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any) -> bool:
        return self._step(lambda: cursor.execute(statement))

    def do_commit(self, connection: Any) -> None:
        if not self._step(lambda: self._commit(connection)):
            self._commit(connection)

    def _step(self, really: Callable[[], object]) -> bool:
        if not self.armed:
            return False
        self.steps += 1
        if self.steps - 1 != self.fail_at:
            return False
        if self.stored:
            really()
        self.armed = False
        raise self.engine.dialect.loaded_dbapi.OperationalError("disk I/O error")

    @contextmanager
    def failing(self, step: int, *, stored: bool) -> Iterator[None]:
        self.steps, self.fail_at, self.stored, self.armed = 0, step, stored, True
        yield


@pytest.mark.parametrize("stored", [False, True], ids=["not stored", "stored but reported failed"])
@pytest.mark.parametrize("count", [1, 300], ids=["one event", "a batch over a tile"])
def test_any_step_may_fail(world: World, stored: bool, count: int) -> None:
    events = [batch(number) for number in range(1000, 1000 + count)]
    saboteur = Saboteur(world.engine)
    kept = 0
    for step in count_up():
        before = world.reader.size()
        receipts: tuple[Receipt, ...] = ()
        with saboteur.failing(step, stored=stored), suppress(LedgerError):
            receipts = world.say(*events, batch=True)
        if saboteur.armed:
            saboteur.armed = False
            break  # every step has failed once
        if receipts:
            assert world.reader.size() == before + count, f"step {step}: acknowledged, so it must be in"
            assert world.reader.find(receipts[-1].entry_hash) is not None
            assert receipts[-1].checkpoint == world.reader.checkpoint()
            kept += 1
        else:
            assert world.reader.size() == before, f"step {step}: refused, so nothing may be in"
    assert step >= 7, "head, governance, cosigned, tail, entries, head moved, commit"
    assert kept == (1 if stored else 0), "only a commit that took place may be acknowledged"
    world.say(*events, batch=True)
    report = audit(world.engine)
    assert report.holds, report.problems


def test_a_full_disk_is_said_and_nothing_is_lost(world: World, ledger_url: str) -> None:
    if world.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's own disk belongs to its server")
    engine = store.create_ledger_engine(ledger_url)

    @sa.event.listens_for(engine, "connect")
    def no_more_room(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    desk = Desk(engine, log_key=log_key(), clock=world.clock)
    before = world.reader.checkpoint()
    with pytest.raises(LedgerError) as refused:
        desk.append([batch(number) for number in range(500)], pair_of(COOPERATIVE))
    engine.dispose()
    assert refused.value.code == "disk-full"
    assert world.reader.checkpoint() == before
    assert world.say(batch(1))[0].index == 252
    assert audit(world.engine).holds


def test_a_locked_ledger_says_who_is_in_the_way(world: World, ledger_url: str) -> None:
    if world.engine.dialect.name != "sqlite":
        pytest.skip("on PostgreSQL writers queue")
    engine = sa.create_engine(ledger_url, connect_args={"timeout": 0.05, "isolation_level": None})

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    impatient = Desk(engine, log_key=log_key(), clock=world.clock)
    with store.writing(world.engine), pytest.raises(LedgerError) as refused:
        impatient.append(batch(1), pair_of(COOPERATIVE))
    engine.dispose()
    assert refused.value.code == "ledger-locked"
    assert world.say(batch(1))[0].index == 252


def test_a_newer_ledger_is_refused_and_left_alone(world: World) -> None:
    with store.writing(world.engine) as connection:
        connection.exec_driver_sql("UPDATE head SET format = 99")
    for refuse in (world.reader.size, lambda: world.say(batch(1))):
        with pytest.raises(LedgerError) as refused:
            refuse()
        assert refused.value.code == "ledger-newer"


def test_a_read_only_ledger_proves_and_does_not_record(world: World, ledger_url: str) -> None:
    engine = store.create_ledger_engine(ledger_url, read_only=True)
    try:
        assert Reader(engine).inclusion_proof(3) == world.reader.inclusion_proof(3)
        assert audit(engine).holds
        with pytest.raises(LedgerError) as refused:
            Desk(engine, log_key=log_key(), clock=world.clock).append(batch(1), pair_of(COOPERATIVE))
        assert refused.value.code == "ledger-read-only"
    finally:
        engine.dispose()


def test_a_file_that_may_not_be_written_is_opened_for_reading_and_says_so(
    world: World, ledger_url: str
) -> None:
    opened = open_ledger(ledger_url)
    assert (opened.read_only, opened.why) == (False, None)
    opened.engine.dispose()
    url = sa.make_url(ledger_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
    else:
        url = url.update_query_dict({"options": "-cdefault_transaction_read_only=on"})
    opened = open_ledger(url)
    try:
        assert opened.read_only
        assert opened.why is not None
        assert opened.why.code == "ledger-read-only"
        assert Reader(opened.engine).size() == 252
    finally:
        opened.engine.dispose()


def test_opening_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as refused:
        open_ledger(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.db'}")
    assert refused.value.code == "no-ledger"


def test_eight_racing_writers_leave_one_gapless_log(world: World, ledger_url: str) -> None:
    engines = [store.create_ledger_engine(ledger_url) for _ in range(8)]
    receipts: list[int] = []
    problems: list[BaseException] = []
    start = threading.Barrier(8)

    def write(number: int) -> None:
        desk = Desk(
            engines[number], log_key=log_key(), clock=lambda: datetime.fromisoformat("2026-03-02T00:00Z")
        )
        author = pair_of((COOPERATIVE, CARRIER)[number % 2])  # four desks share each author's chain
        start.wait()
        try:
            for step in range(6):
                receipts.append(desk.append(batch(100 * number + step), author)[0].index)
        except LedgerError as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert problems == []
    assert sorted(receipts) == list(range(252, 300))
    assert audit(world.engine).holds


def test_a_stale_writer_is_told_and_writes_nothing(world: World) -> None:
    from ledger import rows

    with store.reading(world.engine) as connection:
        stale = rows.read_head(connection)
    world.say(batch(1))
    with pytest.raises(LedgerError) as refused, store.writing(world.engine) as connection:
        rows._swap(connection, stale, stale)
    assert refused.value.code == "lost-race"


def test_many_readers_and_one_writer_agree(world: World) -> None:
    stop, problems = threading.Event(), list[Problem]()

    def read() -> None:
        try:
            while not stop.is_set():
                entry = world.reader.entry(world.reader.size() - 1)
                world.reader.inclusion_proof(entry.index)
        except Problem as problem:
            problems.append(problem)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(12):
        world.say(batch(number))
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []


def test_one_bad_event_of_many_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(LedgerError):
        world.say(batch(1), batch(2), inspection())
    assert world.reader.size() == 252
    assert world.say(batch(1))[0].index == 252
