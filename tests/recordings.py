"""Make recordings for tests: captions drawn with Pillow in a CJK font, written as a video by OpenCV.

Backgrounds and movements are our own; every caption has its instant, so a test knows what must be found when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from gui.labels.typeface import Typeface, typeface

Pixels = npt.NDArray[np.uint8]
NEEDED = ("cv2", "rapidocr", "onnxruntime", "av")
WIDE = (640, 360)


def need_media(*names: str) -> None:
    """Skip, saying why, where the optional extra is not installed."""
    for name in names or NEEDED:
        pytest.importorskip(name, reason="the optional extra media is not installed")
    if not typeface().chinese:
        pytest.skip("no Chinese typeface on this machine to draw captions with")


@dataclass(frozen=True)
class Line:
    """A caption from `start` to `end` seconds; `move` is how many pixels it goes left each second."""

    text: str
    start: float = 0.0
    end: float = 1e9
    at: tuple[int, int] = (60, 290)
    size: int = 28
    colour: str | tuple[int, int, int] = "white"
    edge: str | None = "black"
    move: int = 0


def draw(lines: Sequence[Line], time: float, paper: Pixels, face: Typeface) -> Pixels:
    """Return one frame as blue, green, red."""
    image = Image.fromarray(paper)
    pen = ImageDraw.Draw(image)
    for line in lines:
        if line.start <= time < line.end:
            place = (line.at[0] - line.move * (time - line.start), line.at[1])
            width = 2 if line.edge else 0
            pen.text(
                place, line.text, line.colour, face.at(line.size), stroke_width=width, stroke_fill=line.edge
            )
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def scene(number: int, size: tuple[int, int] = WIDE) -> Pixels:
    """Return a soft coloured background, another for each number."""
    small = np.random.default_rng(number).integers(60, 190, (6, 10, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))


def write_recording(
    path: Path,
    lines: Sequence[Line],
    seconds: float,
    *,
    fps: int = 10,
    size: tuple[int, int] = WIDE,
    cuts: Sequence[float] = (),
    paper: Pixels | None = None,
    moving: bool = False,
) -> Path:
    """Write a video; the background changes at each of `cuts`, and drifts all the time if `moving`."""
    import cv2

    kind = {".avi": "MJPG", ".mkv": "MJPG"}.get(path.suffix, "mp4v")
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*kind), fps, size)
    assert writer.isOpened()
    face = typeface()
    for number in range(round(seconds * fps)):
        time = number / fps
        back = paper if paper is not None else scene(sum(time >= cut for cut in cuts), size)
        if moving:
            back = np.roll(back, number * 7, axis=1)
        writer.write(draw(lines, time, back, face))
    writer.release()
    return path


def write_picture(path: Path, lines: Sequence[Line], paper: Pixels) -> Path:
    """Write a still picture."""
    Image.fromarray(draw(lines, 0.0, paper, typeface())[:, :, ::-1]).save(path)
    return path
