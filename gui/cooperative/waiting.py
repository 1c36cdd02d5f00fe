"""The drafts that wait on Today: go on with one, or discard it and take that back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QUndoCommand, QUndoStack

from gui.context import Page
from gui.draftbar import draft_title
from gui.drafts import Draft, Drafts
from gui.pages import pages_of
from gui.widgets import Card, FlowRow, button, label

LISTED = 5


class WaitingDrafts(Card):
    """Hidden while there is none; a discard can be undone by its message or by Ctrl+Z on the page."""

    def __init__(self, page: Page) -> None:
        words = page.words
        super().__init__(words("today.drafts"))
        self._page = page
        self._drafts = Drafts(page.context.workspace.home.root)
        self.stack = QUndoStack(self)
        for keys, act in (("Ctrl+Z", self.stack.undo), ("Ctrl+Shift+Z", self.stack.redo)):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.hide()

    def refresh(self) -> None:
        """List what there is now."""
        self.clear()
        # An inspector's drafts are not the cooperative's work; they wait on their own page.
        mine = {spec.key for spec in pages_of("cooperative")}
        found = [draft for draft in self._drafts.all() if draft.page in mine]
        for draft in found[:LISTED]:
            self.add(self._row(draft))
        self.setVisible(bool(found))

    def discard(self, draft: Draft) -> None:
        """Put a draft away; the message that says so brings it back."""
        self.stack.push(_Discard(self, draft))
        words = self._page.words
        self._page.context.toast(words("draft.discarded"), "info", words("draft.undo"), self.stack.undo)

    def put(self, draft: Draft, there: bool) -> None:
        """Put a draft back on the list, or away."""
        if there:
            self._drafts.keep(draft)
        else:
            self._drafts.forget(draft.id)
        self.refresh()

    def _row(self, draft: Draft) -> FlowRow:
        words, go = self._page.words, self._page.context.go
        title = draft_title(words, draft)
        more = button(words("draft.continue"), lambda: go(draft.page, {"draft": draft.id}), tip=title)
        less = button(words("draft.put_away"), partial(self.discard, draft), "quiet", tip=title)
        changed = words("draft.changed", time=words.time(draft.changed))
        said = label(title, "strong", wrap=False)
        return FlowRow((said, label(changed, "secondary", wrap=False), more, less))


class _Discard(QUndoCommand):
    def __init__(self, card: WaitingDrafts, draft: Draft) -> None:
        super().__init__()
        self._card, self._draft = card, draft

    def redo(self) -> None:
        self._card.put(self._draft, there=False)

    def undo(self) -> None:
        self._card.put(self._draft, there=True)
