"""Go from page to page: as which role, to which page, and back the way one came.

Rule: a page is filled in before it is in sight; parts that are shown one by one in the window are styled and
laid out each.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui import keyboard
from gui.arrival import Arrival
from gui.context import Page, State
from gui.pages import ROLES, pages_of, spec_of
from gui.visited import Visited

if TYPE_CHECKING:
    from gui.shell import Shell


class Going(QObject):
    """Shows one page of the window at a time; the window owns it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.role = shell.settings.role if shell.settings.role in ROLES else ROLES[0]
        self.visited = Visited()
        self.arrival = Arrival(shell)
        shell.heading.arrived.connect(self._arrived)

    def first_page(self) -> str:
        """Return the page to begin with: where one was last, as this role."""
        return self._shell.settings.pages.get(self.role) or self._first()

    def open(self, key: str, args: State) -> None:
        """Go to a page, to come back where one is."""
        spec = spec_of(key)
        if self.role not in spec.roles:
            self._use_role(spec.roles[0])
            self._shell.show_status()
        self.visited.set_out()
        self._show(key, args, {})

    def back(self) -> None:
        """Go where one came from, as it was left."""
        before = self.visited.before()
        if before is not None:
            key, state = before
            if self.role not in spec_of(key).roles:
                self._use_role(spec_of(key).roles[0])
            self._show(key, {}, state)

    def look_as(self, role: str) -> None:
        """Look through another role's eyes, at the page last seen with them; before any page only say so."""
        begun = self.visited.here and role != self.role
        if begun:
            self.visited.leave()
        self._use_role(role)
        if not begun:
            return
        self.visited.forget_way()
        self._shell.show_status()
        kept = self._shell.settings.pages.get(role, "")
        key = kept if any(spec.key == kept for spec in pages_of(role)) else self._first()
        self._show(key, {}, self.visited.states.get(key, {}))

    def leave(self) -> None:
        """Let the shown page put down what it holds, and bring no other."""
        self.visited.leave()
        self.arrival.end()

    def forget(self) -> list[Page]:
        """Begin anew, with no page; return those there were."""
        self.leave()
        gone = list(self.visited.pages.values())
        self.visited = Visited()
        return gone

    def stand_again(self) -> None:
        """Show the page that stood here, unless somebody has gone to another already."""
        try:
            key = self.visited.here
            if key and self.visited.current is None:
                self._show(key, {}, self.visited.states.get(key, {}))
        finally:
            if self.arrival.idle:
                self.arrival.end()

    def _show(self, key: str, args: State, state: State) -> None:
        shell, self.visited.here = self._shell, key
        page = self.visited.pages.get(key) or self._make(key)
        if shell.stack.currentWidget() is not page:
            shell.workers.after_painting(page)
        kept = page.focusWidget()
        if state:
            page.restore(state)
        else:
            page.enter(**args)
        shell.heading.enter(page, shell.words("app.name"))
        shell.rail.show_page(spec_of(key).parent or key)
        if spec_of(key).rail:
            shell.settings.pages[self.role] = key
        bring = partial(self._bring, page, kept)
        if shell.stack.knows(page):
            bring()
            self.arrival.end()
        else:
            self.arrival.bring(partial(shell.stack.know, page), bring)

    def _make(self, key: str) -> Page:
        page = self.visited.make(key, self._shell.context)
        page.windowTitleChanged.connect(lambda *_: self._shell.heading.say(page))
        return page

    def _bring(self, page: Page, kept: QWidget | None) -> None:
        stack = self._shell.stack
        if stack.currentWidget() is not page:
            # The turns have taken their time: what the page asked for still waits for its painting.
            self._shell.workers.after_painting(page)
        stack.show_page(page)
        keyboard.enter(page, page.header, kept)
        self._shell.heading.see()

    def _arrived(self) -> None:
        page = self.visited.current
        if page is not None:
            keyboard.arrive(page, page.header)

    def _use_role(self, role: str) -> None:
        if role != self.role:
            self.role = role
            self._shell.rail.show_role(role)

    def _first(self) -> str:
        return next(spec.key for spec in pages_of(self.role) if spec.rail)
