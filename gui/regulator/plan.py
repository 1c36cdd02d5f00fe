"""The inspection plan: whom to visit within a budget, why each is on it, and which were drawn by lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox

from gui.context import Context, Page, State
from gui.drafting import Drafting
from gui.keyboard import ASIDE
from gui.widgets import Card, Column, DataTable, EmptyState, Field, RowsModel, button, label

MOST, USUAL = 1000, 5
SEED_BYTES = 16


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
        self.budget = self._make_budget()
        # The lot can be drawn again by whoever is told the seed; a new plan draws a new one.
        self.seed = QLineEdit()
        self.seed.setObjectName(ASIDE)
        self.seed.setFont(context.theme.font(mono=True))
        self.seed.setFixedWidth(context.theme.px(360))
        self.seed_field = Field(words("plan.seed"), self.seed)
        self.header.add(self.budget)
        self.header.add(button(words("plan.again"), self.draw, tip=words("plan.again.about")))
        self.told = label("", "secondary")
        self.drafting = Drafting(
            self, {"budget": self.budget, "seed": self.seed}, self._said, filled=self.refresh
        )
        above = QHBoxLayout()
        above.setSpacing(16)
        above.addWidget(self.seed_field)
        above.addWidget(self.drafting.bar, 1, Qt.AlignmentFlag.AlignBottom)
        self.column.addLayout(above)
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
        self.seed.editingFinished.connect(self.refresh)

    @classmethod
    def sample(cls, _workspace: Any) -> State:
        """Show a plan whose lot is always the same."""
        return {"seed": "5a" * 16, "budget": 8}

    def enter(self, seed: str = "", budget: int = 0, draft: str = "", **_: Any) -> None:
        """Show the plan, perhaps an earlier one again, perhaps as it was left."""
        given = {"seed": seed, "budget": budget, "draft": draft}
        own = self.drafting.enter({name: value for name, value in given.items() if value})
        if own.get("budget"):
            self.budget.blockSignals(True)
            self.budget.setValue(own["budget"])
            self.budget.blockSignals(False)
        if own.get("seed") or not self.seed.text():
            self.seed.setText(own.get("seed") or self._drawn())
        self.drafting.ready()
        self.refresh()

    def leave(self) -> None:
        """Keep the budget and the lot."""
        self.drafting.leave()

    def draw(self) -> None:
        """Draw the lot again; the one before can be brought back."""
        self.seed.setText(self._drawn())
        self.drafting.commit()
        self.refresh()

    def refresh(self) -> None:
        """Ask for the plan, or say beside the seed why it cannot be drawn."""
        workspace, budget, seed = self.context.workspace, self.budget.value(), self._seed()
        self.seed_field.error("" if seed else self.words("plan.seed.wrong", n=2 * SEED_BYTES))
        if not seed:
            return
        self.context.workers.read(
            lambda: planned(workspace, budget, seed),
            lambda both: self._take(*both),
            owner=self,
        )

    def state(self) -> State:
        """Keep the budget and the lot."""
        kept = self.drafting.state()
        return kept or {"seed": self.seed.text(), "budget": self.budget.value()}

    def _make_budget(self) -> QSpinBox:
        words, made = self.words, QSpinBox()
        made.setRange(1, MOST)
        made.setValue(USUAL)
        made.setAccessibleName(words("plan.budget"))
        made.setSuffix(words("plan.budget.suffix"))
        if (line := made.lineEdit()) is not None:
            # Qt leaves a spin box's padding on the left out of its text's place.
            line.setTextMargins(9, 0, 0, 0)
        return made

    def _seed(self) -> bytes:
        """Return the seed that is typed, nothing where it is none."""
        try:
            seed = bytes.fromhex(self.seed.text())
        except ValueError:
            return b""
        return seed if len(seed) == SEED_BYTES else b""

    def _drawn(self) -> str:
        return str(self.context.workspace.home.random(SEED_BYTES).hex())

    def _said(self) -> tuple[str, ...]:
        return (self.budget.text(), self.seed.text()[:8])

    def _take(self, visits: tuple[Any, ...], merchants: tuple[Any, ...]) -> None:
        known = {row.party: row for row in merchants}
        rows = [PlanRow(n, visit, known[visit.subject]) for n, visit in enumerate(visits, 1)]
        self.model.set_rows(rows)
        by_lot = sum(visit.by_lot for visit in visits)
        self.told.setText(self.words("plan.told", n=len(rows), lot=by_lot))

    def _columns(self) -> tuple[Column[PlanRow], ...]:
        words = self.words
        return (
            Column(words("plan.place"), lambda row: str(row.place), order=lambda row: row.place, width=56),
            Column(words("plan.merchant"), lambda row: words.name(row.merchant), width=210),
            Column(
                words("plan.grade"),
                lambda row: words(f"grade.{row.merchant.grade}"),
                order=lambda row: row.merchant.grade,
                width=110 if words.chinese else 140,
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


def planned(workspace: Any, budget: int, seed: bytes) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the visits and the lines of whom they are to, no others (on a reading thread)."""
    visits = workspace.merchants.visits(budget, seed)
    return visits, workspace.merchants.lines([visit.subject for visit in visits])
