"""The scoring policy: which is in force, what is proposed, and what a change would do to grades."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from gui.context import Context, Page
from gui.longwork import LongWork, Tell
from gui.widgets import (
    Card,
    CheckRow,
    Facts,
    FlowRow,
    HashLabel,
    button,
    clear,
    columns,
    label,
)
from gui.wording import GRADES
from ledger.errors import Problem

NOTICE_DAYS = 30
SHOWN = (
    "grade_from",
    "hysteresis_points",
    "days_per_grade",
    "random_share_milli",
    "shift_milli",
    "slope_milli",
)


class PolicyPage(Page):
    """Left what holds and what is proposed; right the month's calibration as a shadow run."""

    key = "policy"
    icon = "settings"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.candidate: Any = None
        row, (self.left, self.right) = columns(1, 1)
        self.column.addWidget(row, 1)
        self.problem = label("", "error")
        self.problem.hide()
        self.column.addWidget(self.problem)
        self.try_button = button(words("policy.page.try"), self.try_month, "primary")
        self.header.add(self.try_button)
        self.working = LongWork(self, self.try_button)

    def enter(self, **_: Any) -> None:
        """Show the policy in force."""
        self.refresh()

    def refresh(self) -> None:
        """Ask what holds and what is proposed."""
        workspace = self.context.workspace
        self.context.workers.read(lambda: standing(workspace), self._show, owner=self)

    def try_month(self) -> None:
        """Fit the month's calibration and show what it would change; nothing is written."""
        merchants, words = self.context.workspace.merchants, self.words

        def work(tell: Tell) -> Any:
            candidate = merchants.recalibrated(tell)
            return merchants.shadow(candidate, progress=tell.about(words("policy.page.scoring")))

        self.working.run(words("policy.page.fitting"), work, self._show_run, self._refused)

    def propose(self) -> None:
        """Propose the candidate with its shadow run, to hold after a month's notice."""
        workspace, document = self.context.workspace, self.candidate.document()
        effective = self.context.clock() + timedelta(days=NOTICE_DAYS)
        self._write(lambda: workspace.supervision.propose_policy(document, effective))

    def sign(self, proposal: int) -> None:
        """Sign what another administrator proposed."""
        workspace = self.context.workspace
        self._write(lambda: workspace.supervision.sign_policy(proposal))

    def _write(self, work: Any) -> None:
        self.problem.hide()
        self.context.workers.write(work, lambda receipt: self._done(receipt.index), self._refused, self)

    def _done(self, index: int) -> None:
        self.context.toast(self.words("common.recorded", index=index), "ok")
        self.refresh()

    def _refused(self, problem: Problem) -> None:
        what, remedy = self.words.problem(problem)
        self.problem.setText(f"{what}\n{remedy}" if remedy else what)
        self.problem.show()

    def _show(self, found: dict[str, Any]) -> None:
        clear(self.left)
        self.left.addWidget(self._held_card(found["held"], found["parties"]))
        self.left.addWidget(self._proposals_card(found))
        self.left.addWidget(self._history_card(found["history"]))
        self.left.addStretch()
        if self.right.count() == 0:
            self.right.addWidget(self._hint_card())
            self.right.addStretch()

    def _held_card(self, held: Any, parties: dict[str, Any]) -> Card:
        words = self.words
        card = Card(words("policy.page.held", version=held.policy.version))
        source = words(f"policy.source.{held.source}", index=held.index)
        facts = Facts([(words("policy.page.source"), source)])
        if held.effective:
            facts.add(words("policy.page.since"), words.time(held.effective))
            names = words.listing(words.name(parties[party]) for party in held.signers if party in parties)
            facts.add(words("policy.page.signers"), names)
        facts.add(words("policy.page.digest"), HashLabel(held.policy.digest(), short=True))
        for name in SHOWN:
            facts.add(words(f"policy.number.{name}"), _number(getattr(held.policy, name)))
        card.add(facts)
        return card

    def _proposals_card(self, found: dict[str, Any]) -> Card:
        words = self.words
        card = Card(words("policy.page.proposals"), words("policy.page.proposals.about"))
        for proposal in found["proposals"]:
            title = words("policy.page.proposal", version=proposal.event.version, index=proposal.index)
            detail = words("policy.page.effective", date=proposal.event.effective)
            status = words("policy.page.signed", n=len(proposal.signers), needed=proposal.needed)
            card.add(CheckRow(title, detail, status, "attention"))
            if found["administrator"] and not proposal.problems:
                card.add(FlowRow([button(words("policy.page.sign"), partial(self.sign, proposal.index))]))
        if not found["proposals"]:
            card.add(label(words("policy.page.proposals.none"), "secondary"))
        return card

    def _history_card(self, history: tuple[Any, ...]) -> Card:
        words = self.words
        card = Card(words("policy.page.history"))
        for each in reversed(history):
            detail = words("policy.page.effective", date=each.effective)
            status = words("policy.source.adopted", index=each.index)
            card.add(CheckRow(each.policy.version, detail, status, "neutral"))
        if not history:
            card.add(label(words("policy.page.history.none"), "secondary"))
        return card

    def _hint_card(self) -> Card:
        card = Card(self.words("policy.page.shadow"), self.words("policy.page.shadow.about"))
        card.add(label(self.words("policy.page.shadow.hint"), "secondary"))
        return card

    def _show_run(self, run: Any) -> None:
        words = self.words
        self.candidate = run.candidate
        clear(self.right)
        card = Card(
            words("policy.page.shadow.of", version=run.candidate.version), words("policy.page.shadow.about")
        )
        card.add(label(words("policy.shadow.line", n=run.merchants, moved=len(run.moved)), "strong"))
        card.add(self._migration(run.migration))
        for name in ("shift_milli", "slope_milli"):
            before, after = getattr(run.current, name), getattr(run.candidate, name)
            card.add(CheckRow(words(f"policy.number.{name}"), "", f"{before} → {after}", "info"))
        if run.candidate == run.current:
            card.add(label(words("policy.page.same"), "secondary"))
        else:
            card.add(FlowRow([button(words("policy.page.propose", days=NOTICE_DAYS), self.propose)]))
        self.right.addWidget(card)
        self.right.addStretch()

    def _migration(self, migration: tuple[tuple[str, str, int], ...]) -> QWidget:
        """Return the table of grades: rows are now, columns then; what would stay is quiet."""
        words, counts = self.words, {(before, after): n for before, after, n in migration}
        table = QWidget()
        grid = QGridLayout(table)
        grid.setHorizontalSpacing(12)
        grid.addWidget(label(words("policy.page.now_then"), "secondary", wrap=False), 0, 0)
        for place, grade in enumerate(GRADES, 1):
            grid.addWidget(label(words(f"grade.{grade}"), "secondary", wrap=False), 0, place)
            grid.addWidget(label(words(f"grade.{grade}"), "secondary", wrap=False), place, 0)
            for other, then in enumerate(GRADES, 1):
                n = counts.get((grade, then), 0)
                role = "strong" if n and grade != then else "secondary"
                grid.addWidget(label(str(n) if n else "·", role, wrap=False), place, other)
        return table


def standing(workspace: Any) -> dict[str, Any]:
    """Return the policy in force, the adopted and the proposed ones (on a reading thread)."""
    policies = workspace.policies
    return {
        "held": policies.in_force(workspace.clock()),
        "history": policies.all(),
        "proposals": policies.proposals(),
        "parties": {party.id: party for party in workspace.parties()},
        "administrator": bool(workspace.mine("administrator")),
    }


def _number(value: object) -> str:
    return " / ".join(map(str, value)) if isinstance(value, tuple) else str(value)
