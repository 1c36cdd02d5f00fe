"""Shops by quality, for shoppers: the order is the lower bound of what is known, never how much is sold."""

from __future__ import annotations

from typing import Any

from gui.context import Context, Page
from gui.widgets import Card, Column, DataTable, EmptyState, RowsModel, label
from gui.wording import GRADE_KINDS


class RankingPage(Page):
    """A list of shops with their grades."""

    key = "ranking"
    icon = "star"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.model = RowsModel[Any](self._columns(), context.theme, self)
        empty = EmptyState(context.theme, "star", words("ranking.empty"), words("ranking.empty.text"))
        self.table = DataTable(context.theme, self.model, self.title, empty)
        card = Card()
        card.column.setContentsMargins(8, 8, 8, 8)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        self.column.addWidget(label(words("ranking.how"), "secondary"))

    def enter(self, **_: Any) -> None:
        """Show the shops."""
        self.refresh()

    def refresh(self) -> None:
        """Ask for the ranking."""
        workspace = self.context.workspace
        self.context.workers.read(lambda: workspace.merchants.ranking(), self.model.set_rows, owner=self)

    def _columns(self) -> tuple[Column[Any], ...]:
        words = self.words
        return (
            Column(
                words("ranking.rank"),
                lambda row: words.number(row.rank) if row.rank else "—",
                order=lambda row: row.rank or 10_000,
                width=80,
            ),
            Column(words("ranking.name"), lambda row: words.name(row.row), least=160),
            Column(
                words("ranking.category"), lambda row: words.code("category", row.row.category), width=130
            ),
            Column(
                words("ranking.grade"),
                lambda row: words(f"grade.{row.row.grade}"),
                kind=lambda row: GRADE_KINDS[row.row.grade],
                order=lambda row: row.rank or 10_000,
                width=140,
            ),
            Column(
                words("ranking.lower"),
                lambda row: words.number(row.lower) if row.lower is not None else "—",
                order=lambda row: -(row.lower or 0),
                width=140,
                right=True,
            ),
        )
