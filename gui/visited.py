"""The pages of a window that were visited: made once, left and come back to, and the way one came.

Rule: what a page needs to stand where it stood outlives the page; on a switch of look or language it is the
only thing that does.
"""

from __future__ import annotations

from gui.context import Context, Page, State
from gui.pages import spec_of

FARTHEST_BACK = 20


class Visited:
    """Pages by their keys, how one stood on each, and where one is."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.states: dict[str, State] = {}
        self.here = ""
        self._way: list[tuple[str, State]] = []

    @property
    def current(self) -> Page | None:
        """Return the page where one is, if it is made."""
        return self.pages.get(self.here)

    def make(self, key: str, context: Context) -> Page:
        """Make a page, with the way back on it where it is reached from others."""
        spec = spec_of(key)
        page = self.pages[key] = spec.load()(context)
        page.setAccessibleName(page.title)
        if not spec.rail:
            back = context.theme.icon("back")
            page.header.add_back(context.words("common.back"), back, lambda: context.go("back", {}))
        return page

    def leave(self) -> tuple[str, State]:
        """Let the shown page put down what it holds, and return where and how one stood."""
        page = self.current
        if page is None:
            return self.here, {}
        page.leave()
        self.states[self.here] = page.state()
        return self.here, self.states[self.here]

    def set_out(self) -> None:
        """Leave for another page, to come back here."""
        if self.here:
            self._way = [*self._way[1 - FARTHEST_BACK :], self.leave()]

    def before(self) -> tuple[str, State] | None:
        """Return where one came from and how one stood there, and forget it; None at the beginning."""
        return self._way.pop() if self._way else None

    def forget_way(self) -> None:
        """Begin anew: there is nowhere to go back to."""
        self._way = []

    def take_away(self) -> list[Page]:
        """Return every page, which is nobody's now, and keep how one stood on it."""
        self.states.update({key: page.state() for key, page in self.pages.items()})
        gone = list(self.pages.values())
        self.pages.clear()
        return gone
