"""Keep the evidence of a ledger at hand and score merchants from it, as of any day.

Rule: a score shown is a fold over recorded evidence under the policy in force then; nothing is remembered
between two questions but the evidence itself, so asking in another order gives the same answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Protocol

from ledger.events.cases import CaseStep
from ledger.events.evidence import Complaint, Review
from models.credit import ladder
from models.credit.evidence import Evidence, day_of, known
from models.credit.explained import Why, why_grade
from models.credit.policy import Policy
from models.credit.pooling import pool
from models.credit.posterior import Priors
from models.credit.priority import Candidate, PlannedVisit, plan
from models.credit.reasons import Change, what_would_change
from models.credit.scorecard import Score, score
from models.disputes import Docket, entry_step
from models.evidence.intake import RecordedEvent, evidence_of
from models.policies import Policies

EVIDENCE_TYPES = ("Inspection", "Complaint", "Review", "Certificate", "ClaimFinding", "Recall", "Ruling")
"""The kinds of entries that can be evidence about somebody."""


class EvidenceSource(Protocol):
    """A ledger's reader: its size, and its entries from one index on, of some kinds only."""

    def size(self) -> int:
        """Return the number of entries."""

    def of_types(self, types: Iterable[str], start: int = 0) -> Iterable[RecordedEvent]:
        """Give the entries of these kinds from `start` to the end."""


@dataclass(slots=True)
class Ratings:
    """The evidence of one ledger by subject, read once and added to.

    Args:
        source: the ledger's reader.
        policies: the adopted policies; each question is answered under the one in force at its instant.
        responsible: the party answerable for a lot, for recalls that name lots.
        proven: whether a review is signed by a registered item (`models.evidence.intake.proven_by`).
        acts: what the ledger itself shows of a party's own acts, as of an instant and a size.
    """

    source: EvidenceSource
    policies: Policies
    responsible: Callable[[str], str | None]
    proven: Callable[[Review], bool] = lambda _review: False
    acts: Callable[[str, datetime, int], tuple[Evidence, ...]] = lambda _party, _as_of, _size: ()
    _read_to: int = 0
    _by_subject: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    _subjects_of: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _priors: dict[tuple[int, int, str], Priors] = field(default_factory=dict)
    _docket: Docket = field(default_factory=Docket)
    _lock: RLock = field(default_factory=RLock)

    def catch_up(self) -> int:
        """Read the evidence recorded since the last look and return the ledger's size."""
        with self._lock:
            size = self.source.size()
            if size > self._read_to:
                fresh = self.source.of_types((*EVIDENCE_TYPES, "CaseStep"), self._read_to)
                found = evidence_of(
                    self._regular(fresh),
                    responsible=self.responsible,
                    subjects=self._named,
                    proven=self.proven,
                )
                for item in found:
                    self._by_subject[item.subject].append(item)
                    self._subjects_of[item.index] = (*self._subjects_of.get(item.index, ()), item.subject)
                self._read_to = size
                self._priors.clear()
            return size

    def rating(self, party: str, as_of: datetime, size: int | None = None) -> Score:
        """Return the score of a party as of an instant, over the first `size` entries (default: all)."""
        known = self.catch_up()
        wanted = known if size is None else min(size, known)
        return self.rating_under(self.policy(as_of, wanted), party, as_of, wanted)

    def rating_under(self, policy: Policy, party: str, as_of: datetime, size: int) -> Score:
        """Return the score that a policy, in force or not, gives a party."""
        self.catch_up()
        return score(
            party, self._of(party, as_of, size), policy, as_of, size, self.priors(as_of, size, policy)
        )

    def policy(self, as_of: datetime, size: int | None = None) -> Policy:
        """Return the policy in force at an instant, by the first `size` entries."""
        return self.policies.in_force(as_of, size).policy

    def visits(self, as_of: datetime, size: int) -> tuple[Evidence, ...]:
        """Return every inspection that a score of then may use, of all parties."""
        self.catch_up()
        today = day_of(as_of)
        with self._lock:
            heard = [known(items, today, size) for items in self._by_subject.values()]
        return tuple(e for items in heard for e in items if e.stream == "inspection")

    def reviews(self, as_of: datetime) -> tuple[Evidence, ...]:
        """Return every review recorded by then, of all parties."""
        self.catch_up()
        today = day_of(as_of)
        with self._lock:
            return tuple(e for e in self._all() if e.stream == "review" and e.record_day <= today)

    def history(
        self, party: str, until: datetime, points: int, days: int = 30
    ) -> tuple[tuple[datetime, Score], ...]:
        """Return the score at equal steps of `days` up to `until`, oldest first."""
        moments = [until - timedelta(days=days * back) for back in reversed(range(points))]
        return tuple((moment, self.rating(party, moment)) for moment in moments)

    def changes(self, party: str, as_of: datetime) -> tuple[Change, ...]:
        """Return what would move the party's score, and by how much."""
        size = self.catch_up()
        policy = self.policy(as_of, size)
        priors = self.priors(as_of, size, policy)
        return what_would_change(party, self._of(party, as_of, size), policy, as_of, size, priors)

    def priors(self, as_of: datetime, size: int, policy: Policy) -> Priors:
        """Return what was usual in this ledger, from what was recorded by then."""
        with self._lock:
            key = (size, day_of(as_of), policy.digest())
            if key not in self._priors:
                if len(self._priors) > 256:
                    self._priors.clear()
                self._priors[key] = pool(self._all(), policy, as_of, size)
            return self._priors[key]

    def standing(self, party: str, as_of: datetime) -> ladder.Standing:
        """Return the grade the party holds, since when, and the grade its score would give."""
        size = self.catch_up()
        priors = self.priors(as_of, size, self.policy(as_of, size))
        return ladder.standing(
            party, self._of(party, as_of, size), lambda moment: self.policy(moment, size), as_of, size, priors
        )

    def why(self, party: str, as_of: datetime, held: ladder.Standing | None = None) -> tuple[Why, ...]:
        """Return why a party's grade is not what its points say, or not the one it holds."""
        now, standing = self.rating(party, as_of), held or self.standing(party, as_of)
        return why_grade(now, standing, self.policy(as_of, now.size), as_of.astimezone(UTC).date())

    def plan(
        self, parties: Iterable[str], budget: int, as_of: datetime, seed: bytes
    ) -> tuple[PlannedVisit, ...]:
        """Return whom to visit next, with the reasons, a share of them drawn by lot from `seed`."""
        candidates = [self._candidate(party, as_of) for party in parties]
        return plan(candidates, budget, self.policy(as_of), seed)

    def _regular(self, entries: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
        """Give the entries that count: a step that does not fit its case moves no score."""
        for entry in entries:
            event = entry.event
            if isinstance(event, Complaint | CaseStep):
                unfit = self._docket.admit(entry_step(entry.index, entry.party, event))
                if unfit or isinstance(event, CaseStep):
                    continue
            yield entry

    def _candidate(self, party: str, as_of: datetime) -> Candidate:
        rating = self.rating(party, as_of)
        today = day_of(as_of)
        heard = known(self._of(party, as_of, rating.size), today, rating.size)
        visits = [e.day for e in heard if e.stream == "inspection" and e.kind == "routine"]
        waiting = [e for e in heard if e.stream == "complaint" and e.kind in ("filed", "accepted")]
        return Candidate(rating, today - max(visits) if visits else None, len(waiting))

    def _all(self) -> list[Evidence]:
        return [item for items in self._by_subject.values() for item in items]

    def _of(self, party: str, as_of: datetime, size: int) -> tuple[Evidence, ...]:
        with self._lock:
            said = tuple(self._by_subject.get(party, ()))
        return (*said, *self.acts(party, as_of, size))

    def _named(self, index: int) -> tuple[str, ...]:
        return self._subjects_of.get(index, ())
