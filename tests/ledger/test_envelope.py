"""A leaf opens to what was sealed, alone or in a batch, and to nothing when a byte is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st
from ledger_world import COOPERATIVE, batch, pair_of

from ledger.canonical import canonical, in_profile
from ledger.envelope import (
    BATCH_HEAD,
    LARGEST_BATCH,
    LARGEST_BODY,
    LARGEST_LEAF,
    Anchor,
    Author,
    entry_hash,
    instant_text,
    open_leaf,
    read_instant,
    seal,
    seal_batch,
    write_body,
)
from ledger.errors import EventInvalid, LedgerError
from ledger.events import codec
from ledger.events.values import KeyId
from ledger.tlog.tiles import MAX_ENTRY_SIZE

PAIR = pair_of(COOPERATIVE)
WHEN = datetime(2026, 3, 1, 12, 0, 1, 250_000, tzinfo=UTC)


def body(number: int = 0, *, seq: int = 0, prev: bytes | None = None, anchor: Anchor | None = None) -> bytes:
    author = Author(COOPERATIVE, KeyId(PAIR.key_id), seq, prev)
    return write_body("ObjectEvent", codec.encode(batch(number)), author, WHEN, anchor)


def test_a_body_is_canonical_json() -> None:
    written = body(anchor=Anchor(7, bytes(32)), seq=3, prev=bytes(range(32)))
    assert rfc8785.dumps(orjson.loads(written)) == written


def test_a_leaf_opens_to_what_was_sealed() -> None:
    anchor, prev = Anchor(7, b"\x01" * 32), b"\x02" * 32
    written = body(4, seq=9, prev=prev, anchor=anchor)
    envelope = open_leaf(seal(written, PAIR))
    assert (envelope.type, envelope.author) == (
        "ObjectEvent",
        Author(COOPERATIVE, KeyId(PAIR.key_id), 9, prev),
    )
    assert (envelope.record_time, envelope.anchor) == (WHEN, anchor)
    assert (envelope.body, envelope.entry_hash) == (written, entry_hash(written))
    assert codec.decode(envelope.event) == batch(4)
    assert envelope.is_signed_by(PAIR.public)
    assert not envelope.is_signed_by(pair_of("another").public)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 255, LARGEST_BATCH])
def test_every_entry_of_a_batch_is_provable_alone(size: int) -> None:
    bodies = [body(number, seq=number) for number in range(size)]
    leaves = seal_batch(bodies, PAIR)
    for written, leaf in list(zip(bodies, leaves, strict=True))[:: max(1, size // 5)]:
        envelope = open_leaf(leaf)
        assert envelope.body == written
        assert envelope.is_signed_by(PAIR.public)
    assert len({leaf[1:65] for leaf in leaves}) == 1, "one signature for all"


def test_an_entry_of_one_batch_is_not_an_entry_of_another() -> None:
    one, other = seal_batch([body(1), body(2)], PAIR), seal_batch([body(3), body(4)], PAIR)
    assert not open_leaf(one[0][:65] + other[0][65:]).is_signed_by(PAIR.public)
    # A signature over a single body does not vouch for a batch, nor the other way round.
    single = seal(body(1), PAIR)
    assert not open_leaf(b"\x02" + single[1:65] + one[0][65:]).is_signed_by(PAIR.public)


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), batched=st.booleans())
def test_a_flipped_bit_is_not_opened_or_not_signed(at: int, bit: int, batched: bool) -> None:
    leaf = seal_batch([body(number) for number in range(3)], PAIR)[1] if batched else seal(body(1), PAIR)
    at %= len(leaf)
    changed = leaf[:at] + bytes([leaf[at] ^ (1 << bit)]) + leaf[at + 1 :]
    assert not holds(changed)


@given(cut=st.integers(1, 400), tail=st.binary(min_size=1, max_size=40))
def test_a_leaf_cut_short_or_made_longer_is_refused(cut: int, tail: bytes) -> None:
    leaf = seal(body(1), PAIR)
    assert not holds(leaf[:-cut])
    assert not holds(leaf + tail)
    assert not holds(tail + leaf)


@given(data=st.binary(max_size=600))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert not holds(data)
    assert not holds(b"\x02" + data)


def holds(leaf: bytes) -> bool:
    """Whether the leaf opens and its author signed it; the only error it may raise has a remedy."""
    try:
        return open_leaf(leaf).is_signed_by(PAIR.public)
    except LedgerError as problem:
        return not (problem.code == "leaf-malformed" and problem.remedy)


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (b'"v":1', b'"v":2'),
        (b'"seq":0', b'"seq":-1'),
        (b'"seq":0', b'"seq":false'),
        (b'"seq":0', b'"seq":0.0'),
        (b'"prev":null', b'"prev":"AA"'),
        (b'"prev":null', b'"prev":"' + b"A" * 64 + b'"'),
        (b'"anchor":null', b'"anchor":{}'),
        (b'"anchor":null', b'"anchor":{"root":"' + b"0" * 64 + b'","size":"1"}'),
        (b'"type":"ObjectEvent","v"', b'"type":"Inspection","v"'),
        (b'"record_time":"2026-03-01T12:00:01.250000Z"', b'"record_time":"2026-03-01T12:00:01.25Z"'),
        (b'"record_time":"2026-03-01T12:00:01.250000Z"', b'"record_time":"2026-03-01T12:00:01.250000+00:00"'),
        (b'"record_time":"2026-03-01T12:00:01.250000Z"', b'"record_time":"yesterday"'),
        (b'"event":{', b'"event":[{'),
        (b',"v":1}', b',"v":1,"w":1}'),
        (b'{"anchor"', b'{ "anchor"'),
        (b'"party"', b'"Party"'),
        (b'"event":{', b'"event":{"A":0.5,'),
        (b'"event":{', b'"event":{"A":9007199254740992,'),
        (b'"event":{', '"event":{"A":{"é":1},'.encode()),
        (b',"v":1}', b',"v":true}'),
    ],
)
def test_a_body_in_any_other_form_is_refused(found: bytes, instead: bytes) -> None:
    written = body()
    assert found in written
    with pytest.raises(LedgerError) as refused:
        open_leaf(seal(written.replace(found, instead, 1), PAIR))
    assert refused.value.code == "leaf-malformed"


def test_the_largest_body_fits_a_leaf_either_way_and_a_larger_one_is_not_signed() -> None:
    largest, *_ = bodies = [b"x" * LARGEST_BODY] * LARGEST_BATCH
    assert len(seal(largest, PAIR)) <= LARGEST_LEAF == MAX_ENTRY_SIZE
    assert max(map(len, seal_batch(bodies, PAIR))) == LARGEST_LEAF
    for sign in (lambda: seal(largest + b"x", PAIR), lambda: seal_batch([b"", largest + b"x"], PAIR)):
        with pytest.raises(EventInvalid, match="too large"):
            sign()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=3) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "é"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["x", "y"]), JSON))
def test_the_quick_check_of_the_profile_agrees_with_the_one_that_writes(document: dict[str, object]) -> None:
    try:
        written = bool(canonical(document))
    except EventInvalid as problem:
        assume("surrogate" not in problem.found)
        written = False
    assert in_profile(document) == written


def test_a_leaf_too_large_is_refused_unread() -> None:
    with pytest.raises(LedgerError):
        open_leaf(b"\x01" * (LARGEST_LEAF + 1))
    with pytest.raises(LedgerError):
        open_leaf(b"\x01" * (BATCH_HEAD - 1))


@given(st.integers(-60_000_000_000, 250_000_000_000), st.integers(0, 999_999))
def test_an_instant_has_one_text(seconds: int, microseconds: int) -> None:
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=microseconds)
    assert read_instant(instant_text(instant)) == instant
    east = instant.astimezone(timezone(timedelta(hours=8)))
    assert instant_text(east) == instant_text(instant)
