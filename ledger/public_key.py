"""Name and verify with a public key: hexadecimal, key id and did:key.

The one rule: a `PublicKey` exists only if the strict rule of `ledger.tlog.ed25519` accepts the key, and
each of its texts is accepted only in the spelling that this module writes (did:key, base58btc).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import LedgerBug, LedgerError
from ledger.tlog import ed25519
from ledger.tlog.ed25519 import check_public_key

_DID_PREFIX = "did:key:z"
_MULTICODEC_ED25519 = b"\xed\x01"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def separate(domain: bytes, message: bytes) -> bytes:
    """Return what an author signs: the domain, a zero byte, the message.

    No domain holds a zero byte, so no message of one domain is ever a message of another; and no signed
    note holds one either, so an author's signature is never a log's.
    """
    if not domain or b"\x00" in domain:
        raise LedgerBug(f"a signing domain is not empty and holds no zero byte: {domain!r}")
    return domain + b"\x00" + message


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that passed the strict rule.

    Args:
        raw: 32 bytes, the canonical encoding of a point of prime order.
    """

    raw: bytes

    def __post_init__(self) -> None:
        check_public_key(self.raw)

    def __bytes__(self) -> bytes:
        return self.raw

    @property
    def hex(self) -> str:
        """Return the key in 64 hexadecimal digits, as enrolment entries carry it."""
        return self.raw.hex()

    @property
    def key_id(self) -> str:
        """Return the short name of the key: 16 hexadecimal digits of its SHA-256."""
        return sha256(self.raw).hexdigest()[:16]

    @property
    def did(self) -> str:
        """Return the key as a did:key (multibase base58btc over multicodec ed25519-pub).

        >>> PublicKey(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")).did
        'did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw'
        """
        return _DID_PREFIX + _base58(_MULTICODEC_ED25519 + self.raw)

    @classmethod
    def from_hex(cls, text: str) -> PublicKey:
        """Return the key of 64 lower-case hexadecimal digits.

        Raises:
            LedgerError: code `key-malformed` or `key-unusable`.
        """
        if len(text) != 2 * ed25519.KEY_SIZE or set(text) - set("0123456789abcdef"):
            raise _malformed_key(text, "64 lower-case hexadecimal digits")
        return cls(bytes.fromhex(text))

    @classmethod
    def from_did(cls, text: str) -> PublicKey:
        """Return the key of a did:key.

        Raises:
            LedgerError: code `key-malformed` or `key-unusable`.
        """
        data = _unbase58(text.removeprefix(_DID_PREFIX))
        if not text.startswith(_DID_PREFIX) or data[:2] != _MULTICODEC_ED25519 or len(data) != 34:
            raise _malformed_key(text, "did:key:z6Mk... of an Ed25519 key")
        return cls(data[2:])

    def verify(self, domain: bytes, message: bytes, signature: bytes) -> bool:
        """Say whether `signature` is this key's over the message in this domain."""
        return ed25519.verify(self.raw, separate(domain, message), signature)


def _malformed_key(found: str, expected: str) -> LedgerError:
    return LedgerError(
        "this is not a public key",
        code="key-malformed",
        found=found[:100],
        expected=expected,
        remedy="copy the key again from the enrolment file",
    )


def multibase(data: bytes) -> str:
    """Return bytes as multibase base58btc, the form of a proof's value.

    >>> multibase(bytes(2) + b"hello")
    'z11Cn8eVZg'
    """
    return "z" + _base58(data)


def from_multibase(text: str) -> bytes:
    """Return the bytes of multibase base58btc; b"" for anything that is not."""
    return _unbase58(text[1:]) if text[:1] == "z" else b""


def _base58(data: bytes) -> str:
    """Return base58btc; leading zero bytes become leading ones."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\x00"))) + digits


def _unbase58(text: str) -> bytes:
    """Return the bytes of base58btc; b"" for anything that is not."""
    number = 0
    for character in text[:100]:
        digit = _BASE58.find(character)
        if digit < 0:
            return b""
        number = number * 58 + digit
    data = b"\x00" * (len(text) - len(text.lstrip("1"))) + number.to_bytes(
        (number.bit_length() + 7) // 8, "big"
    )
    return data if _base58(data) == text else b""
