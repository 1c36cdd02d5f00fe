"""What the ledger shows of a merchant's own acts moves its score, cites the entries, and moves no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from ledger.events.evidence import Certificate
from ledger.events.supply import ObjectEvent, Quantity
from models.credit.scorecard import Score
from models.workspace import Workspace

Clock = Callable[[], datetime]
LOT = "https://id.gs1.org/01/09521234543213/10/A1"
SHOP, OTHER = (f"https://id.gs1.org/417/{gln}" for gln in ("9521234000020", "9521234000037"))


@pytest.fixture
def workspace(two_shops: Workspace) -> Workspace:
    return two_shops


def act(clock: Clock, step: str, amount: str, hours: float = 0, lot: str = LOT) -> ObjectEvent:
    return ObjectEvent(
        event_time=clock() - timedelta(hours=hours),
        action="ADD" if step == "commissioning" else "OBSERVE",
        biz_step=step,
        quantity_list=(Quantity(lot, Decimal(amount), "KGM"),),
    )


def lines(score: Score) -> dict[str, tuple[int, tuple[int, ...]]]:
    return {c.code: (c.points, c.entries) for c in score.contributions}


def test_selling_more_than_was_there_costs_the_seller_and_nobody_else(
    workspace: Workspace, clock: Clock
) -> None:
    workspace.record(act(clock, "commissioning", "10", 5), as_party=SHOP)
    before, beside = workspace.merchants.rating(SHOP), workspace.merchants.rating(OTHER)
    sold = workspace.record(act(clock, "retail_selling", "15", 2), as_party=SHOP)
    after = workspace.merchants.rating(SHOP)
    assert lines(before) == {}
    points, entries = lines(after)["mass-balance"]
    assert points < 0
    assert entries == (sold.index,)
    assert after.points == before.points + points
    assert workspace.merchants.rating(OTHER).points == beside.points


def test_a_score_of_an_earlier_size_knows_only_the_entries_of_then(
    workspace: Workspace, clock: Clock
) -> None:
    workspace.record(act(clock, "commissioning", "10", 5), as_party=SHOP)
    sold = workspace.record(act(clock, "retail_selling", "15", 2), as_party=SHOP)
    size = workspace.size()
    rating = workspace.merchants._ratings.rating
    then = rating(SHOP, clock())
    assert lines(then)["mass-balance"][1] == (sold.index,)
    assert lines(rating(SHOP, clock(), sold.index)) == {}
    # Recorded late, but harvested before the sale: nothing is missing any more, and the past stays as it was.
    workspace.record(act(clock, "commissioning", "10", 4), as_party=SHOP)
    assert lines(rating(SHOP, clock())) == {}
    assert lines(rating(SHOP, clock(), size)) == lines(then)


def test_what_another_wrote_of_a_merchant_does_not_count_against_it(
    workspace: Workspace, clock: Clock
) -> None:
    workspace.record(act(clock, "commissioning", "10", 5), as_party=SHOP)
    workspace.record(act(clock, "retail_selling", "4", 2), as_party=OTHER)  # of goods it never received
    assert lines(workspace.merchants.rating(SHOP)) == {}
    assert lines(workspace.merchants.rating(OTHER))["custody-gap"][0] < 0


def test_brushing_and_abnormal_trade_are_signs_in_the_dossier_that_cite_the_reviews(
    workspace: Workspace, clock: Clock
) -> None:
    workspace.record(act(clock, "commissioning", "10", 5), as_party=OTHER)
    about = workspace.opinions.review(SHOP, 5, "苹果很新鲜，包装也好，下次还买", lot=LOT, as_party=OTHER)
    again = workspace.opinions.review(SHOP, 5, "苹果很新鲜 包装也好！下次还买~", as_party=OTHER)
    back = workspace.opinions.review(OTHER, 5, "", as_party=SHOP)
    signs = {sign.code: sign for sign in workspace.merchants.signs(SHOP)}
    assert signs["review-without-goods"].entries == (about.index,)  # of a lot the shop never held
    assert signs["review-duplicate"].entries == (about.index, again.index)
    assert signs["review-ring"].entries == (about.index, again.index, back.index)
    assert set(signs.values()) <= set(workspace.merchants.dossier(SHOP).findings)
    assert [sign.code for sign in workspace.merchants.signs(OTHER)] == ["review-ring"]


def test_a_certificate_that_ran_out_counts_until_it_is_renewed(workspace: Workspace, clock: Clock) -> None:
    def certified(number: str, until: date) -> Certificate:
        return Certificate(clock(), SHOP, "green-food", number, date(2025, 1, 1), until)  # type: ignore[arg-type]

    office = workspace.party("市监所").id
    old = workspace.record(certified("1", clock().date() - timedelta(days=30)), as_party=office)
    assert lines(workspace.merchants.rating(SHOP))["certificate-expired"][1] == (old.index,)
    workspace.record(certified("2", clock().date() + timedelta(days=300)), as_party=office)
    assert "certificate-expired" not in lines(workspace.merchants.rating(SHOP))
