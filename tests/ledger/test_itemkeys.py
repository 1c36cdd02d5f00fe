"""One sold item signs at most one review; no key that was not registered signs any."""

from __future__ import annotations

from dataclasses import replace
from hashlib import shake_256
from typing import Any

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import EventInvalid
from ledger.events import codec, itemkeys
from ledger.events.itemkeys import ItemRegister, check_review, registered_items, sign_review
from ledger.events.values import FrozenMap


def octets(count: int) -> bytes:
    return shake_256(b"test").digest(count)


@pytest.fixture(scope="module")
def secrets() -> tuple[bytes, ...]:
    return itemkeys.make_secrets(20, octets)


@pytest.fixture(scope="module")
def register(secrets: tuple[bytes, ...]) -> ItemRegister:
    return itemkeys.register_items(builders.LOT, secrets)


def test_every_item_of_a_lot_can_review_it(secrets: tuple[bytes, ...], register: ItemRegister) -> None:
    assert len(set(secrets)) == 20
    root = register.root()
    for secret in secrets:
        signed = sign_review(builders.review(words=builders.commitment()), secret, register)
        check_review(signed, root)
        assert codec.decode(codec.encode(signed)) == signed


def test_the_root_travels_in_the_event_that_registers_the_lot(register: ItemRegister) -> None:
    event = builders.object_event(ilmd=register.root().as_ilmd())
    again = codec.decode(codec.encode(event))
    assert registered_items(again) == register.root()  # type: ignore[arg-type]
    assert registered_items(builders.object_event()) is None
    assert registered_items(builders.object_event(ilmd=FrozenMap({itemkeys.FIELD: 5}))) is None


def test_the_order_of_the_roll_does_not_show(secrets: tuple[bytes, ...], register: ItemRegister) -> None:
    assert itemkeys.register_items(builders.LOT, reversed(secrets)) == register


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stars": 5}, "item_signature"),
        ({"subject": builders.COOPERATIVE}, "item_signature"),
        ({"words": builders.commitment("00" * 32)}, "item_signature"),
        ({"event_time": builders.later(days=1)}, "item_signature"),
        ({"item_signature": "00" * 64}, "item_signature"),
        ({"item_key": builders.PUBLIC_KEY}, "item_path"),
        ({"item_index": 1}, "item_path"),
        ({"item_path": ()}, "item_path"),
        ({"item_path": ("00" * 32,) * 5}, "item_path"),
        ({"lot": builders.LOT_2}, "lot"),
        ({"lot": None}, "lot"),
        ({"item_key": None, "item_signature": None}, "item_key"),
    ],
)
def test_a_changed_review_is_refused(
    secrets: tuple[bytes, ...], register: ItemRegister, change: dict[str, Any], field: str
) -> None:
    signed = sign_review(builders.review(), secrets[3], register)
    if "item_index" in change:
        change = {"item_index": (signed.item_index or 0) ^ 1}
    with pytest.raises(EventInvalid) as refused:
        check_review(replace(signed, **change), register.root())
    assert refused.value.field == field


def test_a_secret_of_another_lot_signs_nothing(register: ItemRegister) -> None:
    with pytest.raises(EventInvalid) as refused:
        sign_review(builders.review(), bytes(16), register)
    assert refused.value.code == "item-unregistered"


@given(st.binary(min_size=16, max_size=16), st.booleans())
def test_a_typed_token_gives_its_secret(secret: bytes, spaced: bool) -> None:
    token = itemkeys.token_of(secret)
    assert len(token) == itemkeys.TOKEN_LENGTH
    typed = "-".join(token[place : place + 5].lower() for place in range(0, 26, 5)) if spaced else token
    assert itemkeys.secret_of(f" {typed.replace('o', '0').replace('i', '1')} ") == secret


@pytest.mark.parametrize("token", ["", "ABC", "A" * 25, "A" * 27, "?" * 26, "A" * 25 + "B", "评" * 26])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(EventInvalid) as refused:
        itemkeys.secret_of(token)
    assert refused.value.code == "item-token-unfit"
