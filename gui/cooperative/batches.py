"""Batches: everything registered, received and made, found by what is typed, and the way to each one.

Rule: the list is as long as the ledger has it; only the pages looked at are read, on a reading thread.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit

from gui.context import Context, Page, State
from gui.cooperative.actors import ActorBox
from gui.itemmodels import PAGE_ROWS, WindowedModel
from gui.widgets import Card, Chips, Column, DataTable, EmptyState, button, label
from gui.words import NOTHING
from gui.workers import Job

STATUSES = ("active", "shipped", "sold", "consumed", "recalled")
STATUS_KINDS = {
    "active": "ok",
    "shipped": "info",
    "sold": "neutral",
    "consumed": "neutral",
    "recalled": "bad",
    "destroyed": "neutral",
    "void": "attention",
}
TYPING_PAUSE_MS = 200


class BatchesPage(Page):
    """A table of lots, filtered by text, status and holder."""

    key = "batches"
    icon = "batch"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.actor = ActorBox(context)
        self.header.add(self.actor)
        self.header.add(button(words("quality.lot.open"), lambda: context.go("quality", {})))
        register = button(
            words("batches.register"),
            lambda: context.go("register", {}),
            "primary",
            context.theme.icon("plus", "on_primary"),
        )
        self.header.add(register)
        self.search = QLineEdit()
        self.search.setPlaceholderText(words("batches.search"))
        self.search.setAccessibleName(words("batches.search"))
        self.search.setClearButtonEnabled(True)
        self.mine = QCheckBox(words("batches.mine"))
        self.mine.setChecked(True)
        self.chips = Chips(
            [("", words("common.all")), *((one, words(f"lot_status.{one}")) for one in STATUSES)]
        )
        self.chips.choose("")
        self.count = label("", "secondary", wrap=False)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.search, 2)
        row.addWidget(self.chips, 3)
        row.addWidget(self.mine)
        row.addWidget(self.count)
        self.column.addLayout(row)
        self._asked: tuple[str, str | None, str | None] = ("", None, None)
        self._names: dict[str, str] = {}
        self._job: Job[Any] | None = None
        self.model = WindowedModel[Any](self._columns(), context.theme, context.workers, self._fetch, self)
        self.model.failed.connect(context.workers.unhandled)
        empty = EmptyState(context.theme, "batch", words("batches.empty"), words("batches.empty.text"))
        self.table = DataTable(context.theme, self.model, self.title, empty)
        self.table.opened.connect(self._open)
        card = Card()
        card.column.setContentsMargins(8, 8, 8, 8)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda *_: self._pause.start())
        self.chips.chosen.connect(lambda *_: self.refresh())
        self.mine.toggled.connect(lambda *_: self.refresh())
        self.actor.chosen.connect(lambda *_: self.refresh())

    @classmethod
    def sample(cls, workspace: Any) -> State:  # noqa: ARG003
        """Show every batch."""
        return {"mine": False}

    def enter(
        self, text: str | None = None, status: str | None = None, mine: bool | None = None, **_: Any
    ) -> None:
        """Show the batches, perhaps those of a status or with a text."""
        if text is not None:
            self.search.setText(text)
        if status is not None:
            self.chips.choose(status)
        if mine is not None:
            self.mine.setChecked(mine)
        workspace = self.context.workspace
        self.context.workers.read(workspace.mine, self._take_parties, owner=self)

    def refresh(self) -> None:
        """Ask for the batches that the filters let through."""
        if self._job is not None:
            self._job.cancel()
        text, status = self.search.text().strip(), self.chips.current or None
        asked = (text, self.actor.party if self.mine.isChecked() else None, status)
        workspace = self.context.workspace
        self._job = self.context.workers.read(
            lambda: (asked, workspace.lot_count(*asked), self._read(asked, 0, PAGE_ROWS)),
            lambda found: self._take(*found),
            owner=self,
        )

    def state(self) -> State:
        """Keep what is typed and chosen."""
        return {"text": self.search.text(), "status": self.chips.current, "mine": self.mine.isChecked()}

    def _open(self, lot: Any) -> None:
        # A row still on its way names no lot.
        if lot is not None:
            self.context.go("lot", {"code": lot.lot})

    def _take_parties(self, parties: tuple[Any, ...]) -> None:
        self.actor.show_parties(parties)
        self.refresh()

    def _take(self, asked: tuple[str, str | None, str | None], total: int, first: tuple[Any, ...]) -> None:
        self._asked = asked
        self.model.set_count(total, first)
        self.count.setText(self.words("batches.count", n=total))

    def _fetch(self, start: int, stop: int) -> tuple[Any, ...]:
        return self._read(self._asked, start, stop)

    def _read(self, asked: tuple[str, str | None, str | None], start: int, stop: int) -> tuple[Any, ...]:
        """Read rows, and what their holders are called (on a reading thread)."""
        workspace = self.context.workspace
        rows: tuple[Any, ...] = workspace.lots(*asked, stop - start, start)
        unnamed = {row.holder for row in rows if row.holder} - self._names.keys()
        self._names.update((one.id, self.words.name(one)) for one in workspace.parties_of(unnamed))
        return rows

    def _columns(self) -> tuple[Column[Any], ...]:
        words = self.words
        return (
            Column(words("batches.product"), self._product),
            Column(words("batches.lot"), lambda row: row.lot_number or row.lot, width=130),
            Column(
                words("batches.status"),
                lambda row: words.code("lot_status", row.status),
                kind=lambda row: STATUS_KINDS.get(row.status, "neutral"),
                width=104,
            ),
            Column(
                words("batches.remaining"),
                lambda row: words.quantity(row.remaining, row.uom),
                width=108,
                right=True,
            ),
            Column(
                words("batches.quantity"),
                lambda row: words.quantity(row.quantity, row.uom),
                width=108,
                right=True,
                extra=True,
            ),
            Column(words("batches.holder"), self._holder),
            Column(
                words("batches.changed"),
                lambda row: words.time(row.last_time),
                width=132,
                right=True,
                extra=True,
            ),
        )

    def _product(self, row: Any) -> str:
        name = row.product_name if self.words.chinese else row.product_name_en or row.product_name
        return name or self.words("batches.unnamed")

    def _holder(self, row: Any) -> str:
        return self._names.get(row.holder, row.holder or NOTHING)
