"""Read a stream of frames without ever holding it up: the newest frame is decoded, those in between are not.

Three lanes of one thread each: a plain look at the newest frame, a dear second look at one that gave nothing,
and the small picture a viewfinder shows. A lane that is busy keeps only the newest frame for when it is free,
so a slow retry costs neither smoothness nor the next plain look. Results arrive on the GUI thread as queued
signals.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gui.frames import FrameSource
from gui.pixels import Frame
from gui.scanner import LiveScanner

Work = Callable[[], object]


class Watcher(QObject):
    """Watches one source: `looked` carries a `Sight`, `shown` a picture, `state` the source's state."""

    looked = Signal(object)
    shown = Signal(object)
    state = Signal(str)
    _done = Signal(str, object)

    def __init__(self, source: FrameSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source = source
        source.setParent(self)
        self._scanner = LiveScanner()
        # Ready threads: to start one while the first label is in view would be felt.
        self._threads = {
            name: ThreadPoolExecutor(1, thread_name_prefix=f"watch-{name}")
            for name in ("look", "again", "show")
        }
        self._looking, self._still = True, False
        self._busy: set[str] = set()
        self._waiting: dict[str, Work] = {}
        self._done.connect(self._arrive, Qt.ConnectionType.QueuedConnection)
        source.frame.connect(self._take)
        source.state.connect(self.state)

    def start(self) -> None:
        """Begin to watch."""
        self.source.start()

    def hold(self, still_ms: int = 0) -> None:
        """Look no further and go on showing what the source sees, after a moment of stillness."""
        self._looking = False
        self._waiting.clear()
        if still_ms:
            self._still = True
            QTimer.singleShot(still_ms, self, self._go_on)

    def stop(self) -> None:
        """Let go of the source; what is still being decoded is dropped."""
        self.source.stop()
        self._waiting.clear()
        for thread in self._threads.values():
            thread.shutdown(wait=False, cancel_futures=True)

    @Slot(object)
    def _take(self, frame: Frame) -> None:
        # The code first: what the viewfinder shows may be a moment late, the answer may not.
        self._hand("look", lambda: (self._scanner.glance(frame.grey), frame.grey))
        self._hand("show", frame.preview)

    def _go_on(self) -> None:
        self._still = False

    def _hand(self, name: str, work: Work) -> None:
        wanted = not self._still if name == "show" else self._looking
        if not self.source.running or not wanted:
            return
        if name in self._busy:
            self._waiting[name] = work
            return
        self._busy.add(name)

        def run() -> None:
            result = work()
            # The page may have gone while we looked; then there is nobody to tell.
            if shiboken6.isValid(self):
                self._done.emit(name, result)

        self._threads[name].submit(run)

    @Slot(str, object)
    def _arrive(self, name: str, result: Any) -> None:
        self._busy.discard(name)
        if not self.source.running:
            return
        if (newest := self._waiting.pop(name, None)) is not None:
            self._hand(name, newest)
        if name == "show":
            if not self._still:
                self.shown.emit(result)
        elif not self._looking:
            return
        elif name == "again":
            self.looked.emit(result)
        else:
            sight, grey = result
            if not sight.decoded:
                self._hand("again", lambda: self._scanner.again(grey, sight))
            self.looked.emit(sight)
