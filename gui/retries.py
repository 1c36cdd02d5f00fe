"""Ways to look again at a picture in which no symbol could be read.

Each step is a picture made from the picture (grey levels only, numpy and Pillow) and the way it is turned
into black and white. The order is by symbols gained for time spent, measured on published photos and on
pictures made worse on purpose (blur, glare, shadow, dark, damage, moire). The one rule: a step never
invents contrast where the source has none, so it can miss a symbol but not make one up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Grey = npt.NDArray[np.uint8]
LOCAL, GLOBAL = "local", "global"
# Beyond this many pixels on the long side a retry works on a reduced picture: the time goes with the area.
RETRY_SIDE = 1800


@dataclass(frozen=True, slots=True)
class Step:
    """One way to look.

    Args:
        name: kept in the result, so that a person can see what it took.
        binarizer: "local" (average of the neighbourhood) or "global" (histogram of the whole picture).
        family: "matrix" reads QR codes; "other" Data Matrix and the linear codes of GS1, which cost four
            times as much and are therefore looked for in the untouched picture only.
        in_place: whether a point of the changed picture is, but for scale, that point of the picture.
    """

    name: str
    change: Callable[[Grey], Grey]
    binarizer: str = LOCAL
    family: str = "matrix"
    in_place: bool = True


def _image(grey: Grey) -> Image.Image:
    return Image.fromarray(grey)


def _filtered(grey: Grey, kernel: ImageFilter.Filter) -> Grey:
    return np.asarray(_image(grey).filter(kernel))


def unchanged(grey: Grey) -> Grey:
    """Return the picture itself."""
    return grey


def gamma(grey: Grey, power: float) -> Grey:
    """Bend the grey levels: below 1 lifts shadows, above 1 opens highlights."""
    curve: Grey = (255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return curve[grey]


def scaled(grey: Grey, factor: float) -> Grey:
    """Resize: up with bicubic, down by averaging, so that fine texture disappears."""
    height, width = grey.shape
    size = (max(int(width * factor), 1), max(int(height * factor), 1))
    how = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX
    return np.asarray(_image(grey).resize(size, how))


def thresholded(grey: Grey, radius: int) -> Grey:
    """Return black where a pixel is darker than its neighbourhood of `radius` pixels, else white."""
    mean = _filtered(grey, ImageFilter.BoxBlur(radius)).astype(np.int16)
    return np.where(grey.astype(np.int16) > mean - 5, 255, 0).astype(np.uint8)


def blurred(grey: Grey, radius: float) -> Grey:
    """Soften noise and the edges inside decorated modules."""
    return _filtered(grey, ImageFilter.GaussianBlur(radius))


def sharpened(grey: Grey, radius: float = 4, percent: int = 300) -> Grey:
    """Undo some blur."""
    return _filtered(grey, ImageFilter.UnsharpMask(radius, percent, 0))


def median(grey: Grey) -> Grey:
    """Remove single pixels that disagree with their eight neighbours."""
    return _filtered(grey, ImageFilter.MedianFilter(3))


def stretched(grey: Grey) -> Grey:
    """Stretch each neighbourhood between its own darkest and brightest, for glare and moire.

    A neighbourhood with a range under 12 levels holds noise, not modules, and is not stretched further.
    """
    height, width = grey.shape
    small = _image(grey).reduce(4) if min(height, width) >= 64 else _image(grey)

    def spread(kernel: ImageFilter.Filter) -> npt.NDArray[np.float32]:
        area = small.filter(kernel).filter(ImageFilter.BoxBlur(5))
        return np.asarray(area.resize((width, height)), np.float32)

    low, high = spread(ImageFilter.MinFilter(5)), spread(ImageFilter.MaxFilter(5))
    spread_out: Grey = np.clip((grey - low) * 255 / np.maximum(high - low, 12), 0, 255).astype(np.uint8)
    return spread_out


def turned(grey: Grey) -> Grey:
    """Turn by 45 degrees, for symbols whose lines run with the pixel grid's diagonals."""
    turn = _image(grey).rotate(
        45, expand=True, resample=Image.Resampling.BILINEAR, fillcolor=int(grey.mean())
    )
    return np.asarray(turn)


def framed(grey: Grey) -> Grey:
    """Put white paper around the picture, for a symbol cut out without its quiet zone."""
    return np.pad(grey, max(16, min(grey.shape) // 10), constant_values=255)


def filled(grey: Grey) -> Grey:
    """Let dark dots grow together, for dot-printed and engraved symbols."""
    return _filtered(grey, ImageFilter.MinFilter(3))


PLAIN = Step("plain", unchanged)
HISTOGRAM = Step("histogram", unchanged, GLOBAL)
OTHER = Step("other-symbols", unchanged, family="other")

RETRIES: tuple[Step, ...] = (
    Step("darker", lambda grey: gamma(grey, 2.2)),
    Step("lighter", lambda grey: gamma(grey, 0.5)),
    Step("threshold", lambda grey: thresholded(grey, 32)),
    Step("median-histogram", median, GLOBAL),
    Step("double", lambda grey: scaled(grey, 2) if max(grey.shape) <= 1200 else scaled(grey, 0.7)),
    Step("soft", lambda grey: blurred(grey, 2)),
    Step("stretched", stretched),
    Step("sharp", sharpened),
    Step("half", lambda grey: scaled(grey, 0.5)),
    Step("fine-threshold", lambda grey: thresholded(grey, 12)),
    Step("darkest-histogram", lambda grey: gamma(grey, 4.0), GLOBAL),
    Step("soft-threshold", lambda grey: thresholded(blurred(grey, 2), 24)),
    Step("stretched-histogram", stretched, GLOBAL),
    Step("framed", framed, GLOBAL, in_place=False),
    Step("filled", filled, GLOBAL),
    Step("softer", lambda grey: blurred(grey, 3.5)),
    Step("third", lambda grey: scaled(grey, 0.34)),
    Step("turned", turned, GLOBAL, in_place=False),
    Step("sharper", lambda grey: sharpened(grey, 8, 400)),
)


def reduced(grey: Grey, side: int = RETRY_SIDE) -> tuple[Grey, float]:
    """Return the picture no longer than `side` pixels, and the factor from it back to the original."""
    longest = max(grey.shape)
    if longest <= side:
        return grey, 1.0
    return scaled(grey, side / longest), longest / side
