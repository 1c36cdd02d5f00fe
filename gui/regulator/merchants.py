"""Merchants by grade: who needs a visit, at a glance, and the way to each one's dossier."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from gui.context import Context, Page, State
from gui.scores import why_text
from gui.widgets import Card, Chips, Column, DataTable, EmptyState, RowsModel, label
from gui.wording import GRADE_KINDS, GRADES

TYPING_PAUSE_MS = 200


class MerchantsPage(Page):
    """A table of merchants, filtered by what is typed and by a grade's chip."""

    key = "merchants"
    icon = "merchants"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.rows: tuple[Any, ...] = ()
        self._bands: tuple[tuple[str, int], ...] = ()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.words("merchants.search"))
        self.search.setAccessibleName(self.words("merchants.search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(context.theme.px(280))
        self.header.add(self.search)
        self.chips = Chips([("", self.words("common.all")), *((g, self.words(f"grade.{g}")) for g in GRADES)])
        self.chips.choose("")
        self.count = label("", "secondary", wrap=False)
        row = QHBoxLayout()
        row.addWidget(self.chips, 1)
        row.addWidget(self.count)
        self.column.addLayout(row)
        self.model = RowsModel[Any](self._columns(), context.theme, self)
        self.table = DataTable(
            context.theme,
            self.model,
            self.title,
            EmptyState(
                context.theme, "merchants", self.words("merchants.empty"), self.words("merchants.empty.text")
            ),
        )
        self.table.sort_by(3)
        card = Card()
        card.column.setContentsMargins(8, 8, 8, 8)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        self.thin = label(self.words("merchants.thin"), "secondary")
        self.thin.hide()
        self.column.addWidget(self.thin)
        self.why = label("", "secondary")
        self.why.hide()
        self.column.addWidget(self.why)
        self.table.selected.connect(self._ask_why)
        # Typing asks only when it pauses: a query a letter would queue behind itself.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.show_filtered)
        self.search.textChanged.connect(lambda *_: self._pause.start())
        self.chips.chosen.connect(lambda *_: self.show_filtered())
        self.table.opened.connect(lambda row: context.go("dossier", {"party": row.party}))

    def enter(self, text: str | None = None, grade: str | None = None, **_: Any) -> None:
        """Show the merchants, perhaps those of a grade or with a name like `text`."""
        if text is not None:
            self.search.setText(text)
        if grade is not None:
            self.chips.choose(grade)
        self.refresh()

    def refresh(self) -> None:
        """Ask for every merchant; filtering afterwards is immediate."""
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: (workspace.merchants.rows(), workspace.merchants.grade_bands),
            lambda found: self._take(*found),
            owner=self,
        )

    def state(self) -> State:
        """Keep what is typed and chosen."""
        return {"text": self.search.text(), "grade": self.chips.current}

    def show_filtered(self) -> None:
        """Show the merchants that the text and the chip let through."""
        text, grade = self.search.text().strip().casefold(), self.chips.current
        kept = [
            row
            for row in self.rows
            if (not grade or row.grade == grade)
            and (not text or any(text in str(part or "").casefold() for part in self._searchable(row)))
        ]
        self.model.set_rows(kept)
        self.count.setText(self.words("merchants.count", n=len(kept), total=len(self.rows)))

    def _searchable(self, row: Any) -> tuple[str | None, ...]:
        return row.name, getattr(row, "name_en", None), row.party, self.words.code("category", row.category)

    def _take(self, rows: tuple[Any, ...], bands: tuple[tuple[str, int], ...]) -> None:
        self.rows, self._bands = tuple(rows), bands
        self.thin.setVisible(any(self._is_thin(row) for row in rows))
        counts = Counter(row.grade for row in rows)
        for grade, chip in self.chips.buttons.items():
            name = self.words(f"grade.{grade}") if grade else self.words("common.all")
            chip.setText(f"{name}  {counts[grade] if grade else len(rows)}")
        self.show_filtered()

    def _columns(self) -> tuple[Column[Any], ...]:
        words = self.words
        return (
            Column(words("merchants.name"), lambda row: words.name(row), least=120),
            Column(words("merchants.category"), lambda row: words.code("category", row.category), width=96),
            Column(
                words("merchants.grade"),
                lambda row: words(f"grade.{row.grade}") + (" *" if self._is_thin(row) else ""),
                kind=lambda row: GRADE_KINDS[row.grade],
                order=lambda row: (-GRADES.index(row.grade), row.score or 0),
                width=128,
            ),
            Column(
                words("merchants.score"),
                lambda row: words.number(row.score),
                order=lambda row: row.score if row.score is not None else 10_000,
                width=80,
                right=True,
            ),
            Column(words("merchants.interval"), self._interval, width=100, right=True),
            Column(
                words("merchants.trend"), self._trend, order=lambda row: row.trend or 0, width=110, right=True
            ),
            Column(
                words("merchants.complaints"),
                lambda row: words.number(row.complaints_open),
                order=lambda row: row.complaints_open,
                width=110,
                right=True,
            ),
            Column(
                words("merchants.last_inspection"),
                lambda row: words.date(row.last_inspection),
                order=lambda row: row.last_inspection.isoformat() if row.last_inspection else "",
                width=128,
                right=True,
            ),
        )

    def _ask_why(self, row: Any) -> None:
        """Ask why the merchant under the cursor has a grade that its points alone would not give."""
        self.why.hide()
        if row is not None:
            workspace, party = self.context.workspace, row.party
            self.context.workers.read(
                lambda: workspace.merchants.why(party), lambda why: self._show_why(row, why), owner=self
            )

    def _show_why(self, row: Any, why: Any) -> None:
        now = self.table.current()
        text = why_text(self.words, why)
        if now is None or now.party != row.party or not text:
            return
        self.why.setText(f"{self.words.name(row)}  {text}")
        self.why.setToolTip(text)
        self.why.show()

    def _is_thin(self, row: Any) -> bool:
        """Say whether the score would do for a better grade than the little that is known allows."""
        if row.score is None or row.grade not in GRADES:
            return False
        earned = next((letter for letter, least in self._bands if row.score >= least), row.grade)
        return GRADES.index(earned) < GRADES.index(row.grade)

    def _interval(self, row: Any) -> str:
        return "—" if row.score is None else f"{row.interval[0]}–{row.interval[1]}"

    def _trend(self, row: Any) -> str:
        if row.trend is None:
            return "—"
        arrow = "↑" if row.trend > 0 else "↓" if row.trend < 0 else "→"
        return f"{arrow} {self.words.signed(row.trend)}"
