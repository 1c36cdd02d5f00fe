"""Every complaint and appeal, the most urgent first: how it stands, which clock runs, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from gui.casewords import CLOCK_KINDS, STATE_KINDS, clock_left
from gui.context import Context, Page, State
from gui.widgets import Card, Chips, Column, DataTable, EmptyState, RowsModel, label

FILTERS = ("open", "appealed", "all")


@dataclass(frozen=True)
class CaseRow:
    """One case with the name of whom it is about, and the clock to look at first."""

    case: Any
    party: Any
    clock: Any

    @property
    def order(self) -> tuple[bool, date]:
        """Return what sorts the urgent first: those with a day, by their day."""
        due = self.clock.due if self.clock else None
        return due is None, due or date.max


class CasesPage(Page):
    """A table of cases; a row opens the case."""

    key = "cases"
    icon = "complaint"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.lists: CaseLists = dict.fromkeys(FILTERS, ())
        self.chips = Chips([(name, words(f"cases.filter.{name}")) for name in FILTERS], "open")
        self.count = label("", "secondary", wrap=False)
        row = QHBoxLayout()
        row.addWidget(self.chips, 1)
        row.addWidget(self.count)
        self.column.addLayout(row)
        self.model = RowsModel[CaseRow](self._columns(), context.theme, self)
        empty = EmptyState(context.theme, "complaint", words("cases.empty"), words("cases.empty.text"))
        self.table = DataTable(context.theme, self.model, self.title, empty)
        card = Card()
        card.column.setContentsMargins(8, 8, 8, 8)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        self.chips.chosen.connect(lambda *_: self.show_filtered())
        self.table.opened.connect(lambda row: context.go("case", {"case_id": row.case.case_id}))

    @classmethod
    def sample(cls, _workspace: Any) -> State:
        """Show every case."""
        return {"chosen": "all"}

    def enter(self, chosen: str | None = None, **_: Any) -> None:
        """Show the cases, perhaps only the open ones."""
        if chosen:
            self.chips.choose(chosen)
        self.refresh()

    def refresh(self) -> None:
        """Ask for every case with its clocks."""
        workspace = self.context.workspace
        self.context.workers.read(lambda: case_lists(workspace), self._take, owner=self)

    def state(self) -> State:
        """Keep which cases are shown."""
        return {"chosen": self.chips.current}

    def show_filtered(self) -> None:
        """Show the cases that the chip lets through."""
        kept, total = self.lists[self.chips.current], len(self.lists["all"])
        self.model.set_rows(kept)
        self.count.setText(self.words("cases.count", n=len(kept), total=total))

    def _take(self, lists: CaseLists) -> None:
        self.lists = lists
        self.show_filtered()

    def _columns(self) -> tuple[Column[CaseRow], ...]:
        words = self.words
        return (
            Column(words("cases.merchant"), lambda row: words.name(row.party), least=120),
            Column(words("cases.kind"), self._kind, width=90, extra=True),
            Column(
                words("cases.state"),
                lambda row: words(f"case.state.{row.case.state}"),
                kind=lambda row: STATE_KINDS.get(row.case.state, "neutral"),
                width=130 if words.chinese else 170,
            ),
            Column(
                words("cases.filed"),
                lambda row: words.date(row.case.filed),
                order=lambda row: row.case.filed,
                width=140 if words.chinese else 110,
                right=True,
                extra=True,
            ),
            Column(
                words("cases.clock"),
                lambda row: words(f"clock.{row.clock.code}") if row.clock else "—",
                width=130,
            ),
            Column(
                words("cases.due"),
                self._due,
                order=lambda row: row.order,
                width=140 if words.chinese else 110,
                right=True,
            ),
            Column(
                words("cases.left"),
                lambda row: clock_left(words, row.clock) if row.clock else "—",
                kind=lambda row: CLOCK_KINDS[row.clock.state] if row.clock else "",
                order=lambda row: row.order,
                width=170,
            ),
        )

    def _due(self, row: CaseRow) -> str:
        return self.words.date(row.clock.due) if row.clock and row.clock.due else "—"

    def _kind(self, row: CaseRow) -> str:
        words = self.words
        return words.code("complaint_kind", row.case.kind) if row.case.kind else words("cases.kind.appeal")


CaseLists = dict[str, tuple[CaseRow, ...]]


def case_lists(workspace: Any) -> CaseLists:
    """Return the cases that each chip lets through, the most urgent first (on a reading thread)."""
    rows = tuple(sorted(case_rows(workspace), key=lambda row: row.order))
    return {
        "open": tuple(row for row in rows if row.case.is_open),
        "appealed": tuple(row for row in rows if row.case.under_appeal),
        "all": rows,
    }


def case_rows(workspace: Any) -> tuple[CaseRow, ...]:
    """Return every case with its party and most urgent clock (on a reading thread)."""
    from models.clocks import next_due

    known = {party.id: party for party in workspace.parties()}
    return tuple(
        CaseRow(case, known.get(case.subject), next_due(workspace.cases.clocks(case)))
        for case in workspace.cases.all()
        if case.subject in known
    )
