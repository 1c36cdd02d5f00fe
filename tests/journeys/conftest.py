"""What every journey begins with: an office with a ledger of its own, on either engine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.events.governance import MasterData, PartyEnrolled
from ledger.events.values import PartyId, freeze
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.store import create_ledger_engine
from models.identity import new_identity
from models.views import create_views_engine
from models.workspace import Workspace, found

Clock = Callable[[], datetime]
GTIN = "09521234543213"


@pytest.fixture
def engines(ledger_url: str, tmp_path: Path) -> Iterator[tuple[sa.Engine, sa.Engine]]:
    beside = f"sqlite:///{tmp_path / 'views.db'}" if ledger_url.startswith("sqlite") else ledger_url
    made = create_ledger_engine(ledger_url), create_views_engine(beside)
    yield made
    for engine in made:
        engine.dispose()


@pytest.fixture
def office(engines: tuple[sa.Engine, sa.Engine], tmp_path: Path, clock: Clock) -> Workspace:
    """A cooperative that runs the ledger, and on the same machine a shop, an inspector and a consumer."""
    drawn = itertools.count(1)
    home = Home(tmp_path / "home", lambda count: next(drawn).to_bytes(8, "big").rjust(count, b"\x5c")[:count])
    event, pair = new_identity(home, clock=clock, name="青岭合作社", roles=("administrator", "cooperative"))
    office = found(*engines, home, event, pair, clock=clock)
    for name, role in (("惠民超市", "merchant"), ("县市场监管局", "inspector"), ("王女士的手机", "consumer")):
        key = KeyPair.generate(home.random)
        home.keep(key.public.did, key)
        party = PartyId(key.public.did)
        office.record(PartyEnrolled(clock(), party, name, None, (role,), key.public.hex, category="grocery"))
    described = freeze({"name": "明前龙井茶", "descriptionShort": "明前龙井茶"})
    office.record(MasterData(clock(), "product", f"https://id.gs1.org/01/{GTIN}", described))
    return office
