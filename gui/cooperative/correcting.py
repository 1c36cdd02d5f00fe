"""Corrections of an imported file's rows: kept as a draft, undone and redone one by one.

Rule: the file on the disk is never changed; what is corrected lies in the draft until it is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QUndoCommand, QUndoStack

from gui.context import Page
from gui.drafts import Draft, Drafts, new_id

if TYPE_CHECKING:
    from models.previewing import Correction, Looked

Corrections = tuple["Correction", ...]


class Correcting(QObject):
    """The corrections of one file; `changed` carries those that hold from now on."""

    changed = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._drafts = Drafts(page.context.workspace.home.root)
        self.stack = QUndoStack(self)
        self.held: Corrections = ()
        self.id = ""
        self._looked: Looked | None = None
        for keys, act in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo), ("Ctrl+Y", self.redo)):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def begin(self, looked: Looked, draft: str, held: Corrections, keep: bool) -> None:
        """Follow another file, or the same one read anew.

        Args:
            draft: the id of the draft it came from, "" for none.
            keep: whether what holds is still to be recorded.
        """
        self.stack.clear()
        self.id, self.held, self._looked = draft, held, looked
        if keep and (held or looked.told):
            self._keep()

    def add(self, rows: tuple[int, ...], cells: tuple[tuple[int, str], ...]) -> None:
        """Let one more correction hold: other words in these cells of these rows."""
        from models.previewing import Correction

        self.stack.push(_Step(self, self.held, (*self.held, Correction(rows, cells))))

    def undo(self) -> None:
        """Take the last correction back."""
        self.stack.undo()

    def redo(self) -> None:
        """Make the correction again that was taken back."""
        self.stack.redo()

    def done(self) -> None:
        """Everything is recorded: nothing is left to go on with, and nothing to undo."""
        self.stack.clear()
        if self.id:
            self._drafts.forget(self.id)
        self.id = ""

    def draft(self, id: str = "") -> Draft | None:
        """Return a draft by its id, or the newest of this page."""
        return self._drafts.get(id) if id else next(iter(self._drafts.all(self._page.key)), None)

    def hold(self, held: Corrections) -> None:
        """Let these corrections hold (for undo and redo)."""
        self.held = held
        self._keep()
        self.changed.emit(held)

    def _keep(self) -> None:
        looked = self._looked
        if looked is None or not (self.held or looked.told):
            if self.id:
                self._drafts.forget(self.id)
            return
        self.id = self.id or new_id()
        context = self._page.context
        values: dict[str, Any] = {
            "path": str(looked.path),
            "digest": looked.digest.hex(),
            "columns": dict(looked.told),
            "corrections": [{"rows": one.rows, "cells": one.cells} for one in self.held],
        }
        try:
            self._drafts.keep(Draft(self.id, self._page.key, "", looked.path.name, context.clock(), values))
        except OSError as error:
            context.toast(context.words("draft.not_kept", why=error.strerror or ""), "attention")


class _Step(QUndoCommand):
    """From some corrections to others."""

    def __init__(self, correcting: Correcting, before: Corrections, after: Corrections) -> None:
        super().__init__()
        self._correcting, self._before, self._after = correcting, before, after

    def redo(self) -> None:
        """Let the later ones hold."""
        self._correcting.hold(self._after)

    def undo(self) -> None:
        """Let the earlier ones hold."""
        self._correcting.hold(self._before)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a draft holds: which file, how its headings are to be read, what was corrected in it."""

    path: Path
    digest: str
    columns: dict[str, str]
    corrections: Corrections


def kept_in(draft: Draft) -> Kept:
    """Return what a draft holds; a correction that cannot be read is left out."""
    values: dict[str, Any] = dict(draft.values)
    told = values.get("columns")
    columns = {str(title): str(name) for title, name in told.items()} if isinstance(told, dict) else {}
    held = tuple(one for value in values.get("corrections") or () for one in _correction(value))
    return Kept(Path(str(values.get("path"))), str(values.get("digest") or ""), columns, held)


def _correction(value: Any) -> Corrections:
    from models.previewing import Correction

    try:
        cells = tuple((int(place), str(text)) for place, text in value["cells"])
        return (Correction(tuple(int(row) for row in value["rows"]), cells),)
    except (KeyError, TypeError, ValueError):
        return ()
