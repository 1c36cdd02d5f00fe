"""Carry entries from ledger to ledger without a network: a stick, a mail, or a row of QR codes.

A bundle is text: a header line, one base64 line an entry, and a signed note over everything before it. Each
entry carries its author's signature, so whoever brings a bundle adds nothing to it; the log's signature says
that the carrier did not cut or reorder it. The rule kept here: taking a bundle in twice changes nothing, and
what does not fit (a conflict, a stranger's entry) is told, never dropped in silence.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

import sqlalchemy as sa

from ledger.desk import Admission, Clock, Desk, make_empty
from ledger.errors import LedgerError, Problem
from ledger.progress import Progress, quiet
from ledger.reader import Reader
from ledger.tlog.encoding import decode_base64, parse_decimal
from ledger.tlog.note import parse_note, sign_note, verify_note
from ledger.tlog.note_keys import SignerKey, parse_verifier_key

FORMAT = "suxin-bundle/v1"
PART = "SUXIN1"
_AT_ONCE = 250
LARGEST_BUNDLE = 256 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read: which entries of which log, and that log's own words over them."""

    origin: str
    log_key: str
    start: int
    leaves: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What became of a bundle.

    Args:
        origin: the log it came from.
        log_key: the key that signed it; compare it with one you know.
        added: how many entries are new here.
        known: how many were here already.
        conflicts: entries whose author said something else here under the same number; both are kept.
        refused: entries that could not be attributed or may not be said here, with the reason.
    """

    origin: str
    log_key: str
    added: int
    known: int
    conflicts: tuple[Admission, ...]
    refused: tuple[Admission, ...]


def write_bundle(
    reader: Reader,
    log_key: SignerKey,
    start: int = 0,
    stop: int | None = None,
    progress: Progress = quiet,
) -> bytes:
    """Return a bundle of the entries from `start` to before `stop`, or to the end.

    Args:
        progress: told how many entries of how many are in it; what it raises ends it.
    """
    head = reader.head()
    stop = head.size if stop is None else stop
    lines = [f"{FORMAT} {head.log_key} {start} {stop}"]
    for number, entry in enumerate(reader.entries(start, stop)):
        if number % _AT_ONCE == 0:
            progress(number, stop - start)
        lines.append(b64encode(entry.leaf).decode())
    body = "\n".join(lines) + "\n"
    note = sign_note(_note_text(head.origin, body), log_key)
    return (body + "\n" + note.format()).encode()


def read_bundle(data: bytes) -> Bundle:
    """Return the entries of a bundle after checking that it arrived whole.

    Raises:
        LedgerError: `bundle-malformed`, or `bundle-altered` when something is missing or changed.
    """
    if len(data) > LARGEST_BUNDLE:
        raise _malformed(f"{len(data)} bytes")
    try:
        body, separator, signed = data.decode().partition("\n\n")
        first, *lines = body.split("\n")
        word, key_text, start_text, stop_text = first.split(" ")
        start, stop = parse_decimal(start_text), parse_decimal(stop_text)
        leaves = tuple(decode_base64(line) for line in lines)
    except ValueError as error:
        raise _malformed(error) from error
    if word != FORMAT:
        raise _malformed(word)
    log_key = parse_verifier_key(key_text)
    text = _note_text(log_key.name, body + "\n")
    try:
        note = parse_note(signed)
        verify_note(note, [log_key])
    except Problem as problem:
        raise _altered(problem) from problem
    if not separator or note.text != text or len(leaves) != stop - start:
        raise _altered(f"{len(leaves)} entries of {stop - start}")
    return Bundle(log_key.name, log_key.text, start, leaves)


def take_in(desk: Desk, bundle: Bundle, progress: Progress = quiet) -> BundleReport:
    """Admit the entries of a bundle, a few hundred in a transaction, so that it can be taken up again.

    Args:
        progress: told between the parts how many entries of how many were looked at; where it raises, what
            is in stays in.
    """
    admissions: list[Admission] = []
    for chunk in _chunks(bundle.leaves):
        progress(len(admissions), len(bundle.leaves))
        admissions += desk.admit(chunk)
    counts = {status: sum(each.status == status for each in admissions) for status in ("added", "known")}
    return BundleReport(
        bundle.origin,
        bundle.log_key,
        counts["added"],
        counts["known"],
        tuple(each for each in admissions if each.status == "conflict"),
        tuple(each for each in admissions if each.status == "refused"),
    )


def adopt(engine: sa.Engine, bundle: Bundle, *, log_key: SignerKey, clock: Clock) -> BundleReport:
    """Make a ledger of our own, under our own log key, from another's whole bundle.

    Raises:
        LedgerError: `ledger-exists`, or `bundle-partial` when it does not begin at entry 0.
    """
    if bundle.start != 0:
        raise LedgerError(
            "this bundle does not begin at the first entry",
            code="bundle-partial",
            found=f"entry {bundle.start}",
            expected="entry 0",
            remedy="ask for the whole ledger: suxin bundle out --out FILE",
        )
    make_empty(engine, log_key)
    return take_in(Desk(engine, log_key=log_key, clock=clock), bundle)


def split(data: bytes, size: int = 1500) -> tuple[str, ...]:
    """Return a bundle, or any file, as texts short enough for a row of QR codes; any order will do."""
    digest = sha256(data).hexdigest()[:16]
    text = b64encode(data).decode()
    pieces = [text[at : at + size] for at in range(0, len(text), size)] or [""]
    return tuple(f"{PART} {digest} {at} {len(pieces)} {piece}" for at, piece in enumerate(pieces))


def join(parts: Iterable[str]) -> tuple[bytes | None, tuple[int, ...]]:
    """Return (data, ()) when every part is there, else (None, the numbers still missing).

    Raises:
        LedgerError: code `bundle-malformed`: parts of different files, or damaged ones.
    """
    found: dict[int, str] = {}
    kinds: set[tuple[str, int]] = set()
    for part in parts:
        try:
            word, digest, number, count, piece = part.split(" ")
            found[parse_decimal(number)] = piece
            kinds.add((digest, parse_decimal(count)))
        except ValueError as error:
            raise _malformed(error) from error
        if word != PART:
            raise _malformed(word)
    if len(kinds) != 1:
        raise _malformed(f"parts of {len(kinds)} files")
    ((digest, total),) = kinds
    missing = tuple(number for number in range(total) if number not in found)
    if missing:
        return None, missing
    try:
        data = decode_base64("".join(found[number] for number in range(total)))
    except ValueError as error:
        raise _malformed(error) from error
    if sha256(data).hexdigest()[:16] != digest:
        raise _malformed("parts that do not fit together")
    return data, ()


def _chunks(leaves: Sequence[bytes]) -> Iterator[list[bytes]]:
    each = iter(leaves)
    while chunk := list(islice(each, _AT_ONCE)):
        yield chunk


def _note_text(origin: str, body: str) -> str:
    # The second line is no number, so that this note can never be read as a checkpoint of the log.
    return f"{FORMAT}\norigin {origin}\nsha256 {sha256(body.encode()).hexdigest()}\n"


def _altered(found: object) -> LedgerError:
    return LedgerError(
        "this bundle did not arrive whole",
        code="bundle-altered",
        found=str(found)[:200],
        expected="every entry, and the log's signature over them",
        remedy="copy the file again from the stick or the sender; nothing was taken in",
    )


def _malformed(found: object) -> LedgerError:
    return LedgerError(
        "this is not a bundle",
        code="bundle-malformed",
        found=str(found)[:200],
        expected="a file written by: suxin bundle out --out FILE",
        remedy="choose the bundle file, and copy it again if it was cut short",
    )
