"""Merchants by grade: who needs a visit, at a glance, and the way to each one's dossier.

Rule: the database filters and sorts, on a reading thread; this page holds the numbers of the rows in order
and the few rows looked at, so that a million merchants are as quick as twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from PySide6.QtWidgets import QAbstractItemView

from gui.context import Context, Page, State
from gui.itemmodels import PAGE_ROWS, WindowedModel
from gui.regulator.merchantcolumns import SCORE, SORTS, merchant_columns
from gui.regulator.merchantfilter import MerchantFilter
from gui.scores import why_text
from gui.widgets import Card, DataTable, EmptyState, label
from gui.workers import Job
from ledger.errors import Problem
from models.board import Board, Question, Summary


@dataclass(frozen=True, slots=True)
class Listed:
    """One answered question: how many fit, the first of them, and the numbers of all, once they are here."""

    question: Question
    count: int
    first: tuple[Any, ...]
    numbers: Sequence[int] | None = None
    place: int | None = None


class MerchantsPage(Page):
    """A table of merchants, filtered by what is typed and chosen, sorted by a click on a title."""

    key = "merchants"
    icon = "merchants"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self.listed = Listed(Question(), 0, ())
        self.summary = Summary((), thin=False, categories=())
        self._sort: tuple[int, bool] = (SCORE, False)
        self._chosen = ""
        self._entered = self._refreshing = self._again = self._due = False
        self._jobs: list[Job[Any]] = []
        self.filter = MerchantFilter(words, theme)
        self.header.add(self.filter.search)
        self.column.addWidget(self.filter)
        self.model = WindowedModel[Any](merchant_columns(words), theme, context.workers, self._fetch, self)
        self.model.failed.connect(context.workers.unhandled)
        empty = EmptyState(theme, "merchants", words("merchants.empty"), words("merchants.empty.text"))
        self.table = DataTable(theme, self.model, self.title, empty)
        self.table.sort_by(SCORE)
        card = Card()
        card.column.setContentsMargins(8, 8, 8, 8)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        chain = (self.filter.search, *self.filter.choices(), self.table.view)
        for earlier, later in pairwise(chain):
            self.setTabOrder(earlier, later)
        self.thin = label(words("merchants.thin"), "secondary")
        self.thin.hide()
        self.column.addWidget(self.thin)
        self.why = label("", "secondary")
        self.why.hide()
        self.column.addWidget(self.why)
        self.table.selected.connect(self._select)
        self.filter.changed.connect(self.ask)
        self.model.sort_asked.connect(self._order)
        self.table.opened.connect(self._open)

    def enter(self, sort: str = "", descending: bool = False, chosen: str = "", **filters: Any) -> None:
        """Show the merchants, perhaps only some, in an order, with one of them chosen."""
        self.filter.choose(**{name: filters[name] for name in self.filter.state() if name in filters})
        if sort in SORTS:
            self._sort = (SORTS.index(sort), descending)
            self.table.sort_by(*self._sort)
        self._chosen = chosen or self._chosen
        self._entered = True
        self.refresh()

    def refresh(self) -> None:
        """Show the list as it stands, have it brought to the present, and show it again if it moved."""
        # What is recorded while the list is being copied is copied when that is done.
        self._again, self._due = self._refreshing, not self._refreshing
        self.ask()

    def state(self) -> State:
        """Keep what is typed and chosen, and the order."""
        column, descending = self._sort
        order = {"sort": SORTS[column], "descending": descending, "chosen": self._chosen}
        return {**self.filter.state(), **order}

    def ask(self) -> None:
        """Ask for the merchants that fit, in order; a question under way is dropped."""
        for job in self._jobs:
            job.cancel()
        column, descending = self._sort
        sort = "name_en" if SORTS[column] == "name" and not self.words.chinese else SORTS[column]
        question = Question(**self.filter.chosen(), sort=sort, descending=descending)
        board, party, read = self.context.workspace.merchants.board, self._chosen, self.context.workers.read
        # Counting a million is the database's work alone.
        self._jobs = [read(lambda: _begun(board, question, party), self._take, owner=self, early=True)]

    def _ask_the_rest(self) -> None:
        """Ask what can wait until the first rows are painted."""
        merchants, workers = self.context.workspace.merchants, self.context.workers
        self._jobs.append(workers.read(merchants.board.summary, self._take_summary, owner=self))
        if self._due:
            self._due, self._refreshing = False, True
            workers.read(
                lambda: merchants.refresh_board(lambda: workers.closed),
                self._refreshed,
                self._not_refreshed,
                self,
            )

    def _refreshed(self, moved: bool) -> None:
        self._refreshing = False
        if self._again:
            self.refresh()
        elif moved:
            self.ask()

    def _not_refreshed(self, problem: Problem) -> None:
        self._refreshing = False
        self.context.workers.unhandled(problem)

    def _open(self, row: Any) -> None:
        # A row still on its way has nobody to open.
        if row is not None:
            self.context.go("dossier", {"party": row.party})

    def _take(self, listed: Listed) -> None:
        self.listed = listed
        self.model.set_count(listed.count, listed.first)
        self.filter.show_count(listed.count, max(listed.count, self.summary.total))
        self._choose(listed)
        # A million numbers take long turns of the interpreter: the rows that are here are painted first.
        self.context.workers.after_painting(self.table.view.viewport())
        self._ask_the_rest()
        if listed.numbers is None:
            board, party = self.context.workspace.merchants.board, self._chosen
            job = self.context.workers.read(
                lambda: _numbered(board, listed, party), self._take_numbers, owner=self
            )
            self._jobs.append(job)

    def _take_numbers(self, listed: Listed) -> None:
        # The rows shown already are the same; from here on a page is found by its numbers.
        self.listed = listed
        self._choose(listed)

    def _take_summary(self, summary: Summary) -> None:
        self.summary = summary
        self.thin.setVisible(summary.thin)
        self.filter.show_summary(dict(summary.grades), summary.categories)
        self.filter.show_count(self.listed.count, max(self.listed.count, summary.total))

    def _fetch(self, start: int, stop: int) -> Sequence[Any]:
        """Read rows (on a reading thread)."""
        listed, board = self.listed, self.context.workspace.merchants.board
        if listed.numbers is None:
            return board.slice(listed.question, start, stop)
        return board.rows(listed.numbers[start:stop])

    def _order(self, column: int, descending: bool) -> None:
        if (column, descending) != self._sort:
            self._sort = (column, descending)
            if self._entered:
                self.ask()

    def _choose(self, listed: Listed) -> None:
        """Bring the merchant that was chosen into view again, wherever it stands now."""
        if listed.place is not None:
            cell = self.model.index(listed.place, 0)
            self.table.view.setCurrentIndex(cell)
            self.table.view.scrollTo(cell, QAbstractItemView.ScrollHint.EnsureVisible)

    def _select(self, row: Any) -> None:
        """Remember the merchant under the cursor; ask why its grade is not what its points would give."""
        self.why.hide()
        if row is not None:
            self._chosen = row.party
            merchants, party = self.context.workspace.merchants, row.party
            self.context.workers.read(
                lambda: merchants.why(party), lambda why: self._show_why(row, why), owner=self
            )

    def _show_why(self, row: Any, why: Any) -> None:
        text = why_text(self.words, why)
        if row.party == self._chosen and text:
            self.why.setText(f"{self.words.name(row)}  {text}")
            self.why.setToolTip(text)
            self.why.show()


def _begun(board: Board, question: Question, party: str) -> Listed:
    """Answer a question (on a reading thread): the first page and how many fit; all, where words are sought.

    Words cost a look at every name, so that is done once; else two short looks come before a long one.
    """
    if not question.text:
        return Listed(question, board.count(question), board.slice(question, 0, PAGE_ROWS))
    return _numbered(board, Listed(question, 0, ()), party)


def _numbered(board: Board, listed: Listed, party: str) -> Listed:
    numbers = board.numbers(listed.question)
    first = listed.first or board.rows(numbers[:PAGE_ROWS])
    place = board.place(numbers, party) if party else None
    return replace(listed, count=len(numbers), first=first, numbers=numbers, place=place)
