"""Pixels of frames and pictures: grey levels to read codes in, and small colour pictures to show.

Rule: a frame is mapped for as long as its bytes are copied (0.1 ms) and no longer; colours are made only for
what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from gui.retries import Grey

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame


PREVIEW_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a stream: its grey levels, and its colour planes where it came with some.

    Args:
        chroma: (u, v) at half the resolution, or None where only grey or a finished picture is known.
    """

    grey: Grey
    chroma: tuple[Grey, Grey] | None = None
    picture: QImage | None = None

    def preview(self) -> QImage:
        """Return a small colour picture to show; costs 2 ms, so it is made off the GUI thread."""
        if self.picture is not None:
            return self.picture.scaledToWidth(min(PREVIEW_WIDTH, self.picture.width()))
        step = max(1, -(-self.grey.shape[1] // PREVIEW_WIDTH))
        light = self.grey[::step, ::step]
        if self.chroma is None:
            return image_of(light)
        return image_of(_coloured(light, *(_matched(plane, light) for plane in self.chroma)))


def grey_of_image(picture: QImage) -> Grey:
    """Return a picture's grey levels; what is transparent counts as white paper."""
    if picture.hasAlphaChannel():
        from PySide6.QtGui import QPainter

        paper = QImage(picture.size(), QImage.Format.Format_RGB32)
        paper.fill(Qt.GlobalColor.white)
        painter = QPainter(paper)
        painter.drawImage(0, 0, picture)
        painter.end()
        picture = paper
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


def image_of(pixels: npt.NDArray[np.uint8]) -> QImage:
    """Return a picture that owns its pixels (grey: height x width, colour: height x width x 3)."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()


def frame_of(frame: QVideoFrame) -> Frame | None:
    """Take what we need of a video frame: the luma plane as it is, chroma where it lies in planes."""
    from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

    kinds = QVideoFrameFormat.PixelFormat
    kind = frame.pixelFormat()
    planar = {kinds.Format_YUV420P: (1, 2), kinds.Format_YV12: (2, 1)}
    paired = {kinds.Format_NV12: (0, 1), kinds.Format_NV21: (1, 0)}
    if kind in planar or kind in paired or kind == kinds.Format_Y8:
        if not frame.map(QVideoFrame.MapMode.ReadOnly):
            return None
        try:
            width, height = frame.width(), frame.height()
            grey = _plane(frame, 0, width, height)
            half = (width + 1) // 2, (height + 1) // 2
            chroma = None
            if kind in planar:
                u, v = planar[kind]
                chroma = _plane(frame, u, *half), _plane(frame, v, *half)
            elif kind in paired:
                both = _plane(frame, 1, 2 * half[0], half[1])
                u, v = paired[kind]
                chroma = both[:, u::2], both[:, v::2]
            return Frame(grey, chroma)
        finally:
            frame.unmap()
    picture = frame.toImage()
    return None if picture.isNull() else Frame(grey_of_image(picture), picture=picture)


def _plane(frame: QVideoFrame, number: int, width: int, height: int) -> Grey:
    stride = frame.bytesPerLine(number)
    held = np.frombuffer(frame.bits(number), np.uint8, stride * (height - 1) + width)
    plane: Grey = np.lib.stride_tricks.as_strided(held, (height, width), (stride, 1)).copy()
    return plane


def _matched(plane: Grey, light: Grey) -> Grey:
    """Return a chroma plane at the size of the preview."""
    rows = np.arange(light.shape[0]) * plane.shape[0] // light.shape[0]
    columns = np.arange(light.shape[1]) * plane.shape[1] // light.shape[1]
    matched: Grey = plane[rows][:, columns]
    return matched


def _coloured(light: Grey, u: Grey, v: Grey) -> npt.NDArray[np.uint8]:
    """Return red, green and blue from luma and chroma (ITU-R BT.601, limited range)."""
    y = (light.astype(np.int16) - 16) * 1.164
    blue, red = u.astype(np.int16) - 128, v.astype(np.int16) - 128
    mixed = np.stack((y + 1.596 * red, y - 0.392 * blue - 0.813 * red, y + 2.017 * blue), axis=-1)
    pixels: npt.NDArray[np.uint8] = np.clip(mixed, 0, 255).astype(np.uint8)
    return pixels
