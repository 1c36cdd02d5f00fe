"""Record what is good in a file that was looked at, then name the batches it was about.

Rule: it is written in parts; stopped after one of them, what is in by then stays in.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.context import Page
from gui.cooperative.refusals import recorded_text
from gui.cooperative.working import Working
from gui.widgets import FlowRow, button
from gui.widgets.text import show_if

if TYPE_CHECKING:
    from models.importing import ImportReport
    from models.previewing import Preview

MOST_LOTS = 8


class Recording(QObject):
    """Records one preview after the other; `lots` names what the last one was about.

    `recorded` carries the report and what to say of it; `refused` the problem.
    """

    recorded = Signal(object, object)
    refused = Signal(object)

    def __init__(self, page: Page, progress: Working) -> None:
        super().__init__(page)
        self._page, self._progress = page, progress
        self.lots = FlowRow()
        self.lots.hide()

    def begin(self, preview: Preview) -> None:
        """Record what is good, off the window's thread."""
        context, words = self._page.context, self._page.words
        files, total = context.workspace.files, preview.counts()["all"]
        told = context.workers.relay(partial(self._tell, total), self)
        stop = self._progress.begin(words("import.recording", name=preview.name))
        context.workers.write(
            lambda: files.record(preview, progress=told, wanted=lambda: not stop.is_set()),
            partial(self._done, total),
            self.refused.emit,
            self,
        )

    def _tell(self, total: int, stage: str, done: int, folded: int | None) -> None:
        if stage == "fold":
            self._progress.tell(done, folded, self._page.words("import.folding"))
        else:
            self._progress.tell_rows(done, total)

    def _done(self, total: int, report: ImportReport) -> None:
        context, entries = self._page.context, report.entries[:1000]
        files = context.workspace.files
        context.workers.read(lambda: files.lots(entries, MOST_LOTS + 1), self._show_lots, owner=self)
        self.recorded.emit(report, recorded_text(self._page.words, report, total))

    def _show_lots(self, lots: tuple[Any, ...]) -> None:
        words, go = self._page.words, self._page.context.go
        self.lots.clear()
        for lot in lots[:MOST_LOTS]:
            product = lot.product_name if words.chinese else lot.product_name_en or lot.product_name
            name = " ".join(part for part in (product, lot.lot_number) if part) or lot.lot
            self.lots.add(button(name, partial(go, "lot", {"code": lot.lot})))
        if len(lots) > MOST_LOTS:
            self.lots.add(button(words("common.more"), lambda: go("batches", {}), "quiet"))
        show_if(self.lots, bool(lots))
