"""A score as the charts draw it: its steps from the starting points, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from gui.widgets import ScorePoint, WaterfallBar
from gui.wording import entries_text, reason_text, score_text
from gui.words import Words

if TYPE_CHECKING:
    from models.credit.scorecard import Score


def score_bars(words: Words, score: Score) -> tuple[WaterfallBar, ...]:
    """Return the steps from the starting points to the score; keys are the places of the contributions."""
    bars = [WaterfallBar(words("score.base"), 0, score.base, str(score.base), words("score.base.why"))]
    at = score.base
    for place, one in enumerate(score.contributions):
        kind = "ok" if one.points > 0 else "bad" if one.points < 0 else "neutral"
        detail = entries_text(words, one.entries)
        key = str(place) if one.entries else ""
        bars.append(
            WaterfallBar(
                reason_text(words, one), at, at + one.points, words.signed(one.points), detail, kind, key
            )
        )
        at += one.points
    bars.append(WaterfallBar(words("score.total"), 0, at, str(at), kind="primary"))
    return tuple(bars)


def why_text(words: Words, why: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """Return why a grade is not what its points say, a line for each reason."""
    return "\n".join(words.render(f"why.{code}", params) for code, params in why)


def score_span(score: Score) -> tuple[int, int]:
    """Return the part of the scale that the steps of a score move in, with air on both sides."""
    points, at = [score.base], score.base
    for one in score.contributions:
        at += one.points
        points.append(at)
    low, high = min(points), max(points)
    air = max(10, (high - low) // 4)
    return low - air, high + air


def score_points(words: Words, history: Iterable[tuple[datetime, Score]]) -> tuple[ScorePoint, ...]:
    """Return a score's history for the chart, each month with its words."""
    return tuple(
        ScorePoint(
            words.month(moment),
            score.score,
            f"{words.month(moment)}  {score_text(words, score)}  {words('grade.' + score.grade)}",
        )
        for moment, score in history
    )


def history_text(words: Words, points: Iterable[ScorePoint]) -> str:
    """Return a score's history in words, for who cannot see the line."""
    return words.listing(f"{point.when} {words.number(point.value)}" for point in points)


def chart_span(values: list[int], bands: tuple[tuple[str, int], ...]) -> tuple[int, int]:
    """Return the part of the scale a chart needs to show these scores and the nearest grades."""
    marks = [*values, *(least for _, least in bands)]
    return min(marks) - 10, max(marks) + 10
