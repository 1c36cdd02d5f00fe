"""Carry a proof as text: that an entry is in a log, checkable offline (C2SP tlog-proof).

The one rule: a proof text is accepted only if it is exactly what `ProofText.format` would write. What
`extra` says is authenticated by nobody.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from ledger.errors import LedgerError
from ledger.tlog.checkpoint import Cosigned, open_checkpoint
from ledger.tlog.encoding import decode_base64, parse_decimal
from ledger.tlog.note_keys import VerifierKey
from ledger.tlog.proof import inclusion_holds
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.witness import Quorum

_HEADER = "c2sp.org/tlog-proof@v1"
_MAX_SIZE = 4_000_000
_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class ProofText:
    """An index, an inclusion proof and the signed checkpoint it leads to.

    Args:
        index: where the entry is in the log.
        proof: the inclusion proof, from the leaf's sibling upwards.
        checkpoint: the signed checkpoint, to the byte.
        extra: bytes that nobody vouches for, if any.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index < 1 << 64:
            raise _malformed("an index below 2**64", self.index)
        if len(self.proof) > _MAX_HASHES or any(len(each) != HASH_SIZE for each in self.proof):
            raise _malformed(f"at most {_MAX_HASHES} hashes of {HASH_SIZE} bytes", len(self.proof))
        if not self.checkpoint.endswith("\n"):
            raise _malformed("a checkpoint that ends in a newline", repr(self.checkpoint[-40:]))
        if len(self.extra or b"") + len(self.checkpoint) > _MAX_SIZE // 2:
            raise _malformed(f"at most {_MAX_SIZE // 2} bytes", "more")

    def format(self) -> str:
        """Return the text, which by custom is stored as *.tlog-proof."""
        lines = [_HEADER]
        if self.extra is not None:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [b64encode(each).decode() for each in self.proof]
        return "\n".join(lines) + f"\n\n{self.checkpoint}"


def parse_proof(data: str | bytes) -> ProofText:
    """Return the proof that would be written as this text.

    Raises:
        LedgerError: code `proof-malformed`.
    """
    if len(data) > _MAX_SIZE:
        raise _malformed(f"at most {_MAX_SIZE} bytes", len(data))
    try:
        text = data.decode() if isinstance(data, bytes) else data.encode().decode()
        head, _, checkpoint = text.partition("\n\n")
        _, *lines = head.split("\n")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "))
        index = parse_decimal("".join(lines[:1]).removeprefix("index "), below=1 << 64)
        proof = ProofText(index, tuple(decode_base64(line) for line in lines[1:]), checkpoint, extra)
        if proof.format() != text:
            raise ValueError("another spelling")
    except ValueError as error:
        raise _malformed("the header, an index, hashes, an empty line, a checkpoint", error) from error
    return proof


def check_proof(
    proof: ProofText, leaf: bytes, log: VerifierKey, quorum: Quorum, *, origin: str | None = None
) -> Cosigned:
    """Return the checkpoint under which the leaf with this leaf hash is proven.

    Raises:
        LedgerError: the checkpoint is not the log's, too few witnesses vouch (`quorum-not-met`), or the
            entry is not in the tree (`proof-wrong`).
    """
    cosigned = open_checkpoint(proof.checkpoint, log, quorum.witnesses, origin=origin)
    if not quorum.met_by(cosigned):
        raise LedgerError(
            "too few witnesses vouch for this checkpoint",
            code="quorum-not-met",
            found=len(cosigned.cosignatures),
            expected=quorum.needed,
            remedy="ask for a proof against a newer, cosigned checkpoint",
        )
    head = cosigned.checkpoint
    if not inclusion_holds(proof.index, head.size, leaf, proof.proof, head.root):
        raise LedgerError(
            "this entry is not in the ledger at that place",
            code="proof-wrong",
            found=leaf.hex(),
            expected=f"a leaf that leads to the root {head.root.hex()}",
            where=f"index {proof.index} of {head.size}",
            remedy="do not rely on the entry; ask for it and its proof again, and keep this file as evidence",
        )
    return cosigned


def _malformed(expected: str, found: object) -> LedgerError:
    return LedgerError(
        "this is not a proof text",
        code="proof-malformed",
        found=found,
        expected=expected,
        remedy="copy the proof file again as a whole; do not edit or reformat it",
    )
