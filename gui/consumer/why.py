"""What a verdict rests on, in a window of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui.consumer import telling
from gui.consumer.verdict import Answer, headline
from gui.context import Context
from gui.entry import open_entry
from gui.widgets import Banner, Timeline, button, scrolled


class WhyDialog(QDialog):
    """What the verdict rests on, in one list: checks that need attention first, then the findings."""

    def __init__(self, context: Context, answer: Answer, parent: QWidget) -> None:
        super().__init__(parent)
        words = context.words
        self.finished.connect(self.deleteLater)
        kind, title, about = headline(words, answer)
        self.setWindowTitle(words("common.why"))
        self.resize(context.theme.px(560), context.theme.px(520))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(Banner(context.theme, kind, title, about))
        items = telling.why_items(words, answer)
        line = Timeline(context.theme, items)
        line.opened.connect(lambda key: open_entry(context, int(key), self))
        column.addWidget(scrolled(line, name=self.windowTitle()), 1)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.close"), self.reject, "primary"))
        column.addLayout(row)
