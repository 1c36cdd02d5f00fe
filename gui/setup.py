"""The first steps with a ledger of one's own: who you are, the key on paper, or a key brought back from it.

The phrase is shown and one group of it is asked back, because a phrase that was not written down is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.theme import Theme
from gui.widgets import Banner, Field, Form, button, label
from gui.words import Words
from gui.workers import Workers
from ledger.errors import EventInvalid, Problem

if TYPE_CHECKING:
    from models.identity import Founded

ROLES = ("cooperative", "processor", "carrier", "merchant", "inspector")
# The group that is asked back: not the first and not the last, which people remember unwritten.
ASKED_ROW, ASKED_GROUP = 2, 1


class Keys(Protocol):
    """What the setup needs of this installation; main.py makes it."""

    def found(self, name: str, role: str, gln: str | None) -> Founded:
        """Make an identity and its ledger."""

    def phrase(self, party: str | None) -> tuple[str, ...]:
        """Return a key's backup phrase."""

    def restore(self, text: str, gln: str | None) -> tuple[str, str]:
        """Make a key again."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the dialog shows itself with."""

    theme: Theme
    words: Words
    workers: Workers


class SetupDialog(QDialog):
    """Identity, phrase, done; `founded` says that there is a ledger now, `restored` that a key is back."""

    founded = Signal(str)
    restored = Signal(str)

    def __init__(self, around: Surroundings, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around, self.words, self._keys = around, around.words, keys
        self._party = ""
        self._rows: tuple[str, ...] = ()
        around.theme.dress(self)
        self.setWindowTitle(self.words("setup.title"))
        self.setMinimumWidth(around.theme.px(620))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(16)
        self.heading = label(self.words("setup.title"), "page")
        column.addWidget(self.heading)
        self.steps = QStackedWidget()
        column.addWidget(self.steps, 1)
        row = QHBoxLayout()
        self.other_button = button(self.words("setup.have_phrase"), self.show_restore, "quiet")
        self.next_button = button(self.words("setup.make"), self.go_on, "primary")
        row.addWidget(self.other_button)
        row.addStretch()
        row.addWidget(button(self.words("common.close"), self.reject))
        row.addWidget(self.next_button)
        column.addLayout(row)
        self.next_button.setDefault(True)
        self._identity, self._restore, self._written = self._forms()
        self.steps.setCurrentWidget(self._identity)

    def show_restore(self) -> None:
        """Ask for a phrase instead of a name."""
        self.heading.setText(self.words("setup.restore"))
        self.steps.setCurrentWidget(self._restore)
        self.next_button.setText(self.words("setup.restore.go"))
        self.other_button.hide()
        self._restore.fields["phrase"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_phrase(self, party: str, rows: tuple[str, ...]) -> None:
        """Show the rows to write down, and ask one group of them back."""
        self._party, self._rows = party, rows
        self.heading.setText(self.words("setup.phrase"))
        self.other_button.hide()
        grid = self._paper
        for number, row in enumerate(rows):
            grid.addWidget(label(f"{number + 1}", "secondary", wrap=False), number, 0)
            for place, group in enumerate(row.split()):
                shown = label(group, "phrase", wrap=False)
                shown.setAccessibleName(
                    self.words("setup.group", row=number + 1, group=place + 1, text=group)
                )
                grid.addWidget(shown, number, place + 1)
        self.steps.setCurrentWidget(self._written)
        self.next_button.setText(self.words("setup.written"))
        self._written.fields["group"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Do what the shown step is about."""
        step = self.steps.currentWidget()
        if step is self._written:
            self._compare()
        elif step is self._restore:
            text, gln = self._restore.text("phrase"), self._restore.text("gln") or None
            self._write(lambda: self._keys.restore(text, gln), self._brought_back, self._restore)
        else:
            self._found()

    def _found(self) -> None:
        form = self._identity
        name, role, gln = form.text("name"), form.text("role"), form.text("gln") or None
        if not name:
            form.show_problem(
                EventInvalid(
                    "a name is needed", field="name", code="setup-name", remedy="type the registered name"
                )
            )
            return

        def work() -> tuple[str, tuple[str, ...]]:
            made = self._keys.found(name, role, gln)
            return made.party, self._keys.phrase(made.party)

        self._write(work, lambda found: self.show_phrase(*found), form)

    def _compare(self) -> None:
        typed = self._written.text("group").upper().replace(" ", "")
        if typed != self._rows[ASKED_ROW].split()[ASKED_GROUP]:
            self._written.show_problem(
                EventInvalid(
                    "another group", field="group", code="setup-group", found=typed, remedy="look again"
                )
            )
            return
        self.accept()
        self.founded.emit(self._party)

    def _brought_back(self, found: tuple[str, str]) -> None:
        self.accept()
        self.restored.emit(found[0])

    def _write(self, work: Any, then: Any, form: Form) -> None:
        self.next_button.setEnabled(False)
        form.clear_errors()

        def done(result: Any) -> None:
            self.next_button.setEnabled(True)
            then(result)

        def failed(problem: Problem) -> None:
            self.next_button.setEnabled(True)
            form.show_problem(problem)

        self._around.workers.write(work, done, failed, self)

    def _forms(self) -> tuple[Form, Form, Form]:
        words, theme = self.words, self._around.theme
        identity, restore, written = Form(words), Form(words), Form(words)
        role = QComboBox()
        for name in ROLES:
            role.addItem(words(f"party_role.{name}"), name)
        identity.column.insertWidget(0, label(words("setup.text")))
        identity.add("name", Field(words("setup.name"), QLineEdit(), words("setup.name.hint")))
        identity.add("role", Field(words("setup.role"), role))
        identity.add("gln", Field(words("setup.gln"), QLineEdit(), words("setup.gln.hint")))
        restore.column.insertWidget(0, label(words("setup.restore.text")))
        paper = QPlainTextEdit()
        paper.setFixedHeight(theme.px(110))
        paper.setTabChangesFocus(True)
        paper.setFont(theme.font(mono=True))
        restore.add("phrase", Field(words("setup.restore.phrase"), paper, words("setup.restore.hint")))
        restore.add("gln", Field(words("setup.gln"), QLineEdit(), words("setup.restore.gln")))
        written.column.insertWidget(
            0, Banner(theme, "attention", words("setup.write"), words("setup.write.text"))
        )
        holder = QWidget()
        self._paper = QGridLayout(holder)
        self._paper.setHorizontalSpacing(20)
        self._paper.setVerticalSpacing(8)
        self._paper.setColumnStretch(4, 1)
        written.column.insertWidget(1, holder)
        asked = words("setup.ask", row=ASKED_ROW + 1, group=ASKED_GROUP + 1)
        written.add("group", Field(asked, QLineEdit()))
        for form in (identity, restore, written):
            form.column.addStretch()
            self.steps.addWidget(form)
        return identity, restore, written


def phrase_button(around: Surroundings, keys: Keys, party: str | None, parent: QWidget) -> QPushButton:
    """Return the button that shows the phrase of a key that is here."""

    def show() -> None:
        dialog = SetupDialog(around, keys, parent)
        dialog.finished.connect(dialog.deleteLater)
        around.workers.write(
            lambda: keys.phrase(party), lambda rows: dialog.show_phrase(party or "", rows), owner=dialog
        )
        dialog.open()

    return button(around.words("preferences.phrase"), show)
