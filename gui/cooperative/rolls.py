"""Scratch codes: choose a batch and how many, see one sticker, save the only file that holds the secrets.

Rule: a refusal is said beside its field before anything is made, and until the entry is recorded the whole
can be called off without a trace.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QSpinBox

from gui.context import Context, Page, State
from gui.cooperative.sticker import Sticker
from gui.drafting import Drafting
from gui.labels.roll import ACROSS, DOWN
from gui.longwork import LongWork
from gui.rolling import write_roll
from gui.widgets import Banner, Card, Field, FlowRow, Form, button, framed, label, scrolled
from gui.widgets.beside import Beside
from ledger.errors import Problem

SHOWN = 1000
MOST = 100_000
EACH = ACROSS * DOWN
PAUSE_MS = 200
# Which field a refusal is about; any other is said under the form.
FIELDS = {"roll-too-many": "count", "file-unwritable": "file"}


class RollsPage(Page):
    """The choices on the left; a specimen, and what became of it, on the right."""

    key = "rolls"
    icon = "label"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self._wanted = ""
        self._rows: dict[str, Any] = {}
        self.column.addWidget(Banner(theme, "attention", words("rolls.warning"), words("rolls.warning.text")))
        self.lot, self.count = QComboBox(), QSpinBox()
        self.count.setRange(1, MOST)
        self.form = Form(words)
        self.form.add("code", Field(words("labels.lot"), self.lot))
        self.form.add("count", Field(words("rolls.count"), self.count, words("rolls.count.about")))
        self.save_button = button(
            words("rolls.save"), self.save, "primary", theme.icon("print", "on_primary")
        )
        self.form.add("file", Field("", FlowRow((self.save_button,)))).name.hide()
        left = Card(words("rolls.form"))
        left.add(self.form)
        self.drafting = Drafting(
            self, {"code": self.lot, "count": self.count}, lambda: (self.lot.currentText(), self.count.text())
        )
        left.add(self.drafting.bar)
        self.working = LongWork(self, self.save_button, self.lot, self.count, self.drafting.bar)
        left.body.addStretch()
        self.sticker = Sticker(theme, words("roll.hint"), words("rolls.preview"))
        self.pages = label("", "secondary")
        self.banner = Banner(theme)
        self.banner.hide()
        right = Card(words("rolls.preview"), words("rolls.preview.about"))
        for widget in (self.sticker, self.pages, self.banner):
            right.add(widget)
        right.body.addStretch()
        self.column.addWidget(Beside(((scrolled(framed(left)), 1), (right, 1))), 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.check)
        self.lot.currentIndexChanged.connect(lambda *_: self._choose())
        self.count.valueChanged.connect(lambda *_: self._pause.start())

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show a batch that may have a roll, if there is one."""
        held = workspace.lots("", workspace.mine("cooperative")[0].id, "active", 1)
        return {"code": held[0].lot if held else ""}

    def enter(self, code: str = "", draft: str = "", **_: Any) -> None:
        """Show the batches, perhaps one already chosen, perhaps as it was left."""
        given = {"code": code, "draft": draft}
        own = self.drafting.enter({name: value for name, value in given.items() if value})
        self._wanted = str(own.get("code") or "")
        workspace = self.context.workspace
        self.context.workers.read(lambda: workspace.lots("", None, None, SHOWN), self._take, owner=self)

    def state(self) -> State:
        """Keep which batch it is, and the draft."""
        return {"code": self.lot.currentData() or "", **self.drafting.state()}

    def leave(self) -> None:
        """Keep what is chosen."""
        self.drafting.leave()

    def check(self) -> None:
        """Ask whether the chosen batch may have so many codes, and say beside the field why not."""
        row, count = self._rows.get(self.lot.currentData()), self.count.value()
        workspace = self.context.workspace
        if row is None:
            return
        pages = -(-count // EACH)
        self.pages.setText(self.words("rolls.pages", n=pages, each=EACH))
        self.context.workers.read(
            lambda: _standing(workspace, row, count),
            lambda found: self._checked(row.lot, count, found),
            owner=self,
        )

    def save(self) -> None:
        """Ask where, then make the roll."""
        suggested = str(Path.home() / f"{self.words('rolls.file')}.pdf")
        path, _ = QFileDialog.getSaveFileName(self, self.words("rolls.save"), suggested, "PDF (*.pdf)")
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Register the codes and write them to `path`, off this thread."""
        code, count = self.lot.currentData(), self.count.value()
        if not code:
            return
        workspace, words = self.context.workspace, self.words
        self.form.clear_errors()
        self.banner.hide()
        self.working.run(
            words("rolls.drawing"),
            lambda tell: write_roll(workspace, words, code, count, path, progress=tell),
            lambda entry: self._written(entry, count, path),
            self._say_beside,
            write=True,
        )

    def _take(self, lots: tuple[Any, ...]) -> None:
        words = self.words
        self.drafting.hold()
        chosen, self._wanted = self._wanted or self.lot.currentData(), ""
        self._rows = {lot.lot: lot for lot in lots}
        self.lot.blockSignals(True)
        self.lot.clear()
        for lot in lots:
            name = lot.product_name if words.chinese else lot.product_name_en or lot.product_name
            self.lot.addItem(f"{name or words('batches.unnamed')}  {lot.lot_number or lot.lot}", lot.lot)
        self.lot.setCurrentIndex(max(self.lot.findData(chosen), 0) if lots else -1)
        self.lot.blockSignals(False)
        self.save_button.setEnabled(bool(lots))
        if lots:
            self._choose()
        else:
            self._say("info", words("rolls.none"), words("rolls.none.text"))
        self.drafting.ready()

    def _choose(self) -> None:
        """Offer as many codes as the batch has pieces, where it is counted by the piece."""
        from models.items import BY_THE_PIECE

        row = self._rows.get(self.lot.currentData())
        if row is None:
            return
        self.banner.hide()
        if row.uom in BY_THE_PIECE and row.quantity:
            # Silent: it belongs to choosing the batch, and is undone with it.
            self.count.blockSignals(True)
            self.count.setValue(int(row.quantity))
            self.count.blockSignals(False)
        self.sticker.show_lot(row.lot_number or row.lot)
        self.check()

    def _checked(self, lot: str, count: int, found: tuple[Any, Problem | None]) -> None:
        if (lot, count) != (self.lot.currentData(), self.count.value()):
            return  # another choice was made meanwhile; its own answer is on the way
        counts, refusal = found
        self.form.clear_errors()
        self.save_button.setEnabled(refusal is None and not self.working.busy)
        if refusal is not None:
            self._say_beside(refusal)
        if counts is not None:
            heard = {"registered": counts.registered, "counted": counts.counted}
            self._say("info", self.words("rolls.already", **heard))

    def _written(self, entry: int, count: int, path: Path) -> None:
        words = self.words
        self.drafting.done()
        done = words("rolls.done", n=count, index=words.number(entry))
        self._say("ok", done, words("rolls.done.text", file=path))
        self.context.toast(done, "ok")
        self.save_button.setEnabled(False)  # a batch has one roll

    def _say_beside(self, problem: Problem) -> None:
        what, remedy = self.words.problem(problem)
        self.form.fields[FIELDS.get(problem.code, "code")].error(f"{what}\n{remedy}" if remedy else what)

    def _say(self, kind: str, title: str, text: str = "") -> None:
        self.banner.say(kind, title, text)
        self.banner.show()


def _standing(workspace: Any, row: Any, count: int) -> tuple[Any, Problem | None]:
    """Return the codes a lot has already, and why it can have no such roll."""
    from models.items import refuse_roll

    try:
        refuse_roll(workspace.items, row, count, workspace.clock())
    except Problem as problem:
        return workspace.items.counts(row.lot), problem
    return None, None
