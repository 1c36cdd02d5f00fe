"""A real ledger with an office that may say everything about two shops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from ledger.events.governance import PartyEnrolled
from ledger.home import Home
from ledger.store import create_ledger_engine
from models.identity import new_identity
from models.views import create_views_engine
from models.workspace import Workspace, found

SHOPS = (("好苹果水果店", "9521234000020"), ("另一家", "9521234000037"))
OFFICE = ("administrator", "certifier", "inspector")


@pytest.fixture
def two_shops(ledger_url: str, tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Workspace]:
    """The ledger of the office 市监所, opened, with 好苹果水果店 and 另一家 enrolled."""
    numbers = count()
    home = Home(
        tmp_path / "home", lambda size: sha256(str(next(numbers)).encode()).digest()[:size].ljust(size, b"\1")
    )
    beside = f"sqlite:///{tmp_path / 'views.db'}" if ledger_url.startswith("sqlite") else ledger_url
    ledger, views = create_ledger_engine(ledger_url), create_views_engine(beside)
    office, pair = new_identity(home, clock=clock, name="市监所", roles=OFFICE)
    made = found(ledger, views, home, office, pair, clock=clock)
    for name, gln in SHOPS:
        shop, _ = new_identity(home, clock=clock, name=name, roles=("merchant",), gln=gln)
        assert isinstance(shop, PartyEnrolled)
        made.record(shop)
    yield made
    made.close()
