"""One merchant, whole: the score and every reason for it, its history, and the evidence, entry by entry."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from gui.casewords import MEASURE_KINDS, RECORD_KINDS, record_text
from gui.context import Context, Page, State
from gui.entry import open_entry
from gui.evidence import EvidenceTabs, with_words
from gui.longwork import LongWork, Tell
from gui.scores import chart_span, history_text, score_bars, score_points, score_span, why_text
from gui.turns import Turns
from gui.verbs.files import write_bytes
from gui.widgets import (
    Badge,
    Card,
    CheckRow,
    EmptyState,
    Place,
    ScoreChart,
    Waterfall,
    button,
    clear,
    label,
    scrolled,
)
from gui.wording import grade_text, reason_text, score_text
from ledger.errors import Problem

SHOWN_RECORDS = 6


class DossierPage(Page):
    """Asked for with a party; everything it shows opens the entries it rests on."""

    key = "dossier"
    icon = "merchants"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.party = ""
        self.dossier: Any = None
        self._tab = 0
        self.inspect_button = button(
            words("dossier.inspect"),
            lambda: context.go("inspection", {"party": self.party}),
            "primary",
            context.theme.icon("inspect", "on_primary"),
        )
        self.publish_button = button(
            words("dossier.publish"), self.publish, tip=words("dossier.publish.about")
        )
        self.print_button = button(
            words("dossier.print"),
            self.choose_print,
            icon=context.theme.icon("print"),
            tip=words("dossier.print.about"),
        )
        self.header.add(self.print_button)
        self.working = LongWork(self, self.print_button)
        self.header.add(self.publish_button)
        self.header.add(self.inspect_button)
        self.inside = QWidget()
        self.body = QVBoxLayout(self.inside)
        self.body.setContentsMargins(0, 0, 8, 0)
        self.body.setSpacing(16)
        self.column.addWidget(scrolled(self.inside), 1)
        self._turns = Turns(self)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the merchant who most needs a visit."""
        return {"party": workspace.merchants.rows()[0].party}

    def enter(self, party: str = "", tab: int = 0, **_: Any) -> None:
        """Ask for a merchant's dossier."""
        self.party, self._tab = party or self.party, tab
        self.refresh()

    def refresh(self) -> None:
        """Ask again for the same merchant."""
        workspace, party = self.context.workspace, self.party
        if party:
            self.context.workers.read(
                lambda: (
                    with_words(workspace, workspace.merchants.dossier(party)),
                    workspace.merchants.why(party),
                ),
                lambda found: self.show_dossier(*found),
                self._fail,
                self,
            )

    def state(self) -> State:
        """Keep whose dossier it is, and which evidence was looked at."""
        tabs = self.findChild(QTabWidget)
        return {"party": self.party, "tab": tabs.currentIndex() if tabs else self._tab} if self.party else {}

    def show_dossier(self, dossier: Any, why: Iterable[Any] = ()) -> None:
        """Show the score and its reasons at once, the rest in the turns after."""
        words = self.words
        self.dossier, self._why = dossier, why_text(words, why)
        place = words.code("category", dossier.party.category)
        self.setWindowTitle(f"{words.name(dossier.party)} · {self.title}")
        self.header.say(words.name(dossier.party), f"{place} · {dossier.party.id}")
        clear(self.body)
        grid = QGridLayout()
        grid.setSpacing(16)
        grid.addWidget(self._score_card(dossier), 0, 0)
        grid.addWidget(self._reasons_card(dossier.score), 0, 1, 2, 1)
        grid.addWidget(self._change_card(dossier), 1, 0)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.setRowStretch(1, 1)
        self.body.addLayout(grid)
        ladder, evidence = Place(), Place()
        self.body.addWidget(ladder)
        self.body.addWidget(evidence)
        self.body.addStretch()
        self._turns.take(
            (
                lambda: ladder.fill(self._ladder_card(dossier)),
                lambda: evidence.fill(self._evidence_card(dossier)),
            )
        )

    def publish(self) -> None:
        """Record the score as it stands, with its reasons, so that anybody can compute it again."""
        context, party = self.context, self.party
        self.publish_button.setEnabled(False)
        context.workers.write(
            lambda: context.workspace.supervision.publish(party),
            lambda both: self._published(both[0].index),
            self._refused,
            self,
        )

    def choose_print(self) -> None:
        """Ask where to put the dossier as pages."""
        if self.dossier is not None:
            suggested = str(Path.home() / f"{self.words.name(self.dossier.party)}.pdf")
            path, _ = QFileDialog.getSaveFileName(self, self.words("common.save_as"), suggested)
            if path:
                self.print_to(Path(path))

    def print_to(self, path: Path) -> None:
        """Write the dossier as it stands now as pages to print."""
        workspace, words, party = self.context.workspace, self.words, self.party

        def work(tell: Tell) -> None:
            from gui.regulator.dossierpaper import dossier_pdf

            head, dossier = workspace.log.checkpoint(), workspace.merchants.dossier(party)
            write_bytes(path, dossier_pdf(words, dossier, head, self.context.clock(), tell))

        self.working.run(
            words("dossier.paper.writing"),
            work,
            lambda _: self.context.toast(words("common.saved", path=path), "ok"),
        )

    def open_entry(self, index: int) -> None:
        """Show one entry."""
        open_entry(self.context, index, self)

    def _score_card(self, dossier: Any) -> Card:
        words, theme, score = self.words, self.context.theme, dossier.score
        card = Card(words("dossier.score"))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label(score_text(words, score), "score", wrap=False))
        row.addWidget(Badge(*grade_text(words, score.grade)), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        card.body.addLayout(row)
        low, high = score.interval
        if score.score is None:
            card.add(label(words("score.too_thin"), "secondary"))
        else:
            card.add(label(words("score.interval", low=low, high=high), "secondary"))
        if self._why:
            card.add(label(self._why))
        points = score_points(words, dossier.history)
        known = [p.value for p in points if p.value is not None]
        bands = self.context.workspace.merchants.grade_bands
        chart = ScoreChart(theme, bands, chart_span(known, bands))
        chart.setAccessibleName(words("dossier.history"))
        chart.show_points(points, history_text(words, points))
        card.add(chart)
        card.add(label(words("score.as_of", date=score.as_of, size=score.size), "secondary"))
        return card

    def _reasons_card(self, score: Any) -> Card:
        words = self.words
        card = Card(words("dossier.reasons"), words("dossier.reasons.about"))
        fall = Waterfall(self.context.theme, score_span(score))
        fall.show_bars(score_bars(words, score))
        fall.opened.connect(lambda key: self._open_reason(score.contributions[int(key)]))
        card.add(fall)
        card.body.addStretch()
        return card

    def _change_card(self, dossier: Any) -> Card:
        words = self.words
        card = Card(words("dossier.change"), words("dossier.change.about"))
        for change in dossier.changes:
            kind = "ok" if change.points > 0 else "bad" if change.points < 0 else "neutral"
            card.add(CheckRow(reason_text(words, change), "", words.signed(change.points), kind))
        if not dossier.changes:
            card.add(label(words("dossier.change.none"), "secondary"))
        card.body.addStretch()
        return card

    def _ladder_card(self, dossier: Any) -> Card:
        """Show the step held, what follows from it, what is contested, and each record's window."""
        words, held = self.words, dossier.held
        card = Card(words("dossier.ladder"), words("dossier.ladder.about"))
        step = words("dossier.held", grade=words(f"grade.{held.grade}"), since=words.date(held.since))
        then = words("dossier.projected", grade=words(f"grade.{held.projected}"))
        card.add(CheckRow(step, then if held.projected != held.grade else "", *grade_text(words, held.grade)))
        for case in dossier.cases:
            if case.under_appeal:
                status = words("case.state.appealed")
                card.add(CheckRow(words("dossier.appealed", number=case.case_id), "", status, "attention"))
        for line in dossier.measures:
            status = words(f"measure.state.{line.state}")
            name = words.first(f"measure.{line.code}", default=line.code)
            card.add(CheckRow(name, line.reason or "", status, MEASURE_KINDS[line.state]))
        for record in dossier.records[:SHOWN_RECORDS]:
            self._add_record(card, record)
        return card

    def _add_record(self, card: Card, record: Any) -> None:
        words = self.words
        status = words(f"record.short.{record.state}")
        kind = RECORD_KINDS.get(record.state, "neutral")
        opened = partial(self.open_entry, record.entry)
        card.add(CheckRow(record_text(words, record), "", status, kind, words("entry.open"), opened))

    def _evidence_card(self, dossier: Any) -> Card:
        card = Card(self.words("dossier.evidence"), self.words("dossier.evidence.about"))
        tabs = EvidenceTabs(self.context, dossier)
        tabs.opened.connect(self.open_entry)
        tabs.setCurrentIndex(self._tab)
        card.add(tabs)
        return card

    def _open_reason(self, contribution: Any) -> None:
        """One entry opens at once; several are listed to choose from."""
        if len(contribution.entries) == 1:
            self.open_entry(contribution.entries[0])
            return
        from gui.evidence import EntriesDialog

        text = reason_text(self.words, contribution)
        dialog = EntriesDialog(self.context, text, contribution.entries, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _published(self, index: int) -> None:
        self.publish_button.setEnabled(True)
        self.context.toast(self.words("common.recorded", index=index), "ok")

    def _refused(self, problem: Problem) -> None:
        self.publish_button.setEnabled(True)
        self.context.workers.unhandled(problem)

    def _fail(self, problem: Any) -> None:
        clear(self.body)
        what, remedy = self.words.problem(problem)
        self.body.addWidget(EmptyState(self.context.theme, "bad", what, remedy))
