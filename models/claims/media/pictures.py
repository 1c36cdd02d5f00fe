"""Open still and animated pictures as pixels: blue, green, red, upright, nothing transparent.

Rule: a picture is read as a person sees it (its orientation tag applied, transparency on white paper). Long
product pages are cut into overlapping tiles, because reading shrinks the longer side.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ledger.errors import EventInvalid
from models.claims.media.kinds import PICTURES

Pixels = npt.NDArray[np.uint8]
_MOST_PIXELS = 120_000_000
_TILE = 1000
_OVERLAP = 160
_STILL_SECONDS = 0.1


def read_picture(path: Path) -> list[tuple[float, Pixels]]:
    """Return the frames of a picture with the second at which each is shown; a still has one, at 0.

    Raises:
        EventInvalid: code `picture-unreadable`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise _unreadable(path, f"{image.width} x {image.height} pixels")
                return list(_frames(image))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, EventInvalid):
            raise
        raise _unreadable(path, str(error)[:120]) from error


def tiles(pixels: Pixels) -> Iterator[tuple[int, int, Pixels]]:
    """Cut a picture into overlapping tiles of readable size, each with its left and top edge."""
    height, width = pixels.shape[:2]
    for top in _starts(height):
        for left in _starts(width):
            yield left, top, pixels[top : top + _TILE, left : left + _TILE]


def _starts(length: int) -> Iterator[int]:
    yield 0
    at = _TILE - _OVERLAP
    while at + _OVERLAP < length:
        yield at
        at += _TILE - _OVERLAP


def _frames(image: Image.Image) -> Iterator[tuple[float, Pixels]]:
    if getattr(image, "n_frames", 1) == 1 or image.format == "TIFF":
        yield 0.0, _pixels(image)
        return
    at, shown = 0.0, -1.0
    for frame in ImageSequence.Iterator(image):
        # Animations may show fifty frames a second; ten are plenty for words.
        if at - shown >= _STILL_SECONDS or shown < 0:
            yield at, _pixels(frame)
            shown = at
        at += max(0.02, float(frame.info.get("duration", 100)) / 1000)


def _pixels(image: Image.Image) -> Pixels:
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        seen = upright.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        upright = Image.alpha_composite(paper, seen)
    if upright.mode.startswith("I;16"):
        upright = upright.point(lambda value: value / 256).convert("L")
    colours: Any = np.asarray(upright.convert("RGB"))
    return np.ascontiguousarray(colours[:, :, ::-1])


def _unreadable(path: Path, found: str) -> EventInvalid:
    return EventInvalid(
        "this picture cannot be read",
        field="FILE",
        code="picture-unreadable",
        found=found,
        expected=", ".join(PICTURES),
        where=str(path),
        remedy="open the picture and save it again as .png or .jpg",
    )
