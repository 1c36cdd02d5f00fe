"""Read the words on a frame: where text is, then what it says, with rapidocr's models from its wheel.

Settings are the measured ones (longer side at 480, one thread, no turning), a fifth of the default's time.
Rule: rapidocr keeps the flags of its last call, so every call passes all of them. Faint text is found on a
copy with its contrast raised and read from the frame itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from models.claims.media.installed import PICTURES, require
from models.claims.media.pictures import Pixels

Corners = Any
Box = tuple[int, int, int, int]
LEAST_SCORE = 0.6
_SIDE = 480
_STRETCH_BELOW = 60
_TALL = 1.8
_LEVEL = 0.06
_ONE = re.compile(r"(?<=[第唯统])[-—–_－](?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of text on a frame; `box` is left, top, right, bottom in pixels."""

    text: str
    score: float
    box: Box

    @property
    def height(self) -> int:
        """Return how tall the line is."""
        return self.box[3] - self.box[1]


class Reader(Protocol):
    """What finds and reads text; the recogniser behind it is a boundary that tests may replace."""

    def locate(self, pixels: Pixels) -> list[Corners]:
        """Return the four corners of each line."""
        ...

    def read(self, pixels: Pixels, corners: Corners) -> Seen | None:
        """Return what the line says, or None where that is unclear."""
        ...


class PaddleReader:
    """PP-OCR through rapidocr; one for finding and reading, for one thread at a time."""

    def __init__(self) -> None:
        require(PICTURES, "rapidocr")
        import cv2
        from rapidocr import RapidOCR

        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))

    def locate(self, pixels: Pixels) -> list[Corners]:
        """Return the four corners of each line, top to bottom."""
        import cv2

        light = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)
        light[:, :, 0] = self._even.apply(light[:, :, 0])
        raised = cv2.cvtColor(light, cv2.COLOR_LAB2BGR)
        found: Any = self._engine(raised, use_det=True, use_cls=False, use_rec=False, text_score=LEAST_SCORE)
        return [] if found.boxes is None else [np.asarray(corners) for corners in found.boxes]

    def read(self, pixels: Pixels, corners: Corners) -> Seen | None:
        """Return what one line says; a column of upright characters is laid flat first."""
        crop = cut(pixels, corners)
        if crop.size == 0:
            return None
        forms = [crop]
        if crop.shape[0] > _TALL * crop.shape[1]:
            forms = [_laid_flat(crop), np.ascontiguousarray(np.rot90(crop))]
        text, score = max((self._said(form) for form in forms), key=lambda said: said[1])
        if score < LEAST_SCORE or not text.strip():
            return None
        return Seen(_ONE.sub("一", text.strip()), round(float(score), 3), bounds(corners))

    def _said(self, crop: Pixels) -> tuple[str, float]:
        read: Any = self._engine(_stretched(crop), use_det=False, use_cls=False, use_rec=True, text_score=0.0)
        return (read.txts[0], read.scores[0]) if read.txts else ("", 0.0)


def bounds(corners: Corners) -> Box:
    """Return the upright box around four corners."""
    (left, top), (right, bottom) = np.min(corners, axis=0), np.max(corners, axis=0)
    return max(0, int(left)), max(0, int(top)), int(np.ceil(right)), int(np.ceil(bottom))


def cut(pixels: Pixels, corners: Corners) -> Pixels:
    """Return the pixels of one line, level, with a little room: a thin last character is easily cut off."""
    import cv2

    left, top, right, bottom = bounds(corners)
    slope = abs(corners[1][1] - corners[0][1]) / max(1.0, abs(corners[1][0] - corners[0][0]))
    if slope <= _LEVEL or bottom - top > right - left:
        room = int(0.2 * min(bottom - top, right - left))
        return pixels[max(0, top) : bottom, max(0, left - room) : right + room]
    width = int(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[2] - corners[3])))
    height = int(max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2])))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(np.asarray(corners, np.float32), flat)
    level: Pixels = np.asarray(
        cv2.warpPerspective(pixels, turn, (max(1, width), max(1, height)), borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )
    return level


def _laid_flat(column: Pixels) -> Pixels:
    """Return a column of square characters as one row."""
    side = column.shape[1]
    count = max(1, round(column.shape[0] / side))
    edges = np.linspace(0, column.shape[0], count + 1).astype(int)
    least = min(edges[i + 1] - edges[i] for i in range(count))
    return np.ascontiguousarray(np.hstack([column[edges[i] : edges[i] + least] for i in range(count)]))


def _stretched(crop: Pixels) -> Pixels:
    """Return the crop with its contrast raised if it is faint, else as it is."""
    low, high = np.percentile(crop, (1, 99))
    if high - low >= _STRETCH_BELOW or high - low < 1:
        return crop
    raised = (crop.astype(np.float32) - low) * (255.0 / (high - low))
    clipped: Pixels = np.clip(raised, 0, 255).astype(np.uint8)
    return clipped


def read_all(reader: Reader, pixels: Pixels) -> Sequence[Seen]:
    """Return every readable line of one frame."""
    found = (reader.read(pixels, corners) for corners in reader.locate(pixels))
    return [seen for seen in found if seen is not None]
