"""A proof that stands alone: one file, checked by anyone without the ledger.

The rule kept here: a file is accepted only if it is exactly what this module would write, and checking a
proof believes nothing in it: hashes lead to the root, the root is under the log's signature, every author's
signature is under a key whose enrolment is proven in the same file, back to the ledger's first entry.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.envelope import Envelope, open_leaf
from ledger.errors import LedgerError, Problem
from ledger.events import codec
from ledger.events.values import PartyId
from ledger.keyring import Keyring
from ledger.reader import Reader
from ledger.tlog.checkpoint import Cosigned, open_checkpoint
from ledger.tlog.encoding import decode_base64
from ledger.tlog.note_keys import VerifierKey, parse_verifier_key
from ledger.tlog.proof import inclusion_holds
from ledger.tlog.tree import leaf_hash

PROOF_FORMAT = "suxin-proof/v1"
_PROOF_FIELDS = ("format", "log_key", "checkpoint", "entries", "enrolments")
LARGEST_FILE = 16 << 20


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry out of a proof file, checked."""

    index: int
    type: str
    party: PartyId
    party_name: str
    record_time: datetime
    event: codec.Event
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class ProofResult:
    """What a proof file comes to.

    Args:
        holds: everything in it leads to the root that the log signed.
        entries: the proven entries, in log order; the enrolments that back them are not among them.
        origin: the log's name.
        log_key: the key that signed the checkpoint, as the file states it.
        log_known: that key is one the caller knows; otherwise compare it with one you trust.
        size: the size of the tree the checkpoint covers.
        root: its root.
        witnesses: the names of the outside witnesses the caller knows that vouch for the checkpoint.
        problem: why it does not hold.
    """

    holds: bool
    entries: tuple[ProvenEntry, ...]
    origin: str
    log_key: str
    log_known: bool
    size: int
    root: bytes
    witnesses: tuple[str, ...]
    problem: Problem | None = None

    @property
    def witnessed(self) -> bool:
        """Say whether an outside witness that the caller knows has seen these entries."""
        return bool(self.witnesses)


def write_proof(reader: Reader, indexes: Iterable[int]) -> bytes:
    """Return a file that proves these entries, with the enrolments of everyone who signed them.

    The checkpoint is the newest witnessed one that covers them all, else the newest one.

    Raises:
        LedgerError: code `no-such-entry`.
    """
    wanted = sorted(set(indexes))
    head = reader.head()
    witnessed = reader.newest_cosigned()
    checkpoint, size = head.checkpoint, head.size
    if witnessed is not None and wanted and wanted[-1] < witnessed.size:
        checkpoint, size = witnessed.note, witnessed.size
    backing = _backing(reader, reader.keyring(), wanted)
    document = {
        "format": PROOF_FORMAT,
        "log_key": head.log_key,
        "checkpoint": checkpoint,
        "entries": _written(reader, wanted, size),
        "enrolments": _written(reader, backing, size),
    }
    return _write(document)


def check_proof(
    data: bytes, *, log_keys: Sequence[VerifierKey] = (), witnesses: Iterable[VerifierKey] = ()
) -> ProofResult:
    """Check a proof file with nothing but itself and the keys that the caller knows.

    Raises:
        LedgerError: code `proof-malformed`: this is not a proof file at all.
    """
    document = _parse(
        data, PROOF_FORMAT, ("format", "log_key", "checkpoint", "entries", "enrolments"), "proof"
    )
    log_key = _log_key(document["log_key"])
    wanted, backing = _read_entries(document["entries"]), _read_entries(document["enrolments"])
    known = any(each.text == log_key.text for each in log_keys)
    try:
        opened = open_checkpoint(document["checkpoint"], log_key, witnesses)
        proven = _prove(opened, wanted, backing)
    except Problem as problem:
        return ProofResult(False, (), log_key.name, log_key.text, known, 0, b"", (), problem)
    return ProofResult(
        True,
        proven,
        opened.checkpoint.origin,
        log_key.text,
        known,
        opened.checkpoint.size,
        opened.checkpoint.root,
        tuple(each.name for each in opened.cosignatures),
    )


def _backing(reader: Reader, keyring: Keyring, wanted: Sequence[int]) -> list[int]:
    """Return the entries that enrolled the keys these were signed with, and theirs, to the first."""
    found: set[int] = set()
    ahead = list(wanted)
    while ahead:
        keys = [keyring.keys[key_id] for key_id in {entry.key_id for entry in reader.several(ahead)}]
        named = {max(key.added, 0) for key in keys} | {keyring.parties[key.party].enrolled for key in keys}
        ahead = sorted(named - found)
        found |= named
    return sorted(found - set(wanted))


def _written(reader: Reader, indexes: Sequence[int], size: int) -> list[dict[str, object]]:
    proofs = reader.inclusion_proofs(indexes, size)
    return [
        {
            "index": entry.index,
            "leaf": b64encode(entry.leaf).decode(),
            "proof": [each.hex() for each in proof],
        }
        for entry, proof in zip(reader.several(indexes), proofs, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Claimed:
    index: int
    leaf: bytes
    proof: tuple[bytes, ...]


def _read_entries(source: object) -> list[_Claimed]:
    found = []
    for each in source if isinstance(source, list) else [source]:
        if not isinstance(each, dict):
            raise _malformed("proof", each)
        try:
            leaf = decode_base64(each["leaf"])
            proof = tuple(bytes.fromhex(text) for text in each["proof"])
            index = each["index"]
        except (ValueError, TypeError, KeyError) as error:
            raise _malformed("proof", error) from error
        if type(index) is not int or index < 0 or set(each) != {"index", "leaf", "proof"}:
            raise _malformed("proof", index)
        if [each.hex() for each in proof] != each["proof"]:  # capital digits would be the same proof
            raise _malformed("proof", "hashes in another spelling")
        found.append(_Claimed(index, leaf, proof))
    return found


def _prove(opened: Cosigned, wanted: list[_Claimed], backing: list[_Claimed]) -> tuple[ProvenEntry, ...]:
    """Return the wanted entries after checking every hash and signature; raise at the first that is wrong."""
    keyring, names, entries = Keyring(), {each.index for each in wanted}, []
    for claim in sorted([*wanted, *backing], key=lambda each: each.index):
        head = opened.checkpoint
        if not inclusion_holds(claim.index, head.size, leaf_hash(claim.leaf), claim.proof, head.root):
            raise _wrong("its hashes do not lead to the signed root", claim.index, head.root.hex())
        envelope = open_leaf(claim.leaf)
        _judge(keyring, envelope, claim.index)
        if claim.index in names:
            author = envelope.author
            party = keyring.parties[author.party]
            entries.append(
                ProvenEntry(
                    claim.index,
                    envelope.type,
                    author.party,
                    party.name,
                    envelope.record_time,
                    codec.decode(envelope.event),
                    leaf_hash(claim.leaf),
                )
            )
    if not entries:
        raise _wrong("it proves no entry", "nothing", "one entry at least")
    return tuple(entries)


def _judge(keyring: Keyring, envelope: Envelope, index: int) -> None:
    author = envelope.author
    public = keyring.signer(envelope.type, envelope.event, author.key_id, author.party, index)
    if not envelope.is_signed_by(public):
        raise _wrong("a signature is not its author's", index, f"a signature by key {author.key_id}")
    keyring.admit(envelope.type, envelope.event, author.party, index)


def _write(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _parse(data: bytes, form: str, fields: Sequence[str], kind: str) -> dict[str, Any]:
    if len(data) > LARGEST_FILE:
        raise _malformed(kind, f"{len(data)} bytes")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _malformed(kind, error) from error
    if not isinstance(document, dict) or set(document) != set(fields) or document["format"] != form:
        raise _malformed(kind, "another kind of file")
    if _write(document) != data:
        raise _malformed(kind, "the same content in another form")
    return document


def _log_key(text: object) -> VerifierKey:
    try:
        return parse_verifier_key(str(text))
    except Problem as problem:
        raise _malformed("proof", problem) from problem


def _wrong(why: str, found: object, expected: object) -> LedgerError:
    return LedgerError(
        f"this proof does not hold: {why}",
        code="proof-wrong",
        found=found,
        expected=expected,
        remedy="do not rely on it; ask for the proof again, and keep this file as evidence",
    )


def _malformed(kind: str, found: object) -> LedgerError:
    return LedgerError(
        f"this is not a file of the kind {kind}",
        code=f"{kind}-malformed",
        found=str(found)[:200],
        expected=f"a {kind} file as this program writes it",
        remedy="copy the whole file again; do not edit or reformat it",
    )
