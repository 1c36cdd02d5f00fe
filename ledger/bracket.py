"""Between which two witnessed instants an entry was written, whatever its author's clock said.

An entry that signs an anchor (size, root of a tree head) was written after that head existed, and it was seen
to exist when a witness cosigned it. An entry in a tree was written before a witness first cosigned that tree.
The rule kept here: only cosignatures by witnesses the caller knows count, each verified again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.errors import Problem
from ledger.lookups import CosignedNote
from ledger.reader import Entry, Reader
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.note_keys import VerifierKey, parse_verifier_key


@dataclass(frozen=True, slots=True)
class Bracket:
    """The instants that witnesses put around an entry; None where no known witness says anything."""

    not_before: datetime | None = None
    not_after: datetime | None = None


def brackets(
    reader: Reader, entries: Sequence[Entry], witnesses: Iterable[VerifierKey]
) -> tuple[Bracket, ...]:
    """Return the bracket of each entry."""
    log_key, known = parse_verifier_key(reader.head().log_key), tuple(witnesses)

    verified: dict[CosignedNote, list[datetime]] = {}

    def earliest(notes: Sequence[CosignedNote]) -> datetime | None:
        # Neighbouring entries are covered by the same notes: each is verified once.
        for note in notes:
            if note not in verified:
                verified[note] = _times(note, log_key, known)
        return min((time for note in notes for time in verified[note]), default=None)

    found = []
    for entry in entries:
        anchor = entry.anchor
        heads = () if anchor is None else reader.cosigned_at(anchor.size)
        before = earliest([note for note in heads if anchor is not None and note.root == anchor.root])
        found.append(Bracket(before, earliest(reader.covering(entry.index))))
    return tuple(found)


def _times(note: CosignedNote, log_key: VerifierKey, witnesses: Sequence[VerifierKey]) -> list[datetime]:
    try:
        lines = open_checkpoint(note.note, log_key, witnesses).cosignatures
    except Problem:
        return []  # what a damaged row says is for the audit to report
    return [datetime.fromtimestamp(line.time, UTC) for line in lines if line.time is not None]
