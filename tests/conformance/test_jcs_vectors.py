"""Canonical JSON is RFC 8785: the published pairs, and the same bytes as an independent writer."""

from __future__ import annotations

import json
import math
import struct

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import shared

from ledger.canonical import canonical, jcs, jcs_of_text, parse_canonical
from ledger.errors import EventInvalid

SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
ANY = st.recursive(
    st.none() | st.booleans() | SAFE | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)
PROFILE = st.recursive(
    st.none() | st.booleans() | SAFE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


def test_every_published_pair_is_written_to_the_byte() -> None:
    inputs = sorted(shared("ledger/jcs/input").glob("*.json"))
    assert inputs
    for path in inputs:
        expected = (shared("ledger/jcs/output") / path.name).read_bytes()
        assert jcs_of_text(path.read_bytes()) == expected, path.name
        assert jcs_of_text(expected) == expected


def test_the_number_table_of_rfc_8785_appendix_b_holds() -> None:
    table = {
        "0000000000000000": "0",
        "8000000000000000": "0",
        "0000000000000001": "5e-324",
        "8000000000000001": "-5e-324",
        "7fefffffffffffff": "1.7976931348623157e+308",
        "ffefffffffffffff": "-1.7976931348623157e+308",
        "4340000000000000": "9007199254740992",
        "c340000000000000": "-9007199254740992",
        "4430000000000000": "295147905179352830000",
        "44b52d02c7e14af5": "9.999999999999997e+22",
        "44b52d02c7e14af6": "1e+23",
        "44b52d02c7e14af7": "1.0000000000000001e+23",
        "444b1ae4d6e2ef4e": "999999999999999700000",
        "444b1ae4d6e2ef4f": "999999999999999900000",
        "444b1ae4d6e2ef50": "1e+21",
        "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d": "0.000001",
        "41b3de4355555553": "333333333.3333332",
        "41b3de4355555554": "333333333.33333325",
        "41b3de4355555555": "333333333.3333333",
        "41b3de4355555556": "333333333.3333334",
        "41b3de4355555557": "333333333.33333343",
        "becbf647612f3696": "-0.0000033333333333333333",
        "43143ff3c1cb0959": "1424953923781206.2",
    }
    for bits, text in table.items():
        assert jcs(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == text


@settings(max_examples=500)
@given(ANY)
def test_any_value_is_written_as_an_independent_writer_does(value: object) -> None:
    assert jcs(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # hypothesis types it as object
    assert jcs_of_text(json.dumps(value).encode()) == jcs(value)


@settings(max_examples=500)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back(value: float) -> None:
    written = jcs(value)
    assert float(written) == value
    assert written == rfc8785.dumps(value)


@settings(max_examples=500)
@given(st.dictionaries(KEYS, PROFILE, max_size=5))
def test_the_fast_profile_is_rfc_8785_and_reads_back(document: dict[str, object]) -> None:
    written = canonical(document)
    assert written == rfc8785.dumps(document) == jcs(document)  # type: ignore[arg-type]
    assert parse_canonical(written) == document


@pytest.mark.parametrize(
    "document",
    [
        1.5,
        {"a": 1.0},
        [math.nan],
        {"a": math.inf},
        {"é": 1},
        {1: 1},
        2**53,
        [-(2**53)],
        "\ud800",
        {"a": b""},
        {1},
    ],
)
def test_what_is_outside_the_profile_is_refused(document: object) -> None:
    with pytest.raises(EventInvalid) as refused:
        canonical(document)
    assert refused.value.code == "not-canonical"


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, "\udfff", {1: 2}, {"\ud800": 1}, b"", object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(EventInvalid):
        jcs(value)


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    for write in (canonical, jcs):
        with pytest.raises(EventInvalid):
            write(deep)
    with pytest.raises(EventInvalid):
        jcs_of_text(b"[" * 100_000)


@pytest.mark.parametrize(
    "text",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1,"a":1}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":9007199254740992}',
        b'{"\xc3\xa9":1}',
        b"",
        b"{",
        b'{"a":NaN}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
    ],
)
def test_any_other_spelling_of_a_document_is_refused(text: bytes) -> None:
    with pytest.raises(EventInvalid):
        parse_canonical(text)


def test_a_member_named_twice_is_refused() -> None:
    with pytest.raises(EventInvalid):
        jcs_of_text(b'{"a":1,"a":2}')
