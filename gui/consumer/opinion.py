"""What a buyer says: stars and words, or a complaint. Words go to the vault, never into a hashed byte.

Rule: what is typed here is never written down before it is sent. A dialog closed by mistake is brought
back by its message, for the seconds that stands; after that nobody at this machine can see the words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.consumer.verdict import Answer
from gui.context import Context
from gui.drafting import Drafting
from gui.drafts import Passing
from gui.widgets import Chips, Field, Form, button, label
from ledger.errors import EventInvalid, Problem
from ledger.events.identifiers import lot_of

KINDS = ("safety", "quality", "fraud", "delivery", "service")
LONGEST = 2000


class Stars(QWidget):
    """One to five stars; arrow keys and digits choose, each star says its own name."""

    chosen = Signal(int)

    def __init__(self, words: Any, size: int) -> None:
        super().__init__()
        self.value = 0
        self._words = words
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self.buttons: list[QPushButton] = []
        for number in range(1, 6):
            made = button("☆", partial(self._click, number), "star")
            made.setAccessibleName(words(f"review.stars.{number}"))
            made.setToolTip(words(f"review.stars.{number}"))
            made.setStyleSheet(f"font-size: {size}px; padding: 2px 8px;")
            self.buttons.append(made)
            row.addWidget(made)
        self.said = label("", "secondary", wrap=False)
        row.addSpacing(8)
        row.addWidget(self.said)
        row.addStretch()
        self.setFocusProxy(self.buttons[0])

    @property
    def current(self) -> int:
        """Return how many stars are given, 0 for none yet."""
        return self.value

    def choose(self, number: int) -> None:
        """Give this many stars, or none, without telling anybody."""
        self.value = number
        for place, one in enumerate(self.buttons, 1):
            one.setText("★" if place <= number else "☆")
        self.said.setText(self._words(f"review.stars.{number}") if number else "")

    def _click(self, number: int) -> None:
        self.choose(number)
        self.chosen.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by digit, or one more and one fewer by arrow."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}.get(
            Qt.Key(event.key())
        )
        if event.text() in "12345" and event.text():
            self._click(int(event.text()))
        elif step:
            self._click(min(max(self.value + step, 1), 5))
        else:
            super().keyPressEvent(event)


class _Opinion(QDialog):
    """What both dialogs share: about whom, the form, the words, and one write."""

    key = ""

    def __init__(self, context: Context, answer: Answer, parent: QWidget) -> None:
        super().__init__(parent)
        name = self.key
        self.context, self.answer, self._sent = context, answer, False
        words = self.words = context.words
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(words(f"{name}.write"))
        self.setMinimumWidth(context.theme.px(520))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(label(words(f"{name}.title", party=words.name(answer.seller)), "card"))
        column.addWidget(label(words(f"{name}.about"), "secondary"))
        self.form = Form(words)
        self.fill()
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(words(f"{name}.text.example"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(context.theme.px(110))
        self.form.add("text", Field(words(f"{name}.text"), self.text, words("opinion.private")))
        self.token = QLineEdit()
        self.token.setPlaceholderText("ABCDE FGHIJ KLMNO PQRST UVWXY Z")
        self.form.add("token", Field(words("opinion.key"), self.token, words("opinion.key.about")))
        column.addWidget(self.form)
        # Not the item's key: whoever brings the words back has the paper in hand.
        editors = {name: field.editor for name, field in self.form.fields.items() if name != "token"}
        self.drafting = Drafting(self, editors, lambda: (), keeper=Passing())
        self.drafting.ready()
        self._empty = self.drafting.values()
        column.addWidget(self.drafting.bar)
        column.addStretch()
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.cancel"), self.reject))
        self.send_button = button(words(f"{name}.send"), self.send, "primary")
        row.addWidget(self.send_button)
        column.addLayout(row)

    def fill(self) -> None:
        """Put the dialog's own fields into the form."""

    def enter(self, **_: Any) -> None:
        """Nothing else can be chosen: these drafts wait nowhere."""

    def done(self, result: int) -> None:
        """Close; words that were not sent can be brought back while the message about it stands."""
        typed = self.drafting.values()
        if not self._sent and typed != self._empty:
            context, answer, parent, made = self.context, self.answer, self.parentWidget(), type(self)

            def again() -> None:
                if parent is not None and shiboken6.isValid(parent):
                    dialog = made(context, answer, parent)
                    dialog.drafting.put(typed)
                    dialog.open()

            context.toast(self.words("opinion.dropped"), "info", self.words("draft.undo"), again)
        super().done(result)

    def send(self) -> None:
        """Check, then record; a refusal stands beside its field."""
        raise NotImplementedError

    def write(self, work: Callable[[], object], done: str) -> None:
        """Record off this thread and close with a word of thanks."""
        if len(self.text.toPlainText()) > LONGEST:
            self.form.show_problem(self._wrong("text", "opinion-too-long", f"{len(self.text.toPlainText())}"))
            return
        self.send_button.setEnabled(False)
        self.context.workers.write(work, lambda _: self._done(done), self._refused, self)

    def _done(self, done: str) -> None:
        self._sent = True
        self.context.toast(self.words(done), "ok")
        self.accept()

    def _refused(self, problem: Problem) -> None:
        self.send_button.setEnabled(True)
        self.form.show_problem(problem)

    def _wrong(self, field: str, code: str, found: str = "") -> EventInvalid:
        return EventInvalid(code, field=field, code=code, found=found)

    def _author(self) -> str | None:
        """Return who signs for a shopper here: the installation's own consumer desk, where it holds one."""
        mine = getattr(self.context.workspace, "mine", None)
        held = mine("consumer") if mine is not None else ()
        return held[0].id if held else None

    @property
    def _lot(self) -> str | None:
        return lot_of(self.answer.code) or getattr(self.answer.story.lot, "lot", None)


class ReviewDialog(_Opinion):
    """Stars, and words if one likes."""

    key = "review"

    def fill(self) -> None:
        """Ask for stars."""
        self.stars = Stars(self.words, self.context.theme.px(24))
        self.form.add("stars", Field(self.words("review.stars"), self.stars))
        self.stars.chosen.connect(lambda _: self.form.fields["stars"].error(""))

    def send(self) -> None:
        """Record the review."""
        if not self.stars.value:
            self.form.show_problem(self._wrong("stars", "review-no-stars"))
            return
        workspace, seller, stars = self.context.workspace, self.answer.seller.id, self.stars.value
        text, lot, item = self.text.toPlainText().strip(), self._lot, self.answer.story.item
        author, key = self._author(), self.token.text().strip() or None
        self.write(
            lambda: workspace.opinions.review(
                seller, stars, text, lot=lot, item=item, token=key, as_party=author
            ),
            "review.thanks",
        )


class ComplaintDialog(_Opinion):
    """What it is about, how bad it is, and what happened."""

    key = "complaint"

    def fill(self) -> None:
        """Ask for the kind and the severity."""
        words = self.words
        self.kind = Chips([(kind, words(f"complaint_kind.{kind}")) for kind in KINDS])
        self.severity = Chips([(str(n), words(f"complaint.severity.{n}")) for n in (1, 2, 3)], "2")
        self.form.add("kind", Field(words("complaint.kind"), self.kind))
        self.form.add("severity", Field(words("complaint.severity"), self.severity))
        self.kind.chosen.connect(lambda _: self.form.fields["kind"].error(""))

    def send(self) -> None:
        """Record the complaint."""
        kind, text = self.kind.current, self.text.toPlainText().strip()
        if not kind:
            self.form.show_problem(self._wrong("kind", "complaint-no-kind"))
            return
        if not text:
            self.form.show_problem(self._wrong("text", "complaint-no-words"))
            return
        workspace, seller, severity = (
            self.context.workspace,
            self.answer.seller.id,
            int(self.severity.current),
        )
        lot, author, key = self._lot, self._author(), self.token.text().strip() or None
        self.write(
            lambda: workspace.opinions.complain(
                seller, kind, severity, text, lot=lot, token=key, as_party=author
            ),
            "complaint.thanks",
        )
