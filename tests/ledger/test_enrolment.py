"""An enrolment request proves that whoever asks holds the key, and nothing in it changes on the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ledger.enrolment import read_request, write_request
from ledger.errors import EventInvalid
from ledger.events.governance import PartyEnrolled
from ledger.events.values import PartyId
from ledger.keys import KeyPair

PAIR = KeyPair(bytes(range(32)))
ENROLMENT = PartyEnrolled(
    event_time=datetime(2026, 3, 1, tzinfo=UTC),
    party=PartyId(PAIR.public.did),
    name="青岭合作社",
    name_en="Qingling Cooperative",
    roles=("cooperative",),
    public_key=PAIR.public.hex,
)


def test_a_request_is_read_as_it_was_written() -> None:
    assert read_request(write_request(ENROLMENT, PAIR)) == ENROLMENT


def test_a_request_for_more_than_was_signed_is_refused() -> None:
    document = json.loads(write_request(ENROLMENT, PAIR))
    document["enrolment"]["roles"] = ["administrator"]
    with pytest.raises(EventInvalid) as told:
        read_request(json.dumps(document).encode())
    assert told.value.code == "request-forged"


def test_nobody_is_enrolled_with_another_ones_key() -> None:
    other = KeyPair(bytes(32))
    document = json.loads(write_request(ENROLMENT, other))
    with pytest.raises(EventInvalid) as told:
        read_request(json.dumps(document).encode())
    assert told.value.code == "request-forged"


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"format": "other"}'])
def test_what_is_not_a_request_is_told(data: bytes) -> None:
    with pytest.raises(EventInvalid) as told:
        read_request(data)
    assert told.value.code == "request-unreadable"
    assert "init" in told.value.remedy
