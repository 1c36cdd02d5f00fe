"""Recall: which batches are affected, who has them, how sure we are; a timed drill with a signed report."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit

from gui.context import Context, Page, State
from gui.verbs.files import document_bytes, write_bytes
from gui.widgets import Badge, Card, Column, DataTable, EmptyState, Facts, RowsModel, button

WHERE_KINDS = {"held": "ok", "shipped": "info", "sold": "bad", "used": "neutral", "gone": "neutral"}


class RecallPage(Page):
    """A code in, the affected batches out; nothing is recorded here, the report says it was a drill."""

    key = "recall"
    icon = "recall"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self.code = ""
        self.plan: Any = None
        self.seconds = 0.0
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(words("recall.code"))
        self.edit.setAccessibleName(words("recall.code"))
        self.edit.setMinimumWidth(theme.px(280))
        self.edit.returnPressed.connect(lambda: self.enter(self.edit.text().strip()))
        self.header.add(self.edit)
        self.header.add(
            button(words("recall.drill"), lambda: self.enter(self.edit.text().strip()), "primary")
        )
        self.save_button = button(words("recall.save"), self.save, icon=theme.icon("save"))
        self.header.add(self.save_button)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.facts, self.holders = Card(words("recall.result")), Card(words("recall.holders"))
        row.addWidget(self.facts, 1)
        row.addWidget(self.holders, 1)
        self.column.addLayout(row)
        self.model = RowsModel[Any](self._columns(), theme, self)
        empty = EmptyState(theme, "recall", words("recall.empty"), words("recall.empty.text"))
        self.table = DataTable(theme, self.model, words("page.recall.title"), empty)
        self.table.opened.connect(lambda each: self._open(each.lot.lot))
        card = Card(words("recall.affected"))
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        self._show(None, 0.0)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the drill of a batch that went into others."""
        rows = workspace.lots("", None, "consumed", 50) or workspace.lots(limit=1)
        return {"code": rows[0].lot} if rows else {}

    def enter(self, code: str = "", **_: Any) -> None:
        """Find what a recall of this code would reach, and time it."""
        self.code = code or self.code
        self.edit.setText(self.code)
        if self.code:
            workspace, wanted = self.context.workspace, self.code
            self.context.workers.read(
                lambda: _timed(workspace, wanted), lambda found: self._show(*found), self._fail, self
            )

    def state(self) -> State:
        """Keep the code."""
        return {"code": self.code}

    def save(self) -> None:
        """Ask where the signed report goes."""
        suggested = str(Path.home() / "suxin-recall.json")
        path, _ = QFileDialog.getSaveFileName(self, self.words("recall.save"), suggested, "*.json")
        if path:
            self.write_report(Path(path))

    def write_report(self, path: Path) -> None:
        """Sign the drill's report and write it to `path`."""
        context, plan, seconds = self.context, self.plan, self.seconds
        context.workers.read(
            lambda: write_bytes(path, document_bytes(context.workspace.batches.recall_report(plan, seconds))),
            lambda _: context.toast(context.words("common.saved", path=str(path)), "ok"),
            owner=self,
        )

    def _open(self, lot: str) -> None:
        # Each role has a page of its own for one batch.
        page = "lot" if self.context.settings.role == "cooperative" else "scan"
        self.context.go(page, {"code": lot})

    def _columns(self) -> tuple[Column[Any], ...]:
        words = self.words
        return (
            Column[Any](words("batches.product"), lambda each: self._product(each.lot)),
            Column[Any](words("batches.lot"), lambda each: each.lot.lot_number or each.lot.lot, width=160),
            Column[Any](words("recall.where"), lambda each: words(f"recall_where.{each.where}"), width=150),
            Column[Any](words("batches.holder"), self._holder, width=200),
            Column[Any](
                words("batches.remaining"),
                lambda each: words.quantity(each.remaining, each.uom),
                width=120,
                right=True,
            ),
            Column[Any](words("lot.depth"), lambda each: words.number(each.depth), width=90, right=True),
        )

    def _show(self, plan: Any, seconds: float) -> None:
        words = self.words
        self.plan, self.seconds = plan, seconds
        self.save_button.setEnabled(plan is not None)
        self.facts.clear()
        self.holders.clear()
        self.model.set_rows([] if plan is None else list(plan.affected))
        if plan is None:
            self.facts.add(Facts(((words("recall.code"), words("recall.none")),)))
            return
        self.facts.add(
            Facts(
                (
                    (words("recall.affected"), words.number(len(plan.affected))),
                    (words("recall.coverage"), f"{plan.coverage * 100:.0f} %"),
                    (words("recall.sold"), words.number(plan.sold)),
                    (words("recall.seconds"), words("recall.seconds.value", n=f"{seconds:.2f}")),
                )
            )
        )
        self.facts.add(Badge(words("recall.is_drill"), "info"))
        held = ((words.name(party), words("recall.lots", n=lots)) for party, lots in plan.holders)
        self.holders.add(Facts(tuple(held)))
        self.facts.body.addStretch()
        self.holders.body.addStretch()

    def _holder(self, row: Any) -> str:
        return self.words.name(row.holder) if row.holder else self.words("recall.nobody")

    def _product(self, row: Any) -> str:
        name = row.product_name if self.words.chinese else row.product_name_en or row.product_name
        return name or self.words("batches.unnamed")

    def _fail(self, problem: Any) -> None:
        self._show(None, 0.0)
        what, remedy = self.words.problem(problem)
        self.facts.add(EmptyState(self.context.theme, "recall", what, remedy))


def _timed(workspace: Any, code: str) -> tuple[Any, float]:
    begun = time.perf_counter()
    plan = workspace.recall_plan(code)
    return plan, time.perf_counter() - begun
