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
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from gui import keyboard
from gui.arrival import Arrival
from gui.context import Context, Page, State
from gui.files import local_files, open_files
from gui.heading import Heading
from gui.look import Look
from gui.pages import ROLES, pages_of, spec_of
from gui.rail import Rail
from gui.settings import Settings
from gui.theme import Theme
from gui.turns import Turns
from gui.widgets import Banner, EmptyState, OnePage, Toasts, button
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
        self.role = settings.role if settings.role in ROLES else ROLES[0]
        self.pages: dict[str, Page] = {}
        self._states: dict[str, State] = {}
        self._history: list[tuple[str, State]] = []
        self._here = ""
        self.keys: Keys | None = None
        self.heading = Heading(self, workers)
        self.look = Look(self)
        self.heading.arrived.connect(self._arrived)
        self._turns = Turns(self)
        self._arrival = Arrival(self)
        # What is built anew takes the old one's place in it: nothing old is moved, and so styled, again.
        self._inside = OnePage()
        self.setCentralWidget(self._inside)
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
    def current(self) -> Page | None:
        """Return the page that is shown."""
        return self.pages.get(self._here)

    @property
    def built(self) -> bool:
        """Say whether nothing waits for its turn: the page is in sight, those of before a switch are gone."""
        return self._turns.idle and self._arrival.idle

    def attach(self, workspace: Any) -> None:
        """Begin to work: the workspace is open."""
        self._workspace = workspace
        self._make_context()
        self._say_read_only()
        self.show_status()
        self.open(self.first_page(), {})

    def first_page(self) -> str:
        """Return the page to begin with: where one was last, as this role."""
        return self.settings.pages.get(self.role) or self._first()

    def detach(self) -> None:
        """Put the ledger down; another will be attached."""
        self._leave()
        self._arrival.end()
        self._workspace = self._context = None
        for page in self.pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages.clear()
        self._states, self._history, self._here = {}, [], ""
        self.show_waiting("")

    def open(self, key: str, args: State | None = None) -> None:
        """Go to a page: `open("dossier", {"party": id})`; "back" goes where one came from."""
        if key == "back":
            self.back()
            return
        spec = spec_of(key)
        if self.role not in spec.roles:
            self._use_role(spec.roles[0])
            self.show_status()
        if self._here:
            self._history = [*self._history[-19:], self._leave()]
        self._show(key, args or {}, {})

    def back(self) -> None:
        """Go where one came from, as it was left."""
        if self._history:
            key, state = self._history.pop()
            if self.role not in spec_of(key).roles:
                self._use_role(spec_of(key).roles[0])
            self._show(key, {}, state)

    def set_role(self, role: str) -> None:
        """Look through another role's eyes, at the page last seen with them."""
        if role == self.role or self._context is None:
            self._use_role(role)
            return
        self._leave()
        self._use_role(role)
        self._history = []
        self.show_status()
        kept = self.settings.pages.get(role, "")
        key = kept if any(spec.key == kept for spec in pages_of(role)) else self._first()
        self._show(key, {}, self._states.get(key, {}))

    def show_help(self) -> None:
        """Open the help at the page that is shown."""
        from gui.help import HelpDialog

        dialog = HelpDialog(self.theme, self.words, self._here, self)
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
        what, remedy = self.words.problem(problem)
        banner = Banner(self.theme, "bad", self.words("shell.cannot_open"), f"{what}\n{remedy}".strip())
        banner.add_action(button(self.words("common.retry"), retry, "primary"))
        self._show_alone(banner)

    def show_waiting(self, text: str) -> None:
        """Say what the window is waiting for."""
        self._show_alone(EmptyState(self.theme, "ledger", self.words("shell.opening"), text))

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
        self._leave()
        self._arrival.end()
        self._states.update({key: page.state() for key, page in self.pages.items()})
        gone = [*self.pages.values(), self._inside.currentWidget()]
        self.pages.clear()
        self._arrival.keep_picture()
        self._build()
        if self._context is not None:
            self._make_context()
            self._say_read_only()
            self.show_status()
        self._turns.add([self._show_again, *(widget.deleteLater for widget in gone if widget is not None)])

    def _show_again(self) -> None:
        """Show the page that stood here, unless somebody has gone to another already."""
        try:
            if self._context is not None and self.current is None:
                key = self._here or self._first()
                self._show(key, {}, self._states.get(key, {}))
        finally:
            if self._arrival.idle:
                self._arrival.end()

    def show_status(self) -> None:
        """Ask how the ledger stands and show it in the rail."""
        from gui.standing import ask_standing

        ask_standing(self.context, self.rail, self.role)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's place and the page of each role."""
        self._leave()
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
        whole = QWidget()
        whole.setObjectName("shell")
        self.theme.dress(whole)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = Rail(self.theme, self.words, self.role)
        self.stack = OnePage()
        self.notice = Banner(self.theme, "attention")
        self.notice.hide()
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.notice)
        beside.addWidget(self.stack, 1)
        row.addWidget(self.rail)
        row.addLayout(beside, 1)
        self._inside.show_page(whole)
        self.toasts = Toasts(self.theme, whole)
        self.rail.page.connect(lambda key: self.open(key))
        self.rail.role.connect(self.set_role)
        # A switch destroys the very button that was clicked: let its click finish first.
        queued = Qt.ConnectionType.QueuedConnection
        self.rail.language.connect(self.look.switch_language, queued)
        self.rail.scheme.connect(self.look.switch_scheme, queued)
        self.rail.large.connect(self.look.switch_large, queued)
        self.rail.help.connect(self.show_help)
        self.rail.settings.connect(self.look.show_preferences)

    def _make_context(self) -> None:
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

    def _say_read_only(self) -> None:
        """Say above every page that nothing can be recorded, and why, where that is so."""
        why = self._workspace.read_only
        self.notice.setVisible(why is not None)
        if why is not None:
            what, remedy = self.words.problem(why)
            text = self.words("shell.read_only.text", why=what.rstrip("。."), remedy=remedy.rstrip("。."))
            self.notice.say("attention", self.words("shell.read_only"), text)

    def _show(self, key: str, args: State, state: State) -> None:
        self._here = key
        page = self._page(key)
        if self.stack.currentWidget() is not page:
            self.workers.after_painting(page)
        kept = page.focusWidget()
        # Before it is in sight: parts that are shown one by one in the window are styled and laid out each.
        if state:
            page.restore(state)
        else:
            page.enter(**args)
        self.heading.enter(page, self.words("app.name"))
        self.rail.show_page(spec_of(key).parent or key)
        if spec_of(key).rail:
            self.settings.pages[self.role] = key
        if self.stack.knows(page):
            self._bring(page, kept)
            self._arrival.end()
        else:
            self._arrival.bring(lambda: self.stack.know(page), lambda: self._bring(page, kept))

    def _bring(self, page: Page, kept: QWidget | None) -> None:
        self.stack.show_page(page)
        keyboard.enter(page, page.header, kept)
        self.heading.see()

    def _arrived(self) -> None:
        if self.current is not None:
            keyboard.arrive(self.current, self.current.header)

    def _page(self, key: str) -> Page:
        if key not in self.pages:
            spec = spec_of(key)
            page = self.pages[key] = spec.load()(self.context)
            page.setAccessibleName(page.title)
            page.windowTitleChanged.connect(lambda _, page=page: self.heading.say(page))
            if not spec.rail:
                page.header.add_back(self.words("common.back"), self.theme.icon("back"), self.back)
        return self.pages[key]

    def _leave(self) -> tuple[str, State]:
        """Let the shown page put down what it holds, and return where and how one stood."""
        page = self.current
        if page is None:
            return self._here, {}
        page.leave()
        self._states[self._here] = page.state()
        return self._here, self._states[self._here]

    def _use_role(self, role: str) -> None:
        if role != self.role:
            self.role = role
            self.rail.show_role(role)

    def _first(self) -> str:
        return next(spec.key for spec in pages_of(self.role) if spec.rail)

    def _show_alone(self, widget: QWidget) -> None:
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(28, 20, 28, 20)
        column.addWidget(widget)
        if isinstance(widget, Banner):
            column.addStretch()
        self.stack.show_page(frame)

    def _restore_window(self) -> None:
        self.setMinimumSize(960, 620)
        self.resize(1280, 800)
        if self.settings.window:
            self.restoreGeometry(QByteArray.fromBase64(self.settings.window.encode()))
