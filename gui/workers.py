"""Do the work off the GUI thread and bring the result back to it.

Reads share a small pool; writes take one thread, in the order they were asked for. A result whose owner
widget has died meanwhile is dropped. Signals are connected before any thread starts (the bridge is made
in the constructor), and results cross threads as queued signals only.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot

from ledger.errors import LedgerError, Problem

T = TypeVar("T")
UNSEEN_MS = 100


class Job(Generic[T]):
    """One piece of work under way; ask it to stop with `cancel`, and look at `cancelled` while working."""

    def __init__(
        self,
        func: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Problem], object] | None,
        owner: QObject | None,
    ) -> None:
        self._func = func
        self._then = then
        self._failed = failed
        self._owner = owner
        self._stop = threading.Event()
        self._result: T | None = None
        self._error: Exception | None = None

    def cancel(self) -> None:
        """Ask the work to stop and drop its result."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Say whether the result is no longer wanted."""
        return self._stop.is_set()

    def run(self) -> None:
        """Do the work (on a worker thread) and keep the outcome for the GUI thread."""
        if self.cancelled():
            return
        try:
            self._result = self._func()
        except Exception as error:  # noqa: BLE001  thread boundary: reported by deliver()
            self._error = error

    def deliver(self, unhandled: Callable[[Problem], object]) -> None:
        """Hand the outcome over (on the GUI thread), unless nobody is there to take it."""
        if self.cancelled() or (self._owner is not None and not shiboken6.isValid(self._owner)):
            return
        if self._error is None:
            self._then(self._result)  # type: ignore[arg-type]  # None only where T is None
            return
        (self._failed or unhandled)(as_problem(self._error))
        if not isinstance(self._error, Problem | OSError):
            # Our own mistake: the waiting page is told above, and the crash dialog shows the report.
            sys.excepthook(type(self._error), self._error, self._error.__traceback__)


def as_problem(error: Exception) -> Problem:
    """Return the error itself when it is worded for people, else one that says the program erred."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, OSError):
        return LedgerError(
            "the system refused a file",
            code="file-refused",
            found=error.strerror or type(error).__name__,
            expected="a file this user may read or a folder with room",
            where=error.filename or "",
            remedy="choose another file or folder, or make room",
        )
    return LedgerError(
        f"The program made a mistake: {type(error).__name__}: {error}",
        code="program-bug",
        found=f"{type(error).__name__}: {error}",
        remedy="Copy the report and send it to whoever maintains the program; the ledger is unchanged.",
    )


class Workers(QObject):
    """The threads of one window: `read` for looking, `write` for recording, `relay` for progress."""

    _finished = Signal(object)
    _relayed = Signal(object)
    written = Signal()
    """A write has just been delivered: pages that show the ledger look again."""
    busy = Signal(bool)

    def __init__(self, parent: QObject | None = None, readers: int = 2) -> None:
        super().__init__(parent)
        self.unhandled: Callable[[Problem], object] = _report
        self._reads = ThreadPoolExecutor(readers, thread_name_prefix="read")
        self._writes = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._open: set[Job[Any]] = set()
        self._writing: set[Job[Any]] = set()
        self._closed = False
        self._held: list[tuple[ThreadPoolExecutor, Job[Any]]] | None = None
        self._release = QTimer(self)
        self._release.setSingleShot(True)
        self._release.timeout.connect(self._begin_held)
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._relayed.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        func: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Problem], object] | None = None,
        owner: QObject | None = None,
        *,
        early: bool = False,
    ) -> Job[T]:
        """Run `func` on a reading thread, then call `then(result)` or `failed(problem)` on this one.

        Args:
            early: beside the laying out of a page that opens: for what the database alone works on.
        """
        return self._start(self._reads, Job(func, then, failed, owner), early)

    def write(
        self,
        func: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Problem], object] | None = None,
        owner: QObject | None = None,
    ) -> Job[T]:
        """Run `func` on the one writing thread, in order; `written` follows a success."""
        job = Job(func, then, failed, owner)
        self._writing.add(job)
        return self._start(self._writes, job)

    def relay(self, slot: Callable[..., object], owner: QObject | None = None) -> Callable[..., None]:
        """Return a callable for worker threads that calls `slot` here; while busy the newest call wins."""
        waiting: list[tuple[object, ...]] = []
        lock = threading.Lock()

        def arrive() -> None:
            with lock:
                newest = waiting[-1]
                waiting.clear()
            if owner is None or shiboken6.isValid(owner):
                slot(*newest)

        def send(*args: object) -> None:
            with lock:
                waiting.append(args)
                first = len(waiting) == 1
            if first:
                self._relayed.emit(arrive)

        return send

    def after_painting(self, page: QObject) -> None:
        """Begin what is asked for from now on when this page has been painted.

        A page that opens asks and is laid out in one turn; a thread that answers meanwhile would take the
        interpreter from it a hundred times.
        """
        if self._held is None:
            self._held = []
        page.installEventFilter(self)
        # A page nobody sees (the window is minimised) is never painted.
        self._release.start(UNSEEN_MS)

    def eventFilter(self, page: QObject, event: QEvent) -> bool:
        """Look for the first painting of the page that opens."""
        if event.type() == QEvent.Type.Paint:
            page.removeEventFilter(self)
            self._release.start(0)
        return super().eventFilter(page, event)

    def idle(self) -> bool:
        """Say whether nothing is under way and every result has been delivered."""
        return not self._open

    @property
    def closed(self) -> bool:
        """Say whether the window is closing: long work asks this and stops."""
        return self._closed

    def close(self) -> None:
        """Stop taking work, drop what has not begun, and wait for what has (a write is never cut).

        A long look (an audit, a video) is asked to stop: nobody is left to see what it finds.
        """
        self._begin_held()
        self._closed = True
        for job in self._open - self._writing:
            job.cancel()
        self._reads.shutdown(wait=True, cancel_futures=True)
        self._writes.shutdown(wait=True, cancel_futures=False)

    def _start(self, pool: ThreadPoolExecutor, job: Job[T], early: bool = False) -> Job[T]:
        if self._closed:
            # A pause that ends while the window closes: nobody is left to look at the answer.
            job.cancel()
            self._writing.discard(job)
            return job
        self._open.add(job)
        if len(self._open) == 1:
            self.busy.emit(True)
        if early or self._held is None:
            pool.submit(self._run, job)
        else:
            self._held.append((pool, job))
        return job

    def _begin_held(self) -> None:
        held, self._held = self._held or [], None
        for pool, job in held:
            pool.submit(self._run, job)

    def _run(self, job: Job[T]) -> None:
        job.run()
        # The window may have closed while the work ran; then there is nobody left to tell.
        if shiboken6.isValid(self):
            self._finished.emit(job)

    @Slot(object)
    def _deliver(self, job: Job[Any]) -> None:
        self._open.discard(job)
        wrote = job in self._writing
        self._writing.discard(job)
        try:
            job.deliver(self.unhandled)
        finally:
            if wrote:
                self.written.emit()
            if not self._open:
                self.busy.emit(False)

    @Slot(object)
    def _call(self, arrive: Callable[[], None]) -> None:
        arrive()


def _report(problem: Problem) -> None:
    """Say on the error stream what nobody showed (a window replaces this with its toast)."""
    sys.stderr.write(f"{problem}\n")
