"""Carry a ledger's tree head to outside witnesses and back, and be a witness for others.

Rule: a checkpoint is worth what others remember of it. Ours goes out signed, with the proof that it
extends what the witness saw last; theirs is cosigned only if it does the same. One text for every way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.errors import LedgerError
from ledger.guard import Memory
from ledger.home import Home
from ledger.reader import Reader
from ledger.static_folder import check_folder
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.note_keys import SignerKey, VerifierKey, parse_verifier_key
from ledger.tlog.witness import Request, add_checkpoint, with_cosignatures
from ledger.witness_state import WitnessFolder


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A checkpoint as people see it: `note` is the signed text, `cosignatures` names who vouches for it.

    Args:
        log_key: the verifier key of the log, where this installation knows it.
        witness_key: this installation's own verifier key, where it cosigned.
    """

    origin: str
    size: int
    root: str
    cosignatures: tuple[str, ...]
    note: str
    log_key: str = ""
    witness_key: str = ""


def tree_head(note: str, log_key: str = "", witness_key: str = "") -> TreeHead:
    """Return what a signed checkpoint says.

    Raises:
        LedgerError: the text is not a checkpoint.
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    names = tuple(s.name for s in parsed.signatures if s.name != checkpoint.origin)
    return TreeHead(
        checkpoint.origin, checkpoint.size, checkpoint.root.hex(), names, note, log_key, witness_key
    )


def witness_request(reader: Reader, since: int) -> str:
    """Return our checkpoint with the proof that it extends the one of size `since`, for a witness."""
    proof = reader.consistency_proof(since) if since else ()
    return Request(since, proof, reader.checkpoint()).format().decode()


def check_static_folder(folder: Path, log_key: str, witnesses: Iterable[str]) -> TreeHead:
    """Return the tree head of a folder of static tiles after hashing every entry in it again.

    Raises:
        LedgerError: a file is missing or damaged, or the checkpoint is not this log's.
    """
    keys = [parse_verifier_key(key) for key in witnesses]
    found = check_folder(folder, parse_verifier_key(log_key), keys)
    head = found.checkpoint
    names = tuple(each.name for each in found.cosignatures)
    return TreeHead(head.origin, head.size, head.root.hex(), names, found.note.format(), log_key)


def witness_signer(home: Home) -> SignerKey:
    """Return the key with which this installation vouches for others' ledgers."""
    pair = home.named("witness")
    return pair.witness_signer(f"suxin-witness/{pair.key_id}")


def memory(home: Home) -> Memory:
    """Return what this machine remembers of every log, outside any database."""
    return Memory(home.root / "signed", home.trusted)


def known_witnesses(home: Home) -> tuple[VerifierKey, ...]:
    """Return the outside witnesses that this installation trusts."""
    return tuple(parse_verifier_key(text) for text in home.witnesses())


def vouch(home: Home, text: str, now: datetime, log_key: str | None = None) -> TreeHead:
    """Cosign another ledger's checkpoint if it extends the one this installation saw last.

    Args:
        text: a signed checkpoint, or a witness request with its proof.
        log_key: the log's verifier key, needed once for each log.

    Raises:
        LedgerError: code `log-unknown`, `proof-needed`, `fork-found` or `checkpoint-refused`.
    """
    folder = WitnessFolder(home.root / "witness")
    if log_key:
        folder.trust(parse_verifier_key(log_key))
    body = text if text.startswith("old ") else Request(0, (), text).format().decode()
    note = body.partition("\n\n")[2]
    signer = witness_signer(home)
    answer = add_checkpoint(body.encode(), folder.logs(), folder, signer, int(now.timestamp()))
    if answer.status != 200:
        proven = answer.fork is not None and answer.fork.proven
        raise refusal(answer.status, answer.body.strip(), fork=proven)
    signed = with_cosignatures(note, answer.body, [signer.verifier])
    return tree_head(signed, witness_key=signer.verifier.text)


def refusal(status: int, said: str, *, fork: bool = False, where: object = "") -> LedgerError:
    """Word what a witness answered instead of a cosignature."""
    if fork:
        return LedgerError(
            "this checkpoint does not extend the one cosigned before: it was changed, or there are two",
            code="fork-found",
            found=said,
            expected="a checkpoint that contains everything vouched for before",
            remedy="keep the folder witness/evidence with both checkpoints; tell the other users",
        )
    if status == 422:
        return LedgerError(
            "the proof does not show that this checkpoint contains the one cosigned before",
            code="extension-unproven",
            found=said,
            expected="a consistency proof from the size cosigned last",
            remedy="ask the ledger's owner for the checkpoint with its proof again; if none holds, "
            "history was changed: the folder witness/evidence keeps both checkpoints",
        )
    if status == 404:
        return LedgerError(
            "this ledger is not known to the witness here",
            code="log-unknown",
            found=said,
            expected="the ledger's verifier key, once",
            where=where,
            remedy="cosign FILE --log-key KEY (the ledger's owner sees it with: checkpoint --json, log_key)",
        )
    if status == 409:
        return LedgerError(
            "the proof that the ledger only grew is missing",
            code="proof-needed",
            found="a checkpoint alone",
            expected=f"a checkpoint with the proof since size {said}",
            remedy=f"the ledger's owner writes it with: checkpoint --since {said} --out FILE",
        )
    return LedgerError(
        "the witness does not vouch for this checkpoint",
        code="checkpoint-refused",
        found=said,
        expected="a checkpoint signed by the log, extending the one seen before",
        where=where,
        remedy="ask the ledger's owner for a new checkpoint",
    )
