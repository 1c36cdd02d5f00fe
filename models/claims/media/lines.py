"""Read the lines of a picture: tile by tile if it is large, and in a recording only what changed.

Rule: a line whose pixels have not changed keeps its earlier reading; a line on two tiles is kept whole, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.claims.media.pictures import Pixels, tiles
from models.claims.media.reading import Box, Corners, Reader, Seen, bounds, cut

_SAME_LINE = 6.0
_NEAR = 12


def read_tiled(reader: Reader, pixels: Pixels) -> list[Seen]:
    """Return every line of a large picture, read tile by tile; a line on two tiles is kept whole, once."""
    kept: list[Seen] = []
    for left, top, tile in tiles(pixels):
        for corners in reader.locate(tile):
            seen = reader.read(pixels, np.asarray(corners) + np.array([left, top]))
            if seen is not None and not _covered(seen, kept):
                kept.append(seen)
    return kept


@dataclass(slots=True)
class LineMemory:
    """Reads lines, and remembers those of the last frame: what looks the same says the same."""

    reader: Reader
    read_anew: int = 0
    _last: list[tuple[Box, Pixels, Seen | None]] = field(default_factory=list)

    def read(self, pixels: Pixels, found: Sequence[Corners]) -> list[Seen]:
        """Return every readable line of the frame."""
        now: list[tuple[Box, Pixels, Seen | None]] = []
        for corners in found:
            box, crop = bounds(corners), cut(pixels, corners)
            known = next((old for old in self._last if _same_line(old[0], old[1], box, crop)), None)
            if known is None:
                self.read_anew += 1
                known = (box, crop, self.reader.read(pixels, corners))
            now.append(known)
        self._last = now
        return [seen for _, _, seen in now if seen is not None]


def _same_line(old_box: Box, old: Pixels, box: Box, crop: Pixels) -> bool:
    if any(abs(a - b) > _NEAR for a, b in zip(old_box, box, strict=True)):
        return False
    height, width = min(old.shape[0], crop.shape[0]), min(old.shape[1], crop.shape[1])
    if not height or not width or old_box[:2] != box[:2]:
        return False
    apart = np.abs(old[:height, :width].astype(np.int16) - crop[:height, :width])
    return float(apart.reshape(height, -1).mean(axis=1).max(initial=0.0)) < _SAME_LINE


def _covered(seen: Seen, kept: list[Seen]) -> bool:
    """Say whether a line is there already; a longer reading of it takes the place of the shorter."""
    for place, other in enumerate(kept):
        wide = min(seen.box[2], other.box[2]) - max(seen.box[0], other.box[0])
        high = min(seen.box[3], other.box[3]) - max(seen.box[1], other.box[1])
        least = min((o.box[2] - o.box[0]) * (o.box[3] - o.box[1]) for o in (seen, other))
        if wide > 0 and high > 0 and wide * high > 0.5 * least:
            if len(seen.text) > len(other.text):
                kept[place] = seen
            return True
    return False
