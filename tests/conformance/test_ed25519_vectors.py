"""One rule accepts signatures: Wycheproof agrees with it, and two independent verifiers keep it alike."""

from __future__ import annotations

import json
from hashlib import sha512

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_core_ed25519_add, crypto_scalarmult_ed25519_base_noclamp
from shared import shared

from ledger.errors import LedgerError
from ledger.tlog import ed25519
from ledger.tlog.ed25519 import check_public_key, expand, sign, verify, verify_again

ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
IDENTITY = (1).to_bytes(32, "little")
# The eight points of low order, canonical first, then the encodings that are not canonical.
LOW_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
TORSION = bytes.fromhex(LOW_ORDER[4])
SECRET = expand(bytes(range(32)))
PUBLIC = SECRET[32:]


def both(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return the one answer of the two verifiers."""
    first, second = verify(public, message, signature), verify_again(public, message, signature)
    assert first == second, (public.hex(), message.hex(), signature.hex())
    return first


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(sha512(r + public + message).digest(), "little") % ORDER


def forge(scalar: int, public: bytes, nonce: int, r: bytes, message: bytes) -> bytes:
    """Return the signature that the holder of `scalar` makes when claiming the nonce point `r`."""
    s = (nonce + challenge(r, public, message) * scalar) % ORDER
    return r + s.to_bytes(32, "little")


def base_times(scalar: int) -> bytes:
    point: bytes = crypto_scalarmult_ed25519_base_noclamp(scalar.to_bytes(32, "little"))
    return point


def test_every_wycheproof_case_is_judged_as_published() -> None:
    vectors = json.loads(shared("ledger/ed25519/ed25519_test.json").read_text("utf-8"))
    judged = 0
    for group in vectors["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            accepted = both(public, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            assert accepted == (case["result"] == "valid"), case["tcId"]
            judged += 1
    assert judged == vectors["numberOfTests"]


@pytest.mark.parametrize("key", LOW_ORDER)
def test_a_low_order_key_is_refused_at_enrolment_and_verifies_nothing(key: str) -> None:
    public = bytes.fromhex(key)
    with pytest.raises(LedgerError) as refused:
        check_public_key(public)
    assert refused.value.code == "key-unusable"
    for r in LOW_ORDER:
        assert not both(public, b"any message", bytes.fromhex(r) + bytes(32))


def test_the_identity_forgery_that_openssl_accepts_is_refused() -> None:
    """R = S*B verifies for every message under the identity key, wherever the key is not checked."""
    forged = base_times(5) + (5).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(IDENTITY).verify(forged, b"I owe you everything")  # It does not raise.
    assert not both(IDENTITY, b"I owe you everything", forged)


def test_an_identity_nonce_that_openssl_accepts_is_refused() -> None:
    scalar = 0x1234567890ABCDEF
    assert not both(base_times(scalar), b"m", forge(scalar, base_times(scalar), 0, IDENTITY, b"m"))


def test_a_key_with_a_low_order_part_is_refused_even_where_the_equation_holds() -> None:
    scalar, nonce = 0x1234567890ABCDEF, 0xFEDCBA
    mixed = crypto_core_ed25519_add(base_times(scalar), TORSION)
    r = base_times(nonce)
    holding = [m for m in (bytes([i]) for i in range(64)) if challenge(r, mixed, m) % 8 == 0]
    assert holding
    for message in holding:
        assert not both(mixed, message, forge(scalar, mixed, nonce, r, message))


def test_a_nonce_with_a_low_order_part_is_refused() -> None:
    scalar, nonce = 0x1234567890ABCDEF, 0xFEDCBA
    public, r = base_times(scalar), crypto_core_ed25519_add(base_times(nonce), TORSION)
    assert both(public, b"m", forge(scalar, public, nonce, base_times(nonce), b"m"))
    assert not both(public, b"m", forge(scalar, public, nonce, r, b"m"))


@pytest.mark.parametrize("y", range(PRIME, 2**255, 3))
def test_a_key_that_is_not_canonical_is_refused(y: int) -> None:
    for sign_bit in (0, 1 << 255):
        public = (y | sign_bit).to_bytes(32, "little")
        with pytest.raises(LedgerError):
            check_public_key(public)
        assert not both(public, b"m", base_times(7) + bytes(32))


@given(st.binary(max_size=64))
def test_what_we_sign_verifies_and_no_other_message_does(message: bytes) -> None:
    signature = sign(SECRET, message)
    assert both(PUBLIC, message, signature)
    assert not both(PUBLIC, message + b"\x00", signature)


@settings(max_examples=300)
@given(st.binary(max_size=40), st.integers(0, 511))
def test_no_flipped_bit_is_accepted(message: bytes, bit: int) -> None:
    signature = int.from_bytes(sign(SECRET, message), "big") ^ 1 << bit
    assert not both(PUBLIC, message, signature.to_bytes(64, "big"))


@given(st.binary(max_size=40), st.integers(1, 15))
def test_a_larger_spelling_of_s_is_refused(message: bytes, times: int) -> None:
    signature = sign(SECRET, message)
    larger = int.from_bytes(signature[32:], "little") + times * ORDER
    if larger < 2**256:
        assert not both(PUBLIC, message, signature[:32] + larger.to_bytes(32, "little"))


@given(st.binary(max_size=70), st.binary(max_size=10), st.binary(max_size=70))
def test_bytes_of_any_length_are_judged_alike_and_never_raise(key: bytes, text: bytes, sig: bytes) -> None:
    assert not both(key, text, sig)
    assert not both(PUBLIC, text, sig)


def test_no_byte_wanders_between_signature_and_message() -> None:
    """libsodium is given both as one string: only their lengths keep them apart."""
    signature = sign(SECRET, b"message")
    assert both(PUBLIC, b"message", signature)
    assert not both(PUBLIC, signature[63:] + b"message", signature[:63])
    assert not both(PUBLIC, b"essage", signature + b"m")
    assert not both(PUBLIC, signature + b"message", b"")


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    public = (PUBLIC * 2)[:length]
    assert not both(public, b"message", sign(SECRET, b"message"))
    with pytest.raises(LedgerError):
        check_public_key(public)


@given(st.binary(min_size=32, max_size=32))
def test_the_two_key_checks_agree_on_random_points(key: bytes) -> None:
    assert ed25519.is_acceptable_key(key) == ed25519._is_acceptable_key_again(key)
