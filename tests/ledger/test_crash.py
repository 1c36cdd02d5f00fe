"""Kill the writer at any moment: what it acknowledged is there, and the ledger opens without help."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from ledger_world import World, batch, found_world
from shared import CHECKOUT

from ledger import store
from ledger.audit import audit

WRITER = """
import sys
from datetime import UTC, datetime
from ledger_world import COOPERATIVE, batch, log_key, pair_of
from ledger.desk import Desk
from ledger.store import create_ledger_engine
engine = create_ledger_engine(sys.argv[1])
desk = Desk(engine, log_key=log_key(), clock=lambda: datetime.now(UTC))
number = int(sys.argv[2])
while True:
    events = [batch(number + step) for step in range(1 + number % 40)]
    receipts = desk.append(events, pair_of(COOPERATIVE), batch=number % 3 == 0)
    print(receipts[-1].index, receipts[-1].entry_hash.hex(), flush=True)
    number += len(events)
"""


def die_while_writing(url: str, start: int, acknowledged: int) -> list[tuple[int, bytes]]:
    """Let a program write, kill it after some acknowledgements, and return what it was told."""
    path = os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "tests")])
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(start)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert writer.stdout is not None
    told = [writer.stdout.readline() for _ in range(acknowledged)]
    writer.send_signal(signal.SIGKILL)
    told += writer.stdout.readlines()  # acknowledged before it died, even if nobody had read it yet
    writer.stdout.close()
    writer.wait()
    whole = [line.split() for line in told if line.endswith("\n")]
    assert whole, "the writer never came to write"
    return [(int(index), bytes.fromhex(entry_hash)) for index, entry_hash in whole]


def rounds(world: World, url: str, counts: list[int]) -> None:
    for count in counts:
        for index, entry_hash in die_while_writing(url, 1000 + world.reader.size(), count):
            assert world.reader.entry(index).entry_hash == entry_hash, "acknowledged, and not there"
        report = audit(world.engine)
        assert report.holds, report.problems
        assert world.say(batch(1))[0].index == report.entries


def test_a_killed_writer_loses_nothing_it_acknowledged(
    ledger_engine: sa.Engine, ledger_url: str, clock: Callable[[], datetime]
) -> None:
    rounds(found_world(ledger_engine, clock), ledger_url, [1, 9])


@pytest.mark.torture
def test_a_hundred_killed_writers_lose_nothing(
    ledger_engine: sa.Engine, ledger_url: str, clock: Callable[[], datetime]
) -> None:
    rounds(found_world(ledger_engine, clock), ledger_url, [1 + (7 * step) % 23 for step in range(100)])


FAULTY_WRITER = """
import sys
from datetime import UTC, datetime
from ledger_world import COOPERATIVE, batch, log_key, pair_of
from ledger.desk import Desk
from ledger.errors import LedgerError
from ledger.store import create_ledger_engine
engine = create_ledger_engine(sys.argv[1])
desk = Desk(engine, log_key=log_key(), clock=lambda: datetime.now(UTC))
for number in range(12):
    try:
        (receipt,) = desk.append(batch(number), pair_of(COOPERATIVE))
        print(receipt.index, receipt.entry_hash.hex(), flush=True)
    except LedgerError as problem:
        print("refused", problem.code, flush=True)
engine.dispose()
"""
FAULTS = ["error=EIO", "error=ENOSPC", "signal=KILL"]
CALLS = ["pwrite64", "fdatasync", "ftruncate", "unlink"]
SLICE = [("pwrite64", "error=ENOSPC", 9), ("fdatasync", "error=EIO", 2), ("fdatasync", "signal=KILL", 3)]


def fault(world: World, url: str, call: str, what: str, when: int) -> None:
    """Let one file system call of a writer fail, as strace can, and see what is left."""
    path = os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "tests")])
    inject = f"inject={call}:{what}:when={when}"
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
    done = subprocess.run(
        [*command, sys.executable, "-c", FAULTY_WRITER, url],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    lines = [line.split() for line in done.stdout.splitlines(keepends=True) if line.endswith("\n")]
    told = [(int(index), bytes.fromhex(entry)) for index, entry in lines if index != "refused"]
    for index, entry_hash in told:
        assert world.reader.entry(index).entry_hash == entry_hash, f"{inject}: acknowledged, and not there"
    report = audit(world.engine)
    assert report.holds, (inject, report.problems)
    assert world.say(batch(1))[0].index == report.entries


def needs_strace() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt-get install strace")
    traced = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
    if traced.returncode:
        pytest.skip("this machine does not let a program be traced")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("call", "what", "when"), SLICE)
def test_a_failing_disk_loses_nothing_acknowledged(
    ledger_engine: sa.Engine,
    ledger_url: str,
    clock: Callable[[], datetime],
    call: str,
    what: str,
    when: int,
) -> None:
    needs_strace()
    fault(found_world(ledger_engine, clock), ledger_url, call, what, when)


@pytest.mark.torture
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_every_file_system_call_of_an_append_may_fail(
    ledger_engine: sa.Engine, ledger_url: str, clock: Callable[[], datetime], call: str, what: str
) -> None:
    needs_strace()
    world = found_world(ledger_engine, clock)
    for when in range(1, 60):
        fault(world, ledger_url, call, what, when)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_half_written_transaction_is_gone_when_the_file_is_opened_again(
    ledger_engine: sa.Engine, ledger_url: str, clock: Callable[[], datetime]
) -> None:
    world = found_world(ledger_engine, clock)
    half = """
import os, sys
from ledger.store import create_ledger_engine, writing
engine = create_ledger_engine(sys.argv[1])
with writing(engine) as connection:
    connection.exec_driver_sql("UPDATE head SET size = 999")
    os._exit(9)
"""
    done = subprocess.run(
        [sys.executable, "-c", half, ledger_url],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        check=False,
    )
    assert done.returncode == 9
    engine = store.create_ledger_engine(ledger_url)
    assert audit(engine).holds
    engine.dispose()
    assert world.reader.size() == 7
