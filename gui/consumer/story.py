"""One code's story on one page: the verdict, the checks, the way from origin to shelf, and who sold it.

What could hurt somebody is said first; what is not proven is said in words; every line leads to its entry.
The verdict and its checks stand ready before a code comes and only say another one's; everything else is made
for each code, part by part, in turns of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.consumer import telling
from gui.consumer.checks import ChecksCard
from gui.consumer.coldchain import cold_chain
from gui.consumer.layout import Columns, Tabs
from gui.consumer.opinion import ComplaintDialog, ReviewDialog
from gui.consumer.seen import NoteScanDialog
from gui.consumer.seller import SellerCard
from gui.consumer.verdict import STORYLESS, Answer, headline, plain_answer
from gui.consumer.why import WhyDialog
from gui.context import Context
from gui.entry import open_entry
from gui.turns import Turns
from gui.verbs.files import write_bytes
from gui.widgets import (
    Badge,
    Banner,
    Card,
    CheckRow,
    EmptyState,
    Place,
    Timeline,
    TimelineItem,
    button,
    label,
)
from gui.widgets.text import show_if
from ledger.errors import Problem

WIDE = 1240
# A frame and a bit: the verdict is on the screen before anything else is made.
PAINT_MS = 20


class StoryView(QWidget):
    """Shows one `Answer` at a time; `asked` carries another code, `again` that a new scan is wanted.

    `built` comes when every part stands.
    """

    asked = Signal(str)
    again = Signal()
    built = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context, self.words = context, context.words
        self.answer = plain_answer("unreadable")
        self.story: Any = None
        self._waits = False
        self._turns = Turns(self)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._make_banner()
        self.checks = ChecksCard(self.words, self.open_entry)
        self._nothing_place = Place()
        self._timeline_place, self._seller_place = Place(), Place()
        self._cold_place, self._details_place = Place(), Place()
        cards = (self.checks, self._timeline_place, self._seller_place)
        self.columns = Columns(cards, context.theme.px(WIDE))
        for part in (self.banner, self._nothing_place, self.columns, self._cold_place, self._details_place):
            column.addWidget(part)

    @property
    def whole(self) -> bool:
        """Say whether every part is there."""
        return not self._waits and self._turns.idle

    def prepare(self) -> None:
        """Make ready, part by part, what every story needs."""
        self._turns.take(self.checks.prepare())

    def show_answer(self, answer: Answer) -> None:
        """Say the verdict and its checks now, and what is known beside them in the next turns."""
        if answer.code != self.answer.code:
            self._forget()
        self._turns.take([])
        self.answer, self._waits = answer, not answer.whole
        told = answer.verdict not in STORYLESS and answer.story is not None and answer.story.lot is not None
        self.story = answer.story if told else None
        known = self.story is not None
        for part in (self.columns, self._cold_place, self._details_place):
            show_if(part, known)
        show_if(self._nothing_place, not known)
        self._say_verdict()
        if not known:
            self._nothing_place.fill(self._nothing())
            return
        self.checks.show_checks(self.story.checks)
        self._turns.take([self._show_timeline, *(self._later() if answer.whole else [])], PAINT_MS)

    def complete(self, answer: Answer) -> None:
        """Add what was asked for after the verdict."""
        self.answer, self._waits = answer, False
        self._turns.add(self._later())

    def say_unfinished(self, problem: Problem) -> None:
        """Keep the verdict, and say beside it why the rest cannot be shown."""
        self._waits = False
        card = Card(self.words("story.seller"))
        for text, role in zip(self.words.problem(problem), ("strong", "secondary"), strict=True):
            card.add(label(text, role))
        self._seller_place.fill(card)

    def _forget(self) -> None:
        """Free what belongs to another code."""
        for place in (
            self._nothing_place,
            self._timeline_place,
            self._seller_place,
            self._cold_place,
            self._details_place,
        ):
            place.clear()

    def _later(self) -> list[Callable[[], object]]:
        return [self._show_seller, self._show_details, self.built.emit]

    def _show_timeline(self) -> None:
        self.timeline = self._timeline_card()
        self._timeline_place.fill(self.timeline)

    def _show_seller(self) -> None:
        self.seller = self._seller_card()
        self._seller_place.fill(self.seller)

    def _show_details(self) -> None:
        self.details = self._details_card()
        self._cold_place.fill(cold_chain(self.context, self.story, self.open_entry))
        self._details_place.fill(self.details)

    # --- the verdict ----------------------------------------------------------------------------------

    def _make_banner(self) -> None:
        words = self.words
        self.banner = Banner(self.context.theme)
        self.proof_badge = Badge()
        self._why_button = button(words("common.why"), self.show_why)
        self._again_button = button(words("scan.again"), self.again.emit, "primary")
        for part in (self.proof_badge, self._why_button, self._again_button):
            self.banner.add_action(part)

    def _say_verdict(self) -> None:
        words, known = self.words, self.story is not None
        kind, title, about = headline(words, self.answer)
        self.banner.say(kind, title, "\n".join((about, *telling.warnings(words, self.answer))))
        if known:
            unproven = any(not step.proof.witnessed for step in self.story.steps)
            badge = ("proof.unwitnessed", "attention") if unproven else ("proof.witnessed", "ok")
            self.proof_badge.show_status(words(badge[0]), badge[1])
            self.proof_badge.setToolTip(words("story.proof.none" if unproven else "story.proof.all"))
        show_if(self.proof_badge, known)
        show_if(self._why_button, known)
        show_if(self._again_button, not known)

    def show_why(self) -> None:
        """Show what the verdict rests on: the checks that did not pass, and the findings."""
        WhyDialog(self.context, self.answer, self).open()

    def _nothing(self) -> Card:
        words = self.words
        card = Card(words(f"story.{self.answer.verdict}.title"))
        for number in (1, 2, 3):
            key = f"story.{self.answer.verdict}.{number}"
            if words.has(key):
                card.add(CheckRow(words(key), words.first(f"{key}.text")))
        if self.answer.code:
            card.add(label(words("story.code"), "secondary"))
            shown = label(self.answer.code.replace("\x1d", "^"), "mono")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.add(shown)
        return card

    # --- the three cards ------------------------------------------------------------------------------

    def _timeline_card(self) -> Card:
        words = self.words
        card = Card(words("story.timeline"), words("story.timeline.about"))
        proof = telling.proof_of(self.answer)
        card.add_action(Badge(words(f"story.proven.{proof}"), "ok" if proof == "all" else "attention"))
        items = telling.step_items(words, self.answer)
        line = Timeline(self.context.theme, items)
        line.opened.connect(lambda key: self.open_entry(int(key)))
        card.add(line)
        if not items:
            card.add(label(words("story.timeline.none"), "secondary"))
        card.body.addStretch()
        return card

    def _seller_card(self) -> SellerCard:
        return SellerCard(self.context, self.answer, self.open_entry, self.review, self.complain)

    # --- everything else ------------------------------------------------------------------------------

    def _details_card(self) -> Card:
        words = self.words
        card = Card(words("story.details"), words("story.details.about"))
        self.save_button = button(
            words("entry.save_proof"), self.save_proof, icon=self.context.theme.icon("save")
        )
        if self.story.item is not None:
            card.add_action(button(words("seen.write"), self.note_scan, icon=self.context.theme.icon("scan")))
        card.add_action(self.save_button)
        self.tabs = Tabs()
        self.tabs.bar.setAccessibleName(words("story.details"))
        for name, items in telling.tabs(words, self.answer):
            title = words("dossier.tab", name=words(f"story.tab.{name}"), n=len(items))
            self.tabs.add(title, partial(self._tab, name, items))
        card.add(self.tabs)
        return card

    def _tab(self, name: str, items: tuple[TimelineItem, ...]) -> QWidget:
        if not items:
            return EmptyState(self.context.theme, "ledger", self.words(f"story.tab.{name}.none"))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 12, 0, 0)
        line = Timeline(self.context.theme, items)
        line.opened.connect(lambda key: self.open_entry(int(key)))
        column.addWidget(line)
        column.addStretch()
        return page

    def open_entry(self, index: int) -> None:
        """Show one entry, whole."""
        open_entry(self.context, index, self)

    def note_scan(self) -> None:
        """Let the person record that this item was seen; nothing is recorded unasked."""
        dialog = NoteScanDialog(self.context, self.answer, self)
        dialog.recorded.connect(lambda: self.asked.emit(self.answer.code))
        dialog.open()

    def review(self) -> None:
        """Let the person give stars."""
        ReviewDialog(self.context, self.answer, self).open()

    def complain(self) -> None:
        """Let the person complain."""
        ComplaintDialog(self.context, self.answer, self).open()

    def save_proof(self) -> None:
        """Ask where the proof file goes, then write it."""
        suggested = str(Path.home() / "suxin.proof.json")
        path, _ = QFileDialog.getSaveFileName(self, self.words("entry.save_proof"), suggested, "*.json")
        if path:
            self.write_proof(Path(path))

    def write_proof(self, path: Path) -> None:
        """Write the proof of this code's newest entry to `path`."""
        context, code = self.context, self.answer.code
        context.workers.read(
            lambda: write_bytes(path, context.workspace.log.proof(code)),
            lambda _: context.toast(context.words("common.saved", path=str(path)), "ok"),
            owner=self,
        )
