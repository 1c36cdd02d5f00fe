"""Quality: what is held and why, what laboratories measured beside the limit, which promises are missing.

Rule: the page shows how the ledger judges and decides nothing; each row opens the entry it rests on.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from gui.context import Context, Page, State
from gui.cooperative.actors import ActorBox
from gui.cooperative.gates import GatesSide
from gui.cooperative.qualityrows import held_columns, promise_columns, value_columns
from gui.entry import open_entry
from gui.longwork import LongWork, Tell
from gui.verbs.files import read_bytes, write_bytes
from gui.widgets import Banner, DataTable, EmptyState, RowsModel, button, label
from ledger.errors import Problem

BASES = ("quality-control", "own-test", "commissioned-test", "own-promise")


class QualityPage(Page):
    """Three tables in tabs, of one batch or of all; sheets come in and promises go out."""

    key = "quality"
    icon = "ok"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self.code = ""
        self._missing: tuple[str, ...] = ()
        self.actor = ActorBox(context)
        self.actor.chosen.connect(lambda *_: self.refresh())
        self.header.add(self.actor)
        self.header.add(button(words("quality.take"), self._choose_sheet, "primary"))
        self.export_button = button(words("quality.export"), self._choose_target, icon=theme.icon("save"))
        self.header.add(self.export_button)
        self.banner = Banner(theme)
        self.banner.hide()
        self.column.addWidget(self.banner)
        self.only = QWidget()
        row = QHBoxLayout(self.only)
        row.setContentsMargins(0, 0, 0, 0)
        self.only_text = label("", "secondary", wrap=False)
        row.addWidget(self.only_text)
        row.addWidget(button(words("quality.every"), lambda: self.enter(every=True), "quiet"))
        row.addStretch()
        self.only.hide()
        self.column.addWidget(self.only)
        self.held, self.values, self.promises = (
            RowsModel[Any](columns, theme, self)
            for columns in (held_columns(words), value_columns(words), promise_columns(words))
        )
        self.held_empty = EmptyState(
            theme, "ok", words("quality.held.none"), words("quality.held.none.gates")
        )
        self.tabs = QTabWidget()
        self.tabs.addTab(self._table(self.held, "held", self.held_empty, lambda row: row.gate.index), "")
        self.tabs.addTab(self._table(self.values, "values", None, lambda row: row.report.index), "")
        self.tabs.addTab(self._promise_side(), "")
        self.gates = GatesSide(self, lambda: self.actor.party, lambda text: self._say("ok", text))
        self.tabs.addTab(self.gates, "")
        self._count(0, 0, 0, 0)
        self.working = LongWork(self, self.export_button, self.print_button)
        self.column.addWidget(self.tabs, 1)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show what there is of all batches."""
        return {"tab": 0 if workspace.quality.gates() else 2}

    def enter(
        self, code: str = "", tab: int | None = None, every: bool = False, draft: str = "", **_: Any
    ) -> None:
        """Show one batch, or all; or the gate that somebody began to set."""
        self.code = "" if every else code
        own = self.gates.drafting.enter({"draft": draft} if draft else {})
        if signer := own.get("actor"):
            self.actor.choose(signer)
        if draft and tab is None:
            tab = self.tabs.indexOf(self.gates)
        if tab is not None:
            self.tabs.setCurrentIndex(tab)
        workspace = self.context.workspace
        self.context.workers.read(workspace.mine, self._take_parties, owner=self)

    def refresh(self) -> None:
        """Ask again."""
        workspace, code, actor = self.context.workspace, self.code, self.actor.party
        self.context.workers.read(
            lambda: (
                workspace.quality.overview({actor} if actor else _mine(workspace), code or None),
                workspace.quality.gates(),
                workspace.products(),
            ),
            lambda found: self._show(*found),
            self._refused,
            self,
        )

    def state(self) -> State:
        """Keep which batch and which table."""
        return {"code": self.code, "tab": self.tabs.currentIndex(), **self.gates.drafting.state()}

    def leave(self) -> None:
        """Keep the gate that somebody began to set."""
        self.gates.drafting.leave()

    def take(self, path: Path) -> None:
        """Take in a laboratory's sheet; where it names no lot, it is about the batch shown here."""
        workspace, lot, actor = self.context.workspace, self.code or None, self.actor.party
        self.context.workers.write(
            lambda: workspace.files.take_lab_sheet(read_bytes(path), path.name, lot=lot, as_party=actor),
            self._taken,
            self._refused,
            self,
        )

    def issue(self) -> None:
        """Promise that every batch shown without a promise conforms."""
        workspace, lots, actor = self.context.workspace, self._missing, self.actor.party
        basis = [str(self.basis.currentData())]
        if lots:
            self.context.workers.write(
                lambda: workspace.batches.promise(lots, basis, as_party=actor),
                lambda made: self._say("ok", self.words("quality.issued.done", n=len(made))),
                self._refused,
                self,
            )

    def export(self, path: Path) -> None:
        """Write the promises: as sheets to print, or as a table with the proof of every row."""
        words, workspace = self.words, self.context.workspace
        self.working.run(
            words("quality.reading"),
            lambda tell: _export(workspace, path, tell, tell.about(words("quality.writing"))),
            lambda _: self._say("ok", words("common.saved", path=path)),
            self._refused,
        )

    def print_one(self, number: str, path: Path) -> None:
        """Write the one promise with this number as a sheet to print."""
        words, workspace = self.words, self.context.workspace
        self.working.run(
            words("quality.reading"),
            lambda tell: _print_one(workspace, number, path, tell),
            lambda _: self._say("ok", words("common.saved", path=path)),
            self._refused,
        )

    def _choose_sheet_of_one(self) -> None:
        """Ask where to print the promise of the chosen row; a batch that lacks one has nothing to print."""
        rows = self.promises.rows
        place = self.promise_table.view.currentIndex().row()
        number = rows[place].number if 0 <= place < len(rows) else ""
        if not number:
            self.banner.say(
                "attention", self.words("quality.print.none"), self.words("quality.print.none.text")
            )
            self.banner.show()
            return
        suggested = str(Path.home() / f"{number}.pdf")
        path, _ = QFileDialog.getSaveFileName(self, self.words("quality.print"), suggested, "PDF (*.pdf)")
        if path:
            self.print_one(number, Path(path))

    def _take_parties(self, parties: tuple[Any, ...]) -> None:
        self.actor.show_parties(parties)
        self.refresh()

    def _show(self, found: Any, gates: tuple[Any, ...], products: tuple[Any, ...]) -> None:
        words = self.words
        self.gates.show_gates(gates, products)
        for model, rows in (
            (self.held, found.held),
            (self.values, found.values),
            (self.promises, found.promises),
        ):
            model.set_rows(list(rows))
        self._missing = found.missing
        self._count(len(found.held), len(found.values), len(found.missing), len(gates))
        key = "quality.held.none.text" if found.gates else "quality.held.none.gates"
        self.held_empty.text.setText(words(key, n=found.gates))
        self.only.setVisible(bool(self.code))
        self.only_text.setText(words("quality.only", lot=self.code.rsplit("/", 1)[-1]))
        self.issue_button.setEnabled(bool(found.missing))
        self.issue_button.setText(words("quality.issue.all", n=len(found.missing) or 1))

    def _count(self, held: int, values: int, missing: int, gates: int) -> None:
        counts = (("held", held), ("values", values), ("promises", missing), ("gates", gates))
        for place, (name, n) in enumerate(counts):
            self.tabs.setTabText(place, self.words(f"quality.{name}", n=n))

    def _table(self, model: Any, name: str, empty: EmptyState | None, entry: Any) -> DataTable:
        words = self.words
        if empty is None:
            text = words(f"quality.{name}.none.text")
            empty = EmptyState(self.context.theme, "listing", words(f"quality.{name}.none"), text)
        table = DataTable(self.context.theme, model, words(f"quality.{name}", n=0), empty)
        table.opened.connect(partial(self._open, entry))
        return table

    def _promise_side(self) -> QWidget:
        words, side = self.words, QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 8, 0, 0)
        self.basis = QComboBox()
        self.basis.setAccessibleName(words("quality.basis"))
        for basis in BASES:
            self.basis.addItem(words(f"promise_basis.{basis}"), basis)
        self.issue_button = button(words("quality.issue"), self.issue)
        self.issue_button.setEnabled(False)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label(words("quality.basis"), "secondary", wrap=False))
        row.addWidget(self.basis)
        row.addWidget(self.issue_button)
        self.print_button = button(words("quality.print"), self._choose_sheet_of_one)
        row.addWidget(self.print_button)
        row.addStretch()
        column.addLayout(row)
        self.promise_table = self._table(self.promises, "promises", None, lambda row: row.entry)
        column.addWidget(self.promise_table, 1)
        return side

    def _open(self, entry: Any, row: Any) -> None:
        index = None if row is None else entry(row)
        if index is not None:
            open_entry(self.context, index, self)
        elif row is not None:
            self.context.go("lot", {"code": row.lot.lot})

    def _taken(self, taken: Any) -> None:
        words, text = self.words, ""
        if taken.refused:
            first = words.problem(taken.refused[0])[0]
            text = words("quality.taken.refused", n=len(taken.refused), first=first)
        kind = "attention" if text else "ok"
        self._say(kind, words("quality.taken", n=len(taken.reports)), text)
        self.tabs.setCurrentIndex(1)

    def _say(self, kind: str, title: str, text: str = "") -> None:
        self.banner.say(kind, title, text)
        self.banner.show()
        self.refresh()

    def _refused(self, problem: Problem) -> None:
        self.banner.say("bad", *self.words.problem(problem))
        self.banner.show()

    def _choose_sheet(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.words("quality.take"), str(Path.home()))
        if path:
            self.take(Path(path))

    def _choose_target(self) -> None:
        suggested = str(Path.home() / f"{self.words('quality.file')}.xlsx")
        kinds = "Excel (*.xlsx);;CSV (*.csv);;PDF (*.pdf)"
        path, _ = QFileDialog.getSaveFileName(self, self.words("quality.export"), suggested, kinds)
        if path:
            self.export(Path(path))


def _mine(workspace: Any) -> set[str]:
    return {party.id for party in workspace.mine()}


def _export(workspace: Any, path: Path, reading: Tell, writing: Tell) -> None:
    if path.suffix.lower() == ".pdf":
        from gui.labels.promise import write_promises

        write_promises(workspace.promises(reading), path, progress=writing)
        return
    pack = workspace.export("hegezheng", path.name, progress=reading)
    write_bytes(path, pack.data)
    for name, data in pack.proofs:
        write_bytes(path.with_name(name), data)


def _print_one(workspace: Any, number: str, path: Path, tell: Tell) -> None:
    from gui.labels.promise import write_promises

    write_promises([row for row in workspace.promises(tell) if row["number"] == number], path)
