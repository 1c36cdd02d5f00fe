"""Import a file: what was taken in, what was refused and why, and the refused rows as a file to correct."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from gui.context import Context, Page
from gui.cooperative.actors import ActorBox
from gui.widgets import Banner, Card, Column, DataTable, EmptyState, RowsModel, button
from ledger.errors import Problem

ENDINGS = "*.json *.jsonld *.xml *.csv *.xlsx"


class ImportPage(Page):
    """Choose a file or drop one here."""

    key = "import"
    icon = "import"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.actor = ActorBox(context)
        self.header.add(self.actor)
        self.choose_button = button(
            words("import.choose"), self.choose, "primary", context.theme.icon("import", "on_primary")
        )
        self.header.add(button(words("bundles.open"), lambda: context.go("bundles", {})))
        self.header.add(self.choose_button)
        self.banner = Banner(context.theme, "info", words("import.hint"), words("import.hint.text"))
        self.column.addWidget(self.banner)
        self.model = RowsModel[Any](self._columns(), context.theme, self)
        empty = EmptyState(
            context.theme,
            "import",
            words("import.empty"),
            words("import.empty.text"),
            words("import.choose"),
            self.choose,
        )
        self.table = DataTable(context.theme, self.model, words("import.refused"), empty)
        card = Card(words("import.refused"))
        self.save_button = button(words("import.save_refused"), self.save_refused)
        self.save_button.setEnabled(False)
        card.add_action(self.save_button)
        card.add(self.table, 1)
        self.column.addWidget(card, 1)
        self.foot = QHBoxLayout()
        self.column.addLayout(self.foot)
        self.refused: tuple[Any, ...] = ()
        self.rejected = b""

    @classmethod
    def sample(cls, workspace: Any) -> dict[str, Any]:  # noqa: ARG003
        """Show the page as one first meets it."""
        return {}

    def enter(self, path: str = "", **_: Any) -> None:
        """Show the page, perhaps with a file to take in at once."""
        workspace = self.context.workspace
        self.context.workers.read(workspace.mine, self.actor.show_parties, owner=self)
        if path:
            self.take(Path(path))

    def choose(self) -> None:
        """Ask for a file."""
        path, _ = QFileDialog.getOpenFileName(self, self.words("import.choose"), str(Path.home()), ENDINGS)
        if path:
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Take a file in, off this thread."""
        workspace, actor = self.context.workspace, self.actor.party
        self.choose_button.setEnabled(False)
        self.banner.say("info", self.words("import.reading", name=path.name), "")
        self.context.workers.write(
            lambda: workspace.files.import_file(path, as_party=actor), self._show, self._refused, self
        )

    def save_refused(self) -> None:
        """Ask where, then write the refused rows with their reasons."""
        suggested = str(Path.home() / "refused.csv")
        path, _ = QFileDialog.getSaveFileName(self, self.words("import.save_refused"), suggested, "*.csv")
        if path:
            self.write_refused(Path(path))

    def write_refused(self, path: Path) -> None:
        """Write the refusals as a table that a spreadsheet opens."""
        if self.rejected:
            # The rows as they stood, each with its reason: to be corrected and imported again.
            path.write_bytes(self.rejected)
            self.context.toast(self.words("common.saved", path=str(path)), "ok")
            return
        text = io.StringIO()
        writer = csv.writer(text)
        words = self.words
        writer.writerow([words(f"import.{name}") for name in ("where", "field", "what", "found", "expected")])
        for one in self.refused:
            writer.writerow([one.where, one.field, words.problem(one)[0], one.found, one.expected])
        # The mark at the start tells spreadsheets that the text is UTF-8.
        path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
        self.context.toast(words("common.saved", path=str(path)), "ok")

    def _show(self, report: Any) -> None:
        words = self.words
        self.choose_button.setEnabled(True)
        self.refused, self.rejected = report.refused, report.rejected
        self.model.set_rows(list(report.refused))
        self.save_button.setEnabled(bool(report.refused))
        kind = "attention" if report.refused else "ok"
        title = words("import.done", name=report.name, n=report.accepted)
        text = words(
            "import.done.text",
            described=report.described,
            duplicates=report.duplicates,
            refused=len(report.refused),
        )
        self.banner.say(kind, title, text)

    def _refused(self, problem: Problem) -> None:
        self.choose_button.setEnabled(True)
        what, remedy = self.words.problem(problem)
        self.banner.say("bad", what, f"{problem.where}\n{remedy}".strip())

    def _columns(self) -> tuple[Column[Any], ...]:
        words = self.words
        return (
            Column(words("import.where"), lambda one: one.where, width=200),
            Column(words("import.field"), lambda one: one.field, width=150),
            Column(words("import.what"), lambda one: words.problem(one)[0]),
            Column(words("import.found"), lambda one: one.found, width=150),
            Column(words("import.expected"), lambda one: one.expected),
        )
