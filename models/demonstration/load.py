"""Make the demonstration ledger: every party's keys, its whole tale, through the door everybody uses.

Rule: it is a real ledger with its own home folder and says what it is; nobody's own data is ever put into it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from ledger.durable import write_file
from ledger.errors import LedgerBug
from ledger.events.evidence import Commitment
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.progress import Progress, quiet
from ledger.receipts import Admission
from models.demonstration.coldcurve import kept_series
from models.demonstration.record import enrolment, leaves
from models.demonstration.tale import FOUNDER, Tale, tale
from models.library import COMPLETE
from models.workspace import Workspace, found

__all__ = ["COMPLETE", "Stopped", "load_demonstration"]

PART = 100
"""Entries admitted at a time: whoever closes the window meanwhile waits for one part."""


class Stopped(Exception):
    """The demonstration was no longer wanted; what is there of it is of no use."""


def load_demonstration(
    engine: Engine,
    views: Engine,
    home: Home,
    clock: Callable[[], datetime],
    progress: Progress = quiet,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Workspace, Tale]:
    """Found the demonstration's ledger in `home` and put the tale into it, as of the clock's instant.

    Args:
        stopped: asked before every person's word and every part; once it says so, nothing more is made.

    Raises:
        Stopped: `stopped` said so.
        LedgerError: there is a ledger already, or the disk refuses.
    """
    pairs: dict[str, KeyPair] = {}

    def public_key(key: str) -> str:
        if key not in pairs:
            pairs[key] = KeyPair.generate(home.random)
        return pairs[key].public.hex

    told = tale(clock(), public_key)
    for key, actor in told.cast.actors.items():
        home.keep(actor.id, pairs[key])
    begun = found(engine, views, home, enrolment(told), pairs[FOUNDER], clock=lambda: told.begins)

    def keep(words: str) -> Commitment:
        _go_on(stopped)
        return begun.keep_words("demonstration", words)

    signed = leaves(told, pairs, keep, begun.entry(0).entry_hash)
    _admit(begun, signed, progress, stopped)
    for series in kept_series(told.tellings):
        begun.keep_material(series)
    write_file(home.root / COMPLETE, b"")
    return Workspace(engine, views, home, clock=clock), told


def _admit(
    workspace: Workspace,
    signed: tuple[bytes, ...],
    progress: Progress,
    stopped: Callable[[], bool],
) -> None:
    for start in range(0, len(signed), PART):
        _go_on(stopped)
        for admission in workspace.admit(signed[start : start + PART]):
            _expect_added(admission)
        progress(min(start + PART, len(signed)), len(signed))


def _go_on(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise Stopped


def _expect_added(admission: Admission) -> None:
    if admission.status != "added":
        raise LedgerBug(f"the demonstration says something the ledger refuses: {admission.problem}")
