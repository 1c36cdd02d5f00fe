"""The listing pre-check: type or paste a listing; what may not be said is underlined, with other words.

Rule: the judging runs off this thread after a pause in the typing; an answer for an older text is dropped.
Nothing is recorded here: what a seller has not published is nobody's business.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from gui.context import Context, Page, State
from gui.cooperative.remarks import RemarkCard
from gui.lot_facts import lot_facts
from gui.widgets import Banner, Card, FlowRow, clear, label, scrolled
from gui.widgets.beside import Beside
from models.claims.checking import Checked, Checker
from models.claims.lexicon import CATEGORIES

PAUSE_MS = 300
LONGEST = 20_000
COLOURS = {"violation": "bad", "contradicted": "bad", "unsupported": "attention", "supported": "ok"}


class ListingPage(Page):
    """The text on the left; on the right every remark with its law and what may stand there instead."""

    key = "listing"
    icon = "listing"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.checker = Checker()
        self.checked: Checked | None = None
        self._job: Any = None
        self._wanted_lot = ""
        self.lot = QComboBox()
        self.lot.setAccessibleName(words("listing.lot"))
        self.lot.setMinimumWidth(context.theme.px(240))
        self.lot.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lot.addItem(words("listing.lot.none"), "")
        self.category = QComboBox()
        self.category.setAccessibleName(words("listing.category"))
        for code in CATEGORIES:
            self.category.addItem(words(f"listing.category.{code}"), code)
        self.category.setCurrentIndex(CATEGORIES.index("food"))
        self.banner = Banner(context.theme, "info", words("listing.empty"), words("listing.empty.text"))
        self.column.addWidget(self.banner)
        self.remarks = QVBoxLayout()
        self.remarks.setSpacing(12)
        parts = ((self._left(), 1), (scrolled(_around(self.remarks)), 1))
        self.column.addWidget(Beside(parts), 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.check)
        self.edit.textChanged.connect(self._pause.start)
        for box in (self.lot, self.category):
            box.activated.connect(lambda *_: self.check())
        QShortcut(QKeySequence("F8"), self, self.next_remark)
        QShortcut(QKeySequence("Ctrl+."), self, self.apply_first)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show a listing with a little of everything, checked against a lot of the demonstration."""
        lots = workspace.lots("", limit=200)
        fit = [row for row in lots if row.status != "recalled"]
        rice = next((row for row in fit if row.category == "rice"), None)
        return {
            "text": "今年的新米上市了，全网销量第一，口感最好吃！\n"
            "吃了能治疗高血压，老人孩子都放心。\n有机种植，现摘现发，坏了包赔。",
            "lot": (rice or fit[0]).lot if fit else "",
        }

    def enter(self, text: str = "", lot: str = "", category: str = "", **_: Any) -> None:
        """Show the page, perhaps with a text already, perhaps for a lot."""
        self._wanted_lot = lot or str(self.lot.currentData() or "")
        if category in CATEGORIES:
            self.category.setCurrentIndex(CATEGORIES.index(category))
        if text:
            self.edit.setPlainText(text)
        workspace = self.context.workspace
        self.context.workers.read(lambda: workspace.lots("", limit=200), self._offer, owner=self)

    def state(self) -> State:
        """Keep the text, the lot and the kind of goods."""
        return {
            "text": self.edit.toPlainText(),
            "lot": self.lot.currentData() or "",
            "category": self.category.currentData(),
        }

    def check(self) -> None:
        """Judge the text as it stands, off this thread."""
        if self._job is not None:
            self._job.cancel()
        text = self.edit.toPlainText()
        lot, category = str(self.lot.currentData() or ""), str(self.category.currentData())
        checker, workspace = self.checker, self.context.workspace
        self._job = self.context.workers.read(
            lambda: checker.check(text, category, lot_facts(workspace, lot) if lot else None),
            self._show,
            owner=self,
        )

    def apply(self, remark: int, offer: int) -> None:
        """Take an offer: put its words into the text as one step that can be undone."""
        if self.checked is None or self.checked.text != self.edit.toPlainText():
            return
        chosen = self.checked.rows[remark].offers[offer]
        cursor = self.edit.textCursor()
        cursor.setPosition(_utf16(self.checked.text, chosen.start))
        cursor.setPosition(_utf16(self.checked.text, chosen.end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(chosen.words)
        self.edit.setTextCursor(cursor)
        self.edit.setFocus()

    def apply_first(self) -> None:
        """Take the first offer of the remark at the cursor, else of the first remark that has one."""
        rows = () if self.checked is None else self.checked.rows
        at = self.edit.textCursor().position()
        here = [n for n, row in enumerate(rows) if row.offers and row.remark.start <= at <= row.remark.end]
        first = [n for n, row in enumerate(rows) if row.offers]
        if here or first:
            self.apply((here or first)[0], 0)

    def next_remark(self) -> None:
        """Select the words of the next remark after the cursor, going round."""
        if self.checked is None or not self.checked.rows:
            return
        at = self.edit.textCursor().selectionEnd()
        starts = [_utf16(self.checked.text, row.remark.start) for row in self.checked.rows]
        self.select(next((n for n, start in enumerate(starts) if start >= at), 0))

    def select(self, remark: int) -> None:
        """Select the words of one remark."""
        if self.checked is None or self.checked.text != self.edit.toPlainText():
            return
        found = self.checked.rows[remark].remark
        self.edit.setTextCursor(_cursor(self.edit, self.checked.text, found.start, found.end))
        self.edit.setFocus()

    def _left(self) -> Card:
        words = self.words
        card = Card(words("listing.text"), words("listing.text.about"))
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(words("listing.text"))
        self.edit.setPlaceholderText(words("listing.placeholder"))
        self.edit.setTabChangesFocus(True)
        card.add(FlowRow((self.category, self.lot)))
        card.add(self.edit, 1)
        card.add(label(words("listing.keys"), "secondary"))
        return card

    def _offer(self, lots: tuple[Any, ...]) -> None:
        words = self.words
        while self.lot.count() > 1:
            self.lot.removeItem(1)
        for row in lots:
            name = (not words.chinese and row.product_name_en) or row.product_name
            self.lot.addItem(f"{name or row.gtin or row.lot} {row.lot_number or ''}".strip(), row.lot)
        self.lot.setCurrentIndex(max(0, self.lot.findData(self._wanted_lot)))
        if self.edit.toPlainText().strip():
            self.check()

    def _show(self, checked: Checked) -> None:
        if checked.text != self.edit.toPlainText():
            return
        self.checked = checked
        self._underline(checked)
        clear(self.remarks)
        for number, row in enumerate(checked.rows):
            self.remarks.addWidget(RemarkCard(self.context, row, number, self.select, self.apply))
        self.remarks.addStretch()
        self._say(checked)

    def _say(self, checked: Checked) -> None:
        words = self.words
        wrong = sum(row.remark.wrong for row in checked.rows)
        open_ = sum(row.remark.verdict in ("to_check", "unsupported") for row in checked.rows)
        if not checked.text.strip():
            self.banner.say("info", words("listing.empty"), words("listing.empty.text"))
        elif wrong:
            self.banner.say("bad", words("listing.wrong", n=wrong), words("listing.wrong.text"))
        elif open_:
            self.banner.say("attention", words("listing.open", n=open_), words("listing.open.text"))
        else:
            self.banner.say("ok", words("listing.clean"), words("listing.clean.text"))

    def _underline(self, checked: Checked) -> None:
        marks = []
        for row in checked.rows:
            mark: Any = QTextEdit.ExtraSelection()
            shape = QTextCharFormat()
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            colour: QColor = self.context.theme.colour(COLOURS.get(row.remark.verdict, "info"))
            shape.setUnderlineColor(colour)
            # A wave alone is thin: the ground says it too.
            ground = QColor(colour)
            ground.setAlpha(36)
            shape.setBackground(ground)
            shape.setToolTip(row.remark.why[0 if self.words.chinese else 1])
            mark.format = shape
            mark.cursor = _cursor(self.edit, checked.text, row.remark.start, row.remark.end)
            marks.append(mark)
        self.edit.setExtraSelections(marks)


def _cursor(edit: QPlainTextEdit, text: str, start: int, end: int) -> QTextCursor:
    cursor = QTextCursor(edit.document())
    cursor.setPosition(_utf16(text, start))
    cursor.setPosition(_utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _utf16(text: str, place: int) -> int:
    """Return where Qt counts this place: an emoji is two of its characters."""
    return len(text[:place].encode("utf-16-le")) // 2


def _around(column: QVBoxLayout) -> QWidget:
    inside = QWidget()
    column.setContentsMargins(0, 0, 8, 0)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    inside.setLayout(column)
    return inside
