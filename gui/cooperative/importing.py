"""Import a file: look at every row first, correct what is refused, then record; nothing before.

Rule: what is shown is judged by the code that records. Reading and recording tell how far they are and can be
stopped; what is recorded by then stays recorded.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog

from gui.context import Context, Page
from gui.cooperative.actors import ActorBox
from gui.cooperative.correcting import Correcting, Corrections, kept_in
from gui.cooperative.headings import HeadingsCard
from gui.cooperative.importbody import ImportBody
from gui.cooperative.importrecording import Recording
from gui.cooperative.importsaving import Saving
from gui.cooperative.looking import Looking, Wish, judged_anew
from gui.cooperative.refusals import Said, choices
from gui.cooperative.working import Working
from gui.widgets import Banner, FlowRow, button
from gui.widgets.text import show_if
from ledger.errors import Problem

if TYPE_CHECKING:
    from models.importing import ImportReport
    from models.previewing import Preview, PreviewRow

ENDINGS = "*.json *.jsonld *.xml *.csv *.xlsx"


class ImportPage(Page):
    """Choose a file or drop one here."""

    key = "import"
    icon = "import"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self.preview: Preview | None = None
        self.path: Path | None = None
        self._columns: dict[str, str] = {}
        self._growing = False
        self.correcting = Correcting(self)
        self.correcting.changed.connect(self._correct)
        self.saving = Saving(self, self._refused)
        self._head()
        self.banner = Banner(theme, "info", words("import.hint"), words("import.hint.text"))
        self.progress = Working(words, self.cancel, self._show_parts)
        self.looking = Looking(self, self.progress)
        self.looking.grown.connect(self._grown)
        self.looking.looked.connect(self._looked)
        self.looking.refused.connect(self._refused)
        self.recording = Recording(self, self.progress)
        self.recording.recorded.connect(self._recorded)
        self.recording.refused.connect(self._refused)
        self.lots = self.recording.lots
        self.headings = HeadingsCard(words, theme)
        self.headings.told.connect(self._tell_columns)
        for part in (self.banner, self.others, self.lots, self.progress, self.headings):
            self.column.addWidget(part)
        self._fill_body()
        self._show_parts()

    @property
    def busy(self) -> bool:
        """Say whether a file is being read, judged or recorded."""
        return self.progress.busy

    @classmethod
    def sample(cls, workspace: Any) -> dict[str, Any]:  # noqa: ARG003
        """Show the page as one first meets it."""
        return {}

    def enter(self, path: str = "", draft: str = "", **_: Any) -> None:
        """Show the page, perhaps with a file to look at at once, or where somebody left off."""
        workspace, words = self.context.workspace, self.words
        self.context.workers.read(
            lambda: (workspace.mine(), choices(words, workspace)),
            lambda found: self._arrive(*found, path, draft),
            owner=self,
        )

    def state(self) -> dict[str, Any]:
        """Keep which file is looked at, and what was corrected in it."""
        if self.correcting.id:
            return {"draft": self.correcting.id}
        return {"path": str(self.path)} if self.path is not None else {}

    def choose(self) -> None:
        """Ask for a file."""
        path, _ = QFileDialog.getOpenFileName(self, self.words("import.choose"), str(Path.home()), ENDINGS)
        if path:
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Look at a file, off this thread; nothing is recorded."""
        if self.progress.busy and not self.looking.under_way:
            self.context.toast(self.words("import.busy"), "attention")
            return
        self._columns = {}
        self._look(Wish(path))

    def record(self) -> None:
        """Record what is good, off this thread."""
        if self.preview is not None and not self.progress.busy:
            self.recording.begin(self.preview)

    def cancel(self) -> None:
        """Stop reading at once, or recording after the part that is being written."""
        self.progress.button.setEnabled(False)
        self.progress.stop.set()
        if self.looking.stop():
            self._drop_rows()
            self.progress.end()
            self.banner.say("neutral", self.words("import.stopped_reading"), self.words("import.nothing_yet"))

    def open_row(self, row: PreviewRow | None) -> None:
        """Show a row to correct it."""
        if row is None or self.preview is None or self.looking.under_way:
            return
        if row.state == "refused" or row.corrected:
            self.editor.show_row(self.preview, row)
            self._show_parts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page has no room for table and form side by side."""
        super().resizeEvent(event)
        self._show_parts()

    # --- making the page -----------------------------------------------------------------------------

    def _head(self) -> None:
        words, theme = self.words, self.context.theme
        self.actor = ActorBox(self.context)
        self.actor.chosen.connect(lambda *_: self._look_again())
        self.choose_button = button(
            words("import.choose"), self.choose, "primary", theme.icon("import", "on_primary")
        )
        self.header.add(self.actor)
        self.header.add(self.choose_button)
        template = button(words("import.template"), self.saving.ask_template, icon=theme.icon("save"))
        bundles = button(words("bundles.open"), lambda: self.context.go("bundles", {}))
        self.others = FlowRow((template, bundles))

    def _fill_body(self) -> None:
        self.body = ImportBody(self.context, self.choose)
        self.rows, self.editor = self.body.rows, self.body.editor
        self.rows.opened.connect(self.open_row)
        self.rows.failed.connect(self._refused)
        stack = self.correcting.stack
        for made, act, can in (
            (self.rows.record_button, self.record, None),
            (self.rows.save_button, lambda: self.saving.ask_refused(self.preview), None),
            (self.rows.undo_button, self.correcting.undo, stack.canUndoChanged),
            (self.rows.redo_button, self.correcting.redo, stack.canRedoChanged),
        ):
            made.clicked.connect(lambda *_, act=act: act())
            if can is not None:
                can.connect(made.setEnabled)
        self.editor.corrected.connect(self.correcting.add)
        self.editor.closed.connect(self._show_parts)
        self.column.addWidget(self.body, 1)

    def _show_parts(self) -> None:
        """Show what there is to show: nothing yet, the rows of a file, or one row of them."""
        filled = self.preview is not None and self.preview.counts()["all"] > 0
        self.body.arrange(filled, not filled and not self.headings.wanted, self.width())
        show_if(self.headings, self.headings.wanted and self.editor.row is None)
        show_if(self.others, not filled)
        self.rows.allow(not self.progress.busy)
        self.choose_button.setEnabled(not self.progress.busy)

    # --- looking -------------------------------------------------------------------------------------

    def _arrive(self, parties: Any, offered: Any, path: str, draft: str) -> None:
        self.actor.show_parties(parties)
        self.editor.choices = offered
        if path:
            self.take(Path(path))
        elif draft or self.path is None:
            self._go_on(draft)

    def _go_on(self, draft: str) -> None:
        """Go on where a draft was left."""
        kept = self.correcting.draft(draft)
        if kept is None or kept.id == self.correcting.id or self.progress.busy:
            return
        held = kept_in(kept)
        self._columns = held.columns
        self._look(Wish(held.path, kept.id, held.digest, held.corrections))

    def _look(self, wish: Wish) -> None:
        """Read a file and judge its rows."""
        self._drop_rows()
        self.path = wish.path
        self.looking.begin(replace(wish, actor=self.actor.party, columns=dict(self._columns)))

    def _look_again(self, said: Said | None = None) -> None:
        """Read the file once more: as somebody else, with other headings, or after something was recorded."""
        if self.path is not None and self.preview is not None and not self.progress.busy:
            digest = self.preview.looked.digest.hex()
            self._look(Wish(self.path, self.correcting.id, digest, self.correcting.held, said))

    def _grown(self, preview: Preview) -> None:
        """Show the rows that are judged already."""
        if preview is self.preview:
            self.rows.grow()
            return
        self.preview, self._growing = preview, True
        self.body.close_row()
        self.lots.hide()
        self.banner.say(
            "info", self.words("import.reading", name=preview.name), self.words("import.nothing_yet")
        )
        self.rows.show_state("all")
        self.rows.show_preview(preview, growing=True)
        self._show_parts()

    def _looked(self, preview: Preview, said: Said, wish: Wish) -> None:
        kept, grown, self._growing = wish.said is None, preview is self.preview, False
        self.preview = preview
        self.progress.end()
        self.correcting.begin(preview.looked, wish.draft, preview.corrections, keep=kept)
        self.body.close_row()
        if kept:
            self.lots.hide()
        if grown:
            self.rows.complete()
        else:
            self.rows.show_state("all")
            self.rows.show_preview(preview)
        self.headings.show_preview(preview)
        self.banner.say(*said)
        self._show_parts()
        if wish.corrections and not preview.corrections:
            self.context.toast(self.words("import.draft_stale"), "attention")

    def _drop_rows(self) -> None:
        """Rows of a file that was not read to its end say nothing about it."""
        if self._growing:
            self.preview, self._growing = None, False

    def _tell_columns(self, told: dict[str, str]) -> None:
        self._columns = told
        self._look_again()

    # --- correcting ----------------------------------------------------------------------------------

    def _correct(self, corrections: Corrections) -> None:
        preview = self.preview
        if preview is None or self.progress.busy:
            return

        self.progress.begin(self.words("import.judging"), can_stop=False)
        self.context.workers.read(
            partial(judged_anew, self.words, preview, corrections),
            lambda found: self._corrected(preview, *found),
            self._refused,
            self,
        )

    def _corrected(self, preview: Preview, following: PreviewRow | None, said: Said) -> None:
        self.progress.end()
        if preview is not self.preview:
            return
        self.rows.refresh()
        self.banner.say(*said)
        if self.editor.row is not None:
            if following is None:
                self.editor.close_row()
            else:
                self.open_row(following)
        self._show_parts()

    # --- recording -----------------------------------------------------------------------------------

    def _recorded(self, report: ImportReport, said: Said) -> None:
        self.progress.end()
        if not report.refused and report.stopped_at is None:
            self.correcting.done()
        self.banner.say(*said)
        # What was recorded is known from now on, what was refused is still here.
        self._look_again(said)

    def _refused(self, problem: Problem) -> None:
        self._drop_rows()
        self.progress.end()
        what, remedy = self.words.problem(problem)
        self.banner.say("bad", what, f"{problem.where}\n{remedy}".strip())
        self._show_parts()
