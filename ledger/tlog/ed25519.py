"""Sign and verify with Ed25519 under ONE strict rule of acceptance (RFC 8032 5.1.7, made strict).

A signature (R, S) by key A over a message is accepted if and only if: A is the canonical encoding of a
point of prime order (so neither low-order nor with a low-order part); R is the canonical encoding of a
point that is not low-order; S < L; and S*B = R + SHA-512(R || A || message)*A without a cofactor.
Without the rule about A, one constant signature by the identity point verifies for every message.

Two verifiers keep the rule independently: libsodium (fast, the one in use) and OpenSSL with our own
arithmetic for the points (the second opinion). A test holds them to the same answer everywhere.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_sign,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import BadSignatureError

from ledger.errors import LedgerBug, LedgerError

KEY_SIZE = 32
SIGNATURE_SIZE = 64

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def expand(seed: bytes) -> bytes:
    """Return the secret that `sign` wants: a 32-byte private seed followed by its public key."""
    if len(seed) != KEY_SIZE:
        raise LedgerBug(f"an Ed25519 seed has {KEY_SIZE} bytes, not {len(seed)}")
    return crypto_sign_seed_keypair(seed)[1]


def sign(secret: bytes, message: bytes) -> bytes:
    """Return the 64-byte signature of `message` by an expanded secret."""
    return crypto_sign(message, secret)[:SIGNATURE_SIZE]


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the strict rule accepts; never raises on bytes of any length."""
    if len(signature) != SIGNATURE_SIZE or not is_acceptable_key(public):
        return False
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_acceptable_key(public: bytes) -> bool:
    """Say whether these bytes are a key that the rule accepts."""
    return len(public) == KEY_SIZE and crypto_core_ed25519_is_valid_point(public)


def check_public_key(public: bytes) -> None:
    """Refuse a key that must never be enrolled.

    Raises:
        LedgerError: the bytes are not the canonical encoding of a point of prime order.
    """
    if not is_acceptable_key(public):
        raise LedgerError(
            "this is not a usable Ed25519 public key",
            code="key-unusable",
            found=public.hex() or "nothing",
            expected="32 bytes that encode a point of prime order, as every key generator writes them",
            remedy="ask for the key again as a file; a low-order or altered key would let anyone sign for it",
        )


def verify_again(public: bytes, message: bytes, signature: bytes) -> bool:
    """Give the second opinion: the same rule, by OpenSSL and our own arithmetic."""
    if len(signature) != SIGNATURE_SIZE or not _is_acceptable_key_again(public):
        return False
    r_point = _decode(signature[:KEY_SIZE])
    if r_point is None or _is_identity(_multiply(8, r_point)):
        return False
    if int.from_bytes(signature[KEY_SIZE:], "little") >= _L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _is_acceptable_key_again(public: bytes) -> bool:
    point = _decode(public)
    return point is not None and not _is_identity(point) and _is_identity(_multiply(_L, point))


def _decode(encoded: bytes) -> _Point | None:
    """Return the point in extended coordinates, or None if this is not its one canonical encoding."""
    if len(encoded) != KEY_SIZE:
        return None
    number = int.from_bytes(encoded, "little")
    sign_of_x, y = number >> 255, number & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign_of_x):
        return None
    if x & 1 != sign_of_x:
        x = _P - x
    return x, y, 1, x * y % _P


def _add(one: _Point, two: _Point) -> _Point:
    """Return the sum of two points (RFC 8032 5.1.4; complete, so it doubles too)."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(scalar: int, point: _Point) -> _Point:
    result: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _is_identity(point: _Point) -> bool:
    return point[0] % _P == 0 and (point[1] - point[2]) % _P == 0
