"""One entry of the ledger, whole: what it says, who signed it, its hashes, its proof to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gui.context import Context
from gui.correcting import CorrectDialog
from gui.verbs.files import write_bytes
from gui.widgets import Badge, Facts, button, clear, label, scrolled
from gui.wording import correction_text, entry_text, fact_name, fact_value

SHOWN = 16
"""A shipment may name hundreds of batches; the whole stands in its text."""


def open_entry(context: Context, index: int, parent: QWidget) -> EntryDialog:
    """Show the entry at `index` in a window of its own."""
    dialog = EntryDialog(context, index, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


class EntryDialog(QDialog):
    """Asks for the entry's details and shows them; the proof is made only when somebody wants it."""

    def __init__(self, context: Context, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.index = context, index
        words = context.words
        self.setWindowTitle(words("entry.title", index=index))
        self.resize(context.theme.px(760), context.theme.px(600))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        self.name = label(words("entry.title", index=index), "card")
        self.badge = Badge()
        self.badge.hide()
        head.addWidget(self.name, 1)
        head.addWidget(self.badge)
        column.addLayout(head)
        self.body = QVBoxLayout()
        self.body.addWidget(label(words("common.loading"), "secondary"))
        column.addLayout(self.body, 1)
        row = QHBoxLayout()
        self.save_button = button(words("entry.save_proof"), self.save_proof, icon=context.theme.icon("save"))
        self.save_button.setEnabled(False)
        row.addWidget(self.save_button)
        self.correct_button = button(words("correction.open"), self.correct)
        self.correct_button.hide()
        row.addWidget(self.correct_button)
        row.addStretch()
        row.addWidget(button(words("common.close"), self.reject, "primary"))
        column.addLayout(row)
        self.ask()

    def ask(self) -> None:
        """Look at the entry, and whether it stands."""
        workspace, index = self.context.workspace, self.index
        self.context.workers.read(
            lambda: _read(workspace, index),
            lambda found: self.show_details(*found),
            self._fail,
            self,
        )

    def correct(self) -> None:
        """Declare the entry wrong in a dialog of its own."""
        dialog = CorrectDialog(self.context, self.standing, self)
        dialog.accepted.connect(self.ask)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_details(
        self, details: Any, standing: Any, said: Sequence[Any], names: Mapping[str, Any]
    ) -> None:
        """Show what the workspace told."""
        words = self.context.words
        self.details, self.standing = details, standing
        self.said, self.names = said, names
        self.correct_button.setVisible(standing.open)
        self.save_button.setEnabled(True)
        biz_step = getattr(standing.event, "biz_step", None)
        kind = entry_text(words, details.type, biz_step, standing.declares)
        self.name.setText(words("entry.heading", index=self.index, type=kind))
        witnessed = bool(details.witnessed)
        self.badge.show_status(
            words("proof.witnessed" if witnessed else "proof.unwitnessed"), "ok" if witnessed else "attention"
        )
        self.badge.show()
        clear(self.body)
        tabs = QTabWidget()
        tabs.addTab(scrolled(self._facts(details), name=words("entry.tab.facts")), words("entry.tab.facts"))
        tabs.addTab(
            scrolled(self._hashes(details), name=words("entry.tab.hashes")), words("entry.tab.hashes")
        )
        tabs.addTab(self._document(details), words("entry.tab.document"))
        self.body.addWidget(tabs, 1)

    def save_proof(self) -> None:
        """Ask where, then make the proof file and write it."""
        words = self.context.words
        suggested = str(Path.home() / f"suxin-{self.index}.proof.json")
        path, _ = QFileDialog.getSaveFileName(self, words("entry.save_proof"), suggested, "*.json")
        if path:
            self.write_proof(Path(path))

    def write_proof(self, path: Path) -> None:
        """Write the proof of this entry to `path`."""
        context = self.context
        context.workers.read(
            lambda: write_bytes(path, context.workspace.log.proof(self.index)),
            lambda _: context.toast(context.words("common.saved", path=str(path)), "ok"),
            owner=self,
        )

    def _facts(self, details: Any) -> QWidget:
        words = self.context.words
        return _padded(
            Facts(
                (
                    (words("entry.type"), words.code("entry_type", details.type)),
                    *self._said(),
                    (words("entry.author"), words.name(details.author) if details.author else details.party),
                    (words("entry.event_time"), words.time(details.event_time)),
                    (words("entry.record_time"), words.time(details.record_time)),
                    (words("entry.seq"), str(details.seq)),
                    (
                        words("entry.signature"),
                        words("entry.signature.good" if details.signed else "entry.signature.bad"),
                    ),
                    (
                        words("entry.witness"),
                        words(
                            "entry.witnessed" if details.witnessed else "entry.unwitnessed", size=details.size
                        ),
                    ),
                    *self._correction(),
                    *self._bracket(details),
                )
            )
        )

    def _said(self) -> Iterator[tuple[str, str]]:
        """Say what an event of goods says, the moment aside, which every entry has."""
        words = self.context.words
        rows = [fact for fact in self.said if fact.kind != "moment"]
        for fact in rows[:SHOWN]:
            yield fact_name(words, fact), fact_value(words, fact, fact.value, self.names)
        if len(rows) > SHOWN:
            yield "", words("entry.said.more", n=len(rows) - SHOWN)

    def _correction(self) -> Iterator[tuple[str, str]]:
        """Say that the entry was declared wrong, or that it declares another so."""
        words, standing = self.context.words, self.standing
        if standing.correction is not None:
            yield words("entry.corrected"), correction_text(words, standing.correction)
        elif standing.declares:
            reason = words.code("error_reason", standing.event.error_declaration.reason)
            yield words("entry.corrected"), words("entry.declares", reason=reason)

    def _bracket(self, details: Any) -> Iterator[tuple[str, str]]:
        """Say between which instants witnesses put the entry, and what they know against its own times."""
        words = self.context.words
        if details.not_before is not None:
            yield words("entry.not_before"), words.time(details.not_before)
        if details.not_after is not None:
            yield words("entry.not_after"), words.time(details.not_after)
        for found in details.findings:
            yield words("entry.doubt"), words(f"finding.{found.code}", **found.values)

    def _hashes(self, details: Any) -> QWidget:
        words = self.context.words
        facts = Facts()
        for name in ("entry_hash", "leaf_hash", "chain_hash", "prev", "key_id", "public_key", "signature"):
            digest = getattr(details, name, None)
            if digest:
                facts.add_hash(words(f"entry.{name}_hex" if name == "signature" else f"entry.{name}"), digest)
        return _padded(facts)

    def _document(self, details: Any) -> QWidget:
        words = self.context.words
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 12, 0, 0)
        column.addWidget(label(words("entry.document.about"), "secondary"))
        text = QPlainTextEdit(details.document)
        text.setReadOnly(True)
        text.setFont(self.context.theme.font(13, mono=True))
        text.setAccessibleName(words("entry.tab.document"))
        column.addWidget(text, 1)
        copy = button(words("common.copy"), lambda: self._copy(details.document))
        column.addWidget(copy)
        return whole

    def _copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.context.toast(self.context.words("common.copied"), "ok")

    def _fail(self, problem: Any) -> None:
        clear(self.body)
        what, remedy = self.context.words.problem(problem)
        self.body.addWidget(label(f"{what}\n{remedy}".strip(), kind="bad"))


def _read(workspace: Any, index: int) -> tuple[Any, Any, Sequence[Any], Mapping[str, Any]]:
    """Read an entry, how it stands, what it says and who it names (on a reading thread)."""
    from models.provenance.facts import said_by  # pages that offer an entry need none of it

    standing = workspace.corrections.standing(index)
    said = () if standing.event is None else said_by(standing.event)
    return workspace.entry_details(index), standing, said, workspace.corrections.names(said)


def _padded(widget: QWidget) -> QWidget:
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 12, 12, 12)
    column.addWidget(widget)
    column.addStretch()
    return frame
