"""Read a QR code that is seen but does not decode because its surface is bent, folded or crumpled.

A decoder samples the modules on one flat grid. Here the grid is a sheet of rubber: its control points are
moved, one at a time, as long as the samples inside every module agree better with each other and with what
the standard fixes (finder, timing and alignment patterns; ISO/IEC 18004:2015 6.3). The bits then read are
drawn as a flat symbol and given back to the decoder, so error correction decides, not this module: a wrong
grid yields no text rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter
from qrcode.util import PATTERN_POSITION_TABLE

Grey = npt.NDArray[np.uint8]
Reals = npt.NDArray[np.float64]
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
# (control points per side, step sizes in modules), coarse to fine.
ROUNDS: tuple[tuple[int, tuple[float, ...]], ...] = (
    (3, (0.8, 0.4, 0.2)),
    (4, (0.4, 0.2)),
    (6, (0.4, 0.2, 0.1)),
)
SWEEPS = 3
# Chance alone reads half of the fixed modules rightly; below these shares a grid is not pursued.
PLAUSIBLE = 0.68
WORTHWHILE = 0.75
REFINED = 4
# How far the middle of an edge may bow from the start, in modules.
BOWS = (-4.0, -2.5, -1.25, 0.0, 1.25, 2.5, 4.0)
# Where in a module to look: its middle and towards its corners, as parts of a module.
SPOTS = np.array([[0.0, 0.0], [-0.28, -0.28], [0.28, -0.28], [-0.28, 0.28], [0.28, 0.28]])
# What the standard fixes counts this many times an ordinary module: it keeps the grid from slipping by one.
FIXED_WEIGHT = 4.0
QUIET = 4
LARGEST = 25


def unbend(
    grey: Grey,
    places: Iterable[tuple[Quad, int | None]],
    stop: Callable[[], bool],
    neighbours: tuple[int, ...] = (0, -1, 1),
) -> Iterator[tuple[Quad, Grey]]:
    """Yield flat pictures of the symbols that may lie at these places, better fitting grids later.

    Every place is tried roughly, with its version and its neighbours (a bent label is measured too short or
    too long); the best fits are then refined.

    Args:
        places: outer corners (top left, top right, bottom right, bottom left in the symbol's own frame) and
            version; without a version, or above 25 (too many modules for the time), a place is passed over.
        stop: asked between sweeps; True ends the search.
        neighbours: which versions to try, as differences from the one given.
    """
    rough: list[_Sheet] = []
    for sheet in _sheets(grey, places, neighbours):
        sheet.settle(*ROUNDS[0], stop)
        if sheet.agreement > PLAUSIBLE:
            yield sheet.quad, sheet.flat()
            rough.append(sheet)
        if stop():
            return
    rough.sort(key=lambda sheet: -sheet.agreement)
    for one in rough[:REFINED]:
        sheet = one.refined()
        for points, steps in ROUNDS[1:]:
            sheet.settle(points, steps, stop)
            yield sheet.quad, sheet.flat()
            if stop() or sheet.agreement < WORTHWHILE:
                break


def _sheets(
    grey: Grey, places: Iterable[tuple[Quad, int | None]], neighbours: tuple[int, ...]
) -> Iterator[_Sheet]:
    """Give every place two grids per version, flat and bowed, the likeliest first."""
    likely = _distinct((quad, version) for quad, version in places if version is not None)
    for more in neighbours:
        for quad, version in likely:
            if not 1 <= version + more <= LARGEST:
                continue
            side = 17 + 4 * (version + more)
            patch, corners = _cut(grey, np.array(quad, float), side)
            module = _edge(corners) / side
            if module < 1.5 or min(patch.shape) < 8:
                continue
            dark = contrast(patch, max(3.0, module * 4))
            yield _Sheet(dark, corners, side, module, quad)
            bowed = _Sheet(dark, corners, side, module, quad)
            bowed.bow()
            yield bowed


def _distinct(places: Iterable[tuple[Quad, int]]) -> list[tuple[Quad, int]]:
    """Leave out a place whose corners all lie within two modules of an earlier one's."""
    kept: list[tuple[Quad, int]] = []
    for quad, version in places:
        near = 2 * _edge(np.array(quad, float)) / (17 + 4 * version)
        if not any(v == version and np.abs(np.array(quad) - np.array(q)).max() < near for q, v in kept):
            kept.append((quad, version))
    return kept


def template(side: int) -> npt.NDArray[np.float64]:
    """Return what the standard fixes: 1 dark, -1 light, 0 free; row and column from the top left.

    >>> template(21)[0, :9].tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 0.0]
    """
    made = np.zeros((side, side))
    corner = np.full((8, 8), -1.0)
    corner[:7, :7] = np.where(_ring(7) == 2, -1, 1)
    made[:8, :8], made[:8, -8:], made[-8:, :8] = corner, corner[:, ::-1], corner[::-1]
    timing = np.where(np.arange(8, side - 8) % 2 == 0, 1, -1)
    made[6, 8:-8] = made[8:-8, 6] = timing
    centres = PATTERN_POSITION_TABLE[(side - 17) // 4 - 1]
    for row in centres:
        for column in centres:
            near = (row < 9) + (column < 9), (row > side - 10) + (column > side - 10)
            if near[0] == 2 or (near[0] and near[1]):
                continue
            made[row - 2 : row + 3, column - 2 : column + 3] = np.where(_ring(5) == 1, -1, 1)
    return made


def contrast(grey: Grey, radius: float) -> npt.NDArray[np.float32]:
    """Return how dark each pixel is within its neighbourhood, -1 to 1, whatever the light."""

    def mean(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        picture = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
        return np.asarray(picture.filter(ImageFilter.BoxBlur(float(radius))), np.float32)

    offset = grey.astype(np.float32) - mean(grey.astype(np.float32))
    spread = np.sqrt(mean((offset * offset / 64).astype(np.float32)) * 64) + 6
    relative: npt.NDArray[np.float32] = np.clip(-offset / spread, -1, 1)
    return relative


class _Sheet:
    """The grid while it is being fitted: one position per spot of every module.

    Rough fitting looks at the middle of each module only, which is four times faster.
    """

    def __init__(
        self,
        dark: npt.NDArray[np.float32],
        corners: Reals,
        side: int,
        module: float,
        quad: Quad,
        looks: Reals = SPOTS[:1],
    ) -> None:
        self.dark, self.corners, self.side, self.module, self.quad = dark, corners, side, module, quad
        self.looks = looks
        self.fixed = template(side).ravel()
        column, row = np.meshgrid(np.arange(side), np.arange(side))
        centres = np.c_[column.ravel(), row.ravel()] + 0.5
        self.spots = (centres[None] + looks[:, None]).reshape(-1, 2) / side
        self.at = _projected(corners, self.spots)
        self.best = self._fit(self.at)
        # Unit vectors along the symbol's rows and columns, as the picture sees them.
        right = corners[1] + corners[2] - corners[0] - corners[3]
        below = corners[2] + corners[3] - corners[0] - corners[1]
        self.normals = right / (np.hypot(*right) + 1e-9), below / (np.hypot(*below) + 1e-9)

    def refined(self) -> _Sheet:
        """Return the same grid looking at five spots of each module."""
        sheet = _Sheet(self.dark, self.corners, self.side, self.module, self.quad, SPOTS)
        centres = self.at.reshape(self.side, self.side, 2)
        below, right = np.gradient(centres, axis=0), np.gradient(centres, axis=1)
        parts = [centres + look[0] * right + look[1] * below for look in SPOTS]
        sheet.at = np.concatenate([part.reshape(-1, 2) for part in parts])
        sheet.best = sheet._fit(sheet.at)
        return sheet

    @property
    def agreement(self) -> float:
        """Return the share of the fixed modules that read as the standard says."""
        samples, fixed = self._samples(self.at), self.fixed
        return float(((samples * fixed)[fixed != 0] > 0).mean())

    def bow(self) -> None:
        """Bow the edges as fits best, before anything finer.

        A label on a bottle is bowed by several modules: from a flat start its outer rows would settle on
        their neighbours.
        """
        for along, axis in ((0, 1), (1, 0)):
            bow, beside = 4 * self.spots[:, along] * (1 - self.spots[:, along]), self.spots[:, axis]
            self._try_bows(bow * (1 - beside), bow * beside, self.normals[axis])

    def _try_bows(self, near: Reals, far: Reals, direction: Reals) -> None:
        start = self.at
        for one in BOWS:
            for other in BOWS:
                shift = (near * one + far * other) * self.module
                self._take(start + shift[:, None] * direction)

    def _take(self, tried: Reals) -> bool:
        fit = self._fit(tried)
        if fit <= self.best:
            return False
        self.best, self.at = fit, tried
        return True

    def settle(self, points: int, steps: tuple[float, ...], stop: Callable[[], bool]) -> None:
        """Move each of points x points control points while that fits better, with ever smaller steps."""
        across, down = _weights(self.spots[:, 0], points), _weights(self.spots[:, 1], points)
        pulls = [across[:, c] * down[:, r] for r in range(points) for c in range(points)]
        for step in steps:
            for _ in range(SWEEPS):
                # A sum, not any(): every control point gets its pull in every sweep.
                if stop() or not sum(self._pull(pull, step * self.module) for pull in pulls):
                    break

    def flat(self) -> Grey:
        """Return the symbol as read, drawn flat with its quiet zone, four pixels a module."""
        bits = self._samples(self.at).reshape(self.side, self.side)
        dark = np.pad(bits, QUIET, constant_values=-1) > 0
        return np.where(dark, 0, 255).astype(np.uint8).repeat(4, 0).repeat(4, 1)

    def _pull(self, pull: Reals, step: float) -> bool:
        moved = False
        for direction in ((step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)):
            moved |= self._take(self.at + pull[:, None] * np.array(direction))
        return moved

    def _fit(self, at: Reals) -> float:
        samples = self._samples(at)
        return float(np.abs(samples).sum() + FIXED_WEIGHT * (samples * self.fixed).sum())

    def _samples(self, at: Reals) -> npt.NDArray[np.float32]:
        height, width = self.dark.shape
        column = np.clip(at[:, 0], 0, width - 1).astype(np.intp)
        row = np.clip(at[:, 1], 0, height - 1).astype(np.intp)
        found: npt.NDArray[np.float32] = self.dark[row, column].reshape(len(self.looks), -1).sum(0)
        return found


def _cut(grey: Grey, corners: Reals, side: int) -> tuple[Grey, Reals]:
    margin = int(_edge(corners) / side * 6) + 4
    left, top = np.maximum(corners.min(0) - margin, 0).astype(int)
    right, bottom = np.maximum(corners.max(0) + margin, 0).astype(int)
    return np.ascontiguousarray(grey[top:bottom, left:right]), corners - [left, top]


def _edge(corners: Reals) -> float:
    return float(np.hypot(*(corners - np.roll(corners, -1, 0)).T).mean())


def _ring(size: int) -> npt.NDArray[np.int_]:
    away = np.abs(np.arange(size) - size // 2)
    ring: npt.NDArray[np.int_] = np.maximum.outer(away, away)
    return ring


def _projected(corners: Reals, unit: Reals) -> Reals:
    """Return where points of the unit square lie under the perspective given by its corners."""
    rows, right = [], []
    for (x, y), (to_x, to_y) in zip(((0, 0), (1, 0), (1, 1), (0, 1)), corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -to_x * x, -to_x * y], [0, 0, 0, x, y, 1, -to_y * x, -to_y * y]]
        right += [to_x, to_y]
    solved = np.linalg.lstsq(np.array(rows, float), np.array(right, float), rcond=None)[0]
    mapped = np.c_[unit, np.ones(len(unit))] @ np.append(solved, 1.0).reshape(3, 3).T
    flat: Reals = mapped[:, :2] / mapped[:, 2:]
    return flat


def _weights(at: Reals, points: int) -> Reals:
    """Return each control point's pull: one smooth curve through few, straight pieces through many."""
    knots = np.linspace(0, 1, points)
    if points > 4:
        pieces: Reals = np.maximum(0, 1 - np.abs(at[:, None] - knots[None]) * (points - 1))
        return pieces
    smooth = np.ones((len(at), points))
    for i in range(points):
        for j in range(points):
            if i != j:
                smooth[:, i] *= (at - knots[j]) / (knots[i] - knots[j])
    return smooth
