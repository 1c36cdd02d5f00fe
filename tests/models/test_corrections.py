"""What its author declares wrong counts as never said, in amounts, custody and recall, and is shown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import builders
import pytest
import sqlalchemy as sa
from builders import COOPERATIVE, LOT, LOT_2, MERCHANT, later, quantity
from histories import entries

from ledger.events.supply import ErrorDeclaration
from models.projector import Projector
from models.provenance import recall
from models.provenance.correction import corrections
from models.provenance.story import Story, story
from models.views import reading

REASON = "incorrect_data"


def chain(*more: Any) -> list[Any]:
    """Made, milled, shipped and received; then whatever else was said."""
    return [
        (COOPERATIVE, builders.object_event()),
        (COOPERATIVE, builders.transformation_event(event_time=later(hours=5))),
        (COOPERATIVE, builders.shipping(quantity_list=(quantity(LOT_2, "650"),))),
        (MERCHANT, builders.receiving(quantity_list=(quantity(LOT_2, "650"),))),
        *more,
    ]


def wrong(event: Any, *ids: str) -> Any:
    return replace(event, error_declaration=ErrorDeclaration(later(days=4), REASON, ids))


def told(engine: sa.Engine, said: list[Any], code: str = LOT_2) -> Story:
    source = entries(said)
    Projector(source, engine).rebuild()
    with reading(engine) as connection:
        return story(connection, source, code, len(said))


SALE = builders.retail_sale(quantity_list=(quantity(LOT_2, "900"),))


@pytest.mark.parametrize("event_id", [None, "urn:uuid:1"], ids=["in the same words", "by its id"])
def test_a_sale_declared_wrong_gives_the_amount_back(views_engine: sa.Engine, event_id: str | None) -> None:
    sale = replace(SALE, event_id=event_id)
    before = told(views_engine, chain((MERCHANT, sale)))
    assert [found.code for found in before.findings] == ["sold-more-than-held"]
    after = told(views_engine, chain((MERCHANT, sale), (MERCHANT, wrong(sale))))
    assert after.findings == ()
    assert after.lot is not None
    assert (after.lot.status, after.lot.remaining, after.lot.holder) == ("active", Decimal(650), MERCHANT)
    (one,) = after.corrections
    assert (one.index, one.declared, one.reason, one.party) == (4, 5, REASON, MERCHANT)


def test_only_its_author_takes_a_sale_back_and_only_what_was_said_before(views_engine: sa.Engine) -> None:
    for said in ([(MERCHANT, SALE), (COOPERATIVE, wrong(SALE))], [(MERCHANT, wrong(SALE)), (MERCHANT, SALE)]):
        found = told(views_engine, chain(*said))
        assert [each.code for each in found.findings] == ["sold-more-than-held"]
        assert found.corrections == ()


def test_of_two_equal_sales_one_declaration_takes_one_back(views_engine: sa.Engine) -> None:
    sale = builders.retail_sale(quantity_list=(quantity(LOT_2, "100"),))
    said = [(MERCHANT, sale), (MERCHANT, sale), (MERCHANT, wrong(sale))]
    assert [one.index for one in told(views_engine, chain(*said)).corrections] == [5]
    twice = told(views_engine, chain(*said, (MERCHANT, wrong(sale))))
    assert [one.index for one in twice.corrections] == [4, 5]


def test_a_correction_names_what_holds_instead(views_engine: sa.Engine) -> None:
    right = replace(SALE, quantity_list=(quantity(LOT_2, "90"),), event_id="urn:uuid:right")
    found = told(
        views_engine, chain((MERCHANT, SALE), (MERCHANT, right), (MERCHANT, wrong(SALE, "urn:uuid:right")))
    )
    assert found.lot is not None
    assert found.lot.remaining == 560
    assert [(one.index, one.corrective) for one in found.corrections] == [(4, (5,))]


def test_a_recall_no_longer_follows_a_milling_that_never_was(views_engine: sa.Engine) -> None:
    milled = chain()[1][1]
    for said, reached in ((chain(), {LOT, LOT_2}), (chain((COOPERATIVE, wrong(milled))), {LOT})):
        told(views_engine, said)
        with reading(views_engine) as connection:
            assert {row.lot.lot for row in recall.plan(connection, LOT).affected} == reached


def test_a_registration_taken_back_leaves_a_revoked_label(views_engine: sa.Engine) -> None:
    made = builders.object_event()
    found = told(views_engine, [(COOPERATIVE, made), (COOPERATIVE, wrong(made))], LOT)
    assert (found.verdict, found.lot) == ("revoked", None)
    assert [one.index for one in found.corrections] == [0]
    assert told(views_engine, [(COOPERATIVE, made)], LOT_2).verdict == "unknown"


def test_one_entry_more_never_changes_what_a_rebuild_says(views_engine: sa.Engine) -> None:
    said = chain((MERCHANT, SALE), (MERCHANT, wrong(SALE)))
    for size in range(1, len(said) + 1):
        Projector(entries(said[:size]), views_engine).catch_up()
    with reading(views_engine) as connection:
        grown = story(connection, entries(said), LOT_2, len(said))
    assert grown == told(views_engine, said)
    with reading(views_engine) as connection:
        assert corrections(connection, entries(said), [LOT]) == ()
