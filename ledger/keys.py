"""Hold the keys that people sign with, and keep them in sealed files.

The one rule: a key has one use. An author's key signs domain-separated messages; a log's or a witness's
key signs notes under its name; none can be made to do another's work. Acceptance is the strict rule of
`ledger.tlog.ed25519`. Key files: Argon2id (RFC 9106) and AES-256-GCM over everything in the file.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from ledger.durable import write_file
from ledger.errors import LedgerBug, LedgerError
from ledger.public_key import PublicKey, separate
from ledger.tlog import ed25519
from ledger.tlog.ed25519 import check_public_key
from ledger.tlog.note_keys import COSIGNATURE, ED25519, SignerKey

__all__ = [
    "Hardness",
    "KeyPair",
    "PublicKey",
    "Random",
    "Use",
    "check_public_key",
    "read_key_file",
    "seal",
    "unseal",
    "write_key_file",
]

Random = Callable[[int], bytes]
"""Gives that many unpredictable bytes; only main.py makes one."""

Use = Literal["author", "log", "witness"]
_USES: tuple[Use, ...] = ("author", "log", "witness")

_FORMAT = "suxin-key/v1"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key and its one use.

    Args:
        seed: 32 secret bytes.
        use: what the key may sign.
    """

    seed: bytes = field(repr=False)
    use: Use = "author"
    _secret: bytes = field(init=False, repr=False, compare=False)
    public: PublicKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        secret = ed25519.expand(self.seed)
        object.__setattr__(self, "_secret", secret)
        object.__setattr__(self, "public", PublicKey(secret[ed25519.KEY_SIZE :]))

    @classmethod
    def generate(cls, random: Random, use: Use = "author") -> KeyPair:
        """Return a new key for one use."""
        return cls(random(ed25519.KEY_SIZE), use)

    @property
    def key_id(self) -> str:
        """Return the short name of the public half."""
        return self.public.key_id

    def sign(self, domain: bytes, message: bytes) -> bytes:
        """Return the author's 64-byte signature over the message in this domain."""
        self._must_be("author")
        return ed25519.sign(self._secret, separate(domain, message))

    def sign_digests(self, one: bytes, two: bytes) -> bytes:
        """Return the bare signature over two SHA-256 digests, as a Data Integrity proof is made.

        Two digests are no text: nothing an author, a log or a witness ever signs looks like them.
        """
        self._must_be("author")
        if len(one) != 32 or len(two) != 32:
            raise LedgerBug("a Data Integrity proof signs two SHA-256 digests")
        return ed25519.sign(self._secret, one + two)

    def log_signer(self, origin: str) -> SignerKey:
        """Return the key that signs the checkpoints of the log `origin`."""
        self._must_be("log")
        return SignerKey(origin, self.seed, ED25519)

    def witness_signer(self, name: str) -> SignerKey:
        """Return the key that cosigns other logs' checkpoints as the witness `name`."""
        self._must_be("witness")
        return SignerKey(name, self.seed, COSIGNATURE)

    def _must_be(self, use: Use) -> None:
        if self.use != use:
            raise LedgerBug(f"a key for the use {self.use!r} was asked to act as {use!r}")


@dataclass(frozen=True, slots=True)
class Hardness:
    """How hard Argon2id makes guessing a passphrase; the default takes about 0.2 s and 64 MiB."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024

    def __post_init__(self) -> None:
        # The upper bounds keep a hostile file from using up the machine that tries to open it.
        if not (1 <= self.iterations <= 64 and 1 <= self.lanes <= 64):
            raise _damaged("Argon2id parameters out of bounds", self)
        if not 8 * self.lanes <= self.memory_kib <= 1024 * 1024:
            raise _damaged("Argon2id memory out of bounds", self)

    def derive(self, passphrase: str, salt: bytes) -> bytes:
        """Return the 32-byte key that the passphrase (in Unicode NFC) opens."""
        words = unicodedata.normalize("NFC", passphrase).encode()
        argon = Argon2id(
            salt=salt,
            length=32,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        )
        return argon.derive(words)


def seal(pair: KeyPair, passphrase: str, random: Random, hardness: Hardness | None = None) -> bytes:
    """Return the key file of a key: JSON that shows the public half and hides the private one.

    Raises:
        LedgerError: code `passphrase-empty`.
    """
    if not passphrase:
        raise LedgerError(
            "a key file needs a passphrase",
            code="passphrase-empty",
            expected="a sentence that you remember and others do not guess",
            remedy="type a passphrase, for example four unrelated words",
        )
    hardness = hardness or Hardness()
    salt, nonce = random(16), random(12)
    head = _head(pair.use, pair.public, hardness, salt, nonce)
    sealed = AESGCM(hardness.derive(passphrase, salt)).encrypt(nonce, pair.seed, _plain(head))
    return _with_checksum({**head, "sealed": sealed.hex()})


def unseal(data: bytes, passphrase: str) -> KeyPair:
    """Return the key of a key file.

    Raises:
        LedgerError: code `key-file-damaged` (not what `seal` wrote) or `passphrase-wrong`.
    """
    use, public, hardness, salt, nonce, sealed = _parse_key_file(data)
    head = _head(use, public, hardness, salt, nonce)
    try:
        seed = AESGCM(hardness.derive(passphrase, salt)).decrypt(nonce, sealed, _plain(head))
    except InvalidTag as error:
        raise LedgerError(
            "the passphrase does not open this key file",
            code="passphrase-wrong",
            where=f"key {public.key_id}",
            remedy="type the passphrase again; mind capitals and the input method; if it is certainly right, "
            "the file was altered: take it from a backup",
        ) from error
    pair = KeyPair(seed, use)
    if pair.public != public:
        raise _damaged("the private half does not belong to the public one", public.key_id)
    return pair


def write_key_file(path: Path, data: bytes) -> None:
    """Write a sealed key for its owner's eyes only, in one step, never over another key.

    Raises:
        LedgerError: code `key-file-exists` or `file-not-written`.
    """
    if path.exists():
        raise LedgerError(
            "there is a key file already",
            code="key-file-exists",
            where=path,
            remedy="choose another name; an old key is needed to rotate to a new one, so keep it",
        )
    write_file(path, data)


def read_key_file(path: Path, passphrase: str) -> KeyPair:
    """Return the key of the key file at `path`.

    Raises:
        LedgerError: code `key-file-unreadable`, or what `unseal` raises.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LedgerError(
            "the key file cannot be read",
            code="key-file-unreadable",
            found=error.strerror or str(error),
            where=path,
            remedy="insert the medium that holds the key, or restore the file from a backup",
        ) from error
    return unseal(data, passphrase)


def _head(use: Use, public: PublicKey, hardness: Hardness, salt: bytes, nonce: bytes) -> dict[str, object]:
    """Return everything but the sealed bytes; all of it is authenticated."""
    return {
        "format": _FORMAT,
        "use": use,
        "public_key": public.hex,
        "kdf": {
            "name": "argon2id",
            "salt": salt.hex(),
            "iterations": hardness.iterations,
            "lanes": hardness.lanes,
            "memory_kib": hardness.memory_kib,
        },
        "cipher": {"name": "aes-256-gcm", "nonce": nonce.hex()},
    }


def _parse_key_file(data: bytes) -> tuple[Use, PublicKey, Hardness, bytes, bytes, bytes]:
    try:
        document = json.loads(data)
        kdf, cipher = document["kdf"], document["cipher"]
        hardness = Hardness(*(int(kdf[name]) for name in ("iterations", "lanes", "memory_kib")))
        salt, nonce, sealed = (bytes.fromhex(x) for x in (kdf["salt"], cipher["nonce"], document["sealed"]))
        public = PublicKey.from_hex(document["public_key"])
        use = next(each for each in _USES if each == document["use"])
        written = _with_checksum({**_head(use, public, hardness, salt, nonce), "sealed": sealed.hex()})
    except (ValueError, TypeError, KeyError, StopIteration, RecursionError) as error:
        raise _damaged("this is not a key file of this program", repr(error)) from error
    if written != data or len(salt) != 16 or len(nonce) != 12 or len(sealed) != ed25519.KEY_SIZE + 16:
        raise _damaged("the checksum or the form of the key file is not what was written", "other bytes")
    return use, public, hardness, salt, nonce, sealed


def _plain(document: object) -> bytes:
    return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"


def _with_checksum(document: dict[str, object]) -> bytes:
    """Add a checksum, so that a worn-out stick is not taken for a wrong passphrase."""
    return _plain({**document, "checksum": sha256(_plain(document)).hexdigest()})


def _damaged(what: str, found: object) -> LedgerError:
    return LedgerError(
        "the key file is damaged or was altered",
        code="key-file-damaged",
        found=found,
        expected=what,
        remedy="restore the key file from a backup; without one, ask an administrator to revoke the key "
        "and enrol a new one",
    )
