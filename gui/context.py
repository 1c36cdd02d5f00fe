"""What every page is given, and what every page is.

A page asks the workspace (through the workers), shows, and forgets. On a language or theme switch the
shell throws its pages away, makes new ones and hands each the state of the old.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.settings import Settings
from gui.theme import Theme
from gui.words import Words
from gui.workers import Workers

if TYPE_CHECKING:
    # Named for the checker only: importing it would load SQLAlchemy before the first frame.
    from gui.widgets import PageHeader
    from models.workspace import Workspace

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """The one thing a page holds.

    Args:
        workspace: the ledger and its views; call it only inside `workers.read` or `workers.write`.
        go: open another page: `go("dossier", {"party": id})`.
        toast: say something briefly: `toast(text, "ok" | "info" | "attention" | "bad")`; with a word and a
            call after these, it carries a button.
        restate: say again in the rail who acts and how the ledger stands.
    """

    workspace: Workspace
    words: Words
    theme: Theme
    workers: Workers
    settings: Settings
    clock: Callable[[], datetime]
    home: Path
    go: Callable[[str, State], None]
    toast: Callable[..., None]
    restate: Callable[[], None] = lambda: None


class Page(QWidget):
    """One page of the house: a header and a body in a column.

    Subclasses set `key` (words `page.<key>.title`), build their widgets in the constructor without
    touching the workspace, and ask for data in `enter`.
    """

    key = ""
    icon = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        from gui.widgets import PageHeader

        self.context = context
        self.words = context.words
        self.setObjectName(f"page-{self.key}")
        # What the window is called while this page is shown; a page that shows one thing names that.
        self.setWindowTitle(self.title)
        self.column = QVBoxLayout(self)
        side = 16 if context.theme.elder else 28
        self.column.setContentsMargins(side, 20, side, 20)
        self.column.setSpacing(16)
        self.header: PageHeader = PageHeader(self.title, self.words.first(f"page.{self.key}.about"))
        self.column.addWidget(self.header)

    @classmethod
    def sample(cls, _workspace: Any) -> State:
        """Return arguments that show the page full on the demonstration ledger (for its pictures)."""
        return {}

    @property
    def title(self) -> str:
        """Return the page's name in the reader's language."""
        return self.words(f"page.{self.key}.title")

    @property
    def folded(self) -> tuple[str, ...]:
        """Return the fields that are one step away here: in large type those the page's spec names."""
        from gui.pages import spec_of

        return spec_of(self.key).folded if self.context.theme.elder else ()

    def enter(self, **args: Any) -> None:
        """Show the page for these arguments; called each time somebody comes here."""

    def leave(self) -> None:
        """Put down what is held only while shown (a camera); called before another page is shown."""

    def refresh(self) -> None:
        """Look at the ledger again after something was recorded; a page that shows none of it need not."""

    def state(self) -> State:
        """Return what a rebuilt page needs to stand where this one stands."""
        return {}

    def restore(self, state: State) -> None:
        """Stand where the page that returned this `state` stood."""
        self.enter(**state)
