"""The tree head, to look at, to keep, to hold the ledger to, and to have witnessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gui.context import Context
from gui.notes import read_note
from gui.verbs.files import write_bytes
from gui.widgets import Card, Facts, FlowRow, button

if TYPE_CHECKING:
    from models.proving import TreeHead


class CheckpointCard(Card):
    """Shows one checkpoint; `against` carries a kept one that the ledger shall be held to."""

    against = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context.words("checkpoint.title"), context.words("checkpoint.about"))
        self._context, self.words = context, context.words
        self.note = ""

    def show_checkpoint(self, head: TreeHead) -> None:
        """Show the tree head that anybody may keep to hold this ledger to its word."""
        words, theme = self.words, self._context.theme
        self.note = head.note
        self.clear()
        facts = Facts(((words("checkpoint.size"), words.number(head.size)),))
        facts.add_hash(words("checkpoint.root"), head.root)
        names = words.listing(head.cosignatures) if head.cosignatures else words("checkpoint.nobody")
        facts.add(words("checkpoint.witnesses"), names)
        self.add(facts)
        self.add(
            FlowRow(
                (
                    button(words("checkpoint.copy"), self.copy, icon=theme.icon("copy")),
                    button(words("checkpoint.save"), self.choose_file, icon=theme.icon("save")),
                    button(words("checkpoint.against"), self.choose_against),
                    button(words("checkpoint.cosigned"), self.choose_cosigned),
                    button(words("witnesses.open"), lambda: self._context.go("witnesses", {})),
                )
            )
        )
        self.body.addStretch()

    def copy(self) -> None:
        """Put the checkpoint on the clipboard."""
        QApplication.clipboard().setText(self.note)
        self._context.toast(self.words("common.copied"), "ok")

    def choose_file(self) -> None:
        """Ask where to keep the checkpoint."""
        save_as(
            self, self._context, "suxin-checkpoint.txt", lambda path: write_bytes(path, self.note.encode())
        )

    def choose_against(self) -> None:
        """Ask for a checkpoint kept earlier, and hold the ledger to it."""
        path, _ = QFileDialog.getOpenFileName(self, self.words("checkpoint.against"))
        if path:
            self.hold_against(Path(path))

    def hold_against(self, path: Path) -> None:
        """Read a checkpoint kept earlier and pass it on; a file that is none is refused in words."""
        self._context.workers.read(lambda: read_note(path), self.against.emit, owner=self)

    def choose_cosigned(self) -> None:
        """Ask for a checkpoint that a witness has cosigned, and keep the cosignature."""
        path, _ = QFileDialog.getOpenFileName(self, self.words("checkpoint.cosigned"))
        if path:
            self.take_in(Path(path))

    def take_in(self, path: Path) -> None:
        """Keep the cosignature that a file carries, or say in words why it carries none."""
        workspace = self._context.workspace
        self._context.workers.write(
            lambda: workspace.cosign(read_note(path)),
            lambda _: self._context.toast(self.words("checkpoint.cosigned.done"), "ok"),
            owner=self,
        )


def save_as(
    parent: QWidget, context: Context, name: str, write: Callable[[Path], object], kinds: str = ""
) -> None:
    """Ask for a place, write there off the GUI thread, and say where it went."""
    path, _ = QFileDialog.getSaveFileName(
        parent, context.words("common.save_as"), str(Path.home() / name), kinds
    )
    if path:
        context.workers.read(
            lambda: write(Path(path)),
            lambda _: context.toast(context.words("common.saved", path=path), "ok"),
            owner=parent,
        )
