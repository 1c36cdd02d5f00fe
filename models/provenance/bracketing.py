"""Hold what authors say of time against what witnesses saw: an entry is never older than its anchor's
cosignature nor newer than the first cosigned tree that contains it.

Rule: a clock may be off by some minutes and a happening may be written down much later; only a claim that no
honest clock explains becomes a finding, and it accuses nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from ledger.bracket import Bracket, brackets
from ledger.reader import Entry, Reader
from ledger.tlog.note_keys import VerifierKey
from models.finding import Finding, finding

SLACK = timedelta(minutes=10)
"""How far a field device's clock may be off before its time is called impossible."""


def timing_findings(
    reader: Reader, indexes: Iterable[int], witnesses: Iterable[VerifierKey]
) -> tuple[Finding, ...]:
    """Return what is said of times that cannot be, for these entries."""
    if reader.newest_cosigned() is None:
        return ()
    entries = list(reader.several(indexes))
    pairs = zip(entries, brackets(reader, entries, witnesses), strict=True)
    return tuple(found for entry, bracket in pairs for found in of_entry(entry, bracket))


def of_entry(entry: Entry, bracket: Bracket) -> Sequence[Finding]:
    """Return the findings of one entry."""
    found, index = [], (entry.index,)
    said, happened = entry.record_time, entry.event_time
    if bracket.not_before is not None and said < bracket.not_before - SLACK:
        bound = bracket.not_before.isoformat()
        found.append(
            finding("recorded-before-anchor", "bad", entry.party, index, said=said.isoformat(), bound=bound)
        )
    if bracket.not_after is not None and max(said, happened) > bracket.not_after + SLACK:
        claimed, bound = max(said, happened).isoformat(), bracket.not_after.isoformat()
        found.append(finding("recorded-after-witness", "bad", entry.party, index, said=claimed, bound=bound))
    return found
