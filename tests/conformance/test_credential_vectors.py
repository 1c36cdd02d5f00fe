"""The W3C's eddsa-jcs-2022 example (vc-di-eddsa) comes out to the byte from our canonical JSON and keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

from shared import shared

from ledger import credential
from ledger.canonical import jcs, jcs_of_text
from ledger.keys import KeyPair
from ledger.public_key import PublicKey, from_multibase, multibase
from ledger.tlog import ed25519

FOLDER = "vc/eddsa-jcs-2022"


def text(name: str) -> str:
    return shared(f"{FOLDER}/{name}").read_text("utf-8").strip()


def test_the_signed_example_verifies_and_its_steps_are_the_published_ones() -> None:
    signed = json.loads(text("signedJCS.json"))
    proof = signed.pop("proof")
    value = proof.pop("proofValue")
    assert jcs(signed).decode() == text("canonDocJCS.txt")
    assert jcs_of_text(text("proofConfigJCS.json").encode()).decode() == text("proofCanonJCS.txt")
    config = jcs(proof)
    combined = sha256(config).digest() + sha256(jcs(signed)).digest()
    assert combined.hex() == text("combinedHashJCS.txt")
    key = PublicKey.from_did(proof["verificationMethod"].split("#")[0])
    assert (
        key.did == "did:key:" + json.loads(shared("vc/keyPair.json").read_text("utf-8"))["publicKeyMultibase"]
    )
    signature = bytes.fromhex(text("sigHexJCS.txt"))
    assert ed25519.verify(key.raw, combined, signature)
    assert ed25519.verify_again(key.raw, combined, signature)
    assert value == text("sigBTC58JCS.txt")
    assert not ed25519.verify(key.raw, combined[::-1], signature)


def test_our_signer_writes_the_published_credential_to_the_byte() -> None:
    keys = json.loads(shared("vc/keyPair.json").read_text("utf-8"))
    pair = KeyPair(from_multibase(keys["privateKeyMultibase"])[2:])
    assert multibase(b"\xed\x01" + pair.public.raw) == keys["publicKeyMultibase"]
    unsigned = json.loads(shared("vc/unsigned.json").read_text("utf-8"))
    published = json.loads(text("signedJCS.json"))
    signed = credential.sign(unsigned, pair, published["proof"]["created"])
    assert jcs(signed) == jcs(published)
    assert sha256(jcs(unsigned)).hexdigest() == text("docHashJCS.txt")
    config, document = credential.digests(unsigned, json.loads(text("proofConfigJCS.json")))
    assert config.hex() == text("proofHashJCS.txt")
    assert document.hex() == text("docHashJCS.txt")


def test_the_published_credential_holds_and_no_altered_one_does() -> None:
    published = text("signedJCS.json")
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert credential.check(published.encode(), now).holds
    for old, new in (
        ("Alumni Credential", "Alumni credential"),
        ("23:36:38Z", "23:36:39Z"),
        ("abcdefgh", "x"),
    ):
        altered = published.replace(old, new)
        assert altered != published
        assert credential.check(altered.encode(), now).problem == "credential-signature-wrong"
    assert (
        credential.check(published.encode(), datetime(2022, 1, 1, tzinfo=UTC)).problem == "credential-not-yet"
    )
