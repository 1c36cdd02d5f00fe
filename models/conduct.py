"""What the ledger itself shows of a merchant's own acts, as evidence for its score.

Rule: only what a party did and signed itself counts against it; what another wrote of it, or what lies
between two parties, stays a finding for people. A score of an earlier day or size uses only the entries of
then: lots that changed since are folded again without what came later. One act counts once for each kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from threading import RLock

from sqlalchemy import Connection, Engine, func, select

from models.credit.evidence import Evidence, date_of, day_of
from models.evidence.intake import FINDING_SEVERITY, kind_of_finding
from models.finding import Finding
from models.projections.book import Book
from models.projections.codes import name_of
from models.projections.history import history
from models.projections.moves import Step
from models.projections.shelf import load_moves, load_steps
from models.provenance.contradictions import excursions
from models.provenance.lineage import Edge
from models.provenance.lots import lots_named
from models.provenance.massbalance import balance_findings
from models.tables import certificates, cursors, edges, findings, lots, passages, sensors, steps
from models.views import batches, reading

MOST_KEPT = 4096
_BY_PARTY = frozenset(
    {
        "shipped-more-than-held", "used-more-than-held", "sold-more-than-held", "removed-more-than-held",
        "handled-by-non-holder", "shipped-by-non-holder", "sold-by-non-holder", "handled-after-end",
    }
)  # fmt: skip
"""Findings that name the party whose act they are."""
_TOO_EARLY = frozenset({"sold-before-made", "used-before-made", "shipped-before-made"})
"""Findings of two entries, of which the one that claims the earlier time is the act."""


@dataclass(slots=True)
class Conduct:
    """The evidence in parties' own acts, read from the views.

    Args:
        views: the views' engine; the caller disposes it.
    """

    views: Engine
    _kept: dict[tuple[str, int, int, int], tuple[Evidence, ...]] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def of(self, party: str, as_of: datetime, size: int) -> tuple[Evidence, ...]:
        """Return what the first `size` entries, recorded by the day of `as_of`, show of a party's acts."""
        day = day_of(as_of)
        with self._lock, reading(self.views) as connection:
            # What the views have not folded yet must not be remembered as absent.
            folded = connection.scalar(select(func.min(cursors.c.position))) or 0
            key = (party, day, size, folded)
            if key not in self._kept:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[key] = _Then(connection, party, day, size).evidence()
            return self._kept[key]


@dataclass(slots=True)
class _Then:
    """One party as the entries of one day and size show it."""

    connection: Connection
    party: str
    day: int
    size: int

    def evidence(self) -> tuple[Evidence, ...]:
        acts: dict[tuple[str, int], Evidence] = {}
        for found, index, moment in (*self._custody(), *self._single()):
            kind = kind_of_finding(found.code)
            acts.setdefault((kind, index), self._said(found, kind, index, day_of(moment)))
        return (*(acts[key] for key in sorted(acts)), *self._lapsed())

    def _said(self, found: Finding, kind: str, index: int, day: int) -> Evidence:
        severity = FINDING_SEVERITY[found.severity]
        return Evidence(
            "integrity", self.party, kind, day, day, index, severity=severity, key=f"{kind}:{index}"
        )

    @property
    def who(self) -> str:
        return name_of(self.party)

    def _seen(self, index: int, record_time: datetime) -> bool:
        return index < self.size and day_of(record_time) <= self.day

    # -- who held what, and how much -------------------------------------------------------------------

    def _custody(self) -> Iterator[tuple[Finding, int, datetime]]:
        for batch in batches(sorted(self._suspect_lots())):
            moves, _ = load_moves(self.connection, batch)
            listed, moves, void = load_steps(self.connection, {move.index for move in moves}, moves)
            seen = {step.index: step for step in listed if self._seen(step.index, step.record_time)}
            book = Book(seen.values(), [move for move in moves if move.index in seen], void)
            for lot in batch:
                for found in history(book, lot).findings:
                    act = self._own_act(found, seen)
                    if act is not None and found.severity != "info":
                        yield found, act.index, act.record_time

    def _suspect_lots(self) -> set[str]:
        """Return the party's lots with findings now, and those that changed after the wanted moment."""
        mine = select(passages.c.lot).where(passages.c.party == self.who)
        suspects = set(
            self.connection.scalars(select(findings.c.lot).where(findings.c.lot.in_(mine)).distinct())
        )
        until = datetime.combine(date_of(self.day), time.max, UTC)
        later = (
            select(passages.c.lot)
            .join(steps, steps.c.index == passages.c.index)
            .where(passages.c.lot.in_(mine), (steps.c.index >= self.size) | (steps.c.record_time > until))
        )
        return suspects | set(self.connection.scalars(later.distinct()))

    def _own_act(self, found: Finding, seen: dict[int, Step]) -> Step | None:
        """Return the party's own signed step that a finding is about, if it is about one."""
        cited = [seen[index] for index in found.entries if index in seen]
        if found.code in _TOO_EARLY:
            cited = sorted(cited, key=lambda step: step.order)[:1]
        elif found.code not in _BY_PARTY or found.values.get("party") != self.who:
            return None
        mine = [step for step in cited if self.who == step.actor == step.signer]
        return max(mine, key=lambda step: step.order, default=None)

    # -- what one entry shows by itself ----------------------------------------------------------------

    def _single(self) -> Iterator[tuple[Finding, int, datetime]]:
        mine = {
            row.entry: row
            for row in self.connection.execute(
                select(
                    steps.c.index.label("entry"), steps.c.record_time, steps.c.event_time, steps.c.biz_step
                ).where(steps.c.actor == self.who, steps.c.signer == self.who)
            )
            if self._seen(row.entry, row.record_time)
        }
        if not mine:
            return
        for found in (*self._expired(), *self._warm(), *self._unbalanced()):
            act = mine.get(max(found.entries))
            if act is not None:
                yield found, act.entry, act.record_time

    def _expired(self) -> Iterator[Finding]:
        query = (
            select(passages.c.lot, passages.c.index.label("entry"), steps.c.event_time, lots.c.expires_day)
            .join(lots, lots.c.lot == passages.c.lot)
            .join(steps, steps.c.index == passages.c.index)
            .where(passages.c.party == self.who, passages.c.role.in_(("used", "sold")))
            .where(lots.c.expires_day.is_not(None))
        )
        for row in self.connection.execute(query):
            if row.event_time.date() > row.expires_day:
                yield Finding("sold-after-expiry", "attention", row.lot, (), (row.entry,))

    def _warm(self) -> Iterator[Finding]:
        query = (
            select(passages.c.lot, passages.c.index.label("entry"))
            .join(sensors, sensors.c.index == passages.c.index)
            .where(passages.c.party == self.who, sensors.c.kind == "Temperature")
            .distinct()
        )
        measured = [(row.lot, row.entry) for row in self.connection.execute(query)]
        rows = lots_named(self.connection, {lot for lot, _ in measured})
        return excursions(self.connection, measured, rows)

    def _unbalanced(self) -> Iterable[Finding]:
        """More came out of the party's own processing than such a step can yield."""
        own = select(steps.c.index).where(steps.c.actor == self.who, steps.c.signer == self.who)
        query = select(*(edges.c[name] for name in Edge.__slots__)).where(edges.c.index.in_(own))
        listed = [Edge(*tuple(row)) for row in self.connection.execute(query)]
        if not listed:
            return ()
        named = lots_named(self.connection, {edge.lot for edge in listed})
        named_steps = self.connection.execute(
            select(steps.c.index, steps.c.biz_step).where(steps.c.index.in_(own))
        )
        step_of = {entry: step for entry, step in named_steps}  # noqa: C416  a row is not a pair to mypy
        return balance_findings(listed, step_of, {lot: row.category for lot, row in named.items()})

    # -- certificates ----------------------------------------------------------------------------------

    def _lapsed(self) -> Iterator[Evidence]:
        """The party's certificates that ran out, where no other of the scheme was in force that day."""
        query = select(certificates, certificates.c.index.label("entry")).where(
            certificates.c.subject == self.party, certificates.c.status == "issued"
        )
        schemes = defaultdict(list)
        for row in self.connection.execute(query):
            if self._seen(row.entry, row.record_time):
                schemes[row.scheme].append(row)
        today = date_of(self.day)
        for listed in schemes.values():
            newest = max(listed, key=lambda row: (row.valid_until, row.entry))
            if newest.valid_until < today:
                day = day_of(newest.valid_until) + 1
                yield Evidence(
                    "certificate",
                    self.party,
                    "certificate-expired",
                    day,
                    max(day, day_of(newest.record_time)),
                    newest.entry,
                    key=f"{newest.scheme}:{newest.number}:expired",
                )
