"""The inspection plan: whom to visit within a budget, why each is on it, and which were drawn by lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QSpinBox

from gui.context import Context, Page, State
from gui.widgets import Card, Column, DataTable, EmptyState, RowsModel, button, label

MOST = 1000


@dataclass(frozen=True)
class PlanRow:
    """One visit of the plan with the merchant's line of the list."""

    place: int
    visit: Any
    merchant: Any


class PlanPage(Page):
    """A budget on top, the visits below; a row opens the dossier."""

    key = "plan"
    icon = "today"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        # The lot can be drawn again by whoever is told the seed; a new plan draws a new one.
        self.seed = ""
        self.budget = QSpinBox()
        self.budget.setRange(1, MOST)
        self.budget.setValue(5)
        self.budget.setAccessibleName(words("plan.budget"))
        self.budget.setSuffix(words("plan.budget.suffix"))
        if (line := self.budget.lineEdit()) is not None:
            # Qt leaves a spin box's padding on the left out of its text's place.
            line.setTextMargins(9, 0, 0, 0)
        self.header.add(self.budget)
        self.header.add(button(words("plan.again"), self.draw, tip=words("plan.again.about")))
        self.told = label("", "secondary")
        self.column.addWidget(self.told)
        self.model = RowsModel[PlanRow](self._columns(), context.theme, self)
        empty = EmptyState(context.theme, "today", words("plan.empty"), words("plan.empty.text"))
        self.table = DataTable(context.theme, self.model, self.title, empty)
        card = Card()
        card.column.setContentsMargins(8, 8, 8, 8)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        self.table.opened.connect(lambda row: context.go("dossier", {"party": row.visit.subject}))
        self.budget.valueChanged.connect(lambda *_: self.refresh())

    @classmethod
    def sample(cls, _workspace: Any) -> State:
        """Show a plan whose lot is always the same."""
        return {"seed": "5a" * 16, "budget": 8}

    def enter(self, seed: str = "", budget: int = 0, **_: Any) -> None:
        """Show the plan, perhaps an earlier one again."""
        self.seed = seed or self.seed or self.context.workspace.home.random(16).hex()
        if budget:
            self.budget.setValue(budget)
        self.refresh()

    def draw(self) -> None:
        """Draw the lot again."""
        self.seed = self.context.workspace.home.random(16).hex()
        self.refresh()

    def refresh(self) -> None:
        """Ask for the plan."""
        workspace, budget, seed = self.context.workspace, self.budget.value(), bytes.fromhex(self.seed)
        self.context.workers.read(
            lambda: (workspace.merchants.visits(budget, seed), workspace.merchants.rows()),
            lambda both: self._take(*both),
            owner=self,
        )

    def state(self) -> State:
        """Keep the budget and the lot."""
        return {"seed": self.seed, "budget": self.budget.value()}

    def _take(self, visits: tuple[Any, ...], merchants: tuple[Any, ...]) -> None:
        known = {row.party: row for row in merchants}
        rows = [PlanRow(n, visit, known[visit.subject]) for n, visit in enumerate(visits, 1)]
        self.model.set_rows(rows)
        by_lot = sum(visit.by_lot for visit in visits)
        self.told.setText(self.words("plan.told", n=len(rows), lot=by_lot, seed=self.seed))

    def _columns(self) -> tuple[Column[PlanRow], ...]:
        words = self.words
        return (
            Column(words("plan.place"), lambda row: str(row.place), order=lambda row: row.place, width=56),
            Column(words("plan.merchant"), lambda row: words.name(row.merchant), width=210),
            Column(
                words("plan.grade"),
                lambda row: words(f"grade.{row.merchant.grade}"),
                order=lambda row: row.merchant.grade,
                width=110,
            ),
            Column(
                words("plan.priority"),
                lambda row: words.number(row.visit.priority),
                order=lambda row: -row.visit.priority,
                width=80,
                right=True,
                extra=True,
            ),
            Column(
                words("plan.how"),
                lambda row: words("plan.by_lot" if row.visit.by_lot else "plan.by_priority"),
                kind=lambda row: "info" if row.visit.by_lot else "attention",
                width=120,
            ),
            Column(words("plan.why"), self._why, least=220),
        )

    def _why(self, row: PlanRow) -> str:
        words = self.words
        return words.listing(
            f"{words(f'reason.{code}')} {words.signed(points)}" for code, points in row.visit.reasons
        )
