"""The cases of a ledger: read from the views, with their clocks; and the events that the next step is.

Rule: it builds events and refuses what does not fit; only the workspace records. An appeal that is granted
takes back what it was against, in the same signature, so that no score ever counts the one without the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select

from ledger.errors import LedgerError
from ledger.events.cases import CaseStep
from ledger.events.codec import Event
from ledger.events.evidence import COMPLAINT_STATUSES, Commitment, Complaint
from ledger.events.governance import Ruling
from ledger.events.values import PartyId
from ledger.reader import Reader
from models import tables
from models.case import Case, Step
from models.casesteps import refuse_unfit
from models.clocks import Clock, clocks
from models.disputes import fold
from models.views import reading
from models.workdays import WorkingDays, working_days

APPEAL = "appeal-"


@dataclass(slots=True)
class Casebook:
    """All cases of one ledger.

    Args:
        reader: the ledger, for entries an appeal is about; views: where the folded rows are.
    """

    reader: Reader
    views: Engine
    clock: Callable[[], datetime]
    calendar: WorkingDays = field(default_factory=working_days)

    def all(self, party: str | None = None) -> tuple[Case, ...]:
        """Return every case, the newest first; with `party`, those about it."""
        with reading(self.views) as connection:
            return cases_of(connection, party)

    def case(self, case_id: str) -> Case:
        """Return one case.

        Raises:
            LedgerError: code `case-unknown`.
        """
        found = self._find(case_id)
        if found is None:
            raise LedgerError(
                "no such case is in this ledger",
                code="case-unknown",
                found=case_id,
                expected=", ".join(case.case_id for case in self.all()[:5]) or "no case yet",
                remedy="list them: cases",
            )
        return found

    def clocks(self, case: Case, now: datetime | None = None) -> tuple[Clock, ...]:
        """Return the statutory clocks of a case as of an instant (default: now)."""
        return clocks(case, now or self.clock(), self.calendar)

    def appeals(self, party: str) -> tuple[Case, ...]:
        """Return the cases about a party in which something is contested and undecided."""
        return tuple(case for case in self.all(party) if case.under_appeal)

    def next_events(
        self,
        case_id: str,
        step: str,
        author: str,
        words: Commitment | None = None,
        handler: str | None = None,
    ) -> tuple[Event, ...]:
        """Return what to record for the next step of a case.

        Raises:
            LedgerError: a code beginning with `case-`; nothing may be recorded then.
        """
        case = self.case(case_id)
        self._refuse(case, case_id, step, author, case.subject, handler)
        event = self._event(case, step, words, handler)
        if step != "appeal-upheld":
            return (event,)
        return (event, *self._taken_back(case))

    def appeal(self, entry: int, author: str, words: Commitment | None = None) -> CaseStep:
        """Return the appeal of a party against an entry about it, or against what became of its complaint.

        Raises:
            LedgerError: code `appeal-not-possible`, or one beginning with `case-`.
        """
        event = self.reader.entry(entry).event
        subject = getattr(event, "subject", None)
        case_id = getattr(event, "complaint_id", None) or getattr(event, "case_id", None)
        if subject is None:
            raise LedgerError(
                "nobody can appeal against this entry: it is about no party",
                code="appeal-not-possible",
                found=f"entry {entry}",
                expected="an inspection, complaint, certificate, finding, measure or published score",
                remedy="name the entry you contest; a dossier cites it",
            )
        case_id = case_id or f"{APPEAL}{entry}"
        case = self._find(case_id)
        if case is None and author != subject:
            raise _not_a_party(entry, author)
        self._refuse(case, case_id, "appealed", author, subject, None)
        return CaseStep(self.clock(), PartyId(subject), case_id, "appealed", about=entry, words=words)

    def voiding(self, case_id: str, reason: str) -> tuple[Ruling, ...]:
        """Return the rulings after which a case never happened."""
        about = [step.index for step in self.case(case_id).steps]
        return tuple(Ruling(self.clock(), index, "void", reason) for index in about)

    def _find(self, case_id: str) -> Case | None:
        with reading(self.views) as connection:
            return next(iter(cases_of(connection, case_id=case_id)), None)

    def _refuse(
        self, case: Case | None, case_id: str, step: str, author: str, subject: str, handler: str | None
    ) -> None:
        wanted = Step(self.reader.size(), self.clock(), author, subject, case_id, step, handler=handler)
        refuse_unfit(case, wanted)

    def _event(self, case: Case, step: str, words: Commitment | None, handler: str | None) -> Event:
        subject, now = PartyId(case.subject), self.clock()
        if step in COMPLAINT_STATUSES:
            severity = max(case.severity, 1)
            return Complaint(now, subject, case.case_id, step, case.kind, case.lot, severity, words)
        named = None if handler is None else PartyId(handler)
        return CaseStep(now, subject, case.case_id, step, named, words=words)

    def _taken_back(self, case: Case) -> tuple[Ruling, ...]:
        """Return the rulings after which what was appealed against never happened."""
        complaints = [each.index for each in case.steps if each.step in COMPLAINT_STATUSES and not each.unfit]
        about = complaints or ([] if case.about is None else [case.about])
        return tuple(Ruling(self.clock(), index, "void", f"appeal {case.case_id}") for index in about)


def cases_of(
    connection: Connection, party: str | None = None, case_id: str | None = None
) -> tuple[Case, ...]:
    """Return cases, the newest first; those about a party, or the one with this number."""
    steps: list[Step] = []
    for table, number in ((tables.complaints, "complaint_id"), (tables.case_steps, "case_id")):
        query = select(table)
        if party is not None:
            query = query.where(table.c.subject == party)
        if case_id is not None:
            query = query.where(table.c[number] == case_id)
        steps += [_step(row._mapping, number) for row in connection.execute(query)]
    return fold(steps, taken_back(connection))


def taken_back(connection: Connection, *decisions: str) -> frozenset[int]:
    """Return the entries that the newest ruling about each voids (or what else `decisions` names).

    A ruling that was itself voided decides nothing.
    """
    wanted = decisions or ("void",)
    newest: dict[int, str] = {}
    query = select(tables.voids.c.about, tables.voids.c.by, tables.voids.c.decision)
    for about, by, decision in connection.execute(query.order_by(tables.voids.c.by.desc())):
        if decision != "repair" and newest.get(by, "uphold") == "uphold":
            newest.setdefault(about, decision)
    return frozenset(about for about, decision in newest.items() if decision in wanted)


def _step(said: RowMapping, number: str) -> Step:
    return Step(
        index=said["index"],
        event_time=said["event_time"],
        author=str(said["author"]),
        subject=str(said["subject"]),
        case_id=str(said[number]),
        step=str(said.get("step") or said.get("status")),
        kind=str(said.get("kind") or ""),
        severity=int(str(said.get("severity") or 0)),
        lot=said.get("lot"),
        handler=said.get("handler"),
        about=said.get("about"),
        vault_id=said.get("vault_id"),
        complainant_id=said.get("complainant_id"),
    )


def _not_a_party(entry: int, author: str) -> LedgerError:
    return LedgerError(
        "only who an entry is about may appeal against it",
        code="case-not-a-party",
        found=author,
        expected=f"the party that entry {entry} is about",
        remedy="sign as that party: --as PARTY",
    )
