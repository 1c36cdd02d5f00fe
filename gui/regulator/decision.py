"""One finding before a person: its evidence, why, whose it is, and two ways to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit

from gui.context import Context
from gui.widgets import Card, button, label, repolish
from gui.widgets.text import show_if
from gui.wording import law_text
from ledger.errors import Problem
from models.claims.inspecting import Found

_EVIDENCE_HEIGHT = 60


class DecisionCard(Card):
    """Shows one finding; `confirm` and `dismiss` are called when the person decides."""

    def __init__(
        self, context: Context, confirm: Callable[[], object], dismiss: Callable[[str], object]
    ) -> None:
        words = context.words
        super().__init__(words("monitor.decide"))
        self._context = context
        self._dismiss = dismiss
        self.found: Found | None = None
        self.may_confirm = False
        self._inspector = False
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.passage = label("", "strong")
        self.why = label("")
        self.law = label("", "secondary")
        self.standing = label("", "secondary")
        for widget in (self.picture, self.passage, self.why, self.law):
            self.add(widget)
        self.subject = QComboBox()
        self.subject.setAccessibleName(words("monitor.party"))
        self.subject.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.subject.setMinimumContentsLength(4)
        self.subject.activated.connect(lambda *_: self._enable())
        self.confirm_button = button(words("monitor.confirm"), confirm, "primary")
        row = QHBoxLayout()
        row.addWidget(self.subject, 1)
        row.addWidget(self.confirm_button)
        self.body.addLayout(row)
        self.reason = QLineEdit()
        self.reason.setMinimumWidth(context.theme.px(60))
        self.reason.setAccessibleName(words("monitor.reason"))
        self.reason.setPlaceholderText(words("monitor.reason"))
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda *_: self._enable())
        self.reason.textEdited.connect(lambda *_: self._say_wrong(""))
        self.reason.returnPressed.connect(self._say_no)
        self.problem = label("", "error")
        self.problem.hide()
        self.dismiss_button = button(words("monitor.dismiss"), self._say_no)
        row = QHBoxLayout()
        row.addWidget(self.reason, 1)
        row.addWidget(self.dismiss_button)
        self.body.addLayout(row)
        self.add(self.problem)
        self.add(self.standing)
        self.show_found(None)

    @property
    def party(self) -> str | None:
        """Return whose claim this is."""
        data = self.subject.currentData()
        return str(data) if data else None

    def offer(self, merchants: tuple[Any, ...], inspectors: tuple[Any, ...], party: str = "") -> None:
        """Offer these merchants to choose from; nobody confirms where no inspector's key lies."""
        words = self._context.words
        wanted = party or self.party or ""
        self._inspector = bool(inspectors)
        self.subject.clear()
        self.subject.addItem(words("monitor.party"), "")
        for row in sorted(merchants, key=lambda row: row.name):
            self.subject.addItem(words.name(row), row.party)
        self.subject.setCurrentIndex(max(0, self.subject.findData(wanted)))
        self.standing.setText(
            words("inspection.signed_by", name=words.name(inspectors[0]))
            if inspectors
            else words("inspection.nobody_signs")
        )
        self._enable()

    def show_found(self, found: Found | None, decided: str = "") -> None:
        """Show another finding, or none."""
        words = self._context.words
        self.found = found
        self._decided = decided
        if found is None:
            self.passage.setText(words("monitor.choose"))
            self.why.setText("")
            self.law.setText("")
            self.picture.hide()
        else:
            remark, side = found.remark, 0 if words.chinese else 1
            self.passage.setText(found.case.passage)
            why = remark.why[side] or (words(f"claims.why.{remark.reason}") if remark.reason else "")
            self.why.setText(f"{why} · {decided}" if decided else why)
            self.law.setText(words("listing.law", law=law_text(words, remark.statute)))
            self._show_evidence(found.case.png)
        self.reason.clear()
        self._enable()

    def ask_reason(self) -> None:
        """Go to the field for the reason."""
        self.reason.setFocus()

    def refuse(self, problem: Problem) -> None:
        """Say beside the reason why the decision could not be kept."""
        what, remedy = self._context.words.problem(problem)
        self._say_wrong(f"{what}\n{remedy}".strip())

    def _say_wrong(self, text: str) -> None:
        """Say what is wrong with the decision, on the screen and to a screen reader; "" when nothing is."""
        self.problem.setText(text)
        show_if(self.problem, bool(text))
        self.reason.setProperty("wrong", "true" if text else "false")
        self.reason.setAccessibleDescription(text)
        repolish(self.reason)

    def _show_evidence(self, png: bytes | None) -> None:
        picture = QPixmap()
        shown = png is not None and picture.loadFromData(png)
        self.picture.setVisible(bool(shown))
        if shown:
            height = self._context.theme.px(_EVIDENCE_HEIGHT)
            width = self._context.theme.px(420)
            self.picture.setPixmap(
                picture.scaled(
                    width,
                    height,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
            # A label gives way in a low window; evidence must not.
            self.picture.setFixedHeight(self.picture.pixmap().height())
            self.picture.setAccessibleName(self._context.words("monitor.evidence"))

    def _enable(self) -> None:
        undecided = self.found is not None and not self._decided
        self.may_confirm = undecided and self._inspector and self.party is not None
        self.confirm_button.setEnabled(self.may_confirm)
        self.dismiss_button.setEnabled(undecided and bool(self.reason.text().strip()))

    def _say_no(self) -> None:
        if self.dismiss_button.isEnabled():
            self._dismiss(self.reason.text())
