"""Read a stream of frames without ever holding it up: the newest frame is decoded, those in between are not.

One thread decodes, another makes the small picture a viewfinder shows; each takes a frame only when it is
free, so a slow retry costs reads, not smoothness. Results arrive on the GUI thread as queued signals.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from gui.frames import Frame, FrameSource
from gui.scanner import LiveScanner


class Watcher(QObject):
    """Watches one source: `looked` carries a `Sight`, `shown` a picture, `state` the source's state."""

    looked = Signal(object)
    shown = Signal(object)
    state = Signal(str)
    _looked = Signal(object)
    _shown = Signal(object)

    def __init__(self, source: FrameSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source = source
        source.setParent(self)
        self._scanner = LiveScanner()
        self._busy = {"look": False, "show": False}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="watch")
        self._looked.connect(self._arrive_look, Qt.ConnectionType.QueuedConnection)
        self._shown.connect(self._arrive_picture, Qt.ConnectionType.QueuedConnection)
        source.frame.connect(self._take)
        source.state.connect(self.state)

    def start(self) -> None:
        """Begin to watch."""
        self.source.start()

    def stop(self) -> None:
        """Let go of the source; what is still being decoded is dropped."""
        self.source.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    @Slot(object)
    def _take(self, frame: Frame) -> None:
        self._hand("show", frame.preview, self._shown)
        self._hand("look", lambda: self._scanner.look(frame.grey), self._looked)

    def _hand(self, name: str, work: Callable[[], object], done: SignalInstance) -> None:
        if self._busy[name] or not self.source.running:
            return
        self._busy[name] = True

        def run() -> None:
            result = work()
            # The page may have gone while we looked; then there is nobody to tell.
            if shiboken6.isValid(self):
                done.emit(result)

        self._threads.submit(run)

    @Slot(object)
    def _arrive_look(self, sight: object) -> None:
        self._busy["look"] = False
        if self.source.running:
            self.looked.emit(sight)

    @Slot(object)
    def _arrive_picture(self, picture: object) -> None:
        self._busy["show"] = False
        if self.source.running:
            self.shown.emit(picture)
