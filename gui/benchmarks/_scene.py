"""A label of ours in a scene: on some ground, seen from somewhere, through a lens and a sensor.

Only numpy and Pillow draw; whatever happens by chance comes from the generator that is handed in.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from gui.labels.symbol import symbol
from gui.retries import Grey

Reals = npt.NDArray[np.float64]
Chance = np.random.Generator
LINK = "HTTPS://ID.GS1.ORG/01/09521234543213/10/QL-{:04d}/21/{:06d}"
SIZE = (1000, 800)


def printed_text(chance: Chance, length: int = 0) -> str:
    """Return what a label of ours says, at least `length` signs of it."""
    link = LINK.format(*chance.integers(0, 9999, 2))
    return link + "".join(
        chance.choice(list("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-."), max(length - len(link), 0))
    )


def printed_label(chance: Chance, length: int = 0, level: str = "M", module: int = 8) -> tuple[str, Reals]:
    """Return a label's text and its picture."""
    text = printed_text(chance, length)
    return text, np.asarray(symbol(text, level).picture(module), float)


def paper(chance: Chance, size: tuple[int, int]) -> Reals:
    """Return a background: soft patches, a few hard edges and some print."""
    width, height = size
    coarse = chance.uniform(70, 200, (5, 6))
    ground = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC), float)
    picture = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(int(chance.integers(6, 14))):
        x, y = int(chance.integers(0, width)), int(chance.integers(0, height))
        across, down = (int(v) for v in chance.integers(10, 160, 2))
        pen.rectangle((x, y, x + across, y + down), int(chance.integers(20, 235)))
    for row in range(0, height, 40):
        pen.text(
            (int(chance.integers(0, width)), row),
            "LOT 2026 SUXIN 12345 NET 500 g",
            int(chance.integers(0, 255)),
        )
    return np.asarray(picture, float)


def _sampled(picture: Reals, x: Reals, y: Reals) -> tuple[Reals, Reals]:
    """Return the picture at real places (bilinear), and how far each place is inside it."""
    height, width = picture.shape
    inside = ((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)).astype(float)
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    u, v = x - left, y - top
    above = picture[top, left] * (1 - u) + picture[top, left + 1] * u
    below = picture[top + 1, left] * (1 - u) + picture[top + 1, left + 1] * u
    return above * (1 - v) + below * v, inside


def laid_on(
    ground: Reals,
    label: Reals,
    corners: Reals,
    bend: Callable[[Reals, Reals], tuple[Reals, Reals]] | None = None,
) -> Reals:
    """Lay a label on the ground with its corners there; `bend` moves places of the unit square."""
    height, width = ground.shape
    low = np.maximum(np.floor(corners.min(0)).astype(int) - 60, 0)
    high = np.minimum(np.ceil(corners.max(0)).astype(int) + 60, [width, height])
    x, y = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
    u, v = _unit(corners, x.astype(float), y.astype(float))
    if bend is not None:
        u, v = bend(u, v)
    laid, inside = _sampled(label, u * (label.shape[1] - 1), v * (label.shape[0] - 1))
    made = ground.copy()
    part = made[low[1] : high[1], low[0] : high[0]]
    part[:] = part * (1 - inside) + laid * inside
    return made


def _unit(corners: Reals, x: Reals, y: Reals) -> tuple[Reals, Reals]:
    """Return where places of the picture lie in the unit square whose corners are given."""
    rows, right = [], []
    for (a, b), (u, v) in zip(corners, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        rows += [[a, b, 1, 0, 0, 0, -u * a, -u * b], [0, 0, 0, a, b, 1, -v * a, -v * b]]
        right += [u, v]
    h = np.append(np.linalg.solve(np.array(rows, float), np.array(right, float)), 1.0)
    below = h[6] * x + h[7] * y + 1
    return (h[0] * x + h[1] * y + h[2]) / below, (h[3] * x + h[4] * y + h[5]) / below


def corners_of(chance: Chance, side: float, angle: float, tilt: float, size: tuple[int, int] = SIZE) -> Reals:
    """Return the corners of a label `side` pixels wide, turned, and tilted away (0 = flat, 1 = a line)."""
    unit = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) / 2
    away = chance.uniform(0, 2 * np.pi)
    spin = np.array([[np.cos(away), -np.sin(away)], [np.sin(away), np.cos(away)]])
    turned = unit @ spin.T
    depth = 1 + 0.9 * tilt * turned[:, :1]
    flat = turned * np.array([1 - tilt, 1.0]) / depth
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    placed = flat @ spin @ turn.T * side
    room = np.maximum(np.array(size) - np.ptp(placed, axis=0) - 8, 0)
    corners: Reals = placed - placed.min(0) + 4 + chance.uniform(0, 1, 2) * room
    return corners


def seen(chance: Chance, picture: Reals, blur: float = 0.7, noise: float = 4, quality: int = 80) -> Grey:
    """Return what a camera makes of it: a soft lens, a noisy sensor, JPEG."""
    grey = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
    noisy = np.asarray(grey, float) + chance.normal(0, noise, picture.shape)
    held = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(held, "JPEG", quality=quality)
    return np.asarray(Image.open(held).convert("L"))


def placed(
    chance: Chance, label: Reals, side: float = 420, tilt: float = 0.12, angle: float | None = None
) -> Reals:
    """Return a scene with a label somewhere in it, `side` pixels wide."""
    turn = chance.uniform(-0.3, 0.3) if angle is None else angle
    return laid_on(paper(chance, SIZE), label, corners_of(chance, side, turn, chance.uniform(0, tilt)))


def smooth_field(chance: Chance, shape: tuple[int, int], knots: int) -> Reals:
    """Return a smooth random field of that shape, -1 to 1."""
    coarse = chance.uniform(-1, 1, (knots, knots))
    return np.asarray(Image.fromarray(coarse).resize(shape[::-1], Image.Resampling.BICUBIC), float)
