"""What an audit did, step by step, and what it found wrong: one card each.

Rule: a step is shown before it has run, as waiting; a problem names its entry, what was found, what was
expected and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from gui.context import Context
from gui.entry import open_entry
from gui.theme import ROW
from gui.widgets import Card, CheckRow, Column, DataTable, RowsModel
from gui.wording import STATUS_KINDS
from gui.words import Words

PROBLEMS_IN_VIEW = 8
# What the audit will do, shown before it is asked to; its report then names its own steps.
STEPS = ("checkpoint", "entries", "signatures", "author-chains", "trusted-checkpoints", "vault", "scores")
Parts = Iterator[Callable[[], object]]


class StepsCard(Card):
    """The steps of an audit; each row is made in a turn of its own."""

    def __init__(self, words: Words) -> None:
        super().__init__(words("audit.steps"), words("audit.steps.about"))
        self._words, self._rows = words, list[CheckRow]()
        self.body.setSpacing(2)
        self.body.addStretch()

    def waiting(self) -> Parts:
        """Give the parts that show the steps there will be."""
        words = self._words
        for place, code in enumerate(STEPS):
            name = f"{place}  {words.code('audit_step', code)}"
            yield partial(self._show, place, name, "", words("audit.waiting"), "neutral")

    def reported(self, steps: Sequence[Any]) -> Parts:
        """Give the parts that say how the steps of an audit came out."""
        for place, step in enumerate(steps):
            yield partial(self._report, place, step)
        yield partial(self._drop, len(steps))

    def _report(self, place: int, step: Any) -> None:
        words = self._words
        self._show(
            place,
            f"{step.number}  {words.code('audit_step', step.code)}",
            words("audit.checked" if step.checked else "audit.checked_none", n=step.checked),
            words(f"status.{step.status}"),
            STATUS_KINDS.get(step.status, "neutral"),
        )

    def _show(self, place: int, name: str, detail: str, status: str, kind: str) -> None:
        """Show one step: in the row it has, or in a new one."""
        if place < len(self._rows):
            self._rows[place].title.setText(name)
            self._rows[place].say(detail, status, kind)
            return
        row = CheckRow(name, detail, status, kind)
        # Above the stretch that keeps the rows together at the top of a taller card.
        self.body.insertWidget(self.body.count() - 1, row)
        self._rows.append(row)

    def _drop(self, count: int) -> None:
        """Take away the rows of steps that the report does not name."""
        for row in self._rows[count:]:
            row.hide()
            row.deleteLater()
        del self._rows[count:]


class ProblemsCard(Card):
    """What does not hold; a double click opens the entry it is about."""

    def __init__(self, context: Context, page: QWidget) -> None:
        words, theme = context.words, context.theme
        super().__init__(words("audit.problems"))
        self._context, self._page = context, page
        columns = (
            Column[Any](
                words("audit.index"), lambda p: "—" if p.index is None else str(p.index), width=90, right=True
            ),
            Column[Any](
                words("audit.problem"), lambda p: words.first(f"audit_problem.{p.code}", default=p.code)
            ),
            Column[Any](words("audit.found"), lambda p: str(p.found)),
            Column[Any](words("audit.expected"), lambda p: str(p.expected)),
            Column[Any](
                words("audit.remedy"),
                lambda p: words.first(f"audit_problem.{p.code}.remedy", "audit.default_remedy"),
            ),
        )
        self.problems = RowsModel[Any](columns, theme, self)
        self.table = DataTable(theme, self.problems, words("audit.problems"))
        self.table.view.setWordWrap(True)
        self.table.opened.connect(self._open_entry)
        self.add(self.table, 1)

    def show_problems(self, problems: Sequence[Any]) -> None:
        """Show these problems, and the card only if there are any."""
        self.problems.set_rows(problems)
        self.setVisible(bool(problems))

    def fit(self, count: int) -> None:
        """Give each problem the lines its words need, and the table the height of the first few."""
        view, px = self.table.view, self._context.theme.px
        for row in range(min(count, PROBLEMS_IN_VIEW)):
            view.resizeRowToContents(row)
            view.setRowHeight(row, max(view.rowHeight(row) + 12, px(ROW)))
        heights = sum(view.rowHeight(row) for row in range(min(count, PROBLEMS_IN_VIEW)))
        self.table.setFixedHeight(heights + px(ROW) + 12)

    def _open_entry(self, problem: Any) -> None:
        if problem is not None and problem.index is not None:
            open_entry(self._context, problem.index, self._page)
