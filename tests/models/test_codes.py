"""The short way to read a plain link gives what the whole grammar gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.events.identifiers import canonical, check_digit, lot_number_of, lot_of
from models.projections.codes import Thing, lot_number, serial_key, thing_of

digits = st.text("0123456789", min_size=13, max_size=13)
words = st.one_of(st.none(), st.text("AZaz019._-", min_size=1, max_size=21))


@given(digits, st.booleans(), words, words)
def test_a_plain_link_names_the_same_lot_and_item_either_way(
    number: str, sound: bool, lot: str | None, serial: str | None
) -> None:
    code = f"https://id.gs1.org/01/{number}{check_digit(number) if sound else '5'}"
    code += (f"/10/{lot}" if lot else "") + (f"/21/{serial}" if serial else "")
    whole, named = lot_of(code), canonical(code)
    found = thing_of(code)
    assert found.code == (named if whole is None else whole)
    if whole is not None:
        assert found == Thing(whole, named if named != whole else None)
    assert lot_number(code) == lot_number_of(code)
    assert serial_key(serial_key(code)) == serial_key(code)
