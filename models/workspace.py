"""The one thing a face holds: a library that records, and what each area records through it.

Rule: it only calls; it decides nothing itself.
"""

from __future__ import annotations

from sqlalchemy import Engine

from ledger.errors import LedgerError
from ledger.events.governance import PartyEnrolled
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.reader import Reader
from models.batches import Batches
from models.corrections import Corrections
from models.files import Files
from models.library import Clock, Library
from models.opinions import Opinions
from models.recorder import Recorder, begin, log_signer
from models.supervision import Supervision

__all__ = ["Clock", "Library", "Workspace", "found", "has_ledger", "log_signer"]


class Workspace(Recorder):
    """One ledger with its views, used from one installation: `record` takes any event, the areas make theirs.

    Args:
        engine, views, home, clock, party, read_only: as for `Recorder`.
    """

    def __init__(
        self,
        engine: Engine,
        views: Engine,
        home: Home,
        *,
        clock: Clock,
        party: str | None = None,
        read_only: LedgerError | None = None,
    ) -> None:
        super().__init__(engine, views, home, clock=clock, party=party, read_only=read_only)
        self.batches = Batches(self)
        self.corrections = Corrections(self, self._views)
        self.files = Files(self, self._views)
        self.opinions = Opinions(self, self._vault)
        self.supervision = Supervision(self, self._views)


def found(
    engine: Engine, views: Engine, home: Home, identity: PartyEnrolled, pair: KeyPair, *, clock: Clock
) -> Workspace:
    """Make a new ledger whose first entry enrols its administrator, and return it opened.

    Raises:
        LedgerError: code `ledger-exists`.
    """
    begin(engine, home, identity, pair, clock=clock)
    return Workspace(engine, views, home, clock=clock)


def has_ledger(engine: Engine) -> bool:
    """Say whether there is a ledger in this database."""
    try:
        Reader(engine).size()
    except LedgerError as error:
        if error.code == "no-ledger":
            return False
        raise
    return True
