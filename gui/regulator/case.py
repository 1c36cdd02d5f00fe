"""One case, whole: its clocks, what was said in order, and the steps that fit now, each signed."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit

from gui.casewords import CLOCK_KINDS, STATE_KINDS, clock_text
from gui.context import Context, Page, State
from gui.entry import open_entry
from gui.widgets import (
    Badge,
    Card,
    CheckRow,
    EmptyState,
    Field,
    FlowRow,
    Timeline,
    TimelineItem,
    button,
    clear,
    columns,
    label,
)
from gui.wording import law_text
from ledger.errors import Problem

HIDDEN = ("filed", "withdrawn", "replied", "evidence", "recusal-asked", "appealed")
"""Steps that a regulator does not take."""
GRAVE = ("upheld", "appeal-upheld")


class CasePage(Page):
    """Asked for with a case's number."""

    key = "case"
    icon = "complaint"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.case_id = ""
        self.state_badge = Badge("")
        self.header.add(self.state_badge)
        row, (self.left, self.right) = columns(3, 2)
        self.column.addWidget(row, 1)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the case with the most steps."""
        cases = workspace.cases.all()
        return {"case_id": max(cases, key=lambda case: len(case.steps)).case_id} if cases else {}

    def enter(self, case_id: str = "", **_: Any) -> None:
        """Ask for a case."""
        self.case_id = case_id or self.case_id
        self.refresh()

    def refresh(self) -> None:
        """Ask again for the same case."""
        workspace, case_id = self.context.workspace, self.case_id
        if case_id:
            self.context.workers.read(lambda: whole_case(workspace, case_id), self._show, self._fail, self)

    def state(self) -> State:
        """Keep which case it is."""
        return {"case_id": self.case_id} if self.case_id else {}

    def take(self, step: str) -> None:
        """Sign the next step."""
        context, case_id, text = self.context, self.case_id, self.text.toPlainText().strip()
        context.workers.write(
            lambda: context.workspace.opinions.take_step(case_id, step, text),
            lambda receipts: self._taken(receipts[0].index),
            self._refused,
            self,
        )

    def _show(self, whole: dict[str, Any]) -> None:
        words, case = self.words, whole["case"]
        name = words.name(whole["parties"].get(case.subject))
        self.header.say(words("case.title", name=name), case.case_id)
        self.state_badge.show_status(
            words(f"case.state.{case.state}"), STATE_KINDS.get(case.state, "neutral")
        )
        clear(self.left)
        clear(self.right)
        self.left.addWidget(self._steps_card(whole))
        self.left.addStretch()
        self.right.addWidget(self._clocks_card(whole["clocks"]))
        self.right.addWidget(self._next_card(whole))
        self.right.addStretch()

    def _steps_card(self, whole: dict[str, Any]) -> Card:
        words = self.words
        card = Card(words("case.steps"), words("case.steps.about"))
        items = tuple(self._item(whole, step) for step in whole["case"].steps)
        line = Timeline(self.context.theme, items)
        line.opened.connect(lambda key: open_entry(self.context, int(key), self))
        card.add(line)
        return card

    def _item(self, whole: dict[str, Any], step: Any) -> TimelineItem:
        words = self.words
        by = words.name(whole["parties"].get(step.author)) if step.author in whole["parties"] else step.author
        said = whole["texts"].get(step.vault_id)
        gone = step.vault_id is not None and said is None
        return TimelineItem(
            words.time(step.event_time),
            words(f"case.step.{step.step}"),
            words("case.by", name=by),
            "neutral" if step.unfit else "bad" if step.step in GRAVE else "ok",
            words("case.irregular") if step.unfit else "",
            str(step.index),
            words("vault.erased") if gone else said or "",
        )

    def _clocks_card(self, clocks: tuple[Any, ...]) -> Card:
        words = self.words
        card = Card(words("case.clocks"), words("case.clocks.about"))
        for clock in clocks:
            status = words(f"clock.short.{clock.state}")
            basis = law_text(words, [clock.basis])
            detail = words("clock.basis", basis=basis, days=clock.days, paused=clock.paused_days)
            card.add(CheckRow(clock_text(words, clock), detail, status, CLOCK_KINDS[clock.state]))
        if not clocks:
            card.add(label(words("case.clocks.none"), "secondary"))
        return card

    def _next_card(self, whole: dict[str, Any]) -> Card:
        words = self.words
        card = Card(words("case.next"), words("case.next.about"))
        steps = [step for step in whole["next"] if step not in HIDDEN]
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(words("case.text.example"))
        self.text.setAccessibleName(words("case.text"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.context.theme.px(76))
        self.note = Field(words("case.text"), self.text)
        if not whole["office"]:
            card.add(label(words("case.nobody_signs"), "secondary"))
            return card
        if not steps:
            card.add(label(words("case.next.none"), "secondary"))
            return card
        card.add(self.note)
        card.add(FlowRow(button(words(f"case.step.{step}"), partial(self.take, step)) for step in steps))
        return card

    def _taken(self, index: int) -> None:
        self.context.toast(self.words("common.recorded", index=index), "ok")
        self.refresh()

    def _refused(self, problem: Problem) -> None:
        what, remedy = self.words.problem(problem)
        self.note.error(f"{what}\n{remedy}" if remedy else what)

    def _fail(self, problem: Any) -> None:
        clear(self.left)
        clear(self.right)
        what, remedy = self.words.problem(problem)
        self.left.addWidget(EmptyState(self.context.theme, "bad", what, remedy))


def whole_case(workspace: Any, case_id: str) -> dict[str, Any]:
    """Return a case with its clocks, words and what may come next (on a reading thread)."""
    from models.casesteps import next_steps

    case = workspace.cases.case(case_id)
    kept = [step.vault_id for step in case.steps if step.vault_id]
    return {
        "case": case,
        "clocks": workspace.cases.clocks(case),
        "next": next_steps(case),
        "texts": {vault_id: workspace.words_of(vault_id) for vault_id in kept},
        "parties": {party.id: party for party in workspace.parties()},
        "office": bool(workspace.mine("inspector") or workspace.mine("administrator")),
    }
