"""Say which tree a log stands at, signed: origin, size, root (C2SP tlog-checkpoint).

The one rule: a checkpoint text is accepted only if it is exactly what `Checkpoint.text` would write.
Whoever opens a signed checkpoint names the log key that must have signed it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.errors import LedgerError
from ledger.tlog.encoding import decode_base64, parse_decimal
from ledger.tlog.note import Note, Signature, parse_note, sign_note, verify_note
from ledger.tlog.note_keys import COSIGNATURE, SignerKey, VerifierKey
from ledger.tlog.tree import HASH_SIZE


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head of one log.

    Args:
        origin: the log's name, unique in the world, on one line.
        size: the number of entries, below 2**63.
        root: the 32-byte Merkle tree hash.
        extensions: opaque lines that the log added; not audited by anyone.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size < 1 << 63 or len(self.root) != HASH_SIZE:
            raise _malformed("a size below 2**63 and a root of 32 bytes", f"{self.size}, {self.root.hex()}")
        if not all(line and "\n" not in line for line in (self.origin, *self.extensions)):
            raise _malformed("an origin and extensions of one line each, not empty", self.origin)

    @property
    def text(self) -> str:
        r"""Return the note text.

        >>> Checkpoint("example.org/log", 3, bytes(32)).text
        'example.org/log\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
        """
        head = f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"
        return head + "".join(f"{line}\n" for line in self.extensions)

    def sign(self, signer: SignerKey) -> str:
        """Return the checkpoint as a note signed by the log."""
        return sign_note(self.text, signer).format()


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint that its log signed, with the cosignatures of the witnesses we know.

    Args:
        checkpoint: what was signed.
        note: the whole note, unknown signatures included.
        log: the log's own signature.
        cosignatures: one verified cosignature for each known witness that gave one.
    """

    checkpoint: Checkpoint
    note: Note
    log: Signature
    cosignatures: tuple[Signature, ...] = ()

    @property
    def witnessed(self) -> bool:
        """Say whether any outsider that we know vouches for it."""
        return bool(self.cosignatures)


def parse_checkpoint(text: str, *, origin: str | None = None) -> Checkpoint:
    """Return the checkpoint that would be written as this note text.

    Args:
        text: the note text, without signatures.
        origin: the only origin to accept, if given.

    Raises:
        LedgerError: code `checkpoint-malformed` or `checkpoint-other-log`.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise _malformed(
            "an origin line, a size line and a root line, each ending in a newline", repr(text[:80])
        )
    try:
        size, root = parse_decimal(lines[1]), decode_base64(lines[2])
    except ValueError as error:
        raise _malformed("a decimal size and a base64 root", f"{lines[1]}, {lines[2]}") from error
    checkpoint = Checkpoint(lines[0], size, root, tuple(lines[3:-1]))
    if checkpoint.text != text:
        raise _malformed(repr(checkpoint.text), repr(text[:200]))
    if origin is not None and checkpoint.origin != origin:
        raise LedgerError(
            "this checkpoint is of another log",
            code="checkpoint-other-log",
            found=checkpoint.origin,
            expected=origin,
            remedy="choose the checkpoint file of the ledger you want to check",
        )
    return checkpoint


def open_checkpoint(
    signed: str | bytes, log: VerifierKey, witnesses: Iterable[VerifierKey] = (), *, origin: str | None = None
) -> Cosigned:
    """Return the checkpoint of a signed note after verifying the log's signature and known cosignatures.

    Args:
        signed: the note as stored or sent.
        log: the key that must have signed.
        witnesses: the cosigner keys that we know; other lines are kept and say nothing.
        origin: the origin to expect; the log key's name if not given.

    Raises:
        LedgerError: malformed, of another log, not signed by the log, or a known key's line is wrong.
    """
    note = parse_note(signed)
    checkpoint = parse_checkpoint(note.text, origin=log.name if origin is None else origin)
    own = verify_note(note, [log]).verified[0]
    known = [each for each in witnesses if each.kind == COSIGNATURE]
    names = {(each.name, each.key_id) for each in known}
    if not any((each.name, each.key_id) in names for each in note.signatures):
        return Cosigned(checkpoint, note, own)
    return Cosigned(checkpoint, note, own, verify_note(note, known).verified)


def _malformed(expected: str, found: object) -> LedgerError:
    return LedgerError(
        "this is not a checkpoint",
        code="checkpoint-malformed",
        found=found,
        expected=expected,
        remedy="copy the checkpoint again as a whole; do not edit or reformat it",
    )
