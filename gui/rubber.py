"""The grid of a bent symbol as a sheet of rubber: control points are moved as long as the samples fit better.

A module fits when its samples agree with each other and with what the standard fixes (finder, timing and
alignment patterns; ISO/IEC 18004:2015 6.3). What the standard fixes is known and drawn as it says; every
other module is drawn as it was seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter
from qrcode.util import PATTERN_POSITION_TABLE

Grey = npt.NDArray[np.uint8]
Reals = npt.NDArray[np.float64] | npt.NDArray[np.float32]
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
SWEEPS = 3
# How far the middle of an edge may bow from the start, in modules.
BOWS = (-4.0, -2.5, -1.25, 0.0, 1.25, 2.5, 4.0)
BOWED = np.array([(one, other) for one in BOWS for other in BOWS])
# How far round a tin the label reaches to either side, in radians.
ROUNDNESS = (0.0, 0.75, 1.1)
# Where in a module to look: its middle and towards its corners, as parts of a module.
SPOTS = np.array([[0.0, 0.0], [-0.28, -0.28], [0.28, -0.28], [-0.28, 0.28], [0.28, 0.28]])
# What the standard fixes counts this many times an ordinary module: it keeps the grid from slipping by one.
FIXED_WEIGHT = 4.0
# The ways a control point is pulled, and how far a pulled spot may leave the picture, in pixels.
WAYS = np.array([(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)], np.float32)[
    :, None, None
]
MARGIN = 48
QUIET = 4


class Sheet:
    """The grid while it is being fitted: one position per spot of every module (spots x modules x 2).

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
        self.fixed = template(side).ravel().astype(np.float32)
        column, row = np.meshgrid(np.arange(side), np.arange(side))
        centres = np.c_[column.ravel(), row.ravel()] + 0.5
        self.spots = (centres[None] + looks[:, None]) / side
        self._start_at(_projected(corners, self.spots.reshape(-1, 2)).reshape(self.spots.shape))
        # Unit vectors along the symbol's rows and columns, as the picture sees them.
        right = corners[1] + corners[2] - corners[0] - corners[3]
        below = corners[2] + corners[3] - corners[0] - corners[1]
        self.normals = right / (np.hypot(*right) + 1e-9), below / (np.hypot(*below) + 1e-9)

    def _start_at(self, at: Reals) -> None:
        self.at = at.astype(np.float32)
        self.fits = self._fits(at, self.fixed)
        self.best = float(self.fits.sum())

    def refined(self) -> Sheet:
        """Return the same grid looking at five spots of each module."""
        sheet = Sheet(self.dark, self.corners, self.side, self.module, self.quad, SPOTS)
        centres = self.at.reshape(self.side, self.side, 2)
        below, right = np.gradient(centres, axis=0), np.gradient(centres, axis=1)
        parts = [centres + look[0] * right + look[1] * below for look in SPOTS]
        sheet._start_at(np.stack([part.reshape(-1, 2) for part in parts]))
        return sheet

    @property
    def agreement(self) -> float:
        """Return the share of the fixed modules that read as the standard says."""
        samples, fixed = self._samples(self.at), self.fixed
        return float(((samples * fixed)[fixed != 0] > 0).mean())

    def bow(self) -> None:
        """Bend as fits best, before anything finer: along one edge like a tin, and both edges bowed.

        A label on a bottle is bowed and crowded by several modules: from a flat start its outer rows would
        settle on their neighbours.
        """
        tried = [self._bent(along) for along in (0, 1)]
        best = max(tried, key=lambda pair: pair[0])
        if best[0] > self.best:
            self._start_at(best[1])
            # Bent one way it may still be bowed a little the other way.
            again = self._bent(1 if best is tried[0] else 0, self.at)
            if again[0] > self.best:
                self._start_at(again[1])

    def _bent(self, along: int, start: Reals | None = None) -> tuple[float, Reals]:
        """Return the best of the bends along one axis, and how well it fits."""
        place, beside = self.spots[..., along], self.spots[..., 1 - along]
        bow, across = 4 * place * (1 - place), self.normals[1 - along] * self.module
        near, far = (bow * (1 - beside))[..., None] * across, (bow * beside)[..., None] * across
        best = -np.inf, self.at
        for reach in ROUNDNESS if start is None else (0.0,):
            crowded = self.spots if not reach else self.spots.copy()
            if reach:
                crowded[..., along] = (np.sin(reach * (2 * place - 1)) / np.sin(reach) + 1) / 2
            base = start if start is not None else self._laid(crowded)
            at = base + BOWED[:, :1, None, None] * near + BOWED[:, 1:, None, None] * far
            fits = self._fits(at, self.fixed).sum(-1)
            number = int(fits.argmax())
            if fits[number] > best[0]:
                best = float(fits[number]), at[number]
        return best

    def _laid(self, unit: Reals) -> Reals:
        laid: Reals = _projected(self.corners, unit.reshape(-1, 2)).reshape(unit.shape)
        return laid

    def settle(self, points: int, steps: tuple[float, ...], stop: Callable[[], bool]) -> None:
        """Move each of points x points control points while that fits better, with ever smaller steps."""
        middles = self.spots[0]
        across, down = _weights(middles[:, 0], points), _weights(middles[:, 1], points)
        pulls = []
        for r in range(points):
            for c in range(points):
                pull = across[:, c] * down[:, r]
                held = np.flatnonzero(np.abs(pull) > 1e-6)
                pulls.append((held, pull[held, None].astype(np.float32)))
        for step in steps:
            for _ in range(SWEEPS):
                # A sum, not any(): every control point gets its pull in every sweep.
                if stop() or not sum(self._pull(held, pull, step * self.module) for held, pull in pulls):
                    break

    def flat(self) -> Grey:
        """Return the symbol as read, drawn flat with its quiet zone, four pixels a module.

        What the standard fixes is drawn as it says: a torn finder pattern must not keep the rest unread.
        """
        bits = np.where(self.fixed, self.fixed, self._samples(self.at)).reshape(self.side, self.side)
        dark = np.pad(bits, QUIET, constant_values=-1) > 0
        return np.where(dark, 0, 255).astype(np.uint8).repeat(4, 0).repeat(4, 1)

    def _pull(self, held: npt.NDArray[np.intp], pull: Reals, step: float) -> bool:
        """Pull the modules that one control point holds, whichever way fits best; only they are looked at."""
        at = self.at[:, held]
        tried = at + WAYS * (pull * np.float32(step))
        fits = self._fits(tried, self.fixed[held])
        sums = fits.sum(-1)
        best = int(sums.argmax())
        if sums[best] <= self.fits[held].sum():
            return False
        self.at[:, held], self.fits[held] = tried[best], fits[best]
        return True

    def _fits(self, at: Reals, fixed: Reals) -> Reals:
        """Return how well each module fits: how clear it is, and how right where the standard says."""
        samples = self._samples(at)
        fits: Reals = np.abs(samples) + FIXED_WEIGHT * samples * fixed
        return fits

    def _samples(self, at: Reals) -> npt.NDArray[np.float32]:
        """Return how dark the modules are whose spots are given (... x spots x modules x 2)."""
        places = (at + MARGIN).astype(np.intp)
        flat = places[..., 1] * self.dark.shape[1] + places[..., 0]
        # Far outside the margin any pixel will do: nothing there fits.
        found: npt.NDArray[np.float32] = self.dark.take(flat, mode="clip").sum(-2)
        return found


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
