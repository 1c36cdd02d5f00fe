"""A statement that travels without its ledger: W3C Verifiable Credential 2.0, `eddsa-jcs-2022`, did:key.

Rule: whoever holds the file, or a photo of its QR code, checks it offline with the issuer's key alone. The
proof is over RFC 8785 bytes of the document and of the proof's own options; nothing unknown is passed over:
another suite, another purpose, another's key, a document outside its time is refused with a code.
Source: W3C Data Integrity EdDSA Cryptosuites 1.0, 3.3; VC Data Model 2.0; RFC 9285 (base45).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from ledger.canonical import jcs, jcs_of_text
from ledger.errors import EventInvalid, Problem
from ledger.events.instants import instant_text
from ledger.keys import KeyPair
from ledger.public_key import PublicKey, from_multibase, multibase
from ledger.tlog import ed25519

SUITE = "eddsa-jcs-2022"
CONTEXT = "https://www.w3.org/ns/credentials/v2"
PREFIX = "SX1:"
"""Begins the text of a QR code: base45 of the packed document, all in the QR alphabet."""
LARGEST = 64_000
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: `problem` is "" if all holds, else the code of what does not.

    Args:
        issuer: the did:key that signed; document: the credential as it was signed, without its proof.
    """

    problem: str
    issuer: str
    document: Mapping[str, Any]

    @property
    def holds(self) -> bool:
        """Say whether the credential may be relied on."""
        return not self.problem


def method_of(key: PublicKey) -> str:
    """Return the verification method of a did:key."""
    return f"{key.did}#{key.did.removeprefix('did:key:')}"


def sign(document: Mapping[str, Any], pair: KeyPair, created: str) -> Document:
    """Return the document with its proof, made with an author's key.

    Args:
        created: when it is signed, as an XML Schema dateTime such as 2023-02-24T23:36:38Z.
    """
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method_of(pair.public),
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = pair.sign_digests(*digests(document, options))
    return {**document, "proof": {**options, "proofValue": multibase(signature)}}


def digests(document: Mapping[str, Any], options: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return what is signed: the digest of the proof's options, then that of the document."""
    return sha256(jcs(dict(options))).digest(), sha256(jcs(dict(document))).digest()


def check(text: bytes, now: datetime, issuer: str | None = None) -> Checked:
    """Check a credential with nothing but itself and a clock.

    Args:
        issuer: the did:key that must have signed it, if one is known.

    Raises:
        EventInvalid: code `credential-unreadable`; it is no JSON object at all.
    """
    secured = read(text)
    proof = secured.pop("proof", None)
    if not isinstance(proof, dict):
        return Checked("credential-unsigned", "", secured)
    signer, problem = _signature_problem(secured, proof)
    problem = problem or _issuer_problem(secured, signer, issuer) or _time_problem(secured, proof, now)
    return Checked(problem, signer, secured)


def read(text: bytes) -> Document:
    """Return the JSON object of a credential's file or of its QR code's text.

    Raises:
        EventInvalid: code `credential-unreadable`.
    """
    try:
        data = unpack(text.decode("ascii").strip()) if text.startswith(PREFIX.encode()) else text
        if len(data) > LARGEST:
            raise ValueError(f"more than {LARGEST} bytes")
        document = json.loads(jcs_of_text(data))
        if isinstance(document, dict):
            return document
        raise ValueError(f"{type(document).__name__}, not an object")
    except (ValueError, OverflowError, zlib.error, RecursionError, Problem) as error:
        raise EventInvalid(
            "this is not a credential",
            field="FILE",
            code="credential-unreadable",
            found=str(error)[:120],
            expected="a JSON object with a proof, or the text of its QR code",
            remedy="ask the issuer for the file again: credential out PARTY --out FILE",
        ) from error


def pack(document: Mapping[str, Any]) -> str:
    """Return a credential as the text of a QR code.

    >>> unpack(pack({"a": 1}))
    b'{"a":1}'
    """
    packed = zlib.compress(jcs(dict(document)), 9)
    pieces = []
    for start in range(0, len(packed), 2):
        pair = packed[start : start + 2]
        number, letters = int.from_bytes(pair, "big"), ""
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            letters += _ALPHABET[digit]
        pieces.append(letters)
    return PREFIX + "".join(pieces)


def unpack(text: str) -> bytes:
    """Return the JSON text that a QR code's text holds.

    Raises:
        ValueError: a letter or a group that no packing writes; zlib.error: damaged.
    """
    body, packed = text.removeprefix(PREFIX), bytearray()
    for start in range(0, len(body), 3):
        group = body[start : start + 3]
        number = sum(_ALPHABET.index(letter) * 45**place for place, letter in enumerate(group))
        packed += number.to_bytes(len(group) - 1, "big") if len(group) > 1 else _too_short(group)
    opened = zlib.decompressobj()
    data = opened.decompress(bytes(packed), LARGEST + 1)
    if not opened.eof or opened.unused_data:
        raise ValueError("cut off, or more than one document")
    return data


def _too_short(group: str) -> bytes:
    raise ValueError(f"a lone letter {group!r} at the end")


def _signature_problem(document: Document, proof: Document) -> tuple[str, str]:
    """Return who signed, and the code of what is wrong with the proof."""
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        return "", "credential-suite-unknown"
    if proof.get("proofPurpose") != "assertionMethod":
        return "", "credential-purpose-wrong"
    if not _context_fits(document.get("@context"), proof.get("@context")):
        return "", "credential-context-wrong"
    method = str(proof.get("verificationMethod", ""))
    did, _, fragment = method.partition("#")
    try:
        key = PublicKey.from_did(did)
    except Problem:
        return "", "credential-key-unreadable"
    if fragment and method != method_of(key):
        return "", "credential-key-unreadable"
    one, two = digests(document, options)
    value = proof.get("proofValue")
    signature = from_multibase(value) if isinstance(value, str) else b""
    if not ed25519.verify(key.raw, one + two, signature):
        return key.did, "credential-signature-wrong"
    return key.did, ""


def _context_fits(document: object, proof: object) -> bool:
    """A proof's context, if it has one, begins the document's, in the same order."""
    if proof is None:
        return True
    mine = document if isinstance(document, list) else [document]
    named = proof if isinstance(proof, list) else [proof]
    return mine[: len(named)] == named


def _issuer_problem(document: Document, signer: str, expected: str | None) -> str:
    said = document.get("issuer")
    named = said.get("id") if isinstance(said, dict) else said
    if isinstance(named, str) and named.startswith("did:key:") and named != signer:
        return "credential-signed-by-another"
    return "credential-signed-by-another" if expected is not None and expected != signer else ""


def _time_problem(document: Document, proof: Document, now: datetime) -> str:
    begins, ends = _instant(document.get("validFrom")), _instant(document.get("validUntil"))
    expires = _instant(proof.get("expires"))
    if "unreadable" in (begins, ends, expires):
        return "credential-time-unreadable"
    if isinstance(begins, datetime) and now < begins:
        return "credential-not-yet"
    if any(isinstance(end, datetime) and now > end for end in (ends, expires)):
        return "credential-expired"
    return ""


def _instant(value: object) -> datetime | str | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return "unreadable"
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def report(
    subject: Mapping[str, Any], kind: str, pair: KeyPair, begins: datetime, ends: datetime
) -> Document:
    """Return a signed credential about a subject, valid from one instant to another."""
    begins = begins.replace(microsecond=0)
    document = {
        "@context": [CONTEXT],
        "type": ["VerifiableCredential", kind],
        "issuer": pair.public.did,
        "validFrom": instant_text(begins),
        "validUntil": instant_text(ends.replace(microsecond=0)),
        "credentialSubject": dict(subject),
    }
    return sign(document, pair, instant_text(begins))
