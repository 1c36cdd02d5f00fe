"""The checks of a story, each a line with its outcome; the lines are made once and say another story's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from gui.consumer import telling
from gui.widgets import Card, CheckRow
from gui.widgets.text import show_if
from gui.wording import STATUS_KINDS
from gui.words import Words


class ChecksCard(Card):
    """What was looked at and what came out; `opened` is called with the entry somebody wants to see."""

    def __init__(self, words: Words, opened: Callable[[int], object]) -> None:
        super().__init__(words("story.checks"))
        self._words, self._opened = words, opened
        self._rows: dict[str, CheckRow] = {}
        self._entries: dict[str, int] = {}
        self.body.addStretch()

    def show_checks(self, checks: tuple[Any, ...]) -> None:
        """Say what these checks saw."""
        words = self._words
        for code in self._rows.keys() - {check.code for check in checks}:
            self._rows[code].hide()
        for place, check in enumerate(checks):
            row = self._row(check.code, place)
            status = words(f"status.{check.status}")
            row.say(telling.check_text(words, check), status, STATUS_KINDS[check.status])
            if check.entries:
                self._entries[check.code] = check.entries[-1]
            row.offer_more(bool(check.entries))
            show_if(row, True)

    def prepare(self) -> list[Callable[[], object]]:
        """Return the making of each line as a turn of its own, to be done before the first story comes."""
        from models.provenance.checks import CODES

        return [partial(self._prepare, code, place) for place, code in enumerate(CODES)]

    def _prepare(self, code: str, place: int) -> None:
        row = self._row(code, place)
        for part in (row, *row.findChildren(QWidget)):
            part.ensurePolished()

    def _row(self, code: str, place: int) -> CheckRow:
        if code not in self._rows:
            title, more = self._words(f"check.{code}"), self._words("common.open")
            self._rows[code] = CheckRow(title, more=more, clicked=partial(self._open, code))
            self.body.insertWidget(place, self._rows[code])
        return self._rows[code]

    def _open(self, code: str) -> None:
        self._opened(self._entries[code])
