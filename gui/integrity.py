"""Verify the whole ledger, step by step, and say in plain words what holds, what does not, what to do.

Cryptomator's health check is the model: a list of checks, each with its outcome, then only the problems,
each with its place, what was found, what was expected and what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gui.auditcards import ProblemsCard, StepsCard
from gui.checkpoint import CheckpointCard, save_as
from gui.context import Context, Page, State
from gui.health import HealthCard
from gui.healthwords import health_document, health_pdf
from gui.longwork import CalledOff, LongWork
from gui.turns import Turns
from gui.verbs.files import document_bytes, write_bytes
from gui.widgets import Banner, Progress, button, scrolled
from gui.widgets.text import rest
from ledger.errors import LedgerError, Problem


class IntegrityPage(Page):
    """The audit and the checkpoint, side by side; problems, if any, above both."""

    key = "integrity"
    icon = "integrity"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self.report: Any = None
        self._job: Any = None
        self.start_button = button(
            words("audit.start"), self.start, "primary", theme.icon("integrity", "on_primary")
        )
        self.export_button = button(words("audit.export"), self.choose_export, icon=theme.icon("save"))
        self.export_button.setEnabled(False)
        self.header.add(self.export_button)
        self.header.add(self.start_button)
        self.banner = Banner(theme, "neutral", words("audit.not_yet"), words("audit.not_yet.text"))
        self.column.addWidget(self.banner)
        self.progress = Progress(words("common.cancel"), self.cancel)
        self.progress.hide()
        self._wake: Callable[[], None] = lambda: None
        self.column.addWidget(self.progress)
        self.working = LongWork(self, self.start_button)
        grid = QGridLayout()
        grid.setSpacing(16)
        self.steps = StepsCard(words)
        self.checkpoint = CheckpointCard(context)
        self.checkpoint.against.connect(lambda note: self.start((note,)))
        grid.addWidget(self.steps, 0, 0)
        grid.addWidget(self.checkpoint, 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(16)
        self.problems_card: ProblemsCard | None = None
        self.health = HealthCard(context, self._acts())
        body.addWidget(self.health)
        self._above = QVBoxLayout()
        body.addLayout(self._above)
        body.addLayout(grid)
        body.addStretch()
        self.column.addWidget(scrolled(inside), 1)
        # The head and the verdict are painted first; the steps come one a turn.
        self._turns = Turns(self)
        self._turns.take(self.steps.waiting())

    @classmethod
    def sample(cls, _workspace: Any) -> State:
        """Show the page with its audit done."""
        return {"start": True}

    def enter(self, start: bool = False, against: str = "", **_: Any) -> None:
        """Show the newest checkpoint; the audit waits to be asked for, or for a kept checkpoint's file."""
        self.refresh()
        if against:
            self.checkpoint.hold_against(Path(against))
        if start:
            self.start()

    def state(self) -> State:
        """Keep the last report: it still says what it said."""
        return {"report": self.report} if self.report is not None else {}

    def restore(self, state: State) -> None:
        """Show the last report again."""
        self.refresh()
        if state.get("report") is not None:
            self.show_report(state["report"])

    def refresh(self) -> None:
        """Ask for the newest checkpoint."""
        self.context.workers.read(
            self.context.workspace.log.checkpoint, self.checkpoint.show_checkpoint, owner=self
        )

    def start(self, against: tuple[str, ...] = ()) -> None:
        """Run the audit on a reading thread, with progress, until it ends or is cancelled."""
        workspace = self.context.workspace
        tell = self.context.workers.relay(self._tell, self)
        self.progress.take_keys_of(self.start_button)
        self._wake = rest(self.start_button)
        self.progress.show_progress(0, 0, self.words("audit.running"))
        self.progress.show()
        self._job = self.context.workers.read(
            lambda: workspace.log.audit(
                tell, lambda: self._job is not None and self._job.cancelled(), against=against
            ),
            self.show_report,
            self._fail,
            self,
        )

    def cancel(self) -> None:
        """Stop the audit; what it has seen so far says nothing about the whole."""
        if self._job is not None:
            self._job.cancel()
        self._idle()
        self.banner.say("neutral", self.words("audit.cancelled"), self.words("audit.cancelled.text"))

    def show_report(self, report: Any) -> None:
        """Show what holds and what does not."""
        self._idle()
        self.report = report
        self.export_button.setEnabled(True)
        self._show_verdict(report)
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: workspace.health.checks(report), self.health.show_checks, owner=self
        )
        self._turns.take([*self.steps.reported(report.steps), partial(self._fit_problems, report.problems)])
        self._show_problems(report.problems)

    def choose_export(self) -> None:
        """Ask where to put the report of the audit."""
        save_as(self, self.context, "suxin-audit.json", self.export, "JSON (*.json);;PDF (*.pdf)")

    def export(self, path: Path) -> None:
        """Write the report: as pages to read where the name ends in .pdf, else as JSON, signed."""
        workspace, words, report = self.context.workspace, self.words, self.report
        checks = workspace.health.checks(report)
        if path.suffix.lower() == ".pdf":
            origin = workspace.log.checkpoint().origin
            write_bytes(path, health_pdf(words, report, checks, origin, self.context.clock()))
            return
        document = health_document(report, checks)
        document["signed"] = _signed(workspace, dict(document))
        write_bytes(path, document_bytes(document))

    def _acts(self) -> dict[str, Callable[[], object]]:
        """Return what the program itself can do about an outcome."""
        context = self.context
        return {
            "witness": lambda: context.go("witnesses", {}),
            "keep-checkpoint": lambda: self.checkpoint.choose_file(),
            "restore": lambda: context.go("bundles", {}),
            "rebuild": self.rebuild,
            "again": self.start,
        }

    def rebuild(self) -> None:
        """Fold the views again from the ledger, then look once more."""
        workspace, words = self.context.workspace, self.words
        self.working.run(
            words("health.rebuilding"),
            workspace.rebuild,
            lambda _: self.start(),
            self._fail,
            self._behind,
            write=True,
        )

    def _behind(self, where: CalledOff) -> None:
        """Say where the views stopped; whatever is recorded next folds them to the end."""
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: where.total - max(standing.behind for standing in workspace.standings()),
            lambda folded: self._say_behind(folded, where.total),
            self._fail,
            self,
        )

    def _say_behind(self, folded: int, total: int) -> None:
        done = {"done": self.words.number(folded), "total": self.words.number(total)}
        self.banner.say(
            "attention", self.words("health.called_off", **done), self.words("health.called_off.text")
        )

    def _show_problems(self, problems: Any) -> None:
        """Show what is wrong above everything else; a table is made only where there is something for it."""
        if self.problems_card is None and problems:
            self.problems_card = ProblemsCard(self.context, self)
            self._above.addWidget(self.problems_card)
        if self.problems_card is not None:
            self.problems_card.show_problems(problems)

    def _fit_problems(self, problems: Any) -> None:
        if self.problems_card is not None:
            self.problems_card.fit(len(problems))

    def _show_verdict(self, report: Any) -> None:
        words, problems = self.words, len(report.problems)
        outcome = words("audit.broken", n=problems) if problems else words("audit.holds", n=report.entries)
        self.setWindowTitle(f"{outcome} · {self.title}")
        if report.problems:
            self.banner.say(
                "bad",
                words("audit.broken", n=len(report.problems)),
                words("audit.broken.text", n=report.entries),
            )
        elif report.witnessed_to < report.entries:
            first, last = report.witnessed_to, report.entries - 1
            self.banner.say(
                "attention",
                words("audit.holds", n=report.entries),
                words("audit.unwitnessed", first=first, last=last),
            )
        else:
            self.banner.say("ok", words("audit.holds", n=report.entries), words("audit.all_witnessed"))

    def _tell(self, done: int, total: int, code: str) -> None:
        if self.progress.isVisible():
            name = self.words.code("audit_step", code)
            text = self.words("audit.progress", step=name, done=done, total=total)
            self.progress.show_progress(done, total, text)

    def _idle(self) -> None:
        self.progress.hide()
        self._wake()

    def _fail(self, problem: Problem) -> None:
        self._idle()
        what, remedy = self.words.problem(problem)
        self.banner.say("bad", self.words("audit.failed"), f"{what}\n{remedy}".strip())


def _signed(workspace: Any, document: dict[str, Any]) -> dict[str, Any] | None:
    """Return the report signed by whoever acts here; a machine without a key exports it all the same."""
    try:
        found: dict[str, Any] = workspace.health.signed(document)
    except LedgerError as error:
        if error.code not in ("no-identity", "key-locked"):
            raise
        return None
    return found
