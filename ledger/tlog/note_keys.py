"""Hold the keys that sign and verify notes: one name, one signature type, one Ed25519 key.

The one rule: a key says in its own text what it may be used for (log or witness), and its key id binds
the name, the type and the key together (C2SP signed-note, tlog-cosignature).
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from ledger.errors import LedgerBug, LedgerError
from ledger.tlog import ed25519
from ledger.tlog.encoding import decode_base64
from ledger.tlog.note import Signature, check_text, is_key_name

ED25519 = 0x01
"""Signature type of a log: Ed25519 over the text."""
COSIGNATURE = 0x04
"""Signature type of a witness: a time, and Ed25519 over the time and the text (cosignature/v1)."""

_PRIVATE = "PRIVATE+KEY+"
_KEY_ID_SIZE = 4
_TIME_SIZE = 8


def key_id_of(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes by which signature lines name a key: SHA-256(name, newline, type, key)[:4]."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_KEY_ID_SIZE]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that can verify lines of one name and one signature type."""

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise _bad_key("a key name is not empty and has no space and no plus", self.name)
        if self.kind not in (ED25519, COSIGNATURE):
            raise _bad_key("this kind of key is not known here", hex(self.kind))
        ed25519.check_public_key(self.public)

    @property
    def key_id(self) -> bytes:
        """Return the key id of this name, type and key."""
        return key_id_of(self.name, self.kind, self.public)

    @property
    def text(self) -> str:
        """Return the verifier key as people exchange it: name+id+base64."""
        encoded = b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def verifies(self, text: str, blob: bytes) -> bool:
        """Say whether `blob` is this key's signature (or cosignature) of the note text."""
        if self.kind == ED25519:
            return ed25519.verify(self.public, text.encode(), blob)
        time = int.from_bytes(blob[:_TIME_SIZE], "big")
        signed = cosigned_message(text, time)
        return time < 1 << 63 and ed25519.verify(self.public, signed, blob[_TIME_SIZE:])


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key that signs notes under one name, as a log or as a witness.

    Args:
        name: what its signature lines carry.
        seed: 32 secret bytes.
        kind: the type of its signatures.
        verifier: the public half.
    """

    name: str
    seed: bytes = field(repr=False)
    kind: int = ED25519
    verifier: VerifierKey = field(init=False, compare=False)
    _secret: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Expanded once: it takes as long as a signature, and a log signs at every append.
        secret = ed25519.expand(self.seed)
        object.__setattr__(self, "_secret", secret)
        object.__setattr__(self, "verifier", VerifierKey(self.name, secret[ed25519.KEY_SIZE :], self.kind))

    @property
    def text(self) -> str:
        """Return the signer key in Go's textual form, which is a secret."""
        encoded = b64encode(bytes([self.kind]) + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    def sign(self, text: str) -> Signature:
        """Return this log's signature of a note text."""
        if self.kind != ED25519:
            raise LedgerBug("a witness key signs with a time: use cosign")
        check_text(text)
        blob = ed25519.sign(self._secret, text.encode())
        return Signature(self.name, self.verifier.key_id, blob)

    def cosign(self, text: str, time: int) -> Signature:
        """Return this witness's cosignature of a note text at a POSIX time in seconds."""
        if self.kind != COSIGNATURE or not 0 <= time < 1 << 63:
            raise LedgerBug("only a witness key cosigns, at a time from 0 to 2**63 - 1")
        check_text(text)
        signed = ed25519.sign(self._secret, cosigned_message(text, time))
        return Signature(self.name, self.verifier.key_id, time.to_bytes(_TIME_SIZE, "big") + signed)


def cosigned_message(text: str, time: int) -> bytes:
    """Return what a cosignature/v1 signs: a header, the time and the note text."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the key that `VerifierKey.text` would write as `text`.

    Raises:
        LedgerError: code `note-key-malformed` or `key-unusable`.
    """
    name, kind, public = _split_key(text)
    key = VerifierKey(name, public, kind)
    if key.text != text:
        raise _bad_key("the key id does not belong to this name and key", text)
    return key


def parse_signer_key(text: str) -> SignerKey:
    """Return the secret key that `SignerKey.text` would write as `text`.

    Raises:
        LedgerError: code `note-key-malformed`; the message never quotes the secret.
    """
    if not text.startswith(_PRIVATE):
        raise _bad_key("a signer key begins with PRIVATE+KEY+", "another beginning")
    name, kind, seed = _split_key(text.removeprefix(_PRIVATE), secret=True)
    if len(seed) != ed25519.KEY_SIZE:
        raise _bad_key("a signer key holds 32 bytes", f"{len(seed)} bytes")
    key = SignerKey(name, seed, kind)
    if key.text != text:
        raise _bad_key("the key id does not belong to this name and key", "another id")
    return key


def _split_key(text: str, *, secret: bool = False) -> tuple[str, int, bytes]:
    shown = "a secret key" if secret else text
    try:
        name, _, encoded = text.split("+", 2)
        data = decode_base64(encoded)
    except ValueError as error:
        raise _bad_key("a key is written name+id+base64", shown) from error
    # Name and id are checked by writing the key again.
    if not data or data[0] not in (ED25519, COSIGNATURE):
        raise _bad_key("this kind of key is not known here", data[:1].hex())
    return name, data[0], data[1:]


def _bad_key(what: str, found: object) -> LedgerError:
    return LedgerError(
        "this is not a note key",
        code="note-key-malformed",
        found=found,
        expected=what,
        remedy="copy the key again as one line, for example example.org/log+0123abcd+AR...",
    )
