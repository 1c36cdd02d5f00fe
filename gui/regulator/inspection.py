"""Record an inspection: show what is known and what the visit would do, refuse beside the field, sign."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer

from gui.context import Context, Page, State
from gui.drafting import Drafting
from gui.entry import open_entry
from gui.evidence import inspection_item
from gui.regulator.visit import VisitForm
from gui.widgets import (
    Badge,
    Banner,
    Card,
    CheckRow,
    Facts,
    FlowRow,
    button,
    clear,
    framed,
    label,
    scrolled,
)
from gui.widgets.beside import Beside
from gui.widgets.text import rest
from gui.wording import grade_text, hexadecimal, reason_text, score_text
from ledger.errors import Problem

PREVIEW_PAUSE_MS = 300


class InspectionPage(Page):
    """The form on the left; what is known of the merchant, then the receipt, on the right."""

    key = "inspection"
    icon = "inspect"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self._wanted: State = {}
        self._previewing: Any = None
        left = Card(words("inspection.form"))
        self.form = VisitForm(words, context.clock)
        self.form.fold(self.folded)
        left.add(self.form)
        self.signer = label("", "secondary")
        left.add(self.signer)
        self.record_button = button(words("common.record"), self.record, "primary")
        left.add(FlowRow((self.record_button,)))
        self.drafting = Drafting(self, self.form.editors(), lambda: (self.form.merchant.currentText(),))
        left.add(self.drafting.bar)
        left.body.addStretch()
        self.right = Card(words("inspection.preview"), words("inspection.preview.about"))
        self.column.addWidget(Beside(((scrolled(framed(left)), 3), (self.right, 2))), 1)
        # The preview follows the typing once it pauses.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        self.form.edited.connect(self._pause.start)
        self._show_hint()

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the form for the merchant who most needs a visit."""
        return {"party": workspace.merchants.rows()[0].party}

    def enter(self, party: str = "", **values: Any) -> None:
        """Show the form, perhaps for a merchant already chosen, perhaps as it was left."""
        given = {"party": party, **values} if party or values else {}
        self._wanted = self.drafting.enter(given)
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: (workspace.merchants.rows(), workspace.mine("inspector")),
            lambda both: self._take(*both),
            owner=self,
        )

    def leave(self) -> None:
        """Keep what is typed."""
        self.drafting.leave()

    def state(self) -> State:
        """Keep everything that is typed."""
        return self.form.state() | self.drafting.state()

    def preview(self) -> None:
        """Show what is known of the merchant and what the visit would do; nothing is recorded."""
        subject = self.form.party
        if not subject:
            self._show_hint()
            return
        workspace = self.context.workspace
        self._previewing = self.context.workers.read(
            lambda: workspace.merchants.dossier(subject),
            self._show_preview,
            lambda _: self._show_hint(),
            self,
        )

    def record(self) -> None:
        """Sign the inspection and record it, or say beside the field why not."""
        self.form.clear_errors()
        try:
            event = self.form.inspection()
        except Problem as problem:
            self.form.show_problem(problem)
            return
        self._wake = rest(self.record_button)
        workspace = self.context.workspace
        self.context.workers.write(
            lambda: workspace.supervision.inspect(event), self._show_receipt, self._refused, self
        )

    def clear(self) -> None:
        """Begin anew, for nobody yet; what was typed can be brought back."""
        self.form.clear_errors()
        self.drafting.discard()
        self._show_hint()

    def _take(self, merchants: tuple[Any, ...], inspectors: tuple[Any, ...]) -> None:
        words = self.words
        self.signer.setText(
            words("inspection.signed_by", name=words.name(inspectors[0]))
            if inspectors
            else words("inspection.nobody_signs")
        )
        self.signer.setProperty("kind", "" if inspectors else "attention")
        self.record_button.setEnabled(bool(inspectors))
        wanted, self._wanted = self._wanted, {}
        self.drafting.hold()
        self.form.offer(merchants, wanted.get("party") or self.form.party)
        if "kind" in wanted:
            self.form.restore(wanted)
        self.drafting.ready()

    def _show_hint(self) -> None:
        self.right.clear()
        self.right.add(label(self.words("inspection.preview.hint"), "secondary"))
        self.right.body.addStretch()

    def _show_preview(self, dossier: Any) -> None:
        """Show the last visit, the open complaints, and where the score would go."""
        words = self.words
        self.right.clear()
        grade = grade_text(words, dossier.score.grade)
        score = words("inspection.score_now", score=score_text(words, dossier.score))
        self.right.add(CheckRow(score, words("inspection.visits", n=len(dossier.inspections)), *grade))
        if dossier.inspections:
            last = inspection_item(words, dossier.inspections[0])
            title = words("inspection.last", date=last.when)
            self.right.add(CheckRow(title, last.detail, last.badge, last.kind))
        if twice := self._same_day(dossier.inspections):
            text = words("inspection.twice", index=twice["index"])
            self.right.add(CheckRow(text, "", words("severity.attention"), "attention"))
        for change in self._changes(dossier.changes):
            kind = "ok" if change.points > 0 else "bad" if change.points < 0 else "neutral"
            after = words("inspection.score_then", score=words.number(change.score))
            self.right.add(CheckRow(reason_text(words, change), after, words.signed(change.points), kind))
        self.right.body.addStretch()

    def _same_day(self, inspections: tuple[Any, ...]) -> Any:
        """Return a visit recorded for the same day: perhaps this one is being written down twice."""
        day = self.form.moment().astimezone(self.words.zone).date()
        same = (row for row in inspections if row["event_time"].astimezone(self.words.zone).date() == day)
        return next(same, None)

    def _changes(self, changes: tuple[Any, ...]) -> list[Any]:
        """Return where the score would go by what is typed: nothing found, or something critical."""
        critical, serious, minor = (box.value() for box in self.form.counts)
        wanted = "change-failed-visit" if critical else "" if serious or minor else "change-clean-visit"
        return [change for change in changes if change.code == wanted]

    def _show_receipt(self, receipt: Any) -> None:
        words = self.words
        self._wake()
        self.form.clear()
        self.drafting.done()
        # Clearing counts as typing: without this a late preview would cover the receipt.
        self._pause.stop()
        if self._previewing is not None:
            self._previewing.cancel()
        clear(self.right.body)
        banner = Banner(
            self.context.theme,
            "ok",
            words("inspection.recorded"),
            words("common.recorded", index=receipt.index),
        )
        self.right.add(banner)
        facts = Facts(((words("entry.index"), str(receipt.index)),))
        facts.add_hash(words("entry.entry_hash"), hexadecimal(receipt.entry_hash))
        facts.add_hash(words("checkpoint.root"), hexadecimal(receipt.root))
        self.right.add(facts)
        index = receipt.index
        self.right.add(button(words("entry.open"), lambda: open_entry(self.context, index, self)))
        self.right.add(Badge(words("proof.unwitnessed"), "attention"))
        self.right.body.addStretch()

    def _refused(self, problem: Problem) -> None:
        self._wake()
        self.form.show_problem(problem)
