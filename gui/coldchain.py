"""Was it kept cold: one leg's curve with its figures beside it, for every page that shows a lot.

Rule: every figure has words; what nobody measured is "unknown", and a series that is not here is said to be
removed or elsewhere, never drawn from its summary as if it had been measured.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QWidget

from gui.context import Context
from gui.turns import Turns
from gui.widgets import Badge, Card, ColdCurve, ColdPicture, Facts, Place, button, label
from gui.widgets.beside import Beside
from gui.wording import STATUS_KINDS
from gui.words import Words

if TYPE_CHECKING:
    from models.provenance.coldchain import Sample
    from models.provenance.coldlegs import ColdLeg

Opened = Callable[[int], object]


def cold_chain_place(context: Context, code: str, opened: Opened) -> Place:
    """Return where the lot's cold legs will stand; it stays hidden for goods nobody measured."""
    place = Place()
    place.hide()
    turns, workspace = Turns(place), context.workspace

    def show(found: tuple[tuple[ColdLeg, ...], dict[str, str]]) -> None:
        legs, names = found
        if legs:
            card = ColdChainCard(context, legs, names, opened)
            # Made in one turn, dressed in the style of its place in the next.
            turns.take((partial(place.fill, card), place.show))

    def ask() -> tuple[tuple[ColdLeg, ...], dict[str, str]]:
        legs = workspace.cold_legs.of(code)
        return legs, {one.id: context.words.name(one) for one in workspace.parties()} if legs else {}

    context.workers.read(ask, show, lambda _: None, place)
    return place


class ColdChainCard(Card):
    """Shows one leg of several; the worst comes first."""

    def __init__(
        self, context: Context, legs: tuple[ColdLeg, ...], names: dict[str, str], opened: Opened
    ) -> None:
        words = context.words
        super().__init__(words("cold.title"), words("cold.about"))
        self._context, self._words, self._legs, self._opened = context, words, legs, opened
        self._names = names
        self.choice = QComboBox()
        self.choice.setAccessibleName(words("cold.leg"))
        for leg in legs:
            self.choice.addItem(f"{self._who(leg)}  {words.time(leg.since)}")
        self.choice.currentIndexChanged.connect(self.show_leg)
        self.add_action(self.choice)
        # Only what has a parent: shown before, it would be a window of its own.
        self.choice.setVisible(len(legs) > 1)
        self.inside: QWidget = QWidget()
        self.add(self.inside)
        self.show_leg(0)

    def show_leg(self, number: int) -> None:
        """Show the leg at this place of the list."""
        leg, words = self._legs[number], self._words
        self.curve = ColdCurve(self._context.theme)
        told = facts_of(words, leg, self._who(leg))
        self.curve.show_picture(picture_of(words, leg), words("cold.title"), _sentence(words, told))
        side = Card()
        side.setProperty("role", "")
        side.column.setContentsMargins(0, 0, 0, 0)
        status = words(f"status.{leg.status}")
        side.add(Badge(status, STATUS_KINDS[leg.status]))
        self.facts = Facts(told)
        side.add(self.facts)
        if leg.kept != "here":
            side.add(label(words(f"cold.kept.{leg.kept}.text"), "secondary"))
        side.add(button(words("common.open"), partial(self._opened, leg.index)))
        side.body.addStretch()
        made = Beside(((self.curve, 3), (side, 2)))
        self.body.replaceWidget(self.inside, made)
        self.inside.deleteLater()
        self.inside = made

    def _who(self, leg: ColdLeg) -> str:
        return self._names.get(leg.actor, leg.actor)


def facts_of(words: Words, leg: ColdLeg, who: str) -> tuple[tuple[str, str], ...]:
    """Return the leg's figures, each with its name; what cannot be known says so."""
    unknown, judged = words("cold.unknown"), leg.assessment
    gaps = () if judged is None else judged.gaps
    missing = round(sum((until - since).total_seconds() for since, until in gaps) / 60)
    mean = None if judged is None else judged.mean_kinetic
    area = None if judged is None or leg.limits is None else judged.degree_minutes
    found = (
        (words("cold.who"), who),
        (words("cold.when"), f"{words.time(leg.since)} – {words.time(leg.until)}"),
        (words("cold.limits"), _limits_text(words, leg)),
        (words("cold.range"), f"{_degrees(words, leg.least)} – {_degrees(words, leg.most)}"),
        (words("cold.mean_kinetic"), unknown if mean is None else _degrees(words, mean)),
        (
            words("cold.degree_minutes"),
            unknown if area is None else words("cold.area", n=words.number(round(area, 1))),
        ),
        (
            words("cold.gaps"),
            unknown
            if judged is None
            else words("cold.gaps.some", n=len(gaps), minutes=missing)
            if gaps
            else words("cold.gaps.none"),
        ),
    )
    return (*found, (words("cold.unread"), words.number(leg.unread))) if leg.unread else found


def picture_of(words: Words, leg: ColdLeg) -> ColdPicture:
    """Return what is drawn of a leg: its series, or the three figures of its summary."""
    limits: list[tuple[float, str]] = []
    if leg.limits is not None:
        limits.append((float(leg.limits.most), words("cold.most", c=_degrees(words, leg.limits.most))))
        if leg.limits.least is not None:
            limits.append((float(leg.limits.least), words("cold.least", c=_degrees(words, leg.limits.least))))
    judged = leg.assessment
    common: dict[str, Any] = {
        "limits": tuple(limits),
        "ends": (words.time(leg.since), words.time(leg.until)),
        "span": (leg.since.timestamp(), leg.until.timestamp()),
    }
    if judged is None or not leg.samples:
        told = (("summary.least", leg.least), ("summary.mean", leg.mean), ("summary.most", leg.most))
        known = {
            float(value): words(f"cold.{key}", c=_degrees(words, value))
            for key, value in told
            if value is not None
        }
        return ColdPicture(levels=tuple(known.items()), note=words(f"cold.kept.{leg.kept}"), **common)
    first, last = leg.samples[0].time, leg.samples[-1].time
    common["span"] = (first.timestamp(), last.timestamp())
    common["ends"] = (words.time(first), words.time(last))
    return ColdPicture(
        runs=_runs(leg.samples, {since for since, _ in judged.gaps}),
        excursions=tuple((one.since.timestamp(), one.until.timestamp()) for one in judged.excursions)
        if leg.limits
        else (),
        gaps=tuple((since.timestamp(), until.timestamp()) for since, until in judged.gaps),
        excursion_word=words("cold.excursion"),
        gap_word=words("cold.gap"),
        **common,
    )


def _runs(samples: tuple[Sample, ...], before_gaps: set[Any]) -> tuple[tuple[tuple[float, float], ...], ...]:
    runs: list[list[tuple[float, float]]] = [[]]
    for before, sample in pairwise((None, *samples)):
        if before is not None and before.time in before_gaps:
            runs.append([])
        if sample is not None:
            runs[-1].append((sample.time.timestamp(), sample.celsius))
    return tuple(tuple(run) for run in runs)


def _limits_text(words: Words, leg: ColdLeg) -> str:
    if leg.limits is None:
        return words("cold.limits.none")
    least = leg.limits.least
    most = words("cold.most", c=_degrees(words, leg.limits.most))
    return most if least is None else words.listing((most, words("cold.least", c=_degrees(words, least))))


def _degrees(words: Words, value: Any) -> str:
    return words("cold.unknown") if value is None else f"{float(value):.1f} °C".replace("-", "−")


def _sentence(words: Words, told: tuple[tuple[str, str], ...]) -> str:
    mark = ":" if not words.chinese else "："
    return words.listing(f"{name}{mark} {value}" for name, value in told)
