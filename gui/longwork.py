"""One way to do on a page what takes long: how far it is, a Cancel, and nothing half done afterwards.

Rule: the work calls `tell` before every step, and where it was called off `tell` raises: what leaves through
there undoes what it began, and nothing later is reached. Once all steps are done it goes through. The bar
comes only where one would notice the wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui.context import Page
from gui.widgets import Progress
from gui.widgets.text import rest
from ledger.errors import Problem

T = TypeVar("T")
LATE_MS = 400


class CalledOff(Exception):
    """Somebody called the work off, or the window closes: `done` of `total` steps were done."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(done, total)
        self.done, self.total = done, total


@dataclass(frozen=True, slots=True)
class Tell:
    """What the work calls on its thread: so many steps of so many are done, and may it go on?"""

    _asked: Callable[[], bool]
    _told: Callable[..., object]
    _text: str

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is.

        Raises:
            CalledOff: it is to go no further.
        """
        if self._asked():
            raise CalledOff(done, total)
        self._told(self._text, done, total)

    def about(self, text: str) -> Tell:
        """Return the same for a stage of its own."""
        return replace(self, _text=text)


class LongWork(Progress):
    """The bar of a page, under its header while something long is under way.

    Args:
        held: what waits meanwhile: the buttons that begin such work, and what says what it shall be.
    """

    def __init__(self, page: Page, *held: QWidget) -> None:
        super().__init__(page.words("common.cancel"), self.cancel)
        self._page, self._held, self._stop = page, held, Event()
        self._woken: list[Callable[[], None]] = []
        self.busy = False
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(self.show)
        self.hide()
        page.column.insertWidget(1, self)

    def run(
        self,
        text: str,
        work: Callable[[Tell], T],
        then: Callable[[T], object],
        failed: Callable[[Problem], object] | None = None,
        called_off: Callable[[CalledOff], object] | None = None,
        *,
        write: bool = False,
    ) -> None:
        """Do the work on a reading or the writing thread, then call one of the three.

        Args:
            text: what is under way, before the numbers.
        """
        context = self._page.context
        if self.busy:
            context.toast(self._page.words("long.busy"), "attention")
            return
        stop, workers = self._begin(text), context.workers
        tell = Tell(
            lambda: stop.is_set() or workers.closed, partial(workers.relay(self._show, self), stop), text
        )

        def act() -> T | CalledOff:
            try:
                return work(tell)
            except CalledOff as called:
                return called

        def done(found: T | CalledOff) -> None:
            self._end()
            if isinstance(found, CalledOff):
                (called_off or self._say_called_off)(found)
            else:
                then(found)

        def refused(problem: Problem) -> None:
            self._end()
            (failed or workers.unhandled)(problem)

        (workers.write if write else workers.read)(act, done, refused, self)

    def cancel(self) -> None:
        """Call it off; it ends at its next step."""
        self._stop.set()
        self.button.setEnabled(False)
        self.show_progress(0, 0, self._page.words("long.stopping"))

    def _begin(self, text: str) -> Event:
        self.busy, self._stop = True, Event()
        self.take_keys_of(*self._held)
        self._woken = [rest(each) for each in self._held]
        self.button.setEnabled(True)
        self.show_progress(0, 0, text)
        self._late.start()
        return self._stop

    def _end(self) -> None:
        self.busy = False
        self._late.stop()
        self.hide()
        for wake in self._woken:
            wake()

    def _show(self, stop: Event, text: str, done: int, total: int) -> None:
        # A word of work that has ended, or was called off, may still be on its way.
        if self.busy and stop is self._stop and not stop.is_set():
            words = self._page.words
            far = words("long.progress", text=text, done=words.number(done), total=words.number(total))
            self.show_progress(done, total, far if total else text)
            self.button.setEnabled(done < total or not total)

    def _say_called_off(self, _: CalledOff) -> None:
        self._page.context.toast(self._page.words("long.called_off"), "info")
