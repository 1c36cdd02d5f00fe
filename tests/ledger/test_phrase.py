"""A key on paper comes back to the bit, and what was copied wrongly is refused and named, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import EventInvalid
from ledger.keys import KeyPair
from ledger.phrase import LETTERS, ROWS, SYMBOLS, read_phrase, write_phrase

SEEDS = st.binary(min_size=32, max_size=32)
PLACES = st.integers(0, ROWS * SYMBOLS - 1)
GOLDEN = (
    "20010 81G81 8600W",
    "W40J2 GB1G6 GW3SG",
    "RG249 1650N 2RB31",
    "HG68T 3CE1T 7GZ65",
)


def letters(seed: bytes) -> list[str]:
    return list("".join(write_phrase(seed)).replace(" ", ""))


def refusal(text: str) -> EventInvalid:
    with pytest.raises(EventInvalid) as caught:
        read_phrase(text)
    assert caught.value.field == "phrase"
    return caught.value


@given(SEEDS)
def test_what_was_written_is_read(seed: bytes) -> None:
    assert read_phrase("\n".join(write_phrase(seed))) == seed


def test_the_rows_of_a_key_never_change() -> None:
    assert write_phrase(bytes(range(32))) == GOLDEN


def test_the_restored_key_signs_as_before() -> None:
    pair = KeyPair(bytes(range(32)))
    again = KeyPair(read_phrase(" ".join(GOLDEN)))
    assert again.sign(b"d", b"m") == pair.sign(b"d", b"m")


@given(SEEDS, PLACES, st.sampled_from(LETTERS))
def test_one_wrong_character_is_named_with_its_place_and_what_was_meant(
    seed: bytes, place: int, wrong: str
) -> None:
    rows = letters(seed)
    meant, rows[place] = rows[place], wrong
    if wrong != meant:
        problem = refusal("".join(rows))
        row, inside = divmod(place, SYMBOLS)
        where = f"{row + 1}/{inside // 5 + 1}/{inside % 5 + 1}"
        assert (problem.code, problem.found, problem.expected, problem.where) == (
            "phrase-letter",
            wrong,
            meant,
            where,
        )


@given(SEEDS, st.integers(0, ROWS - 1), st.data())
def test_two_wrong_characters_in_a_row_are_noticed(seed: bytes, row: int, data: st.DataObject) -> None:
    rows = letters(seed)
    inside = data.draw(st.lists(st.integers(0, SYMBOLS - 1), min_size=2, max_size=2, unique=True))
    for place in inside:
        at = row * SYMBOLS + place
        rows[at] = data.draw(st.sampled_from([one for one in LETTERS if one != rows[at]]))
    assert refusal("".join(rows)).code in ("phrase-row", "phrase-letter")


@given(SEEDS, st.permutations(range(ROWS)))
def test_rows_in_another_order_are_noticed(seed: bytes, order: list[int]) -> None:
    rows = write_phrase(seed)
    if order != sorted(order):
        assert refusal("".join(rows[place] for place in order)).code.startswith("phrase-")


def test_hands_and_keyboards_differ_and_mean_the_same() -> None:
    typed = "-".join(GOLDEN).lower().replace("0", "o").replace("1", "l")
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else "\u3000" for c in " ".join(GOLDEN))
    assert read_phrase(typed) == read_phrase(wide) == bytes(range(32))


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("200H0 0G40U", "phrase-character", "1/2/5"),
        ("", "phrase-length", "phrase"),
        (" ".join(GOLDEN) + "0", "phrase-length", "phrase"),
    ],
)
def test_what_is_no_phrase_is_refused(text: str, code: str, where: str) -> None:
    problem = refusal(text)
    assert (problem.code, problem.where) == (code, where)
