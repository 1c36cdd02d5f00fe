"""The demonstration is one believable story: the same every time, in every season, true to its own books."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger_world import log_key, pair_of

import resources
from ledger.desk import Desk, found_ledger
from ledger.events import codec
from ledger.events.codec import Event
from ledger.events.evidence import Commitment, Complaint, Review
from ledger.events.identifiers import check_digit
from ledger.events.supply import AggregationEvent, ObjectEvent, TransformationEvent
from ledger.reader import Reader
from models import tables
from models.credit.policy import Policy
from models.credit.scorecard import score
from models.demonstration.cast import read_cast
from models.demonstration.record import enrolment, leaves
from models.demonstration.tale import Tale, tale
from models.evidence.intake import evidence_of
from models.projections.entries import EntryList
from models.projector import Projector
from models.views import create_views_engine, reading

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
SEASONS = [datetime(2026, month, 3, 5, tzinfo=UTC) for month in range(1, 13)]


def _tell(now: datetime) -> Tale:
    return tale(now, lambda key: pair_of(key).public.hex)


def _keep(words: str) -> Commitment:
    digest = sha256(words.encode()).hexdigest()
    return Commitment(digest, digest[:16])


@pytest.fixture(scope="module")
def told() -> Tale:
    return _tell(NOW)


def test_the_same_instant_tells_the_same_tale(told: Tale) -> None:
    assert [codec.encode(each.event) for each in _tell(NOW).tellings] == [
        codec.encode(each.event) for each in told.tellings
    ]


@pytest.mark.parametrize("now", SEASONS, ids=lambda now: f"{now:%b}")
def test_in_every_season_nothing_lies_ahead_and_every_highlight_exists(now: datetime) -> None:
    told = _tell(now)
    assert max(each.record_time for each in told.tellings) <= now
    made = {
        quantity.epc_class
        for each in told.tellings
        if isinstance(each.event, TransformationEvent)
        for quantity in each.event.output_quantity_list
    }
    parties = {actor.id for actor in told.cast.actors.values()}
    assert set(told.highlights.values()) <= made | parties


def test_every_identifier_carries_the_demonstration_prefix() -> None:
    cast = read_cast()
    numbers = [str(actor.id) for actor in cast.actors.values()]
    numbers += [place.id for actor in cast.actors.values() for place in actor.places]
    assert all(number.rsplit("/", 1)[1].startswith("952") for number in numbers)
    assert all(product.gtin.startswith("0952") for product in cast.products.values())


def test_every_check_digit_is_right() -> None:
    cast = read_cast()
    numbers = [product.gtin for product in cast.products.values()]
    numbers += [actor.id.rsplit("/", 1)[1] for actor in cast.actors.values()]
    numbers += [place.id.rsplit("/", 1)[1] for actor in cast.actors.values() for place in actor.places]
    assert [number for number in numbers if check_digit(number[:-1]) != number[-1]] == []
    assert len(set(numbers)) == len(numbers)


def test_the_files_say_that_they_are_a_demonstration() -> None:
    for name in ("cast", "conduct"):
        document = resources.document(f"demo/{name}.json")
        assert "演示数据" in document["note"]
        assert "Demonstration data" in document["note_en"]


def test_the_story_has_what_it_promises(told: Tale) -> None:
    kinds = {type(each.event).__name__ for each in told.tellings}
    assert kinds >= {
        "PartyEnrolled",
        "MasterData",
        "ObjectEvent",
        "TransformationEvent",
        "AggregationEvent",
        "Inspection",
        "Certificate",
        "Complaint",
        "Review",
        "Recall",
    }
    roles = [role for actor in told.cast.actors.values() for role in actor.roles]
    assert (roles.count("cooperative"), roles.count("merchant")) == (3, 8)
    assert 500 <= len(told.tellings) <= 1500


def test_words_of_people_are_never_in_an_event(told: Tale) -> None:
    spoken = [each for each in told.tellings if each.words is not None]
    assert {type(each.event) for each in spoken} == {Complaint, Review}
    assert all(isinstance(each.event, Complaint | Review) and each.event.words is None for each in spoken)


def test_nobody_but_the_wholesaler_sells_more_than_was_received(told: Tale) -> None:
    """Followed lot by lot: what went in by transformation or commissioning, less what was used and sold."""
    made: dict[str, Decimal] = defaultdict(Decimal)
    gone: dict[str, Decimal] = defaultdict(Decimal)
    wholesaler = told.cast.id("jinwang")
    cheated: set[str] = set()
    for each in told.tellings:
        event = each.event
        if isinstance(event, TransformationEvent):
            for quantity in event.output_quantity_list:
                made[quantity.epc_class] += quantity.quantity or 0
            for quantity in event.input_quantity_list:
                gone[quantity.epc_class] += quantity.quantity or 0
        elif isinstance(event, ObjectEvent) and event.action == "ADD":
            made[event.quantity_list[0].epc_class] += event.quantity_list[0].quantity or 0
        elif isinstance(event, ObjectEvent) and event.biz_step in ("retail_selling", "destroying"):
            gone[event.quantity_list[0].epc_class] += event.quantity_list[0].quantity or 0
            if each.party == wholesaler:
                cheated.add(event.quantity_list[0].epc_class)
    over = {lot for lot, amount in gone.items() if amount > made[lot]}
    assert over
    assert over <= cheated


def test_a_pallet_is_emptied_of_what_was_put_on_it(told: Tale) -> None:
    packed: dict[str, object] = {}
    for each in told.tellings:
        if isinstance(each.event, AggregationEvent) and each.event.parent_id is not None:
            if each.event.action == "ADD":
                packed[each.event.parent_id] = each.event.child_quantity_list
            else:
                assert packed[each.event.parent_id] == each.event.child_quantity_list


@dataclass(frozen=True)
class _Entry:
    """A telling as the read side sees it once it is in the ledger."""

    index: int
    party: str
    record_time: datetime
    event: Event


@pytest.mark.parametrize("now", SEASONS[::4], ids=lambda now: f"{now:%b}")
def test_every_grade_occurs_among_the_merchants(now: datetime) -> None:
    told = _tell(now)
    entries = _entries(told)
    evidence = list(evidence_of(entries))
    policy = Policy.from_document(resources.document("policy/default.json"))
    grades = {
        key: score(actor.id, evidence, policy, now, len(entries)).grade
        for key, actor in told.cast.actors.items()
        if "merchant" in actor.roles
    }
    assert set(grades.values()) == {"A", "B", "C", "D", "NR"}
    assert (grades["hetian"], grades["jinwang"], grades["xinya"]) == ("A", "D", "NR")


def _entries(told: Tale) -> list[_Entry]:
    return [
        _Entry(index, each.party, each.record_time, each.event) for index, each in enumerate(told.tellings)
    ]


@pytest.mark.parametrize("now", SEASONS[::3], ids=lambda now: f"{now:%b}")
def test_the_only_odd_goods_are_the_wholesalers(now: datetime, tmp_path: Path) -> None:
    told = _tell(now)
    engine = create_views_engine(f"sqlite:///{tmp_path}/views.db")
    Projector(EntryList(_entries(told)), engine).catch_up()
    with reading(engine) as connection:
        rows = connection.execute(sa.select(tables.findings)).all()
    engine.dispose()
    assert {row.code for row in rows} == {"sold-more-than-held"}
    assert {row.params["party"] for row in rows} == {told.cast.id("jinwang")}


def test_the_ledger_admits_every_word_of_it(told: Tale, ledger_engine: sa.Engine) -> None:
    founded = found_ledger(
        ledger_engine,
        log_key=log_key(),
        administrator=pair_of("registry"),
        enrolment=enrolment(told),
        clock=lambda: told.begins,
    )
    pairs = {key: pair_of(key) for key in told.cast.actors}
    signed = leaves(told, pairs, _keep, founded.entry_hash)
    admitted = Desk(ledger_engine, log_key=log_key(), clock=lambda: NOW).admit(signed)
    refused = [each.problem for each in admitted if each.status != "added"]
    assert refused == []
    assert Reader(ledger_engine).size() == len(told.tellings)
