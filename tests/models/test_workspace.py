"""A workspace records, shows what it recorded, and proves it, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import enrolment
from ledger.errors import LedgerError
from ledger.events.supply import ObjectEvent, Quantity
from ledger.home import Home
from ledger.store import create_ledger_engine
from models.identity import new_identity
from models.views import create_views_engine
from models.workspace import Workspace, found, has_ledger

LOT = "https://id.gs1.org/01/09521234543213/10/A1"
Clock = Callable[[], object]


def _random() -> Callable[[int], bytes]:
    drawn = 0

    def random(count: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return drawn.to_bytes(8, "big").rjust(count, b"\x11")[:count]

    return random


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", _random())


@pytest.fixture
def engines(ledger_url: str, tmp_path: Path) -> Iterator[tuple[sa.Engine, sa.Engine]]:
    beside = f"sqlite:///{tmp_path / 'views.db'}" if ledger_url.startswith("sqlite") else ledger_url
    ledger, views = create_ledger_engine(ledger_url), create_views_engine(beside)
    yield ledger, views
    ledger.dispose()
    views.dispose()


@pytest.fixture
def workspace(engines: tuple[sa.Engine, sa.Engine], home: Home, clock: Clock) -> Workspace:
    identity, pair = new_identity(
        home,
        clock=clock,  # type: ignore[arg-type]
        name="青岭合作社",
        roles=("administrator", "cooperative"),
        gln="9521234000013",
    )
    return found(*engines, home, identity, pair, clock=clock)  # type: ignore[arg-type]


def harvest(clock: Clock, lot: str = LOT) -> ObjectEvent:
    return ObjectEvent(
        event_time=clock(),  # type: ignore[arg-type]
        action="ADD",
        biz_step="commissioning",
        quantity_list=(Quantity(lot, Decimal("412"), "KGM"),),
    )


def test_a_new_ledger_begins_with_its_administrator(workspace: Workspace) -> None:
    me = workspace.me()
    assert me is not None
    assert me.id == "https://id.gs1.org/417/9521234000013"
    assert me.roles == ("administrator", "cooperative")
    assert workspace.size() == 1


def test_a_recorded_batch_is_listed_and_traced_at_once(workspace: Workspace, clock: Clock) -> None:
    receipt = workspace.record(harvest(clock))
    assert receipt.index == 1
    assert [row.lot for row in workspace.lots()] == [LOT]
    assert [event.index for event in workspace.trace(LOT).events] == [1]


def test_a_lot_is_found_by_the_number_on_its_label(workspace: Workspace, clock: Clock) -> None:
    workspace.record(harvest(clock))
    assert workspace.trace("A1").code == LOT


def test_pages_of_the_list_put_together_are_the_list(workspace: Workspace, clock: Clock) -> None:
    for name in ("A1", "B1", "C1", "D1", "E1"):
        workspace.record(harvest(clock, LOT.replace("A1", name)))
    whole = workspace.lots()
    assert [row.lot_number for row in whole] == ["E1", "D1", "C1", "B1", "A1"]
    assert sum((workspace.lots(limit=2, offset=start) for start in (0, 2, 4)), ()) == whole
    assert workspace.lot_count() == len(whole)
    assert workspace.lot_count("C1") == len(workspace.lots("C1")) == 1


def test_an_unknown_code_is_said_to_be_unknown(workspace: Workspace) -> None:
    with pytest.raises(LedgerError) as told:
        workspace.trace("https://id.gs1.org/01/09521234543213/10/NONE")
    assert told.value.code == "lot-unknown"


def test_nobody_speaks_for_a_party_whose_key_is_elsewhere(workspace: Workspace, clock: Clock) -> None:
    with pytest.raises(LedgerError) as told:
        workspace.record(harvest(clock), as_party="盒马")
    assert told.value.code == "party-unknown"


def test_a_request_signed_elsewhere_enrols_its_party(
    workspace: Workspace, clock: Clock, tmp_path: Path
) -> None:
    theirs = Home(tmp_path / "theirs", _random())
    theirs.random(1)
    event, pair = new_identity(theirs, clock=clock, name="惠民超市", roles=("merchant",))  # type: ignore[arg-type]
    receipt, enrolled = workspace.enrol(enrolment.write_request(event, pair))
    assert receipt.index == 1
    assert workspace.party("惠民超市").id == enrolled.party == pair.public.did


def test_the_same_ledger_opens_again_with_everything_in_it(
    workspace: Workspace, engines: tuple[sa.Engine, sa.Engine], home: Home, clock: Clock
) -> None:
    workspace.record(harvest(clock))
    again = Workspace(*engines, home, clock=clock)  # type: ignore[arg-type]
    assert has_ledger(engines[0])
    assert again.size() == 2
    assert again.lot_count() == 1


def test_rebuilding_the_views_loses_nothing(workspace: Workspace, clock: Clock) -> None:
    workspace.record(harvest(clock))
    before = workspace.lots()
    assert workspace.rebuild() == 2
    assert workspace.lots() == before


def test_an_audit_of_an_honest_ledger_holds_and_says_that_nobody_witnessed_it(
    workspace: Workspace, clock: Clock
) -> None:
    workspace.record(harvest(clock))
    report = workspace.log.audit()
    assert report.holds
    assert (report.entries, report.witnessed_to) == (2, 0)


def test_another_installation_vouches_and_then_sees_every_rewrite(
    workspace: Workspace, clock: Clock, tmp_path: Path
) -> None:
    witness = Home(tmp_path / "witness", _random())
    from models import proving

    first = workspace.log.checkpoint()
    vouched = proving.vouch(witness, first.note, clock(), first.log_key)  # type: ignore[arg-type]
    kept = workspace.cosign(vouched.note, witness=vouched.witness_key)
    assert kept.cosignatures == vouched.cosignatures
    assert workspace.log.audit().witnessed_to == 1
    workspace.record(harvest(clock))
    second = proving.vouch(witness, workspace.log.witness_request(1), clock())  # type: ignore[arg-type]
    workspace.cosign(second.note)
    assert workspace.log.audit().witnessed_to == 2


def test_a_witness_asks_for_the_proof_that_is_missing(
    workspace: Workspace, clock: Clock, tmp_path: Path
) -> None:
    from models import proving

    witness = Home(tmp_path / "witness", _random())
    first = workspace.log.checkpoint()
    proving.vouch(witness, first.note, clock(), first.log_key)  # type: ignore[arg-type]
    workspace.record(harvest(clock))
    with pytest.raises(LedgerError) as told:
        proving.vouch(witness, workspace.log.checkpoint().note, clock())  # type: ignore[arg-type]
    assert told.value.code == "proof-needed"
    assert "--since 1" in told.value.remedy
