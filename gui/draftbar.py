"""The row under a form that is kept as a draft, and what a draft is called in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from gui.drafts import Draft
from gui.widgets import FlowRow, button, label
from gui.widgets.text import show_if
from gui.words import Words

if TYPE_CHECKING:
    from gui.drafting import Drafting


def draft_bar(drafting: Drafting, lasting: bool = True) -> FlowRow:
    """Return the row under a form: that it is kept, undo, redo, discard, and the other drafts.

    Args:
        lasting: whether drafts outlive the form; where they do not, the row says nothing about keeping.
    """
    words = drafting.page.words
    kept = label("", "secondary", wrap=False)
    undo = button(words("draft.undo"), drafting.undo, "quiet", tip=words("draft.undo.tip"))
    redo = button(words("draft.redo"), drafting.redo, "quiet", tip=words("draft.redo.tip"))
    discard = button(words("draft.discard"), drafting.discard, "quiet", tip=words("draft.discard.tip"))
    others = button("", None, "quiet")
    row = FlowRow((kept, undo, redo, discard, others))

    def show_others() -> None:
        menu = QMenu(row)
        for draft in drafting.others():
            chosen = menu.addAction(draft_title(words, draft))
            chosen.triggered.connect(lambda *_, id=draft.id: drafting.page.enter(draft=id))
        menu.aboutToHide.connect(menu.deleteLater, Qt.ConnectionType.QueuedConnection)
        menu.popup(others.mapToGlobal(others.rect().bottomLeft()))

    others.clicked.connect(lambda *_: show_others())

    def tell() -> None:
        waiting = len(drafting.others())
        kept.setText(words("draft.kept" if drafting.id else "draft.none"))
        discard.setEnabled(bool(drafting.id))
        undo.setEnabled(drafting.stack.canUndo())
        redo.setEnabled(drafting.stack.canRedo())
        others.setText(words("draft.others", n=waiting))
        others.setAccessibleName(others.text())
        show_if(others, waiting > 0)

    show_if(kept, lasting)
    show_if(others, False)
    drafting.changed.connect(tell)
    return row


def draft_title(words: Words, draft: Draft) -> str:
    """Return what a draft is called in a list: which form, and what tells it from others."""
    form = words.first(f"{draft.page}.{draft.kind}", f"page.{draft.page}.title")
    return f"{form} · {draft.said}" if draft.said else form
