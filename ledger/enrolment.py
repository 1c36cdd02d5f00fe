"""Ask to be enrolled: a file in which a party names itself, signed by the key it wants to speak with.

Rule: the signature proves that whoever asks holds the private half, so nobody is enrolled with another's key.
Whether they may be enrolled, and with which roles, an administrator decides.
"""

from __future__ import annotations

import json

from ledger.canonical import canonical
from ledger.errors import EventInvalid
from ledger.events import codec
from ledger.events.governance import PartyEnrolled
from ledger.keys import KeyPair
from ledger.public_key import PublicKey

FORMAT = "suxin-enrolment-request/v1"
DOMAIN = b"suxin/enrolment-request/v1"


def write_request(enrolment: PartyEnrolled, pair: KeyPair) -> bytes:
    """Return the request, to be handed to an administrator of the ledger."""
    event = codec.document(enrolment)
    signature = pair.sign(DOMAIN, canonical(event))
    document = {"format": FORMAT, "enrolment": event, "signature": signature.hex()}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def read_request(data: bytes) -> PartyEnrolled:
    """Return the enrolment that a request asks for.

    Raises:
        EventInvalid: not a request, a value that no enrolment may have, or not signed by its own key.
    """
    try:
        document = json.loads(data)
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']!r}")
        plain, signature = document["enrolment"], bytes.fromhex(document["signature"])
    except (ValueError, TypeError, KeyError) as error:
        raise _refused("this is not an enrolment request", "request-unreadable", error, FORMAT) from error
    enrolment = codec.decode(plain)
    if not isinstance(enrolment, PartyEnrolled):
        raise _refused("a request enrols a party", "request-unreadable", plain.get("type"), "PartyEnrolled")
    if not PublicKey.from_hex(enrolment.public_key).verify(DOMAIN, canonical(plain), signature):
        raise _refused(
            "the request is not signed by the key it names",
            "request-forged",
            enrolment.public_key,
            "a signature made with the private half of that key",
        )
    return enrolment


def _refused(what: str, code: str, found: object, expected: str) -> EventInvalid:
    return EventInvalid(
        what,
        field="request",
        code=code,
        found=found,
        expected=expected,
        remedy="ask the party for its request again: init --name NAME --role ROLE writes it",
    )
