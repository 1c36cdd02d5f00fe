"""The views of a real ledger: signed entries in, stories out, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import ledger_world
import pytest
import sqlalchemy as sa
from ledger_world import CERTIFIER, COOPERATIVE, MERCHANT, WHEN

from ledger.events.evidence import Certificate, Recall
from ledger.events.supply import Destination, ObjectEvent, Source
from models import tables
from models.projector import Projector
from models.provenance.contradictions import findings_about
from models.provenance.lots import lots
from models.provenance.story import story
from models.views import reading


def hand_over(step: str, days: int) -> ObjectEvent:
    made = ledger_world.batch()
    return replace(
        made,
        event_time=WHEN + timedelta(days=days),
        action="OBSERVE",
        biz_step=step,
        source_list=(Source(COOPERATIVE, "owning_party"),),
        destination_list=(Destination(MERCHANT, "owning_party"),),
    )


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> ledger_world.World:
    return ledger_world.found_world(ledger_engine, clock)


def test_signed_entries_become_a_story_with_proof_badges(
    world: ledger_world.World, views_engine: sa.Engine
) -> None:
    world.say(ledger_world.batch(), hand_over("shipping", 1))
    projector = Projector(world.reader, views_engine)
    projector.catch_up()
    world.say(hand_over("receiving", 2), by=MERCHANT)
    assert projector.behind() == 1
    assert projector.catch_up() == 1
    (code,) = (quantity.epc_class for quantity in ledger_world.batch().quantity_list)
    with reading(views_engine) as connection:
        found = story(connection, world.reader, code, world.reader.size() - 1)
        (row,) = lots(connection)
        keys = connection.execute(sa.select(tables.party_keys)).all()
    assert (row.holder, row.remaining, row.status) == (MERCHANT, Decimal(500), "active")
    assert [(span.party, span.signed_both) for span in found.custody] == [
        (COOPERATIVE, True),
        (MERCHANT, True),
    ]
    assert [step.proof.witnessed for step in found.steps] == [True, True, False]
    assert all(step.party_name.startswith("合作社") for step in found.steps)
    assert found.verdict == "genuine"
    assert {key.party for key in keys} >= {COOPERATIVE, MERCHANT}


def test_a_ledgers_certificates_and_recalls_reach_the_story(
    world: ledger_world.World, views_engine: sa.Engine
) -> None:
    (code,) = (quantity.epc_class for quantity in ledger_world.batch().quantity_list)
    issued = Certificate(WHEN, COOPERATIVE, "organic", "N-1", WHEN.date(), WHEN.date(), (code,))
    world.say(ledger_world.batch())
    world.say(issued, by=CERTIFIER)
    world.say(Recall(WHEN, (code,), "II", "pesticide-residue"))
    Projector(world.reader, views_engine).rebuild()
    with reading(views_engine) as connection:
        found = story(connection, world.reader, code, 0)
    assert [(each.scheme, each.standing) for each in found.certificates] == [("organic", "valid")]
    assert found.verdict == "recalled"
    assert found.recalls[0].level == "II"


def test_what_does_not_fit_is_listed_for_the_party_it_names(
    world: ledger_world.World, views_engine: sa.Engine
) -> None:
    sale = replace(hand_over("retail_selling", 3), source_list=(), destination_list=())
    world.say(ledger_world.batch())
    world.say(sale, by=MERCHANT)
    Projector(world.reader, views_engine).rebuild()
    with reading(views_engine) as connection:
        assert [found.code for found in findings_about(connection, MERCHANT)] == ["sold-by-non-holder"]
        assert [found.code for found in findings_about(connection, COOPERATIVE)] == ["sold-by-non-holder"]
        assert findings_about(connection, CERTIFIER) == ()
