"""Record what a form states: preview its findings while one types, sign it, show the receipt.

Rule: a refusal stands beside its field; a finding is shown before recording and never stops it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui.context import Context
from gui.entry import open_entry
from gui.widgets import Badge, Banner, Card, CheckRow, Facts, FlowRow, Form, button, label
from gui.widgets.text import rest
from gui.wording import SEVERITY_KINDS, finding_text
from ledger.errors import Problem

PREVIEW_PAUSE_MS = 300
MakeEvent = Callable[[], Any]


class Recorder(Card):
    """The card beside a form: first what would come to light, then the receipt.

    Args:
        make_event: returns the event that the form states; raises a Problem naming the field.
        actor: returns the party that signs.
        recorded: called with the receipt and the event once it is in the ledger.
    """

    def __init__(
        self,
        context: Context,
        form: Form,
        make_event: MakeEvent,
        actor: Callable[[], str | None],
        recorded: Callable[[Any, Any], object] | None = None,
    ) -> None:
        super().__init__(context.words("recorder.title"), context.words("recorder.about"))
        self.context, self.form = context, form
        self._make, self._actor, self._recorded = make_event, actor, recorded
        self.button = button(context.words("common.record"), self.record, "primary")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        self._look: Any = None
        self._receipted: tuple[str, ...] | None = None
        self.hint()

    def touched(self, *_: object) -> None:
        """Look again soon: something was typed or chosen."""
        self._pause.start()

    def settled(self) -> None:
        """Keep a receipt that is shown: what the form holds now the page put there, no person."""
        if self._receipted is not None:
            self._receipted = self._filled()

    def preview(self) -> None:
        """Show what recording would bring to light; nothing is written."""
        if self._receipted is not None and self._receipted == self._filled():
            return
        self._receipted = None
        try:
            event = self._make()
        except Problem:
            self.hint()
            return
        workspace, actor = self.context.workspace, self._actor()
        self._look = self.context.workers.read(
            lambda: workspace.preview(event, as_party=actor),
            self._show_findings,
            lambda _: self.hint(),
            self,
        )

    def record(self) -> None:
        """Sign the event and record it, or say beside the field why not."""
        self.form.clear_errors()
        try:
            event = self._make()
        except Problem as problem:
            self.form.show_problem(problem)
            return
        self._wake = rest(self.button)
        # A look that is still under way must not come after the receipt and cover it.
        self._pause.stop()
        if self._look is not None:
            self._look.cancel()
        workspace, actor = self.context.workspace, self._actor()

        def act() -> Any:
            # What others record is taken as it is; an act of this program waits for the check.
            workspace.quality.refuse_held(event)
            return workspace.record(event, as_party=actor)

        self.context.workers.write(
            act,
            lambda receipt: self._done(receipt, event),
            self._refused,
            self,
        )

    def hint(self) -> None:
        """Say what will be shown here."""
        self._receipted = None
        self.clear()
        self.add(label(self.context.words("recorder.hint"), "secondary"))
        self.body.addStretch()

    def _show_findings(self, findings: tuple[Any, ...]) -> None:
        words = self.context.words
        self.clear()
        if not findings:
            self.add(CheckRow(words("recorder.no_findings"), "", words("severity.ok"), "ok"))
        for one in findings:
            kind = SEVERITY_KINDS[one.severity]
            self.add(CheckRow(finding_text(words, one), "", words(f"severity.{one.severity}"), kind))
        self.body.addStretch()

    def _done(self, receipt: Any, event: Any) -> None:
        words = self.context.words
        self._wake()
        self._receipted = ()
        self.clear()
        index = receipt.index
        self.add(
            Banner(self.context.theme, "ok", words("recorder.done"), words("common.recorded", index=index))
        )
        facts = Facts(((words("entry.index"), str(index)),))
        facts.add_hash(words("entry.entry_hash"), receipt.entry_hash.hex())
        facts.add_hash(words("checkpoint.root"), receipt.root.hex())
        self.add(facts)
        self.next_steps = FlowRow(
            (button(words("entry.open"), lambda: open_entry(self.context, index, self)),)
        )
        self.add(self.next_steps)
        self.add(_held(Badge(words("proof.unwitnessed"), "attention")))
        self.body.addStretch()
        if self._recorded is not None:
            self._recorded(receipt, event)
        self.settled()

    def _filled(self) -> tuple[str, ...]:
        return tuple(field.text() for field in self.form.fields.values())

    def offer(self, text: str, clicked: Callable[[], object]) -> None:
        """Put what one would do next beside the receipt."""
        self.next_steps.add(button(text, clicked, "primary"))

    def _refused(self, problem: Problem) -> None:
        self._wake()
        self.form.show_problem(problem)


def _held(badge: QWidget) -> QWidget:
    """Keep a badge as narrow as its words."""
    return FlowRow((badge,))
