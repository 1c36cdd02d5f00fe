"""A credential is checked with nothing but itself, and everything that is not as signed is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import credential
from ledger.errors import EventInvalid
from ledger.keys import KeyPair

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
PAIR, OTHER = KeyPair(bytes(31) + b"\x01"), KeyPair(bytes(31) + b"\x02")
SUBJECT = {"id": "https://id.gs1.org/417/9521000000039", "score": 655, "grade": "A"}


def signed(**subject: Any) -> dict[str, Any]:
    return credential.report(
        {**SUBJECT, **subject}, "MerchantCreditReport", PAIR, NOW, NOW + timedelta(days=30)
    )


def problem(document: dict[str, Any], days: int = 1, issuer: str | None = None) -> str:
    return credential.check(json.dumps(document).encode(), NOW + timedelta(days=days), issuer).problem


def test_it_holds_as_a_file_and_as_the_text_of_a_code() -> None:
    document = signed()
    assert problem(document) == ""
    assert problem(document, issuer=PAIR.public.did) == ""
    checked = credential.check(credential.pack(document).encode(), NOW)
    assert checked.holds
    assert checked.document["credentialSubject"]["score"] == 655


def test_outside_its_time_or_from_another_key_it_is_refused() -> None:
    assert problem(signed(), days=31) == "credential-expired"
    assert problem(signed(), days=-1) == "credential-not-yet"
    assert problem(signed(), issuer=OTHER.public.did) == "credential-signed-by-another"
    stolen = {k: v for k, v in signed().items() if k != "proof"}
    forged = credential.sign(stolen, OTHER, stolen["validFrom"])
    assert problem(forged) == "credential-signed-by-another"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proof": None}, "credential-unsigned"),
        ({"issuer": "did:key:z6Mkx"}, "credential-signature-wrong"),
        ({"@context": ["https://x.example"]}, "credential-context-wrong"),
        ({"name": "added"}, "credential-signature-wrong"),
    ],
)
def test_a_changed_document_is_refused(change: dict[str, Any], code: str) -> None:
    assert problem(signed() | change) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cryptosuite": "eddsa-rdfc-2022"}, "credential-suite-unknown"),
        ({"proofPurpose": "authentication"}, "credential-purpose-wrong"),
        ({"verificationMethod": "did:web:x"}, "credential-key-unreadable"),
        ({"verificationMethod": credential.method_of(OTHER.public)}, "credential-signature-wrong"),
        ({"created": "2026-11-23T00:00:00Z"}, "credential-signature-wrong"),
        ({"proofValue": "z11"}, "credential-signature-wrong"),
        ({"proofValue": None}, "credential-signature-wrong"),
    ],
)
def test_a_changed_proof_is_refused(change: dict[str, Any], code: str) -> None:
    document = signed()
    assert problem({**document, "proof": document["proof"] | change}) == code


@given(st.integers(0, 10**6), st.integers(0, 255))
def test_no_changed_byte_of_the_file_holds(place: int, byte: int) -> None:
    data = bytearray(json.dumps(signed()).encode())
    place %= len(data)
    before = data[place]
    data[place] = byte
    try:
        checked = credential.check(bytes(data), NOW)
    except EventInvalid:
        return
    same = json.loads(bytes(data)) == signed() if checked.holds else True
    assert same, f"{before:#x} -> {byte:#x} at {place}"


def test_a_group_no_packing_writes_is_refused() -> None:
    for body in (":::", "A", "ABC", ""):
        with pytest.raises(EventInvalid):
            credential.check((credential.PREFIX + body).encode(), NOW)


@given(st.binary(max_size=60), st.booleans())
def test_whatever_comes_is_checked_or_refused(data: bytes, coded: bool) -> None:
    text = credential.PREFIX.encode() + data if coded else data
    try:
        problem = credential.check(text, NOW).problem
    except EventInvalid as error:
        problem = error.code
    assert problem.startswith("credential-")
