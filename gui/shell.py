"""The window: rail on the left, one page on the right, toasts in the corner.

It makes a page when somebody first goes there, keeps it while the window looks the same, and on a switch
of language, scheme or type size throws everything away and builds it anew with each page's state.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow

from gui import keyboard
from gui.context import Context, Page, State
from gui.files import local_files, open_files
from gui.going import Going
from gui.heading import Heading
from gui.inside import Inside
from gui.look import Look
from gui.settings import Settings
from gui.theme import Theme
from gui.turns import Turns
from gui.widgets import OnePage
from gui.words import Words
from gui.workers import Workers
from ledger.errors import Problem

if TYPE_CHECKING:
    from gui.setup import Keys


class Shell(QMainWindow):
    """The one window; `attach` gives it the workspace once that is open."""

    relocalised = Signal(str)
    setup_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        words: Words,
        workers: Workers,
        settings: Settings,
        home: Path,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.theme, self.words, self.workers, self.settings = theme, words, workers, settings
        self._home, self._clock = home, clock
        self._workspace: Any = None
        self._context: Context | None = None
        self.keys: Keys | None = None
        self.heading = Heading(self, workers)
        self.look = Look(self)
        self.going = Going(self)
        self._turns = Turns(self)
        # What is built anew takes the old one's place in it: nothing old is moved, and so styled, again.
        self._place = OnePage()
        self.setCentralWidget(self._place)
        self._build()
        self._restore_window()
        workers.unhandled = self.show_problem
        workers.written.connect(self.refresh)
        theme.changed.connect(self.rebuild)
        for keys, act in (
            ("Alt+Left", self.back),
            ("F5", self.refresh),
            ("Ctrl+Q", lambda: self.window().close()),
            ("F1", self.show_help),
            ("Ctrl+,", self.look.show_preferences),
            ("Ctrl+G", self.go_to),
            ("F6", self.other_side),
            ("Ctrl+Shift+L", self.look.switch_language),
            ("Ctrl+Shift+D", self.look.switch_scheme),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    @property
    def context(self) -> Context:
        """Return what pages are given; there is none before `attach`."""
        if self._context is None:
            raise RuntimeError("the workspace is not open yet")
        return self._context

    @property
    def role(self) -> str:
        """Return whose eyes one looks through."""
        return self.going.role

    @property
    def pages(self) -> dict[str, Page]:
        """Return the pages that are made, by their keys."""
        return self.going.visited.pages

    @property
    def current(self) -> Page | None:
        """Return the page where one is."""
        return self.going.visited.current

    @property
    def built(self) -> bool:
        """Say whether nothing waits for its turn: the page is in sight, those of before a switch are gone."""
        return self._turns.idle and self.going.arrival.idle

    def attach(self, workspace: Any) -> None:
        """Begin to work: the workspace is open."""
        self._workspace = workspace
        self._use_ledger()
        self.open(self.going.first_page(), {})

    def detach(self) -> None:
        """Put the ledger down; another will be attached."""
        for page in self.going.forget():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._workspace = self._context = None
        self.show_waiting("")

    def open(self, key: str, args: State | None = None) -> None:
        """Go to a page: `open("dossier", {"party": id})`; "back" goes where one came from."""
        if key == "back":
            self.back()
        else:
            self.going.open(key, args or {})

    def back(self) -> None:
        """Go where one came from, as it was left."""
        self.going.back()

    def set_role(self, role: str) -> None:
        """Look through another role's eyes, at the page last seen with them."""
        self.going.look_as(role)

    def show_help(self) -> None:
        """Open the help at the page that is shown."""
        from gui.help import HelpDialog

        dialog = HelpDialog(self.theme, self.words, self.going.visited.here, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def go_to(self) -> None:
        """Let the person type where to go or what to do."""
        from gui.doors import go_to

        go_to(self)

    def other_side(self) -> None:
        """Take the keys from the page to the rail, or back."""
        page = self.current
        if page is not None and self.rail.isAncestorOf(self.focusWidget()):
            keyboard.enter(page, page.header, page.focusWidget())
        else:
            self.rail.take_keys()

    def own_party(self) -> str | None:
        """Return the party of this home, where the ledger that is open is its own."""
        own = self._workspace is not None and not self._workspace.demonstration
        return self._workspace.home.me if own else None

    def toast(
        self, text: str, kind: str = "info", action: str = "", clicked: Callable[[], object] | None = None
    ) -> None:
        """Say something briefly, perhaps with a button."""
        self.toasts.say(text, kind, action, clicked)

    def show_problem(self, problem: Problem) -> None:
        """Say a refusal that no page took care of."""
        what, remedy = self.words.problem(problem)
        self.toast(f"{what}\n{remedy}" if remedy else what, "bad")

    def show_failure(self, problem: Problem, retry: Callable[[], object]) -> None:
        """Say that the ledger could not be opened, and offer to try again."""
        self._inside.show_failure(problem, retry)

    def show_waiting(self, text: str) -> None:
        """Say what the window is waiting for."""
        self._inside.show_waiting(text)

    def refresh(self) -> None:
        """Look at the ledger again: the shown page now, the others when somebody enters them."""
        if self._context is None:
            return
        self.show_status()
        if self.current is not None:
            self.current.refresh()

    def rebuild(self) -> None:
        """Build everything anew in the words and colours now in force; pages stand where they stood.

        In turns, while the old picture stays on the screen: the frame, then the page; at last the old pages
        go, one at a time.
        """
        self.going.leave()
        gone = [*self.going.visited.take_away(), self._inside]
        self.going.arrival.keep_picture()
        self._build()
        if self._context is not None:
            self._use_ledger()
        self._turns.add([self.going.stand_again, *(widget.deleteLater for widget in gone)])

    def show_status(self) -> None:
        """Ask how the ledger stands and show it in the rail."""
        from gui.standing import ask_standing

        ask_standing(self.context, self.rail, self.role)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's place and the page of each role."""
        self.going.leave()
        self.settings.window = bytes(self.window().saveGeometry().toBase64().data()).decode()
        self.settings.role = self.role
        self.settings.save()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files over any page, once there is a ledger; a main window accepts drops by itself."""
        if self._context is not None and local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped where it belongs, as if the program had been started with it."""
        event.acceptProposedAction()
        open_files(self, local_files(event.mimeData()))

    def _build(self) -> None:
        self.setWindowTitle(f"{self.words('app.name')} · {self.words('app.tagline')}")
        self._inside = inside = Inside(self.theme, self.words, self.role)
        self.rail, self.stack, self.notice = inside.rail, inside.stack, inside.notice
        self.toasts = inside.toasts
        self._place.show_page(inside)
        self.rail.page.connect(lambda key: self.open(key))
        self.rail.role.connect(self.set_role)
        # A switch destroys the very button that was clicked: let its click finish first.
        queued = Qt.ConnectionType.QueuedConnection
        self.rail.language.connect(self.look.switch_language, queued)
        self.rail.scheme.connect(self.look.switch_scheme, queued)
        self.rail.large.connect(self.look.switch_large, queued)
        self.rail.help.connect(self.show_help)
        self.rail.settings.connect(self.look.show_preferences)

    def _use_ledger(self) -> None:
        """Give pages what they need to work with the ledger, and say how that stands."""
        self._context = Context(
            workspace=self._workspace,
            words=self.words,
            theme=self.theme,
            workers=self.workers,
            settings=self.settings,
            clock=self._clock,
            home=self._home,
            go=self.open,
            toast=self.toast,
            restate=self.show_status,
        )
        self._inside.say_read_only(self._workspace.read_only)
        self.show_status()

    def _restore_window(self) -> None:
        self.setMinimumSize(960, 620)
        self.resize(1280, 800)
        if self.settings.window:
            self.restoreGeometry(QByteArray.fromBase64(self.settings.window.encode()))
