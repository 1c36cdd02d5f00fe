"""Follow a form: keep what is typed as a draft, undo and redo it, discard it and take that back.

Rule: a text field's own undo works while one is in it; what was left behind is undone field by field here.
What is recorded is no draft any more and is never undone, only corrected by a later entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget

from gui.context import Context, State
from gui.draftbar import draft_bar
from gui.drafts import Draft, Drafts, Keeper, new_id
from gui.widgets.values import on_change, put_value, value_of
from gui.words import Words

KEEP_PAUSE_MS = 500
SIGNER = "signer"
Values = dict[str, Any]


class Holder(Protocol):
    """The widget whose form it is: a page, or a dialog."""

    key: str
    words: Words
    context: Context

    def enter(self, **args: Any) -> None:
        """Show another draft: `enter(draft=id)`."""


class Drafting(QObject):
    """What a page's form holds, from the first letter typed to the receipt.

    Args:
        page: whose form; it is asked to `enter(draft=id)` when another draft is chosen.
        fields: the editors by name, in the order in which they are to be put back.
        said: what tells this draft from others in a list; the texts that are empty are left out.
        kind: which of the page's forms it is now.
        filled: called after fields were put back, for whatever follows them.
        prepare: called with the names of what is put back, before: it may `follow` editors built for them.
        keeper: where drafts are kept; the home's own file unless something else is said.
    """

    changed = Signal()

    def __init__(
        self,
        page: Holder,
        fields: Mapping[str, QWidget],
        said: Callable[[], Iterable[str]],
        kind: Callable[[], str] = lambda: "",
        filled: Callable[[], object] = lambda: None,
        prepare: Callable[[Iterable[str]], object] = lambda _: None,
        keeper: Keeper | None = None,
    ) -> None:
        widget = cast(QWidget, page)
        super().__init__(widget)
        self._page, self._said, self._kind, self._filled = page, said, kind, filled
        self._drafts = keeper if keeper is not None else Drafts(page.context.workspace.home.root)
        self.id = ""
        self._blank: Values = {}
        self._last: Values = {}
        self._wanted: str | None = None
        self._quiet = False
        self.stack = QUndoStack(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(KEEP_PAUSE_MS)
        self._pause.timeout.connect(self.keep)
        self._prepare = prepare
        self._fields: dict[str, QWidget] = {}
        self.follow(fields)
        for keys, act in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo), ("Ctrl+Y", self.redo)):
            shortcut = QShortcut(QKeySequence(keys), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.bar = draft_bar(self, lasting=keeper is None)

    @property
    def page(self) -> Holder:
        """Return the page whose form it is."""
        return self._page

    def enter(self, args: State) -> State:
        """Say which draft the page is entered for and return the page's own arguments.

        Coming back finds the form as it was; coming with something new to fill in begins another draft and
        leaves the old one on the list.
        """
        own = {name: value for name, value in args.items() if name != "draft"}
        wanted = str(args.get("draft") or "")
        if self.id and self._last != self._blank and self._drafts.get(self.id) is None:
            # Discarded on the list, or recorded elsewhere.
            self._begin("", self._blank)
        if wanted:
            return self._go_on(wanted)
        if not args and not self.id:
            newest = self._drafts.all(self._page.key)
            if newest:
                return self._go_on(newest[0].id)
        elif own and self.id:
            self.leave()
            self._begin("", self._blank)
        return own

    def follow(self, fields: Mapping[str, QWidget]) -> None:
        """Follow more editors: a row that was added. What they hold now is what a blank form holds."""
        for name, editor in fields.items():
            self._fields[name] = editor
            for known in (self._blank, self._last):
                if known:
                    known.setdefault(name, value_of(editor))
            on_change(editor, self._pause.start, self.commit, quiet=lambda: self._quiet or not self._blank)

    def hold(self) -> None:
        """The choices are about to be filled anew: note what is being typed."""
        if self._pause.isActive():
            self.commit()

    def ready(self) -> None:
        """The choices are there: put back what the draft holds, or take the form as it is for a blank one."""
        if not self._blank:
            self._blank = self._last = self.values()
        kept = self._drafts.get(self._wanted) if self._wanted else None
        if kept is not None:
            self._begin(kept.id, {**self._blank, **kept.values})
        elif self.id:
            self._put(self._last)
        else:
            self._last = self.values()
        self._wanted = None
        self._tell()

    def state(self) -> State:
        """Return what names this draft, for a page that is built anew."""
        return {"draft": self.id} if self.id else {}

    def commit(self) -> None:
        """A change is complete: it can be undone from here on."""
        now = self.values()
        if self._quiet or not self._blank or now == self._last:
            return
        self.stack.push(_Change(self, (self.id, self._last), (self.id or new_id(), now)))
        self.keep()

    def keep(self) -> None:
        """Keep the form as it stands; one that says nothing is no draft."""
        self._pause.stop()
        now = self.values()
        if not self._blank or (now == self._blank and not self.id):
            return
        self.id = self.id or new_id()
        try:
            if now == self._blank:
                self._drafts.forget(self.id)
            else:
                self._drafts.keep(self._draft(now))
        except OSError as error:
            text = self._page.words("draft.not_kept", why=error.strerror or "")
            self._page.context.toast(text, "attention")
        self._tell()

    def leave(self) -> None:
        """The page is left or closed: nothing that was typed is lost."""
        if self._blank and (self.id or self._pause.isActive()):
            self.commit()
            self.keep()

    def discard(self) -> None:
        """Empty the form and put the draft away; this can be undone."""
        self.commit()
        if self.values() == self._blank and not self.id:
            return
        self.stack.push(_Change(self, (self.id or new_id(), self.values()), ("", self._blank), act=True))
        self._tell()
        self._page.context.toast(
            self._page.words("draft.discarded"), "info", self._page.words("draft.undo"), self.undo
        )

    def done(self) -> None:
        """It is recorded: no draft any more, and nothing of it can be undone."""
        self._pause.stop()
        if self.id:
            self._drafts.forget(self.id)
        self.id, self._last = "", self.values()
        self.stack.clear()
        self._tell()

    def undo(self) -> None:
        """Take the last change back."""
        self.commit()
        self.stack.undo()
        self._tell()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        self.stack.redo()
        self._tell()

    def values(self) -> Values:
        """Return what each editor holds."""
        return {name: value_of(editor) for name, editor in self._fields.items()}

    def put(self, values: Values) -> None:
        """Put this into the form, as a change that can be undone."""
        self._quiet = True
        self._fill(values)
        self._quiet = False
        self.commit()

    def others(self) -> tuple[Draft, ...]:
        """Return the page's drafts that are not shown now."""
        return tuple(draft for draft in self._drafts.all(self._page.key) if draft.id != self.id)

    def accept(self, id: str, values: Values) -> None:
        """Take a state that a hand has made already as the one to go back to."""
        self.id, self._last = id, values

    def put_back(self, id: str, values: Values) -> None:
        """Show another state of the form and keep it (for undo and redo)."""
        gone, self.id = self.id, id
        self._put(values)
        if gone and gone != id:
            self._drafts.forget(gone)
        self.keep()
        self._tell()

    def _go_on(self, id: str) -> State:
        """Ask for a draft, and return who signed it: what there is to choose from depends on that."""
        if id != self.id:
            self.leave()
            self._wanted = id
        kept = self._drafts.get(id)
        signer = kept.values.get(SIGNER) if kept is not None else None
        return {"actor": signer} if signer else {}

    def _begin(self, id: str, values: Values) -> None:
        self.stack.clear()
        self.id = id
        self._put(values)

    def _put(self, values: Values) -> None:
        self._quiet = True
        try:
            self._prepare(values)
            # Twice: choosing a batch fills in what is left of it, over the amount that was typed.
            self._fill(values)
            self._filled()
            self._fill(values)
        finally:
            self._quiet = False
        self._last = self.values()

    def _fill(self, values: Values) -> None:
        for name, editor in self._fields.items():
            if name in values:
                put_value(editor, values[name])

    def _draft(self, values: Values) -> Draft:
        said = " · ".join(text for text in self._said() if text)
        page, actor = self._page, getattr(self._page, "actor", None)
        signer = {} if actor is None else {SIGNER: actor.party or ""}
        return Draft(self.id, page.key, self._kind(), said, page.context.clock(), values | signer)

    def _tell(self) -> None:
        # Said here and not by the stack's own signals: it sends them once more while it is being destroyed.
        self.changed.emit()


class _Change(QUndoCommand):
    """From one state of the form to another; the first redo is what a hand has done already.

    Args:
        act: whether pushing it shall do it.
    """

    def __init__(
        self, drafting: Drafting, before: tuple[str, Values], after: tuple[str, Values], act: bool = False
    ) -> None:
        super().__init__()
        self._drafting, self._before, self._after, self._act = drafting, before, after, act

    def redo(self) -> None:
        """Go to the later state."""
        if self._act:
            self._drafting.put_back(*self._after)
        else:
            self._drafting.accept(*self._after)
        self._act = True

    def undo(self) -> None:
        """Go to the earlier state."""
        self._drafting.put_back(*self._before)
