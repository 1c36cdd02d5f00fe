"""Signs of brushing and abnormal trade around one party, from what the ledger and the vault hold.

Rule: a sign is a finding that cites its reviews. It refuses and deletes nothing; what it does to the score is
fixed in the score itself (caps a day and in all, one voice once), the same for everybody who computes it
again. Words are compared on the machine that keeps them and never leave it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from models.credit.evidence import Evidence, day_of
from models.evidence.brushing import findings as brushing
from models.evidence.brushing import shingles
from models.finding import Finding, finding
from models.projections.codes import name_of
from models.provenance.names import with_names
from models.tables import passages, reviews
from models.views import batches

ReadWords = Callable[[str], str | None]
TOGETHER = 8
"""As many item keys of one lot in one day, and most of all that lot's, were hardly used by as many buyers."""
PRAISE = 4
AnyRow = Row[*tuple[Any, ...]]


def trade_findings(
    connection: Connection, party: str, evidence: Iterable[Evidence], read_words: ReadWords | None = None
) -> tuple[Finding, ...]:
    """Return the signs around a party.

    Args:
        evidence: the reviews of everybody, recorded by the wanted moment.
        read_words: opens words in the vault; without it texts are not compared.
    """
    listed = tuple(evidence)
    seen = {e.index for e in listed}
    query = select(reviews, reviews.c.index.label("entry")).where(reviews.c.subject == party)
    mine = [row for row in connection.execute(query) if row.entry in seen]
    found = [
        *brushing(party, listed, _texts(mine, read_words)),
        *_without_goods(connection, party, mine),
        *_rings(connection, party, mine, seen),
        *_together(party, mine),
    ]
    return with_names(connection, found)


def _texts(rows: Iterable[AnyRow], read_words: ReadWords | None) -> dict[int, frozenset[int]]:
    """Return what to compare the words by, of each review that cannot be proven, where they are kept."""
    found: dict[int, frozenset[int]] = {}
    for row in rows:
        words = read_words(row.vault_id) if read_words and row.vault_id and not row.item_key else None
        value = shingles(words) if words else None
        if value is not None:
            found[row.entry] = value
    return found


def _without_goods(connection: Connection, party: str, rows: Iterable[AnyRow]) -> Iterator[Finding]:
    """Reviews of a lot that the ledger knows and that never was in the party's hands."""
    named: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.lot and not row.item_key:
            named[name_of(row.lot)].append(row.entry)
    handled: dict[str, set[str]] = defaultdict(set)
    for batch in batches(sorted(named)):
        query = select(passages.c.lot, passages.c.party).where(passages.c.lot.in_(batch)).distinct()
        for lot, who in connection.execute(query):
            handled[lot].add(who)
    entries = [
        n for lot, ns in named.items() if handled[lot] and name_of(party) not in handled[lot] for n in ns
    ]
    if entries:
        yield finding("review-without-goods", "attention", party, tuple(entries), n=len(entries))


def _rings(connection: Connection, party: str, rows: Iterable[AnyRow], seen: set[int]) -> Iterator[Finding]:
    """Praise given back: parties that praise the party which praises them."""
    praised_by: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.stars >= PRAISE and row.author != party and not row.item_key:
            praised_by[row.author].append(row.entry)
    query = select(reviews, reviews.c.index.label("entry")).where(reviews.c.author == party)
    given: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(query):
        if row.stars >= PRAISE and row.subject in praised_by and row.entry in seen:
            given[row.subject].append(row.entry)
    if given:
        entries = [n for other in given for n in (*given[other], *praised_by[other])]
        yield finding("review-ring", "attention", party, tuple(entries), n=len(given))


def _together(party: str, rows: Iterable[AnyRow]) -> Iterator[Finding]:
    """Item keys of one lot used for reviews nearly all on one day: bought and scratched by one hand."""
    used: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.item_key and row.lot:
            used[row.lot][day_of(row.event_time)].append(row.entry)
    for lot in sorted(used):
        total = sum(len(entries) for entries in used[lot].values())
        for _, entries in sorted(used[lot].items()):
            if len(entries) >= TOGETHER and 2 * len(entries) > total:
                yield finding("review-redeemed-together", "attention", party, tuple(entries), n=len(entries))
