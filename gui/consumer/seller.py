"""Who sold it, and how far to trust them: the score with its reasons and its past, and where to speak up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout

from gui.consumer.verdict import HISTORY, Answer
from gui.context import Context
from gui.scores import chart_span, history_text, score_points
from gui.widgets import Badge, Card, CheckRow, FlowRow, Place, ScoreChart, button, label
from gui.wording import grade_text, reason_text, score_text

REASONS = 5


class SellerCard(Card):
    """Tells of the seller of one answer; how the score came about is asked for and shown when it is known.

    Args:
        open_entry: shows the entry that a reason rests on; review, complain: let the person say something.
    """

    def __init__(
        self,
        context: Context,
        answer: Answer,
        open_entry: Callable[[int], object],
        review: Callable[[], object],
        complain: Callable[[], object],
    ) -> None:
        super().__init__(context.words("story.seller"))
        self._context, self._words, self._open_entry = context, context.words, open_entry
        if answer.seller is None:
            self.add(label(self._words("story.seller.unknown"), "strong"))
            self.add(label(self._words("story.seller.unknown.text"), "secondary"))
            self.body.addStretch()
            return
        self.add(label(self._words.name(answer.seller), "strong"))
        self._add_score(answer.score)
        self._past = Place()
        self.add(self._past)
        self._ask_history(answer.seller.id)
        self._add_reasons(answer.score)
        self.body.addStretch()
        theme = context.theme
        self.review_button = button(self._words("review.write"), review, icon=theme.icon("star"))
        self.complain_button = button(self._words("complaint.write"), complain, icon=theme.icon("complaint"))
        self.add(FlowRow((self.review_button, self.complain_button)))

    def _add_score(self, score: Any) -> None:
        words = self._words
        self.body.addLayout(self._figure(score))
        if score.score is None:
            self.add(label(words("score.too_thin"), "secondary"))
        else:
            low, high = score.interval
            self.add(label(words("score.interval", low=low, high=high), "secondary"))

    def _figure(self, score: Any) -> QLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label(score_text(self._words, score), "score", wrap=False))
        row.addWidget(Badge(*grade_text(self._words, score.grade)), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        return row

    def _ask_history(self, seller: str) -> None:
        workspace = self._context.workspace
        self._context.workers.read(
            lambda: (workspace.merchants.history(seller, HISTORY), workspace.merchants.grade_bands),
            lambda found: self._show_history(*found),
            owner=self._past,
        )

    def _show_history(self, history: Any, bands: Any) -> None:
        points = score_points(self._words, history)
        known = [point.value for point in points if point.value is not None]
        if known:
            chart = ScoreChart(self._context.theme, bands, chart_span(known, bands))
            chart.setAccessibleName(self._words("story.seller.history"))
            chart.show_points(points, history_text(self._words, points))
            self._past.fill(chart)

    def _add_reasons(self, score: Any) -> None:
        weighty = sorted((one for one in score.contributions if one.points), key=lambda one: -abs(one.points))
        for one in weighty[:REASONS]:
            self.add(self._reason(one))

    def _reason(self, one: Any) -> CheckRow:
        entry = one.entries[-1] if one.entries else None
        return CheckRow(
            reason_text(self._words, one),
            "",
            self._words.signed(one.points),
            "ok" if one.points > 0 else "bad",
            self._words("common.open") if entry is not None else "",
            partial(self._open_entry, entry) if entry is not None else None,
        )
