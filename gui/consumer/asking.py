"""Ask the ledger about one code at a time: first what the verdict rests on, then everything else.

Whoever asks again, or forgets, hears no more of what was asked before.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from gui.consumer.verdict import Answer
from gui.context import Context
from ledger.errors import Problem

PAINTED_MS = 30
"""By then the verdict is on the screen: a reader beside the painting would take the interpreter from it."""


class Asking(QObject):
    """`answered` carries the verdict with its checks, `completed` the whole `Answer` where that was not all.

    `refused` carries why there is no verdict, `unfinished` why there is nothing beside it.
    """

    answered = Signal(object)
    completed = Signal(object)
    refused = Signal(object)
    unfinished = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._turn = context, 0

    def ask(self, code: str) -> None:
        """Ask about a code, and no longer about any other."""
        self.forget()
        turn, workspace = self._turn, self._context.workspace
        self._context.workers.read(
            lambda: Answer.first(workspace, code),
            lambda answer: self._first(turn, answer),
            lambda problem: self._fail(turn, self.refused, problem),
            self,
        )

    def forget(self) -> None:
        """Want no answer any more."""
        self._turn += 1

    def _first(self, turn: int, answer: Answer) -> None:
        if turn != self._turn:
            return
        self.answered.emit(answer)
        if not answer.whole:
            QTimer.singleShot(PAINTED_MS, self, lambda: self._go_on(turn, answer))

    def _go_on(self, turn: int, answer: Answer) -> None:
        workspace = self._context.workspace
        if turn == self._turn:
            self._context.workers.read(
                lambda: answer.completed(workspace),
                lambda whole: self._last(turn, whole),
                lambda problem: self._fail(turn, self.unfinished, problem),
                self,
            )

    def _last(self, turn: int, answer: Answer) -> None:
        if turn == self._turn:
            self.completed.emit(answer)

    def _fail(self, turn: int, told: SignalInstance, problem: Problem) -> None:
        if turn == self._turn:
            told.emit(problem)
