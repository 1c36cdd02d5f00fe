"""Labels: choose a batch and a paper, see the label, write it as PDF, PNG or SVG; each is decoded first."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from gui.context import Context, Page, State
from gui.drafting import Drafting
from gui.labelling import label_of
from gui.labels import Label, stocks, write_labels
from gui.longwork import LongWork
from gui.printing import Printed, print_labels
from gui.widgets import Banner, Card, Field, FlowRow, Form, button, framed, label, scrolled
from gui.widgets.beside import Beside
from gui.widgets.picture import Picture
from gui.wording import finding_text
from ledger.errors import EventInvalid, Problem
from ledger.events.values import tidy_decimal

SHOWN = 1000
MOST = 2400
DEFAULT_STOCK = "roll-50x30"
PREVIEW_PAUSE_MS = 200


class LabelsPage(Page):
    """The choices on the left; the label as it will be printed on the right."""

    key = "labels"
    icon = "label"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self._wanted = ""
        self._make_editors()
        self.form = self._make_form()
        self.form.fold(self.folded, {"capitals": self.capitals, "again": self.again})
        self.header.add(button(words("labels.rolls"), lambda: context.go("rolls", self.state())))
        left = Card(words("labels.form"))
        left.add(self.form)
        self.save_button = button(
            words("labels.save"), self.save, "primary", context.theme.icon("print", "on_primary")
        )
        left.add(FlowRow((self.save_button,)))
        self.working = LongWork(self, self.save_button)
        self.drafting = Drafting(self, self._fields(), lambda: (self.lot.currentText(), self.count.text()))
        left.add(self.drafting.bar)
        left.body.addStretch()
        self.right = Card(words("labels.preview"), words("labels.preview.about"))
        self.picture = Picture(words("labels.preview"), context.theme.px(420))
        self.notes = label("", "secondary")
        self.banner = Banner(context.theme)
        self.banner.hide()
        self.right.add(self.picture)
        self.right.add(self.notes)
        self.right.add(self.banner)
        self.right.body.addStretch()
        self.column.addWidget(Beside(((scrolled(framed(left)), 3), (self.right, 2))), 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        for box in (self.lot, self.stock, self.level):
            box.currentIndexChanged.connect(lambda *_: self._pause.start())
        self.capitals.toggled.connect(lambda *_: self._pause.start())

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the label of a batch."""
        held = workspace.lots("", workspace.mine("cooperative")[0].id, None, 1)
        return {"code": held[0].lot if held else ""}

    def enter(self, code: str = "", draft: str = "", **_: Any) -> None:
        """Show the labels of a batch, perhaps one already chosen."""
        given = {"code": code, "draft": draft}
        own = self.drafting.enter({name: value for name, value in given.items() if value})
        self._wanted = own.get("code", "")
        workspace = self.context.workspace
        self.context.workers.read(lambda: workspace.lots("", None, None, SHOWN), self._take, owner=self)

    def leave(self) -> None:
        """Keep the design."""
        self.drafting.leave()

    def state(self) -> State:
        """Keep which batch it is."""
        return {"code": self.lot.currentData() or "", **self.drafting.state()}

    def preview(self) -> None:
        """Draw one label as it will be printed."""
        code = self.lot.currentData()
        if not code:
            return
        make, stock = self._maker(code), self.stock_name
        self.context.workers.read(
            lambda: _drawn(make(), stock),
            lambda drawn: self._show(*drawn),
            self._refused,
            self,
        )

    def save(self) -> None:
        """Ask where, then write the labels."""
        words = self.words
        suggested = str(Path.home() / f"{words('labels.file')}.pdf")
        path, _ = QFileDialog.getSaveFileName(
            self, words("labels.save"), suggested, "PDF (*.pdf);;PNG (*.png);;SVG (*.svg)"
        )
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write as many labels as are wanted to `path`, off this thread."""
        code = self.lot.currentData()
        if not code:
            return
        self.form.clear_errors()
        try:
            content = self._content()
        except EventInvalid as problem:
            self.form.show_problem(problem)
            return
        workspace, words, stock = self.context.workspace, self.words, self.stock_name
        codes, again = [code] * self.count.value(), self.again.isChecked()
        level, capitals = str(self.level.currentData()), self.capitals.isChecked()
        self.working.run(
            words("labels.drawing"),
            lambda tell: print_labels(
                workspace,
                words,
                codes,
                path,
                stock,
                content=content,
                again=again,
                level=level,
                capitals=capitals,
                progress=tell,
            ),
            self._written,
            self._refused,
            write=True,
        )

    def _content(self) -> tuple[Decimal, str | None] | None:
        """Return how much one label stands for, in the unit of the batch."""
        text = self.each.text().strip()
        return (
            None if not text else (tidy_decimal(text, field="each"), self._units.get(self.lot.currentData()))
        )

    @property
    def stock_name(self) -> str:
        """Return the name of the chosen paper."""
        return str(self.stock.currentData())

    def _maker(self, code: str) -> Callable[[], Label]:
        """Return what makes the chosen label, with the choices as they are now."""
        workspace, words = self.context.workspace, self.words
        level, capitals = str(self.level.currentData()), self.capitals.isChecked()

        def make() -> Label:
            meant, row = workspace.label_words(code)
            return label_of(words, meant, row, level=level, capitals=capitals)

        return make

    def _make_editors(self) -> None:
        words = self.words
        self.lot, self.stock, self.level = QComboBox(), QComboBox(), QComboBox()
        for one in stocks():
            self.stock.addItem(words.code("label.stock", one.name), one.name)
        self.stock.setCurrentIndex(self.stock.findData(DEFAULT_STOCK))
        for level in ("M", "Q", "H"):
            self.level.addItem(words(f"label.level.{level}"), level)
        self.count = QSpinBox()
        self.count.setRange(1, MOST)
        self.capitals = QCheckBox(words("labels.capitals"))
        self.again = QCheckBox(words("labels.again"))
        self.each = QLineEdit()
        self._units: dict[str, str | None] = {}

    def _fields(self) -> dict[str, QWidget]:
        return {
            "codes": self.lot,
            "sheet": self.stock,
            "count": self.count,
            "each": self.each,
            "level": self.level,
            "capitals": self.capitals,
            "again": self.again,
        }

    def _make_form(self) -> Form:
        words, form = self.words, Form(self.words)
        form.add("codes", Field(words("labels.lot"), self.lot))
        form.add("sheet", Field(words("labels.stock"), self.stock))
        form.add("count", Field(words("labels.count"), self.count))
        form.add("each", Field(words("labels.each"), self.each, words("labels.each.about")))
        form.add("level", Field(words("labels.level"), self.level, words("labels.level.about")))
        for box in (self.capitals, self.again):
            form.column.insertWidget(form.column.count() - 1, box)
        return form

    def _take(self, lots: tuple[Any, ...]) -> None:
        words = self.words
        self.drafting.hold()
        chosen = self._wanted or self.lot.currentData()
        self._units = {lot.lot: lot.uom for lot in lots}
        self.lot.blockSignals(True)
        self.lot.clear()
        for lot in lots:
            name = lot.product_name if words.chinese else lot.product_name_en or lot.product_name
            self.lot.addItem(f"{name or words('batches.unnamed')}  {lot.lot_number or lot.lot}", lot.lot)
        if chosen and self.lot.findData(chosen) < 0:
            self.lot.addItem(chosen, chosen)
        self.lot.setCurrentIndex(max(self.lot.findData(chosen), 0) if self.lot.count() else -1)
        self.lot.blockSignals(False)
        self.save_button.setEnabled(self.lot.count() > 0)
        self.drafting.ready()
        self.preview()

    def _show(self, image: bytes, report: Any) -> None:
        words = self.words
        self.picture.show_picture(image)
        notes = [words("labels.module", version=report.version, module=f"{report.module_mm:.2f}")]
        notes += [words.render(f"label.warning.{one.code}", one.params) for one in report.warnings]
        self.notes.setText("\n".join(notes))
        self.banner.hide()

    def _written(self, made: Printed) -> None:
        words, report = self.words, made.report
        if made.refused:
            texts = [finding_text(words, one) for one in made.refused]
            remedy = words(f"label.refused.{made.refused[0].code}")
            self.banner.say("bad", words("labels.not_printed"), "\n".join([*texts, remedy]))
            self.banner.show()
            return
        self.drafting.done()
        folder = report.files[0].parent
        self.banner.say("ok", words("labels.written", n=report.printed), str(report.files[0]))
        self.banner.show()
        self.context.toast(words("labels.written", n=report.printed), "ok")
        self.opened_folder = QUrl.fromLocalFile(str(folder))

    def open_folder(self) -> None:
        """Show the written file where it lies."""
        QDesktopServices.openUrl(self.opened_folder)

    def _refused(self, problem: Problem) -> None:
        if getattr(problem, "field", "").split("[")[0] in self.form.fields:
            self.form.show_problem(problem)
            return
        what, remedy = self.words.problem(problem)
        self.banner.say("bad", what, remedy)
        self.banner.show()


def _drawn(one: Label, stock: str) -> tuple[bytes, Any]:
    """Return a label's picture and what to watch, through the very code that prints it."""
    with TemporaryDirectory() as folder:
        report = write_labels([one], Path(folder) / "label.png", stock)
        return report.files[0].read_bytes(), report
