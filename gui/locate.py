"""Find QR codes by their three finder patterns, where the decoder gave up before it knew the place.

A line through the middle of a finder pattern crosses dark, light, dark, light, dark in the ratio 1:1:3:1:1,
whatever its direction (ISO/IEC 18004:2015 12 b). Patterns found along rows and again along columns are
grouped by three into the corner of a square. This only proposes places; decoding decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from gui.retries import Grey, reduced
from gui.rubber import Point, Quad

Reals = npt.NDArray[np.float64]
SIDE = 1100
RATIO = (1, 1, 3, 1, 1)
MOST_PATTERNS = 9
MOST_PLACES = 3
MOST_PAIRS = 2
SMALLEST_MODULE = 1.4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code may be: its corners and its version by the distance of its finder patterns."""

    position: Quad
    version: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A finder pattern; `support` is how many lines cross it, for its size."""

    x: float
    y: float
    module: float
    support: float


def locate(grey: Grey) -> list[Place]:
    """Return the likeliest places, best first."""
    small, scale = reduced(grey, SIDE)
    patterns = _patterns(_dark(small))
    places = sorted(_places(patterns), key=lambda pair: pair[0])[:MOST_PLACES] + _guesses(patterns)
    return [
        Place(
            (
                _scaled(place.position[0], scale),
                _scaled(place.position[1], scale),
                _scaled(place.position[2], scale),
                _scaled(place.position[3], scale),
            ),
            place.version,
        )
        for _, place in places
    ]


def _dark(grey: Grey) -> npt.NDArray[np.bool_]:
    """Return what is darker than its neighbourhood, by more than the picture's grain."""
    radius = max(12, max(grey.shape) // 24)
    mean = np.asarray(Image.fromarray(grey).filter(ImageFilter.BoxBlur(radius)), np.int16)
    grain = float(np.median(np.abs(np.diff(grey[::8].astype(np.int16), axis=1))))
    dark: npt.NDArray[np.bool_] = grey.astype(np.int16) <= mean - (5 + 2 * grain)
    return dark


def _patterns(dark: npt.NDArray[np.bool_]) -> list[_Pattern]:
    """Return the finder patterns seen along rows and along columns, those with most lines first."""
    across, down = _crossings(dark), _crossings(dark.T)[:, [1, 0, 2]]
    if not len(across) or not len(down):
        return []
    found: list[_Pattern] = []
    taken = np.zeros(len(across), bool)
    for number in range(len(across)):
        if taken[number]:
            continue
        x, y, module = across[number]
        mine = ~taken & _beside(across, (x, y), module, 1.5)
        taken |= mine
        middle = _middle(across[mine])
        crossed = down[_beside(down, middle[:2], middle[2], 2.2)]
        if mine.sum() < 2 or len(crossed) < 2:
            continue
        other = _middle(crossed)
        small, large = sorted((float(middle[2]), float(other[2])))
        near = [p for p in found if abs(p.x - middle[0]) + abs(p.y - other[1]) < 3 * large]
        if not any(small < 1.5 * p.module and p.module < 1.5 * large for p in near):
            lines = (int(mine.sum()) + len(crossed)) / (small + large)
            found.append(_Pattern(float(middle[0]), float(other[1]), (small + large) / 2, lines))
    return sorted(found, key=lambda one: -one.support)[:MOST_PATTERNS]


def _beside(
    crossings: Reals, at: Sequence[float] | Reals, module: float, ratio: float
) -> npt.NDArray[np.bool_]:
    """Say which crossings lie within one pattern of `at` and are of a like module."""
    near = np.abs(crossings[:, :2] - np.asarray(at)).max(1) < 2.5 * module
    like: npt.NDArray[np.bool_] = (
        near & (crossings[:, 2] < module * ratio) & (crossings[:, 2] * ratio > module)
    )
    return like


def _middle(crossings: Reals) -> Reals:
    """Return the middle of one pattern's crossings, and the module as the longer of them say it."""
    x, y = np.median(crossings[:, :2], axis=0)
    return np.array((x, y, np.quantile(crossings[:, 2], 0.8)))


def _crossings(dark: npt.NDArray[np.bool_]) -> Reals:
    """Return (x, y, module) of every run of 1:1:3:1:1 along the rows."""
    width = dark.shape[1]
    # A light column on both sides, so that no run goes on from one row into the next.
    flat = np.pad(dark, ((0, 0), (1, 1))).ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if len(edges) < 6:
        return np.empty((0, 3))
    lengths = np.diff(edges).astype(float)
    starts = np.arange(0, len(lengths) - 4, 2)
    runs = np.stack([lengths[starts + i] for i in range(5)], axis=1)
    module = runs.sum(1) / 7
    off = np.abs(runs / np.array(RATIO) - module[:, None]) / module[:, None]
    same_row = edges[starts] // (width + 2) == edges[starts + 5] // (width + 2)
    good = (off.max(1) < 0.65) & (module >= SMALLEST_MODULE) & same_row
    first = edges[starts[good]] + runs[good, :2].sum(1) + runs[good, 2] / 2
    return np.stack((first % (width + 2) - 1, first // (width + 2), module[good]), axis=1)


def _places(patterns: list[_Pattern]) -> Iterator[tuple[float, Place]]:
    """Give every three patterns that may be one code's, with how unlike a square's corner they are."""
    best = max((one.support for one in patterns), default=1.0)
    for three in combinations(patterns, 3):
        modules = sorted(one.module for one in three)
        if modules[2] > 1.7 * modules[0]:
            continue
        for corner in range(3):
            a, b, c = three[corner], three[(corner + 1) % 3], three[(corner + 2) % 3]
            place = _place(a, b, c, sum(modules) / 3, best)
            if place is not None:
                yield place


def _guesses(patterns: list[_Pattern]) -> list[tuple[float, Place]]:
    """Return where a code may be of which only two patterns are seen: the third is torn, lit up or scratched.

    The two may be neighbours, with the code on either side and its corner at either, or the two ends of the
    diagonal. The guesses of the largest and clearest pairs are given.
    """
    pairs = []
    for one, other in combinations(patterns, 2):
        small, large = sorted((one.module, other.module))
        apart = float(np.hypot(one.x - other.x, one.y - other.y))
        if large < 1.5 * small and 13 * large < apart < 120 * small:
            pairs.append((-min(one.support, other.support) * small**0.5, one, other))
    pairs.sort(key=lambda pair: pair[0])
    found: list[tuple[float, Place]] = []
    for _, one, other in pairs[:MOST_PAIRS]:
        level, support = (one.module + other.module) / 2, min(one.support, other.support)
        at, to = np.array((one.x, one.y)), np.array((other.x, other.y))
        along = to - at
        beside = np.array((-along[1], along[0]))
        for side in (beside, -beside):
            for corner, end, third in (
                (one, other, at + side),
                (other, one, to + side),
            ):
                found += _guess(corner, end, third, level, support)
            middle = (at + to + side) / 2
            end = _Pattern(float(middle[0]), float(middle[1]), level, support)
            found += _guess(end, one, to, level, support)
    return found


def _guess(
    corner: _Pattern, end: _Pattern, third: Reals, level: float, support: float
) -> list[tuple[float, Place]]:
    place = _place(corner, end, _Pattern(float(third[0]), float(third[1]), level, support), level, support)
    return [] if place is None else [place]


def _place(
    corner: _Pattern, one: _Pattern, other: _Pattern, level: float, best: float
) -> tuple[float, Place] | None:
    at = np.array((corner.x, corner.y))
    right, down = np.array((one.x, one.y)) - at, np.array((other.x, other.y)) - at
    turn = float(right[0] * down[1] - right[1] * down[0])
    if turn < 0:
        right, down = down, right
    long, short = sorted((float(np.hypot(*right)), float(np.hypot(*down))), reverse=True)
    if short < 9 * level or long > 2.2 * short:
        return None
    lean = abs(float(right @ down)) / (long * short)
    if lean > 0.6:
        return None
    # A line crosses a tilted pattern on a longer way: at 45 degrees by the root of two.
    module = level * float(np.abs(right).max() / np.hypot(*right))
    side = (long + short) / 2 / module + 7
    version = round((side - 17) / 4)
    if not 1 <= version <= 25:
        return None
    step = 3.5 / (17 + 4 * version - 7)
    before, beyond = at - step * (right + down), at + (1 + step) * right - step * down
    below, across = at - step * right + (1 + step) * down, at + (1 + step) * (right + down)
    doubt = 1 - min(corner.support, one.support, other.support) / best
    unlike = lean + (long / short - 1) + abs(corner.module / level - 1) + 2 * doubt
    return unlike, Place((_point(before), _point(beyond), _point(across), _point(below)), version)


def _point(at: Reals) -> Point:
    return float(at[0]), float(at[1])


def _scaled(point: Point, scale: float) -> Point:
    return point[0] * scale, point[1] * scale
