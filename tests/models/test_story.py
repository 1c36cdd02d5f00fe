"""A scan tells the whole way, names who answers for it, and shows what is not yet proven."""

from __future__ import annotations

from dataclasses import replace

import builders
import pytest
import sqlalchemy as sa
from builders import CASE, COOPERATIVE, LOT, LOT_2, MERCHANT, later, quantity
from histories import PARTIES, Oracle, entries, shuffled
from hypothesis import given, settings

from ledger.errors import LedgerError
from ledger.events.codec import Event
from ledger.events.governance import MasterData
from ledger.events.values import freeze
from models.projections.entries import EntryList
from models.projector import Projector
from models.provenance.checks import CODES
from models.provenance.custody import answerable, custody
from models.provenance.inspected import inspections_of
from models.provenance.lots import lot, lot_count, lots, lots_named
from models.provenance.recall import plan
from models.provenance.story import Story, story
from models.views import BATCH, create_views_engine, once, reading, writing

Said = list[tuple[str, Event]]


def boxed() -> Said:
    """Made, milled, packed in a case, and the case shipped, received and opened."""
    case = {"quantity_list": (), "epc_list": (CASE,)}
    return [
        (COOPERATIVE, builders.object_event()),
        (COOPERATIVE, builders.transformation_event(event_time=later(hours=1))),
        (COOPERATIVE, builders.aggregation_event(event_time=later(hours=2),
                                                 child_quantity_list=(quantity(LOT_2, "650"),))),
        (COOPERATIVE, builders.shipping(**case)),
        (MERCHANT, builders.receiving(**case)),
        (MERCHANT, builders.aggregation_event(event_time=later(days=2, hours=1), action="DELETE",
                                              biz_step="unpacking", child_quantity_list=())),
    ]  # fmt: skip


def tell(engine: sa.Engine, said: Said, code: str, witnessed: int = 0) -> Story:
    source = entries(said)
    Projector(source, engine).rebuild()
    with reading(engine) as connection:
        return story(connection, source, code, witnessed)


def test_a_lot_goes_wherever_its_case_goes(views_engine: sa.Engine) -> None:
    found = tell(views_engine, boxed(), LOT_2, 4)
    assert [(step.index, step.biz_step, step.depth) for step in found.steps] == [
        (0, "commissioning", 1),
        (1, "commissioning", 0),
        (2, "packing", 0),
        (3, "shipping", 0),
        (4, "receiving", 0),
        (5, "unpacking", 0),
    ]
    assert [step.via for step in found.steps[3:]] == [CASE] * 3
    assert [(span.party, span.signed_both) for span in found.custody] == [
        (COOPERATIVE, True),
        (MERCHANT, True),
    ]
    assert found.seller == MERCHANT
    assert found.verdict == "genuine"
    assert [step.proof.witnessed for step in found.steps] == [True] * 4 + [False] * 2
    assert [(lot, str(amount), part) for lot, amount, _, part in found.steps[1].lots] == [
        (LOT, "1000", "in"),
        (LOT_2, "650", "out"),
    ]
    ledger = next(check for check in found.checks if check.code == "ledger")
    assert (ledger.status, dict(ledger.params), ledger.entries) == (
        "attention",
        {"n": "4", "total": "6"},
        (4, 5),
    )


def test_the_case_tells_the_story_of_the_lot_in_it(views_engine: sa.Engine) -> None:
    found = tell(views_engine, boxed(), CASE)
    assert found.lot is not None
    assert found.lot.lot == LOT_2
    assert len(found.steps) == 6


def test_after_unpacking_the_lot_no_longer_follows_the_case(views_engine: sa.Engine) -> None:
    again = builders.shipping(event_time=later(days=4), quantity_list=(), epc_list=(CASE,))
    assert len(tell(views_engine, [*boxed(), (COOPERATIVE, again)], LOT_2).steps) == 6


def test_an_unknown_code_is_said_to_be_unknown(views_engine: sa.Engine) -> None:
    for code in ("https://id.gs1.org/01/09521234543213/10/NO", "nonsense", "", "a" * 3000):
        assert tell(views_engine, boxed(), code).verdict == "unknown"


def test_a_recall_comes_first_and_ends_when_it_is_closed(views_engine: sa.Engine) -> None:
    said = [*boxed(), (COOPERATIVE, builders.recall())]
    found = tell(views_engine, said, LOT_2)
    assert (found.verdict, found.checks[0].status, found.checks[0].entries) == ("recalled", "fail", (6,))
    assert [(notice.level, notice.lot) for notice in found.recalls] == [("II", LOT)]
    by_another = [*said, (MERCHANT, builders.recall(status="closed"))]
    assert tell(views_engine, by_another, LOT_2).verdict == "recalled"
    assert (
        tell(views_engine, [*said, (COOPERATIVE, builders.recall(status="closed"))], LOT_2).verdict
        == "genuine"
    )


def test_a_case_can_be_recalled_with_what_is_in_it(views_engine: sa.Engine) -> None:
    said = [*boxed(), (COOPERATIVE, builders.recall(lots=(CASE,)))]
    assert tell(views_engine, said, LOT_2).verdict == "recalled"
    with reading(views_engine) as connection:
        assert [row.lot for row in lots(connection, status="recalled")] == [LOT_2]
        assert {row.lot for row in lots(connection, status="active")} == set()
        row = lot(connection, LOT_2)
        assert row is not None
        assert (row.status, row.standing) == ("recalled", "active")


def test_an_inspection_of_any_lot_of_a_long_chain_is_told(views_engine: sa.Engine) -> None:
    Projector(entries([*boxed(), (MERCHANT, builders.inspection(lot=LOT_2))]), views_engine).rebuild()
    with reading(views_engine) as connection:
        row = lot(connection, LOT_2)
        assert row is not None
        chain = [*(replace(row, lot=f"{LOT_2}-{number}") for number in range(BATCH + 1)), row]
        assert [found.index for found in inspections_of(connection, chain, ())] == [6]


def sold(serial: int, day: int) -> Event:
    return builders.retail_sale(
        event_time=later(days=day), quantity_list=(), epc_list=(f"{LOT_2}/21/{serial}",)
    )


def test_a_story_asks_as_many_questions_of_a_busy_item_as_of_a_quiet_one(views_engine: sa.Engine) -> None:
    asked: list[str] = []
    sa.event.listen(views_engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for days in (1, 9):
        source = entries([*boxed(), *((MERCHANT, sold(day % 3, 3 + day)) for day in range(days))])
        Projector(source, views_engine).rebuild()
        asked.clear()
        with reading(views_engine) as connection:
            assert story(connection, source, f"{LOT_2}/21/0", 0).steps
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_item_is_not_told_what_happened_to_its_neighbours(views_engine: sa.Engine) -> None:
    said = [*boxed(), (MERCHANT, sold(1, 3)), (MERCHANT, sold(2, 4))]
    assert [step.index for step in tell(views_engine, said, f"{LOT_2}/21/2").steps] == [0, 1, 2, 3, 4, 5, 7]
    assert tell(views_engine, said, f"{LOT_2}/21/2").item == f"{LOT_2}/21/2"
    assert len(tell(views_engine, said, LOT_2).steps) == 8


def test_a_step_recorded_for_somebody_else_says_who_signed_it(views_engine: sa.Engine) -> None:
    said = boxed()
    said[4] = (COOPERATIVE, said[4][1])
    found = tell(views_engine, said, LOT_2)
    assert [step.signer for step in found.steps if step.signer] == [COOPERATIVE]
    assert [check.status for check in found.checks if check.code == "identity"] == ["attention"]
    assert not found.custody[1].signed_both


def test_a_fault_lies_with_whoever_held_it_or_is_undetermined(views_engine: sa.Engine) -> None:
    tell(views_engine, boxed(), LOT_2)
    with reading(views_engine) as connection:
        assert answerable(connection, LOT_2, later(hours=5)).party == COOPERATIVE
        assert answerable(connection, LOT_2, later(days=2, hours=5)).party == MERCHANT
        on_the_road = answerable(connection, LOT_2, later(days=1, hours=5))
        assert (on_the_road.party, on_the_road.between) == (None, (COOPERATIVE, MERCHANT))
    unsigned = boxed()
    unsigned[4] = (COOPERATIVE, unsigned[4][1])
    tell(views_engine, unsigned, LOT_2)
    with reading(views_engine) as connection:
        assert answerable(connection, LOT_2, later(days=2, hours=5)).party is None


@settings(max_examples=20)
@given(told=shuffled(16))
def test_a_recall_reaches_every_lot_made_from_it_and_no_other(
    views_engine: sa.Engine, told: tuple[Oracle, EntryList]
) -> None:
    oracle, source = told
    Projector(source, views_engine).rebuild()
    with reading(views_engine) as connection:
        for each in oracle.made:
            found = plan(connection, each)
            assert {one.lot.lot: one.depth for one in found.affected} == {each: 0, **oracle.descendants(each)}
            assert {one.lot.lot for one in found.affected if one.where == "held"} == {
                one.lot.lot for one in found.affected if oracle.remaining(one.lot.lot)
            }
            assert found.coverage == 1.0
            for party, count in found.holders:
                assert party.id in PARTIES
                assert count
            assert {span.lot for span in custody(connection, [each])} == {each}


def test_a_lot_is_found_by_a_part_of_its_number_or_its_products_name(views_engine: sa.Engine) -> None:
    product = f"https://id.gs1.org/01/{builders.RICE}"
    named = MasterData(
        builders.AT, "product", product, freeze({"name": "清河源大米", "name_en": "Rice 100%_A"})
    )
    tell(views_engine, [*boxed(), (COOPERATIVE, named)], LOT)
    with reading(views_engine) as connection:
        for text in ("l2026", "L20260301", "河源", "RICE 100%_a", LOT, "清河 0301"):
            assert LOT in {row.lot for row in lots(connection, text)}, text
        assert lots(connection, "20260301") == lots(connection, "l20260301")
        for text in ("%", "_", "\\", "nothing", "清河 nothing"):
            assert lot_count(connection, text) == (2 if text in ("%", "_") else 0), text
        assert lot_count(connection, kind=None) == 3
        assert len(lots(connection, limit=1, offset=1)) == 1


def test_the_checks_come_in_the_order_that_is_promised(views_engine: sa.Engine) -> None:
    assert tuple(check.code for check in tell(views_engine, boxed(), LOT_2).checks) == CODES


def test_what_was_looked_up_is_known_for_one_reading_and_no_longer(views_engine: sa.Engine) -> None:
    tell(views_engine, boxed(), LOT)
    queries: list[str] = []
    sa.event.listen(views_engine, "before_cursor_execute", lambda *said: queries.append(said[2]))
    with reading(views_engine) as connection:
        first = lots_named(connection, [LOT, "nobody"])
        asked = len(queries)
        assert lots_named(connection, [LOT, "nobody"]) == first
        assert set(first) == {LOT}
        assert len(queries) == asked
    with reading(views_engine) as connection:
        assert once(connection, "lots") == {}
    with writing(views_engine) as connection:
        once(connection, "lots")[LOT] = None
        assert once(connection, "lots") == {}


def test_views_on_a_server_that_is_gone_are_said_to_be_out_of_reach() -> None:
    engine = create_views_engine("postgresql+psycopg://nobody@127.0.0.1:1/gone")
    with pytest.raises(LedgerError) as refused, reading(engine):
        pass
    assert refused.value.code == "ledger-unreachable"
