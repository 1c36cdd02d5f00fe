"""One sold item, one word: a roll is printed, its keys review and complain once, nothing forged counts."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from gui.labels.roll import roll_pdf
from ledger.errors import EventInvalid, LedgerError
from ledger.events.evidence import Complaint, Review
from ledger.events.itemkeys import check_review, make_secrets, register_items, secret_of, sign_review
from ledger.events.supply import ObjectEvent, Quantity
from ledger.events.values import PartyId
from ledger.home import Home
from models.items import read_register
from models.workspace import Workspace

Clock = Callable[[], datetime]
LOT = "https://id.gs1.org/01/09521234543213/10/ROLL-1"


@pytest.fixture
def batch(office: Workspace, clock: Clock) -> tuple[str, str, str]:
    """Forty packs registered by the cooperative; the shop that sells them, a phone, and the lot."""
    made = ObjectEvent(
        clock(), "ADD", biz_step="commissioning", quantity_list=(Quantity(LOT, Decimal(40), "EA"),)
    )
    office.record(made)
    # The journeys' own randomness repeats itself; secrets must not.
    office.home = Home(office.home.root, random.Random(3).randbytes)
    return office.party("惠民超市").id, office.party("王女士的手机").id, LOT


def sell(office: Workspace, clock: Clock, pieces: int) -> None:
    sold = ObjectEvent(
        clock(), "OBSERVE", biz_step="retail_selling", quantity_list=(Quantity(LOT, Decimal(pieces), "EA"),)
    )
    office.record(sold)


def test_a_key_reviews_once_and_complains_never_after(
    office: Workspace, clock: Clock, batch: tuple[str, str, str]
) -> None:
    shop, phone, lot = batch
    _, _, tokens = office.batches.make_roll(lot, 5)
    assert len(set(tokens)) == 5
    sell(office, clock, 3)
    spoken = f" {tokens[0][:5].lower()}-{tokens[0][5:]} "
    receipt = office.opinions.review(shop, 2, "发霉", lot=lot, token=spoken, as_party=phone)
    said = office.entry(receipt.index).event
    assert isinstance(said, Review)
    assert office.items.proven(said)
    _, number = office.opinions.complain(shop, "quality", 2, "发霉", lot=lot, token=tokens[1], as_party=phone)
    assert office.cases.case(number).state == "filed"
    for again in (tokens[0], tokens[1]):
        with pytest.raises(LedgerError) as used:
            office.opinions.review(shop, 5, lot=lot, token=again, as_party=phone)
        assert used.value.code == "item-key-used"
    counts = office.items.counts(lot)
    assert counts is not None
    assert (counts.registered, counts.sold, counts.counted, counts.fits) == (5, 3, 1, True)
    assert office.log.audit().problems == ()


def test_no_more_keys_count_than_pieces_were_sold(
    office: Workspace, clock: Clock, batch: tuple[str, str, str]
) -> None:
    shop, phone, lot = batch
    _, _, tokens = office.batches.make_roll(lot, 6)
    sell(office, clock, 2)
    for token in tokens[:4]:
        office.opinions.review(shop, 5, lot=lot, token=token, as_party=phone)
    office.merchants.rating(shop)
    counts = office.items.counts(lot)
    assert counts is not None
    assert (counts.sold, counts.counted) == (2, 2)


def test_a_roll_is_made_once_before_the_first_sale_and_never_for_more_than_was_made(
    office: Workspace, clock: Clock, batch: tuple[str, str, str]
) -> None:
    _, _, lot = batch
    with pytest.raises(LedgerError) as many:
        office.batches.make_roll(lot, 41)
    assert many.value.code == "roll-too-many"
    office.batches.make_roll(lot, 40)
    with pytest.raises(LedgerError) as twice:
        office.batches.make_roll(lot, 1)
    assert twice.value.code == "roll-exists"
    other = LOT.replace("ROLL-1", "ROLL-2")
    office.record(
        ObjectEvent(
            clock(), "ADD", biz_step="commissioning", quantity_list=(Quantity(other, Decimal(9), "EA"),)
        )
    )
    office.record(
        ObjectEvent(
            clock(), "OBSERVE", biz_step="retail_selling", quantity_list=(Quantity(other, Decimal(1), "EA"),)
        )
    )
    with pytest.raises(LedgerError) as late:
        office.batches.make_roll(other, 9)
    assert late.value.code == "roll-too-late"


@pytest.mark.parametrize("tried", [300, pytest.param(10_000, marks=pytest.mark.torture)])
def test_double_forged_and_altered_reviews_are_never_accepted(
    office: Workspace, clock: Clock, batch: tuple[str, str, str], tried: int
) -> None:
    shop, _, lot = batch
    _, _, tokens = office.batches.make_roll(lot, 20)
    root = office.items.root(lot)
    assert root is not None
    register = read_register(office.home.root, lot)
    dice = random.Random(7)
    outsider = make_secrets(20, dice.randbytes)
    forged_register = register_items(lot, outsider)
    honest = [
        sign_review(Review(clock(), PartyId(shop), 1 + n % 5, lot=lot), secret_of(token), register)
        for n, token in enumerate(tokens)
    ]
    for review in honest:
        check_review(review, root)
    accepted = 0
    started = time.process_time()
    for n in range(tried):
        review = honest[n % len(honest)]
        altered = (
            replace(review, stars=review.stars % 5 + 1),
            replace(review, subject=PartyId("https://id.gs1.org/417/9521000000039")),
            replace(review, event_time=clock()),
            replace(review, item_index=(review.item_index or 0) ^ 1),
            replace(review, item_key=dice.randbytes(32).hex()),
            replace(review, item_signature=dice.randbytes(64).hex()),
            sign_review(Review(clock(), PartyId(shop), 5, lot=lot), outsider[n % 20], forged_register),
        )[n % 7]
        try:
            check_review(altered, root)
            accepted += 1
        except EventInvalid:
            continue
    assert accepted == 0
    assert (time.process_time() - started) / tried < 0.02


def test_a_complaint_signed_by_an_item_is_bound_to_its_words(
    office: Workspace, clock: Clock, batch: tuple[str, str, str]
) -> None:
    shop, _, lot = batch
    _, _, tokens = office.batches.make_roll(lot, 3)
    root, register = office.items.root(lot), read_register(office.home.root, lot)
    assert root is not None
    said = Complaint(clock(), PartyId(shop), "C-9", "filed", "quality", lot=lot)
    signed = sign_review(said, secret_of(tokens[0]), register)
    check_review(signed, root)
    for changed in (
        replace(signed, severity=3),
        replace(signed, kind="safety"),
        replace(signed, complaint_id="C"),
    ):
        with pytest.raises(EventInvalid):
            check_review(changed, root)


def test_the_roll_is_a_pdf_of_every_secret_in_an_order_that_tells_nothing(
    office: Workspace, batch: tuple[str, str, str], tmp_path: Path
) -> None:
    _, lot, tokens = office.batches.make_roll(batch[2], 40)
    content = roll_pdf(lot, tokens, "roll", "刮开后评价")
    assert content.startswith(b"%PDF-")
    (tmp_path / "roll.pdf").write_bytes(content)
    stored = b"".join(path.read_bytes() for path in office.home.root.rglob("*") if path.is_file())
    assert not any(token.encode() in stored for token in tokens), "the secrets are kept nowhere"
