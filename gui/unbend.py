"""Read a QR code that is seen but does not decode because its surface is bent, folded, torn or crumpled.

A decoder samples the modules on one flat grid. Here the grid is a sheet of rubber, fitted to the picture
(`rubber`). The bits then read are drawn as a flat symbol and given back to the decoder, so error correction
decides, not this module: a wrong grid yields no text rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from gui.rubber import MARGIN, Grey, Quad, Reals, Sheet, contrast

# (control points per side, step sizes in modules), coarse to fine.
ROUNDS: tuple[tuple[int, tuple[float, ...]], ...] = (
    (2, (3.0, 1.5, 0.7)),
    (3, (0.8, 0.4, 0.2)),
    (4, (0.4, 0.2)),
    (6, (0.4, 0.2, 0.1)),
    (9, (0.4, 0.2, 0.1)),
)
# Chance alone reads half of the fixed modules rightly; below these shares a grid is not pursued.
PROMISING = 0.6
PLAUSIBLE = 0.68
WORTHWHILE = 0.75
REFINED = 4
LARGEST = 25


def unbend(
    grey: Grey,
    places: Iterable[tuple[Quad, int | None]],
    stop: Callable[[], bool],
    neighbours: tuple[int, ...] = (0, -1, 1),
) -> Iterator[tuple[Quad, Grey]]:
    """Yield flat pictures of the symbols that may lie at these places, better fitting grids later.

    Every place is tried roughly, with its version and then its neighbours (a bent label is measured too short
    or too long), the likelier before the others; the best fits are then refined.

    Args:
        places: outer corners (top left, top right, bottom right, bottom left in the symbol's own frame) and
            version; without a version, or above 25 (too many modules for the time), a place is passed over.
        stop: asked between sweeps; True ends the search.
        neighbours: which versions to try, as differences from the one given.
    """
    likely = _distinct((quad, version) for quad, version in places if version is not None)
    for more in neighbours:
        rough: list[Sheet] = []
        for sheet in sorted(_sheets(grey, likely, more, stop), key=lambda one: -one.agreement):
            for points, steps in ROUNDS[:2]:
                sheet.settle(points, steps, stop)
            if sheet.agreement > PLAUSIBLE:
                yield sheet.quad, sheet.flat()
                rough.append(sheet)
            if stop():
                return
        yield from _refined(sorted(rough, key=lambda one: -one.agreement)[:REFINED], stop)


def _refined(rough: Iterable[Sheet], stop: Callable[[], bool]) -> Iterator[tuple[Quad, Grey]]:
    for one in rough:
        one.settle(*ROUNDS[2], stop)
        if one.agreement < WORTHWHILE:
            continue
        sheet = one.refined()
        for points, steps in ROUNDS[3:]:
            sheet.settle(points, steps, stop)
            yield sheet.quad, sheet.flat()
            if stop() or sheet.agreement < WORTHWHILE:
                break


def _sheets(
    grey: Grey, likely: Iterable[tuple[Quad, int]], more: int, stop: Callable[[], bool]
) -> Iterator[Sheet]:
    """Give every place two grids, flat and bent, where one of them begins to fit."""
    for quad, version in likely:
        if stop() or not 1 <= version + more <= LARGEST:
            continue
        side = 17 + 4 * (version + more)
        patch, corners = _cut(grey, np.array(quad, float), side)
        module = _edge(corners) / side
        if module < 1.5 or min(patch.shape) < 8:
            continue
        dark = np.pad(contrast(patch, max(3.0, module * 4)), MARGIN)
        flat, bent = (Sheet(dark, corners, side, module, quad) for _ in range(2))
        bent.bow()
        yield from (sheet for sheet in (flat, bent) if sheet.agreement > PROMISING)


def _distinct(places: Iterable[tuple[Quad, int]]) -> list[tuple[Quad, int]]:
    """Leave out a place whose corners all lie within two modules of an earlier one's."""
    kept: list[tuple[Quad, int]] = []
    for quad, version in places:
        near = 2 * _edge(np.array(quad, float)) / (17 + 4 * version)
        if not any(v == version and np.abs(np.array(quad) - np.array(q)).max() < near for q, v in kept):
            kept.append((quad, version))
    return kept


def _cut(grey: Grey, corners: Reals, side: int) -> tuple[Grey, Reals]:
    margin = int(_edge(corners) / side * 6) + 4
    left, top = np.maximum(corners.min(0) - margin, 0).astype(int)
    right, bottom = np.maximum(corners.max(0) + margin, 0).astype(int)
    return np.ascontiguousarray(grey[top:bottom, left:right]), corners - [left, top]


def _edge(corners: Reals) -> float:
    return float(np.hypot(*(corners - np.roll(corners, -1, 0)).T).mean())
