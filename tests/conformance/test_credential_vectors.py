"""The W3C's eddsa-jcs-2022 example (vc-di-eddsa) comes out to the byte from our canonical JSON and keys."""

from __future__ import annotations

import json
from hashlib import sha256

from shared import shared

from ledger.canonical import jcs, jcs_of_text
from ledger.public_key import PublicKey
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
