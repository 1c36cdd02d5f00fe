"""Read, write, sign and verify signed notes (C2SP signed-note, tlog-cosignature).

The one rule: a note is accepted only if it is exactly what this module would write: UTF-8, no control
character but the newline, base64 without slack, at least one signature. Signatures by keys that we do
not know are kept and say nothing; one bad signature by a key that we do know spoils the note.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from ledger.errors import LedgerError
from ledger.tlog.encoding import decode_base64

MAX_SIGNATURES = 100
MAX_NOTE_SIZE = 1_000_000
_DASH = "\u2014 "
_KEY_ID_SIZE = 4
_TIME_SIZE = 8
_FORBIDDEN = re.compile("[\x00-\x1f\ud800-\udfff]")


class Verifier(Protocol):
    """A public key that verifies the signature lines of one name and key id."""

    @property
    def name(self) -> str:
        """Return the name its lines carry."""

    @property
    def key_id(self) -> bytes:
        """Return the four bytes its lines carry."""

    @property
    def text(self) -> str:
        """Return the key as people exchange it."""

    def verifies(self, text: str, blob: bytes) -> bool:
        """Say whether `blob` is its signature of the note text."""


class Signer(Protocol):
    """A private key that signs note texts."""

    def sign(self, text: str) -> Signature:
        """Return its signature of a note text."""


def is_key_name(name: str) -> bool:
    """Say whether a signature line could carry this name: not empty, no space, no plus."""
    return bool(name) and "+" not in name and not any(c.isspace() for c in name) and _is_plain(name)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who signed (name and key id) and what the key made of it."""

    name: str
    key_id: bytes
    blob: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.key_id) != _KEY_ID_SIZE or not self.blob:
            raise _malformed(
                "a signature line needs a name without spaces, a key id and a signature", self.name
            )

    @property
    def line(self) -> str:
        """Return the line without its newline."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.blob).decode()}"

    @property
    def time(self) -> int:
        """Return the POSIX time that a cosignature claims."""
        return int.from_bytes(self.blob[:_TIME_SIZE], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it, verified or not."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        check_text(self.text)
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise _malformed(f"a note carries 1 to {MAX_SIGNATURES} signatures", len(self.signatures))

    def format(self) -> str:
        """Return the note as it is stored and sent."""
        return f"{self.text}\n" + "".join(f"{each.line}\n" for each in self.signatures)

    def with_signatures(self, signatures: Iterable[Signature]) -> Note:
        """Return the note with these signatures, each replacing an older one by the same key."""
        new = {(each.name, each.key_id): each for each in signatures}
        kept = [each for each in self.signatures if (each.name, each.key_id) not in new]
        return Note(self.text, (*kept, *new.values()))


@dataclass(frozen=True, slots=True)
class Verified:
    """A note of which at least one known key vouches for the text."""

    note: Note
    verified: tuple[Signature, ...]
    unverified: tuple[Signature, ...]

    @property
    def text(self) -> str:
        """Return the text that the verified signatures cover."""
        return self.note.text


def parse_note(data: str | bytes) -> Note:
    """Return the note that `format` would write as `data`.

    Raises:
        LedgerError: code `note-malformed`.
    """
    text = _decode_utf8(data)
    cut = text.rfind("\n\n")
    if cut < 0 or not text.endswith("\n"):
        raise _malformed("a note is a text, an empty line and signature lines, each ending in a newline", "")
    lines = text[cut + 2 : -1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _malformed(f"a note carries at most {MAX_SIGNATURES} signatures", len(lines))
    return Note(text[: cut + 1], tuple(parse_signature_line(line) for line in lines))


def parse_signature_line(line: str) -> Signature:
    """Return the signature of one line (without its newline).

    Raises:
        LedgerError: code `note-malformed`.
    """
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator:
        raise _malformed("a signature line is a dash, a key name and base64", line)
    try:
        blob = decode_base64(encoded)
    except ValueError as error:
        raise _malformed("a signature is not canonical base64", line) from error
    return Signature(name, blob[:_KEY_ID_SIZE], blob[_KEY_ID_SIZE:])


def sign_note(text: str, *signers: Signer) -> Note:
    """Return the text signed by each of these log keys."""
    return Note(text, tuple(each.sign(text) for each in signers))


def verify_note(note: Note, keys: Iterable[Verifier]) -> Verified:
    """Return which signatures are good by these keys, and which are by nobody we know.

    Raises:
        LedgerError: `note-unverified` (no known key signed), `note-signature-invalid` (a known key's line
            is wrong), `note-key-ambiguous` (two known keys share the name and id of a line).
    """
    known: dict[tuple[str, bytes], list[Verifier]] = {}
    for key in keys:
        known.setdefault((key.name, key.key_id), []).append(key)
    verified: dict[tuple[str, bytes], Signature] = {}
    unverified: dict[Signature, None] = {}
    for each in note.signatures:
        who = (each.name, each.key_id)
        if who not in known:
            unverified[each] = None
            continue
        _check_signature(note, each, known[who])
        verified.setdefault(who, each)
    if not verified:
        raise LedgerError(
            "no key that we know signed this note",
            code="note-unverified",
            found=", ".join(f"{each.name}+{each.key_id.hex()}" for each in unverified),
            expected=" or ".join(f"{name}+{key_id.hex()}" for name, key_id in known) or "a known key",
            remedy="add the signer's verifier key if you trust it; otherwise do not rely on the text",
        )
    return Verified(note, tuple(verified.values()), tuple(unverified))


def _check_signature(note: Note, signature: Signature, keys: list[Verifier]) -> None:
    shown = f"{signature.name}+{signature.key_id.hex()}"
    if len(keys) > 1:
        raise LedgerError(
            "two known keys share this name and id",
            code="note-key-ambiguous",
            found=shown,
            expected="one key for each name and id",
            remedy="remove one of the two keys from the list of known keys",
        )
    if not keys[0].verifies(note.text, signature.blob):
        raise LedgerError(
            "a signature by a known key is wrong: the text or the signature was altered",
            code="note-signature-invalid",
            found=shown,
            expected=f"a signature that {keys[0].text} verifies",
            remedy="fetch the note again from its source; if it stays wrong, keep it as evidence",
        )


def _decode_utf8(data: str | bytes) -> str:
    if len(data) > MAX_NOTE_SIZE:
        raise _malformed(f"a note has at most {MAX_NOTE_SIZE} bytes", len(data))
    try:
        return data.decode() if isinstance(data, bytes) else data.encode().decode()
    except UnicodeError as error:
        raise _malformed("a note is UTF-8", error) from error


def check_text(text: str) -> None:
    """Refuse a text that no note could carry."""
    if not text.endswith("\n") or not _is_plain(text.replace("\n", "")):
        raise _malformed("a note text ends in a newline and has no control characters", repr(text[:80]))


def _is_plain(text: str) -> bool:
    return not _FORBIDDEN.search(text)


def _malformed(what: str, found: object) -> LedgerError:
    return LedgerError(
        "this is not a signed note",
        code="note-malformed",
        found=found,
        expected=what,
        remedy="copy the whole file again, to its last newline; do not edit or reformat it",
    )
