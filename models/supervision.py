"""What a regulator's office records: visits, rulings, measures, confirmed claims, scores and policies.

Rule: an office's own key signs, where nobody else is named; the program itself never decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from ledger.credential import report
from ledger.events.evidence import Inspection
from ledger.events.governance import Ruling, ScorePublished
from ledger.events.values import PartyId, freeze
from ledger.receipts import Receipt
from models.claims.case import ClaimCase, Dismissal, dismissal, keep_dismissal
from models.credit.scorecard import Score
from models.creditreport import KIND, VALID_DAYS, subject_of
from models.measures import imposing, refuse_early_repair
from models.policies import checked, proposed, seconded
from models.recorder import Recorder
from models.views import reading


class Supervision:
    """Record what an office decides."""

    def __init__(self, recorder: Recorder, views: Engine) -> None:
        self._recorder = recorder
        self._views = views

    def inspect(self, event: Inspection) -> Receipt:
        """Record an inspection, signed by an inspector whose key lies here."""
        inspectors = self._recorder.mine("inspector")
        return self._recorder.record(event, as_party=inspectors[0].id if inspectors else None)

    def rule(self, about: int, decision: str, reason: str, *, as_party: str | None = None) -> Receipt:
        """Decide about an earlier entry: void it, uphold it, suspend it, or grant its repair."""
        author = self._officer(as_party)
        now = self._recorder.clock()
        if decision == "repair":
            with reading(self._views) as connection:
                refuse_early_repair(connection, about, now)
        return self._recorder.record(Ruling(now, about, decision, reason), as_party=author)

    def void_case(self, case_id: str, reason: str, *, as_party: str | None = None) -> tuple[Receipt, ...]:
        """Decide that a complaint never happened: every entry of it is taken back under one signature."""
        author = self._officer(as_party)
        return self._recorder.record_all(self._recorder.cases.voiding(case_id, reason), as_party=author)

    def impose(
        self,
        party: str,
        code: str,
        action: str,
        reason: str,
        *,
        about: int | None = None,
        until: date | None = None,
        as_party: str | None = None,
    ) -> Receipt:
        """Impose a measure of the catalogue, or lift it: a regulator signs, never the program itself."""
        event = imposing(party, code, action, reason, self._recorder.clock(), about=about, until=until)
        return self._recorder.record(event, as_party=self._officer(as_party))

    def confirm_claim(
        self, case: ClaimCase, subject: str, *, lot: str | None = None, as_party: str | None = None
    ) -> Receipt:
        """Record that a person found a claim to be wrong, or right; its evidence goes to the vault."""
        signer = self._recorder.acting(as_party, "inspector")
        about = self._recorder.party(subject).id
        # Keep first: an event that cites evidence nobody has would prove nothing.
        clip = self._recorder.keep_material(case.evidence)
        confirmed = case.confirmed(about, lot, clip, self._recorder.clock())
        return self._recorder.record(confirmed, as_party=signer)

    def dismiss_claim(self, case: ClaimCase, reason: str) -> Dismissal:
        """Keep, with its reason, that a finding was none; no rule changes by it."""
        me = self._recorder.me()
        made = dismissal(case, reason, "" if me is None else me.id, self._recorder.clock())
        keep_dismissal(self._recorder.home.root, made)
        return made

    def publish(self, party: str, *, as_party: str | None = None) -> tuple[Receipt, Score]:
        """Record a score as it stands, so that anyone can compute it again."""
        score = self._recorder.merchants.rating(party)
        parts = [
            {"code": part.code, "points": part.points, "entries": list(part.entries)}
            for part in score.contributions
        ]
        event = ScorePublished(
            event_time=self._recorder.clock(),
            subject=PartyId(party),
            score=score.score,
            grade=score.grade,
            tree_size=score.size,
            policy_digest=score.policy,
            as_of=score.as_of,
            contributions=freeze({"base": score.base, "parts": parts}),
        )
        return self._recorder.record(event, as_party=self._officer(as_party)), score

    def credit_report(self, party: str, *, as_party: str | None = None) -> dict[str, Any]:
        """Return a merchant's portable credit report, signed here, valid for a month; nothing is recorded."""
        recorder = self._recorder
        author = recorder.signer(self._officer(as_party))
        whole, now = recorder.party(party), recorder.clock()
        score, grade = recorder.merchants.rating(whole.id), recorder.merchants.held_grade(whole.id)
        subject = subject_of(whole.id, whole.name, score, grade, recorder.reader.head().origin)
        return report(subject, KIND, recorder.home.author(author), now, now + timedelta(days=VALID_DAYS))

    def propose_policy(
        self, document: Mapping[str, object], effective: datetime, *, as_party: str | None = None
    ) -> Receipt:
        """Propose a policy with its shadow run; it holds once enough administrators have said the same."""
        now = self._recorder.clock()
        run = self._recorder.merchants.shadow(checked(document), now)
        event = proposed(document, effective, now, run.document())
        return self._recorder.record(event, as_party=self._recorder.acting(as_party, "administrator"))

    def sign_policy(self, proposal: int, *, as_party: str | None = None) -> Receipt:
        """Say what another administrator proposed, to the byte."""
        recorder = self._recorder
        signer = recorder.signer(recorder.acting(as_party, "administrator"))
        same = seconded(recorder.policies.proposal(proposal), signer, recorder.clock())
        return recorder.record(same, as_party=signer)

    def _officer(self, named: str | None) -> str | None:
        return self._recorder.acting(named, "inspector", "administrator")
