"""Pictures of labels made worse on purpose, kind by kind: what a scanner meets outside a laboratory.

Each picture is our own label put into a scene, spoilt one way, with sensor noise and JPEG on top. The seed
fixes every one of them. The one rule: the kinds come from what surfaces, lights and lenses do, never from
what our reader can or cannot do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from gui.benchmarks._scene import (
    SIZE,
    Chance,
    Reals,
    corners_of,
    laid_on,
    paper,
    placed,
    printed_label,
    printed_text,
    seen,
    smooth_field,
)
from gui.labels.symbol import symbol
from gui.retries import Grey

QUIET = 4


class Spoilt(NamedTuple):
    """A picture, and the texts of the labels in it."""

    grey: Grey
    texts: tuple[str, ...]


def spoilt(kind: str, count: int, seed: int = 7) -> Iterator[Spoilt]:
    """Give `count` pictures of one of `KINDS`; the same ones every time."""
    for number in range(count):
        chance = np.random.default_rng([seed, sorted(KINDS).index(kind), number])
        yield KINDS[kind](chance)


def _blurred(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    picture = placed(chance, label, chance.uniform(260, 460))
    if chance.random() < 0.4:
        steps, angle = int(chance.integers(5, 12)), chance.uniform(0, np.pi)
        moved = [
            np.roll(picture, (round(k * np.sin(angle)), round(k * np.cos(angle))), (0, 1))
            for k in range(steps)
        ]
        return Spoilt(seen(chance, np.mean(moved, axis=0)), (text,))
    return Spoilt(seen(chance, picture, chance.uniform(2.5, 5)), (text,))


def _glare(chance: Chance) -> Spoilt:
    text, label = printed_label(chance, level=str(chance.choice(["M", "Q"])))
    picture = placed(chance, label * 0.7 + 25)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    for _ in range(int(chance.integers(1, 4))):
        at, wide = chance.uniform(0.2, 0.8, 2) * SIZE, chance.uniform(30, 150, 2)
        spot = np.exp(-(((x - at[0]) / wide[0]) ** 2 + ((y - at[1]) / wide[1]) ** 2))
        picture = picture + chance.uniform(150, 420) * spot
    return Spoilt(seen(chance, picture), (text,))


def _faint(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    low, span = (chance.uniform(4, 20), chance.uniform(14, 40)) if chance.random() < 0.5 else (
        chance.uniform(150, 215), chance.uniform(14, 40))  # fmt: skip
    return Spoilt(seen(chance, low + placed(chance, label) / 255 * span, noise=chance.uniform(1, 4)), (text,))


def _shadow(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    picture = placed(chance, label)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    for _ in range(int(chance.integers(1, 4))):
        angle, at = chance.uniform(0, np.pi), chance.uniform(0.25, 0.75, 2) * SIZE
        beyond = (x - at[0]) * np.cos(angle) + (y - at[1]) * np.sin(angle)
        picture = picture * np.where(beyond > 0, chance.uniform(0.12, 0.5), 1.0)
    return Spoilt(seen(chance, picture), (text,))


def _damaged(chance: Chance) -> Spoilt:
    text, label = printed_label(chance, level=str(chance.choice(["M", "Q", "H"])))
    picture = Image.fromarray(label.astype(np.uint8))
    pen, side = ImageDraw.Draw(picture), picture.width
    for _ in range(int(chance.integers(2, 6))):
        x, y = chance.uniform(0.1, 0.9, 2) * side
        wide, tone = chance.uniform(0.02, 0.07) * side, int(chance.choice([0, 90, 255]))
        if chance.random() < 0.5:
            pen.ellipse((x - wide, y - wide, x + wide, y + wide), tone)
        else:
            far = chance.uniform(-0.5, 0.5, 2) * side
            pen.line((x, y, x + far[0], y + far[1]), tone, max(int(wide / 4), 2))
    return Spoilt(seen(chance, placed(chance, np.asarray(picture, float))), (text,))


def _curved(chance: Chance) -> Spoilt:
    text, label = printed_label(chance, level=str(chance.choice(["M", "Q"])))
    reach, sag = chance.uniform(0.7, 1.15), chance.uniform(-0.12, 0.12)

    def bend(u: Reals, v: Reals) -> tuple[Reals, Reals]:
        across = np.arcsin(np.clip((2 * u - 1) * np.sin(reach), -1, 1)) / reach
        return (across + 1) / 2, v - sag * (1 - across**2)

    def beside(u: Reals, v: Reals) -> tuple[Reals, Reals]:
        down, right = bend(v, u)
        return right, down

    way = bend if chance.random() < 0.6 else beside
    corners = corners_of(chance, 430, chance.uniform(-0.3, 0.3), 0.1)
    return Spoilt(seen(chance, laid_on(paper(chance, SIZE), label, corners, way)), (text,))


def _crumpled(chance: Chance) -> Spoilt:
    text, label = printed_label(chance, level=str(chance.choice(["M", "Q"])))
    bends, knots, deep = chance.uniform(0.02, 0.06), int(chance.integers(3, 6)), chance.uniform(20, 60)

    def bend(u: Reals, v: Reals) -> tuple[Reals, Reals]:
        return u + bends * smooth_field(chance, u.shape, knots), v + bends * smooth_field(
            chance, v.shape, knots
        )

    laid = laid_on(paper(chance, SIZE), label, corners_of(chance, 430, chance.uniform(-0.3, 0.3), 0.1), bend)
    return Spoilt(seen(chance, laid * 0.8 + deep * smooth_field(chance, laid.shape, 7)), (text,))


def _perspective(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    corners = corners_of(chance, 560, chance.uniform(-0.6, 0.6), chance.uniform(0.35, 0.62))
    return Spoilt(seen(chance, laid_on(paper(chance, SIZE), label, corners)), (text,))


def _turned(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    return Spoilt(seen(chance, placed(chance, label, 380, 0.2, chance.uniform(-np.pi, np.pi))), (text,))


def _tiny(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    size, module = (1600, 1200), chance.uniform(1.9, 2.8)
    side = module * label.shape[0] / 8
    corners = corners_of(chance, side, chance.uniform(-0.3, 0.3), chance.uniform(0, 0.08), size)
    soft = Image.fromarray(label.astype(np.uint8)).filter(ImageFilter.BoxBlur(4 / module))
    laid = laid_on(paper(chance, size), np.asarray(soft, float), corners)
    return Spoilt(seen(chance, laid, 0.5, 3, 88), (text,))


def _inverted(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    return Spoilt(seen(chance, placed(chance, 255 - label * 0.85), 1.0), (text,))


def _dense(chance: Chance) -> Spoilt:
    text, label = printed_label(chance, int(chance.integers(420, 2000)), str(chance.choice(["L", "M"])), 4)
    size, module = (1600, 1200), chance.uniform(3.4, 5.5)
    side = min(module * label.shape[0] / 4, 1100)
    corners = corners_of(chance, side, chance.uniform(-0.2, 0.2), chance.uniform(0, 0.15), size)
    return Spoilt(seen(chance, laid_on(paper(chance, size), label, corners), 0.8, 3), (text,))


def _many(chance: Chance) -> Spoilt:
    columns, rows = int(chance.integers(3, 7)), int(chance.integers(3, 5))
    size, side = (1600, 1200), 1450 / max(columns, rows * 1.35)
    ground, texts = paper(chance, size) * 0.3 + 160, []
    lean = chance.uniform(-0.15, 0.15)
    for place in range(columns * rows):
        text, label = printed_label(chance)
        corners = corners_of(chance, side * 0.86, lean, 0.08, (int(side), int(side)))
        at = np.array([place % columns, place // columns]) * side + 40
        ground = laid_on(ground, label, corners + at)
        texts.append(text)
    return Spoilt(seen(chance, ground), tuple(texts))


def _monitor(chance: Chance) -> Spoilt:
    text, label = printed_label(chance)
    picture = placed(chance, label * 0.8 + 30, 400)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    angle, step = chance.uniform(-0.2, 0.2), chance.uniform(1.9, 3.6)
    along = (x * np.cos(angle) + y * np.sin(angle)) / step
    down = (y * np.cos(angle) - x * np.sin(angle)) / step
    grid = 0.62 + 0.38 * np.cos(2 * np.pi * along) * np.cos(2 * np.pi * down)
    wave = 1 + 0.35 * np.sin(2 * np.pi * (along + down) / chance.uniform(9, 30))
    return Spoilt(seen(chance, picture * grid * wave, 0.6), (text,))


def _close(chance: Chance) -> Spoilt:
    text, label = printed_label(chance, module=24)
    quiet = QUIET * 24
    bare = label[quiet - 10 : -quiet + 10, quiet - 10 : -quiet + 10]
    corners = corners_of(chance, 1180, chance.uniform(-0.04, 0.04), 0.05, (1220, 1220))
    laid = laid_on(np.full((1220, 1220), chance.uniform(40, 200)), bare, corners)
    return Spoilt(seen(chance, laid, chance.uniform(1, 6), 5), (text,))


def _styled(chance: Chance) -> Spoilt:
    """Round or thin modules, an emblem in the middle, no quiet zone: what designers do."""
    text = printed_text(chance)
    made = symbol(text, "H" if chance.random() < 0.6 else "Q")
    side, unit = len(made.modules), 16
    picture = Image.new("L", ((side + 2) * unit,) * 2, 255)
    pen, gap = ImageDraw.Draw(picture), chance.uniform(0, 3)
    for row, column in zip(*np.nonzero(made.modules), strict=True):
        x, y = (column + 1) * unit, (row + 1) * unit
        draw = pen.ellipse if chance.random() < 2 and gap > 1 else pen.rectangle
        draw((x + gap, y + gap, x + unit - 1 - gap, y + unit - 1 - gap), int(chance.integers(0, 90)))
    if made.modules.shape[0] > 28:
        half = side * unit * 0.09
        middle = picture.width / 2
        pen.rectangle((middle - half, middle - half, middle + half, middle + half), 255)
        pen.ellipse((middle - half * 0.8, middle - half * 0.8, middle + half * 0.8, middle + half * 0.8), 120)
    return Spoilt(seen(chance, placed(chance, np.asarray(picture, float), 400)), (text,))


def _printed(chance: Chance) -> Spoilt:
    """A worn thermal label seen by a cheap camera: ink that spreads or fades, missing lines, grain."""
    text, label = printed_label(chance, module=6)
    picture = Image.fromarray(label.astype(np.uint8))
    grow = ImageFilter.MinFilter(3) if chance.random() < 0.5 else ImageFilter.MaxFilter(3)
    worn = np.asarray(picture.filter(grow), float)
    for _ in range(int(chance.integers(1, 5))):
        column = int(chance.integers(0, worn.shape[1] - 3))
        worn = worn.copy()
        worn[:, column : column + int(chance.integers(1, 4))] = 255
    grain = np.where(smooth_field(chance, worn.shape, 40) > chance.uniform(0.3, 0.7), 200, 0)
    worn = np.maximum(worn, grain)
    return Spoilt(seen(chance, placed(chance, worn * 0.75 + 30, 340), 1.1, 6, 60), (text,))


KINDS: dict[str, Callable[[Chance], Spoilt]] = {
    "blurred": _blurred,
    "glare": _glare,
    "faint": _faint,
    "shadow": _shadow,
    "damaged": _damaged,
    "curved": _curved,
    "crumpled": _crumpled,
    "perspective": _perspective,
    "turned": _turned,
    "tiny": _tiny,
    "inverted": _inverted,
    "dense": _dense,
    "many": _many,
    "monitor": _monitor,
    "close": _close,
    "styled": _styled,
    "worn": _printed,
}
