"""The claims monitor: a recording or stream on the left, findings on the right, each confirmed or dismissed.

Rule: nothing is recorded until a person confirms it; then an inspector's entry cites the evidence.
Findings appear while the recording is still being read.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QVBoxLayout, QWidget

import resources
from gui.context import Context, Page, State
from gui.regulator.decision import DecisionCard
from gui.regulator.player import Player
from gui.widgets import Banner, Card, Column, DataTable, FlowRow, RowsModel, button, label, scrolled
from gui.widgets.beside import Beside
from gui.wording import law_text
from ledger.errors import Problem
from models.claims.checking import Checker
from models.claims.inspecting import Found, Look, inspect_file
from models.claims.lexicon import CATEGORIES
from models.claims.media.kinds import PICTURES, RECORDINGS, SOUNDS, kind_of
from models.claims.subtitles import SUFFIXES

KINDS = {"violation": "bad", "contradicted": "bad", "unsupported": "attention", "supported": "ok"}
ENDINGS = " ".join(f"*{suffix}" for suffix in (*RECORDINGS, *PICTURES, *SOUNDS, *SUFFIXES, ".txt"))


class MonitorPage(Page):
    """Open a file, look at what was found, jump to it, decide."""

    key = "monitor"
    icon = "monitor"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.checker = Checker()
        self.path: Path | None = None
        self.decided: dict[str, str] = {}
        self._stop = threading.Event()
        self._parties: tuple[Any, ...] = ()
        self.category = QComboBox()
        self.category.setAccessibleName(words("listing.category"))
        for code in CATEGORIES:
            self.category.addItem(words(f"listing.category.{code}"), code)
        self.category.setCurrentIndex(CATEGORIES.index("food"))
        self.follow = QCheckBox(words("monitor.follow"))
        self.follow.setToolTip(words("monitor.follow.about"))
        self.open_button = button(
            words("monitor.open"), self.choose, "primary", context.theme.icon("monitor", "on_primary")
        )
        self.stop_button = button(words("monitor.stop"), self.stop)
        self.stop_button.setEnabled(False)
        self.banner = Banner(context.theme, "info", words("monitor.empty"), words("monitor.empty.text"))
        self.column.addWidget(self.banner)
        right = QWidget()
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 4, 0)
        side.setSpacing(16)
        side.addWidget(self._findings(), 1)
        self.decision = DecisionCard(context, self.confirm, self.dismiss)
        side.addWidget(self.decision)
        # In a low window, or in large type, the column scrolls; nothing in it is cut off.
        self.column.addWidget(Beside(((self._left(), 1), (scrolled(right), 1))), 1)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.confirm)
        QShortcut(QKeySequence("Ctrl+D"), self, self.decision.ask_reason)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the subtitles of an invented live stream, for a merchant of the demonstration."""
        return {"path": str(resources.path("demo/live.srt")), "party": workspace.merchants.rows()[0].party}

    def enter(self, path: str = "", party: str = "", **_: Any) -> None:
        """Show the page, perhaps with a file to look through, perhaps about a merchant."""
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: (workspace.merchants.rows(), workspace.mine("inspector")),
            lambda both: self.decision.offer(*both, party),
            owner=self,
        )
        if path and (self.path is None or str(self.path) != path):
            self.watch(Path(path))

    def leave(self) -> None:
        """Stop reading and let go of the file."""
        self.stop()
        self.player.close_file()

    def state(self) -> State:
        """Keep which file is open and about whom."""
        return {"path": str(self.path) if self.path else "", "party": self.decision.party or ""}

    def choose(self) -> None:
        """Ask for a file."""
        title = self.words("monitor.open")
        path, _ = QFileDialog.getOpenFileName(self, title, str(Path.home()), ENDINGS)
        if path:
            self.watch(Path(path))

    def watch(self, path: Path) -> None:
        """Read a file off this thread; findings appear as they are found."""
        self.stop()
        self.path, self.decided = path, {}
        stop = self._stop = threading.Event()
        self.model.set_rows([])
        self.decision.show_found(None)
        self.player.open(path, kind_of(path.name) == "recording")
        self.banner.say(
            "info", self.words("monitor.reading", name=path.name), self.words("monitor.reading.text")
        )
        self.stop_button.setEnabled(True)
        tell = self.context.workers.relay(self._show, self)
        checker, category, follow = self.checker, str(self.category.currentData()), self.follow.isChecked()

        def look() -> tuple[Found, ...]:
            return inspect_file(path, Look(checker.lexicon(), category, None, tell, stop.is_set, follow))

        self.context.workers.read(
            look, lambda found: self._done(found, stop), lambda problem: self._failed(problem, stop), self
        )

    def stop(self) -> None:
        """Stop reading; what was found so far stays."""
        self._stop.set()
        self.stop_button.setEnabled(False)

    def confirm(self) -> None:
        """Record the chosen finding as confirmed, signed by the inspector."""
        found, subject = self.decision.found, self.decision.party
        if found is None or not subject or not self.decision.may_confirm or self._key(found) in self.decided:
            return
        workspace = self.context.workspace
        self.decision.setEnabled(False)
        self.context.workers.write(
            lambda: workspace.supervision.confirm_claim(found.case, subject),
            lambda receipt: self._decide(found, self.words("monitor.confirmed", index=receipt.index), "ok"),
            self._refused,
            self,
        )

    def dismiss(self, reason: str) -> None:
        """Keep with its reason that the chosen finding is none; nothing is recorded in the ledger."""
        found = self.decision.found
        if found is None or self._key(found) in self.decided:
            return
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: workspace.supervision.dismiss_claim(found.case, reason),
            lambda _: self._decide(found, self.words("monitor.dismissed"), "info"),
            self._refused,
            self,
        )

    def _left(self) -> Card:
        card = Card(self.words("monitor.recording"))
        self.player = Player(self.context)
        card.add(FlowRow((self.open_button, self.stop_button, self.category, self.follow)))
        card.add(self.player, 1)
        return card

    def _findings(self) -> Card:
        words = self.words
        self.model = RowsModel[Found](self._columns(), self.context.theme, self)
        empty = label(words("monitor.none.text"), "secondary")
        self.table = DataTable(self.context.theme, self.model, words("monitor.findings"), empty)
        self.table.selected.connect(self._chosen)
        card = Card(words("monitor.findings"), words("monitor.keys"))
        self.table.setMinimumHeight(self.context.theme.px(118))
        card.add(self.table, 1)
        return card

    def _columns(self) -> tuple[Column[Found], ...]:
        words = self.words
        return (
            Column(words("monitor.at"), lambda one: one.case.at[:8], order=_order, width=84, mono=True),
            Column(words("monitor.law"), lambda one: law_text(words, one.remark.statute[:1]), width=118),
            Column(words("monitor.words"), lambda one: one.case.text, least=110),
            Column(
                words("monitor.verdict"),
                lambda one: self.decided.get(self._key(one)) or words(f"claims.verdict.{one.remark.verdict}"),
                kind=self._kind,
                width=124,
            ),
        )

    def _kind(self, found: Found) -> str:
        return "neutral" if self._key(found) in self.decided else KINDS.get(found.remark.verdict, "info")

    def _chosen(self, found: Any) -> None:
        if not isinstance(found, Found):
            return
        self.decision.show_found(found, self.decided.get(self._key(found), ""))
        if found.start is not None and found.case.png is not None:
            self.player.jump(found.start)
        elif found.case.png is None:
            self.player.screen_view.show_text(found.case.passage)

    def _show(self, found: tuple[Found, ...]) -> None:
        chosen = self.table.current()
        self.model.set_rows(found)
        if isinstance(chosen, Found):
            place = next((n for n, one in enumerate(found) if self._key(one) == self._key(chosen)), None)
            if place is not None:
                self.table.view.selectRow(place)
        if found:
            self.player.lasts(max((one.end or 0.0) for one in found))

    def _done(self, found: tuple[Found, ...], stop: threading.Event) -> None:
        if stop is not self._stop:
            return
        words = self.words
        self.stop_button.setEnabled(False)
        self._show(found)
        name = self.path.name if self.path else ""
        if found:
            self.table.view.selectRow(0)
            self.banner.say(
                "attention", words("monitor.done", name=name, n=len(found)), words("monitor.done.text")
            )
        else:
            self.banner.say("ok", words("monitor.clean", name=name), words("listing.clean.text"))

    def _failed(self, problem: Problem, stop: threading.Event) -> None:
        if stop is not self._stop:
            return
        self.stop_button.setEnabled(False)
        what, remedy = self.words.problem(problem)
        self.banner.say("bad", what, remedy)

    def _decide(self, found: Found, text: str, kind: str) -> None:
        self.decided[self._key(found)] = self.words("monitor.decided." + ("yes" if kind == "ok" else "no"))
        self.decision.setEnabled(True)
        self.decision.show_found(found, text)
        self.model.set_rows(self.model.rows)
        self.context.toast(text, kind)

    def _refused(self, problem: Problem) -> None:
        self.decision.setEnabled(True)
        self.decision.refuse(problem)

    def _key(self, found: Found) -> str:
        return f"{found.case.at} {found.remark.rule} {found.remark.verdict} {found.case.text}"


def _order(found: Found) -> Any:
    return (found.start if found.start is not None else -1.0, found.case.at)
