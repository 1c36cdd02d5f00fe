"""Help that opens at the page one is on: `resources/help/<language>.md`, one part a page of the program."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

import resources
from gui.pages import PAGES
from gui.theme import Theme
from gui.widgets import button
from gui.words import Words

FIRST = "suxin"
_PART = re.compile(r"^<!-- (\w+) -->\n", re.MULTILINE)


def parts(locale: str) -> dict[str, str]:
    """Return the help's parts by the key of the page they are about, in reading order."""
    found = _PART.split(resources.text(f"help/{locale}.md"))
    return {key: text.strip() for key, text in zip(found[1::2], found[2::2], strict=True)}


def with_every_page(found: dict[str, str], words: Words) -> dict[str, str]:
    """Return the parts, and one for each page that nobody has written about: its name and what it is for."""
    missing = [spec.key for spec in PAGES if spec.key not in found]
    told = {key: f"# {words(f'page.{key}.title')}\n\n{words.first(f'page.{key}.about')}" for key in missing}
    return {**found, **told}


class HelpDialog(QDialog):
    """All parts on the left, the one that is read on the right."""

    def __init__(self, theme: Theme, words: Words, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = with_every_page(parts(words.locale), words)
        theme.dress(self)
        self.setWindowTitle(words("help.title"))
        self.resize(theme.px(820), theme.px(560))
        self.setSizeGripEnabled(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.list = QListWidget()
        self.list.setAccessibleName(words("help.parts"))
        self.list.setFixedWidth(theme.px(200))
        self.text = QTextBrowser()
        self.text.setAccessibleName(words("help.text"))
        self.text.setOpenExternalLinks(False)
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        column.addLayout(row, 1)
        below = QHBoxLayout()
        below.addStretch()
        below.addWidget(button(words("common.close"), self.accept, "primary"))
        column.addLayout(below)
        for key, text in self._parts.items():
            item = QListWidgetItem(text.splitlines()[0].lstrip("# "))
            item.setData(256, key)
            item.setSizeHint(QSize(theme.px(180), theme.px(34)))
            self.list.addItem(item)
        self.list.currentRowChanged.connect(partial(self._show))
        self.show_part(page)

    @property
    def page(self) -> str:
        """Return the key of the part that is shown."""
        return list(self._parts)[self.list.currentRow()]

    def show_part(self, key: str) -> None:
        """Open at a page's part, or at the beginning where it has none."""
        keys = list(self._parts)
        self.list.setCurrentRow(keys.index(key) if key in keys else 0)

    def _show(self, row: int) -> None:
        self.text.setMarkdown(list(self._parts.values())[row])
