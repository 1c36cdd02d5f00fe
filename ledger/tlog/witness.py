"""Witness another log: cosign its newest checkpoint if and only if it extends the last one cosigned.

The one rule: what was cosigned last and what is cosigned next are compared and replaced in one step, so
that two requests at once can never make a witness vouch for two histories (C2SP tlog-witness,
tlog-cosignature). Two checkpoints that do not fit together are both kept: that is the evidence.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.errors import LedgerError
from ledger.tlog.checkpoint import Checkpoint, Cosigned, open_checkpoint, parse_checkpoint
from ledger.tlog.encoding import decode_base64, parse_decimal
from ledger.tlog.note import MAX_NOTE_SIZE, Note, parse_note, parse_signature_line, verify_note
from ledger.tlog.note_keys import COSIGNATURE, SignerKey, VerifierKey
from ledger.tlog.proof import consistency_holds
from ledger.tlog.tree import EMPTY_ROOT, HASH_SIZE

MAX_PROOF_LINES = 63
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
_MAX_REQUEST_SIZE = MAX_NOTE_SIZE + 8192


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks of a witness.

    Args:
        old_size: the size the witness cosigned last, as far as the log knows; 0 for never.
        proof: the consistency proof from `old_size`; empty from 0.
        checkpoint: the signed checkpoint.
    """

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def __post_init__(self) -> None:
        if not 0 <= self.old_size < 1 << 63 or len(self.proof) > MAX_PROOF_LINES:
            raise _malformed("a size below 2**63 and at most 63 proof lines", f"old {self.old_size}")
        if any(len(each) != HASH_SIZE for each in self.proof):
            raise _malformed("proof lines of 32 bytes each", "another length")

    def format(self) -> bytes:
        """Return the body of the add-checkpoint request."""
        proof = "".join(f"{b64encode(each).decode()}\n" for each in self.proof)
        return f"old {self.old_size}\n{proof}\n{self.checkpoint}".encode()


@dataclass(frozen=True, slots=True)
class Fork:
    """Two checkpoints signed by one log that do not fit together.

    Args:
        kept: the signed checkpoint that the witness cosigned.
        offered: the signed checkpoint that the log, or somebody for it, offered later.
        proven: of one size with two roots, which proves the fork by itself; otherwise the log still
            owes the proof that the one extends the other.
    """

    kept: str
    offered: str
    proven: bool


class WitnessState(Protocol):
    """What a witness remembers, for each origin."""

    def latest(self, origin: str) -> str | None:
        """Return the signed checkpoint cosigned last, or None."""

    def advance(self, origin: str, before: str | None, after: str) -> bool:
        """Replace the latest by `after` durably if it still is `before`; say whether it was."""

    def keep_evidence(self, origin: str, fork: Fork) -> None:
        """Keep both checkpoints."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: an HTTP status, a body and its type, and the fork it found, if any."""

    status: int
    body: str
    content_type: str = TEXT_TYPE
    fork: Fork | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of which witnesses must have cosigned before a checkpoint is relied on.

    Args:
        needed: at least this many different keys; 0 asks for none.
        witnesses: the cosigner keys that count.
    """

    needed: int
    witnesses: tuple[VerifierKey, ...]

    def __post_init__(self) -> None:
        if any(each.kind != COSIGNATURE for each in self.witnesses):
            raise LedgerError(
                "a witness key is not a cosigner key",
                code="quorum-wrong-key",
                expected="verifier keys of signature type 4",
                remedy="ask the witness for its own verifier key; a log's key cannot witness",
            )
        if not 0 <= self.needed <= len({each.public for each in self.witnesses}):
            raise LedgerError(
                "the quorum can never be met",
                code="quorum-impossible",
                found=f"{self.needed} of {len({each.public for each in self.witnesses})}",
                remedy="name more witnesses or ask for fewer",
            )

    def met_by(self, cosigned: Cosigned) -> bool:
        """Say whether enough different keys vouch; one key under two names counts once."""
        public = {(each.name, each.key_id): each.public for each in self.witnesses}
        names = [(each.name, each.key_id) for each in cosigned.cosignatures]
        return len({public[name] for name in names if name in public}) >= self.needed


def parse_request(body: bytes) -> Request:
    """Return the request that would be written as this body.

    Raises:
        LedgerError: code `witness-request-malformed`.
    """
    if len(body) > _MAX_REQUEST_SIZE:
        raise _malformed(f"at most {_MAX_REQUEST_SIZE} bytes", len(body))
    try:
        head, _, checkpoint = body.decode().partition("\n\n")
        first, *rest = head.split("\n")
        proof = tuple(decode_base64(line) for line in rest[: MAX_PROOF_LINES + 1])
        request = Request(parse_decimal(first.removeprefix("old ")), proof, checkpoint)
        if request.format() != body:
            raise ValueError("another spelling")
    except ValueError as error:
        raise _malformed("a line `old SIZE`, proof lines, an empty line, a checkpoint", error) from error
    return request


def add_checkpoint(
    body: bytes,
    logs: Mapping[str, Sequence[VerifierKey]],
    state: WitnessState,
    signer: SignerKey,
    time: int,
) -> Answer:
    """Answer one add-checkpoint request.

    Args:
        body: the request's body.
        logs: the keys trusted for each origin.
        state: what the witness remembers; changed only when the answer is 200, before it is returned.
        signer: the witness key.
        time: POSIX seconds now.
    """
    try:
        request = parse_request(body)
        offered = parse_checkpoint(request.checkpoint[: request.checkpoint.rfind("\n\n") + 1])
    except LedgerError as error:
        return Answer(400, f"{error}\n")
    if offered.origin not in logs:
        return Answer(404, f"unknown log: {offered.origin}\n")
    try:
        # A signature line that cannot be read is a signature that does not verify, not a bad request.
        note = parse_note(request.checkpoint)
        verify_note(note, logs[offered.origin])
    except LedgerError as error:
        return Answer(403, f"invalid signature: {error}\n")
    if request.old_size > offered.size:
        return Answer(400, f"old size {request.old_size} is beyond the checkpoint's {offered.size}\n")
    return _judge(request, note, offered, state, signer, time)


def _judge(
    request: Request, note: Note, offered: Checkpoint, state: WitnessState, signer: SignerKey, time: int
) -> Answer:
    """Compare an authentic checkpoint with the last one and cosign it if it extends that."""
    kept = state.latest(offered.origin)
    last = parse_checkpoint(parse_note(kept).text) if kept is not None else None
    if kept is not None and last is not None and last.size == offered.size and last.root != offered.root:
        fork = Fork(kept, request.checkpoint, proven=True)
        state.keep_evidence(offered.origin, fork)
        return Answer(409, f"{last.size}\n", SIZE_TYPE, fork)
    size = last.size if last else 0
    if request.old_size != size:
        return Answer(409, f"{size}\n", SIZE_TYPE)
    if not _extends(request, offered, last):
        doubt = Fork(kept, request.checkpoint, proven=False) if kept is not None else None
        if doubt:
            state.keep_evidence(offered.origin, doubt)
        return Answer(422, "the consistency proof does not hold\n", fork=doubt)
    # The same tree again: what is kept stays, or anybody could fill it with lines that nobody verifies.
    after = kept if kept is not None and request.old_size == offered.size else request.checkpoint
    if not state.advance(offered.origin, kept, after):
        newer = state.latest(offered.origin)
        now = parse_checkpoint(parse_note(newer).text).size if newer else 0
        return Answer(409, f"{now}\n", SIZE_TYPE)
    return Answer(200, f"{signer.cosign(note.text, time).line}\n")


def _extends(request: Request, offered: Checkpoint, last: Checkpoint | None) -> bool:
    if last is None or last.size == 0:
        # Nothing was vouched for yet: any first tree is accepted, but an empty one has only one root.
        return not request.proof and (offered.size > 0 or offered.root == EMPTY_ROOT)
    return consistency_holds(last.size, offered.size, last.root, offered.root, request.proof)


def with_cosignatures(signed: str, answer: str, witnesses: Iterable[VerifierKey]) -> str:
    """Return the signed checkpoint with the cosignatures of known witnesses that an answer brought.

    Lines by witnesses we do not know are dropped; a wrong line by one we do know is refused.

    Raises:
        LedgerError: `note-malformed`, `note-unverified` (no line by a known witness) or
            `note-signature-invalid`.
    """
    note = parse_note(signed)
    if not answer.endswith("\n"):
        raise _malformed("signature lines, each ending in a newline", repr(answer[:80]))
    lines = tuple(parse_signature_line(line) for line in answer[:-1].split("\n"))
    return note.with_signatures(verify_note(Note(note.text, lines), witnesses).verified).format()


def find_fork(one: str, two: str, log: VerifierKey) -> Fork | None:
    """Return the proven fork of two checkpoints, if the log signed both with one size and two roots.

    Raises:
        LedgerError: either is not a checkpoint that this log signed.
    """
    first, second = open_checkpoint(one, log).checkpoint, open_checkpoint(two, log).checkpoint
    if first.size == second.size and first.root != second.root:
        return Fork(one, two, proven=True)
    return None


def _malformed(expected: str, found: object) -> LedgerError:
    return LedgerError(
        "this is not a request to a witness",
        code="witness-request-malformed",
        found=found,
        expected=expected,
        remedy="make the request file again on the ledger's machine",
    )
