"""The one place of the scan page: where to begin, what the camera sees, that one waits, or the answer."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gui.consumer.start import Start
from gui.consumer.story import StoryView
from gui.consumer.verdict import Answer
from gui.consumer.viewfinder import Viewfinder
from gui.context import Context
from gui.widgets import EmptyState, scrolled

# An answer that comes sooner needs no page that says to wait: it would only flicker.
PATIENCE_MS = 150


class Places(QStackedWidget):
    """One of the four at a time; what is shown next ends the one before."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        words = context.words
        self.start = Start(context)
        self.viewfinder = Viewfinder(context)
        self.waiting = EmptyState(context.theme, "scan", words("scan.looking"), words("scan.looking.text"))
        self.view = StoryView(context)
        self.view.built.connect(self._back_to_place)
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 8, 0)
        body.addWidget(self.view)
        body.addStretch()
        self.result = scrolled(inside)
        self._read = 0
        for widget in (self.start, self.viewfinder, self.waiting, self.result):
            self.addWidget(widget)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(lambda: self.setCurrentWidget(self.waiting))

    @property
    def beginning(self) -> bool:
        """Say whether nothing was asked yet."""
        return self.currentWidget() is self.start

    @property
    def looking(self) -> bool:
        """Say whether one sees what the camera sees."""
        return self.currentWidget() is self.viewfinder

    @property
    def answered(self) -> bool:
        """Say whether an answer stands here."""
        return self.currentWidget() is self.result

    @property
    def whole(self) -> bool:
        """Say whether the answer, if one is shown, is there with all its parts."""
        return not self._patience.isActive() and (not self.answered or self.view.whole)

    def begin(self) -> None:
        """Show where to begin."""
        self.viewfinder.release()
        self._patience.stop()
        self.setCurrentWidget(self.start)

    def look(self) -> None:
        """Show what the camera sees, and make ready what will be said of it."""
        self.setCurrentWidget(self.viewfinder)
        self.view.prepare()

    def wait(self) -> None:
        """Say at once that one waits."""
        self.viewfinder.release()
        self.setCurrentWidget(self.waiting)

    def wait_soon(self) -> None:
        """Say that one waits, if it takes long; a viewfinder goes on showing what the camera sees."""
        if not (self.answered or self.looking):
            self._patience.start(PATIENCE_MS)

    def show_answer(self, answer: Answer) -> None:
        """Show an answer; one that is told anew stays where somebody read."""
        self._patience.stop()
        self.viewfinder.release()
        self._read = self.result.verticalScrollBar().value() if self.answered else 0
        self.view.show_answer(answer)
        self.setCurrentWidget(self.result)

    def _back_to_place(self) -> None:
        read = self._read
        QTimer.singleShot(0, self, lambda: self.result.verticalScrollBar().setValue(read))
