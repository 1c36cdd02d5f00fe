"""The one thing a face holds: a library that records, and what each area records through it.

Rule: it only calls; it decides nothing itself. An area is imported when it is first used: whoever opens a
ledger to look at it waits for no claims, workbooks or forms.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from ledger.errors import LedgerError
from ledger.events.governance import PartyEnrolled
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.reader import Reader
from models.library import Clock, Library
from models.recorder import Recorder, begin, log_signer

if TYPE_CHECKING:
    from models.batches import Batches
    from models.corrections import Corrections
    from models.files import Files
    from models.health import Health
    from models.opinions import Opinions
    from models.supervision import Supervision

__all__ = ["Clock", "Library", "Workspace", "found", "has_ledger", "log_signer"]


class Workspace(Recorder):
    """One ledger with its views, used from one installation: `record` takes any event, the areas make theirs.

    Args:
        engine, views, home, clock, party, read_only: as for `Recorder`.
    """

    @cached_property
    def batches(self) -> Batches:
        """Return what belongs to batches: gates, labels, rolls of item keys, promises, recalls."""
        from models.batches import Batches

        return Batches(self)

    @cached_property
    def corrections(self) -> Corrections:
        """Return the way to declare an entry wrong and say it again."""
        from models.corrections import Corrections

        return Corrections(self, self._views)

    @cached_property
    def files(self) -> Files:
        """Return the way in for tables, documents, loggers' series and laboratory sheets."""
        from models.files import Files

        return Files(self, self._views)

    @cached_property
    def health(self) -> Health:
        """Return what an audit means, check by check, and the signature under its report."""
        from models.health import Health

        return Health(self)

    @cached_property
    def opinions(self) -> Opinions:
        """Return what people say: reviews, complaints, scans, and the removal of their words."""
        from models.opinions import Opinions

        return Opinions(self, self._vault)

    @cached_property
    def supervision(self) -> Supervision:
        """Return what an office does: visits, rulings, measures, claims, scores, policies."""
        from models.supervision import Supervision

        return Supervision(self, self._views)


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
