"""When the program itself errs: keep a report, show it, let it be copied, go on where that is possible.

The ledger is unharmed by a crash of its face: what was recorded was committed, what was not was not.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gui.widgets import button, label
from gui.words import Words

FOLDER = "crashes"


def report_text(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """Return the traceback as text, without the person's home folder in its paths."""
    text = "".join(traceback.format_exception(kind, error, trace))
    return text.replace(str(Path.home()), "~")


def write_report(home: Path, now: datetime, lines: Iterable[str]) -> Path | None:
    """Keep a report in the program's home; a disk that refuses it must not make things worse."""
    path = home / FOLDER / f"{now:%Y%m%dT%H%M%S}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return None
    return path


class CrashDialog(QDialog):
    """What went wrong, for whoever maintains the program, with one button to copy it."""

    def __init__(self, words: Words, report: str, path: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(words("crash.title"))
        self.resize(720, 460)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(label(words("crash.title"), "card"))
        column.addWidget(label(words("crash.text")))
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.report.setAccessibleName(words("crash.report"))
        column.addWidget(self.report, 1)
        if path is not None:
            column.addWidget(label(words("crash.kept", path=str(path)), "secondary"))
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("crash.copy"), self.copy))
        row.addWidget(button(words("crash.go_on"), self.accept, "primary"))
        column.addLayout(row)

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QApplication.clipboard().setText(self.report.toPlainText())


class CrashHook(QObject):
    """Receives every exception nobody caught, from any thread, and shows one dialog at a time."""

    _crashed = Signal(str, object)

    def __init__(
        self,
        words: Callable[[], Words],
        home: Path,
        clock: Callable[[], datetime],
        surroundings: Callable[[], Iterable[str]],
        parent: QObject,
        dress: Callable[[QWidget], object] = lambda _: None,
    ) -> None:
        super().__init__(parent)
        self._words, self._home, self._clock, self._surroundings = words, home, clock, surroundings
        self._dress = dress
        self._open = False
        # An exception may come from a worker thread; a signal brings it to the thread that owns windows.
        self._crashed.connect(self._show)

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Report one exception (`sys.excepthook` calls this)."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        text = report_text(kind, error, trace)
        sys.stderr.write(text)
        report = "\n".join((*self._surroundings(), f"{self._clock():%Y-%m-%dT%H:%M:%SZ}", "", text))
        self._crashed.emit(report, write_report(self._home, self._clock(), [report]))

    def _show(self, report: str, path: Path | None) -> None:
        # A page that errs on every repaint would bury the screen in dialogs; the reports are all kept.
        if self._open:
            return
        self._open = True
        dialog = CrashDialog(self._words(), report, path, QApplication.activeWindow())
        self._dress(dialog)
        dialog.finished.connect(self._closed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _closed(self, _result: int) -> None:
        self._open = False
