"""Pictures of labels made worse on purpose, kind by kind: what a scanner meets outside a laboratory.

Each picture is our own label put into a scene (perspective, background, light), spoilt one way, with sensor
noise and JPEG on top. The seed fixes every one of them; only numpy and Pillow draw. The one rule: the kinds
come from what surfaces, lights and lenses do, never from what our reader can or cannot do.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from gui.labels.symbol import symbol
from gui.retries import Grey

Reals = npt.NDArray[np.float64]
Chance = np.random.Generator
LINK = "HTTPS://ID.GS1.ORG/01/09521234543213/10/QL-{:04d}/21/{:06d}"
SIZE = (1000, 800)
QUIET = 4


class Spoilt(NamedTuple):
    """A picture, and the texts of the labels in it."""

    grey: Grey
    texts: tuple[str, ...]


def spoilt(kind: str, count: int, seed: int = 7) -> Iterator[Spoilt]:
    """Give `count` pictures of one of `KINDS`; the same ones every time."""
    for number in range(count):
        chance = np.random.default_rng([seed, sorted(KINDS).index(kind), number])
        yield KINDS[kind](chance)


# --- the scene ----------------------------------------------------------------------------------------


def _text(chance: Chance, length: int = 0) -> str:
    link = LINK.format(*chance.integers(0, 9999, 2))
    return link + "".join(
        chance.choice(list("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-."), max(length - len(link), 0))
    )


def _label(chance: Chance, length: int = 0, level: str = "M", module: int = 8) -> tuple[str, Reals]:
    text = _text(chance, length)
    return text, np.asarray(symbol(text, level).picture(module), float)


def _paper(chance: Chance, size: tuple[int, int]) -> Reals:
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


def _onto(
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


def _corners(chance: Chance, side: float, angle: float, tilt: float, size: tuple[int, int] = SIZE) -> Reals:
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


def _seen(chance: Chance, picture: Reals, blur: float = 0.7, noise: float = 4, quality: int = 80) -> Grey:
    """Return what a camera makes of it: a soft lens, a noisy sensor, JPEG."""
    grey = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
    noisy = np.asarray(grey, float) + chance.normal(0, noise, picture.shape)
    held = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(held, "JPEG", quality=quality)
    return np.asarray(Image.open(held).convert("L"))


def _placed(
    chance: Chance, label: Reals, side: float = 420, tilt: float = 0.12, angle: float | None = None
) -> Reals:
    turn = chance.uniform(-0.3, 0.3) if angle is None else angle
    return _onto(_paper(chance, SIZE), label, _corners(chance, side, turn, chance.uniform(0, tilt)))


def _field(chance: Chance, shape: tuple[int, int], knots: int) -> Reals:
    """Return a smooth random field of that shape, -1 to 1."""
    coarse = chance.uniform(-1, 1, (knots, knots))
    return np.asarray(Image.fromarray(coarse).resize(shape[::-1], Image.Resampling.BICUBIC), float)


# --- the kinds ----------------------------------------------------------------------------------------


def _blurred(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    picture = _placed(chance, label, chance.uniform(260, 460))
    if chance.random() < 0.4:
        steps, angle = int(chance.integers(5, 12)), chance.uniform(0, np.pi)
        moved = [
            np.roll(picture, (round(k * np.sin(angle)), round(k * np.cos(angle))), (0, 1))
            for k in range(steps)
        ]
        return Spoilt(_seen(chance, np.mean(moved, axis=0)), (text,))
    return Spoilt(_seen(chance, picture, chance.uniform(2.5, 5)), (text,))


def _glare(chance: Chance) -> Spoilt:
    text, label = _label(chance, level=str(chance.choice(["M", "Q"])))
    picture = _placed(chance, label * 0.7 + 25)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    for _ in range(int(chance.integers(1, 4))):
        at, wide = chance.uniform(0.2, 0.8, 2) * SIZE, chance.uniform(30, 150, 2)
        spot = np.exp(-(((x - at[0]) / wide[0]) ** 2 + ((y - at[1]) / wide[1]) ** 2))
        picture = picture + chance.uniform(150, 420) * spot
    return Spoilt(_seen(chance, picture), (text,))


def _faint(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    low, span = (chance.uniform(4, 20), chance.uniform(14, 40)) if chance.random() < 0.5 else (
        chance.uniform(150, 215), chance.uniform(14, 40))  # fmt: skip
    return Spoilt(
        _seen(chance, low + _placed(chance, label) / 255 * span, noise=chance.uniform(1, 4)), (text,)
    )


def _shadow(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    picture = _placed(chance, label)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    for _ in range(int(chance.integers(1, 4))):
        angle, at = chance.uniform(0, np.pi), chance.uniform(0.25, 0.75, 2) * SIZE
        beyond = (x - at[0]) * np.cos(angle) + (y - at[1]) * np.sin(angle)
        picture = picture * np.where(beyond > 0, chance.uniform(0.12, 0.5), 1.0)
    return Spoilt(_seen(chance, picture), (text,))


def _damaged(chance: Chance) -> Spoilt:
    text, label = _label(chance, level=str(chance.choice(["M", "Q", "H"])))
    picture = Image.fromarray(label.astype(np.uint8))
    pen, side = ImageDraw.Draw(picture), picture.width
    for _ in range(int(chance.integers(2, 6))):
        x, y = chance.uniform(0.1, 0.9, 2) * side
        wide, tone = chance.uniform(0.02, 0.07) * side, int(chance.choice([0, 90, 255]))
        if chance.random() < 0.5:
            pen.ellipse((x - wide, y - wide, x + wide, y + wide), tone)
        else:
            far = chance.uniform(-0.5, 0.5, 2) * side
            pen.line((x, y, x + far[0], y + far[1]), tone, max(int(wide / 4), 2))
    return Spoilt(_seen(chance, _placed(chance, np.asarray(picture, float))), (text,))


def _curved(chance: Chance) -> Spoilt:
    text, label = _label(chance, level=str(chance.choice(["M", "Q"])))
    reach, sag = chance.uniform(0.7, 1.15), chance.uniform(-0.12, 0.12)

    def bend(u: Reals, v: Reals) -> tuple[Reals, Reals]:
        across = np.arcsin(np.clip((2 * u - 1) * np.sin(reach), -1, 1)) / reach
        return (across + 1) / 2, v - sag * (1 - across**2)

    def beside(u: Reals, v: Reals) -> tuple[Reals, Reals]:
        down, right = bend(v, u)
        return right, down

    way = bend if chance.random() < 0.6 else beside
    corners = _corners(chance, 430, chance.uniform(-0.3, 0.3), 0.1)
    return Spoilt(_seen(chance, _onto(_paper(chance, SIZE), label, corners, way)), (text,))


def _crumpled(chance: Chance) -> Spoilt:
    text, label = _label(chance, level=str(chance.choice(["M", "Q"])))
    bends, knots, deep = chance.uniform(0.02, 0.06), int(chance.integers(3, 6)), chance.uniform(20, 60)

    def bend(u: Reals, v: Reals) -> tuple[Reals, Reals]:
        return u + bends * _field(chance, u.shape, knots), v + bends * _field(chance, v.shape, knots)

    laid = _onto(_paper(chance, SIZE), label, _corners(chance, 430, chance.uniform(-0.3, 0.3), 0.1), bend)
    return Spoilt(_seen(chance, laid * 0.8 + deep * _field(chance, laid.shape, 7)), (text,))


def _perspective(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    corners = _corners(chance, 560, chance.uniform(-0.6, 0.6), chance.uniform(0.35, 0.62))
    return Spoilt(_seen(chance, _onto(_paper(chance, SIZE), label, corners)), (text,))


def _turned(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    return Spoilt(_seen(chance, _placed(chance, label, 380, 0.2, chance.uniform(-np.pi, np.pi))), (text,))


def _tiny(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    size, module = (1600, 1200), chance.uniform(1.9, 2.8)
    side = module * label.shape[0] / 8
    corners = _corners(chance, side, chance.uniform(-0.3, 0.3), chance.uniform(0, 0.08), size)
    soft = Image.fromarray(label.astype(np.uint8)).filter(ImageFilter.BoxBlur(4 / module))
    laid = _onto(_paper(chance, size), np.asarray(soft, float), corners)
    return Spoilt(_seen(chance, laid, 0.5, 3, 88), (text,))


def _inverted(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    return Spoilt(_seen(chance, _placed(chance, 255 - label * 0.85), 1.0), (text,))


def _dense(chance: Chance) -> Spoilt:
    text, label = _label(chance, int(chance.integers(420, 2000)), str(chance.choice(["L", "M"])), 4)
    size, module = (1600, 1200), chance.uniform(3.4, 5.5)
    side = min(module * label.shape[0] / 4, 1100)
    corners = _corners(chance, side, chance.uniform(-0.2, 0.2), chance.uniform(0, 0.15), size)
    return Spoilt(_seen(chance, _onto(_paper(chance, size), label, corners), 0.8, 3), (text,))


def _many(chance: Chance) -> Spoilt:
    columns, rows = int(chance.integers(3, 7)), int(chance.integers(3, 5))
    size, side = (1600, 1200), 1450 / max(columns, rows * 1.35)
    ground, texts = _paper(chance, size) * 0.3 + 160, []
    lean = chance.uniform(-0.15, 0.15)
    for place in range(columns * rows):
        text, label = _label(chance)
        corners = _corners(chance, side * 0.86, lean, 0.08, (int(side), int(side)))
        at = np.array([place % columns, place // columns]) * side + 40
        ground = _onto(ground, label, corners + at)
        texts.append(text)
    return Spoilt(_seen(chance, ground), tuple(texts))


def _monitor(chance: Chance) -> Spoilt:
    text, label = _label(chance)
    picture = _placed(chance, label * 0.8 + 30, 400)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    angle, step = chance.uniform(-0.2, 0.2), chance.uniform(1.9, 3.6)
    along = (x * np.cos(angle) + y * np.sin(angle)) / step
    down = (y * np.cos(angle) - x * np.sin(angle)) / step
    grid = 0.62 + 0.38 * np.cos(2 * np.pi * along) * np.cos(2 * np.pi * down)
    wave = 1 + 0.35 * np.sin(2 * np.pi * (along + down) / chance.uniform(9, 30))
    return Spoilt(_seen(chance, picture * grid * wave, 0.6), (text,))


def _close(chance: Chance) -> Spoilt:
    text, label = _label(chance, module=24)
    quiet = QUIET * 24
    bare = label[quiet - 10 : -quiet + 10, quiet - 10 : -quiet + 10]
    corners = _corners(chance, 1180, chance.uniform(-0.04, 0.04), 0.05, (1220, 1220))
    laid = _onto(np.full((1220, 1220), chance.uniform(40, 200)), bare, corners)
    return Spoilt(_seen(chance, laid, chance.uniform(1, 6), 5), (text,))


def _styled(chance: Chance) -> Spoilt:
    """Round or thin modules, an emblem in the middle, no quiet zone: what designers do."""
    text = _text(chance)
    made = symbol(text, "H" if chance.random() < 0.6 else "Q")
    side, unit = len(made.modules), 16
    picture = Image.new("L", ((side + 2) * unit,) * 2, 255)
    pen, gap = ImageDraw.Draw(picture), chance.uniform(0, 3)
    for row, column in zip(*np.nonzero(made.modules), strict=True):
        x, y = (column + 1) * unit, (row + 1) * unit
        draw = pen.ellipse if chance.random() < 2 and gap > 1 else pen.rectangle
        draw((x + gap, y + gap, x + unit - 1 - gap, y + unit - 1 - gap), int(chance.integers(0, 90)))
    if made.modules.shape[0] > 28:
        half = side * unit * 0.09
        middle = picture.width / 2
        pen.rectangle((middle - half, middle - half, middle + half, middle + half), 255)
        pen.ellipse((middle - half * 0.8, middle - half * 0.8, middle + half * 0.8, middle + half * 0.8), 120)
    return Spoilt(_seen(chance, _placed(chance, np.asarray(picture, float), 400)), (text,))


def _printed(chance: Chance) -> Spoilt:
    """A worn thermal label seen by a cheap camera: ink that spreads or fades, missing lines, grain."""
    text, label = _label(chance, module=6)
    picture = Image.fromarray(label.astype(np.uint8))
    grow = ImageFilter.MinFilter(3) if chance.random() < 0.5 else ImageFilter.MaxFilter(3)
    worn = np.asarray(picture.filter(grow), float)
    for _ in range(int(chance.integers(1, 5))):
        column = int(chance.integers(0, worn.shape[1] - 3))
        worn = worn.copy()
        worn[:, column : column + int(chance.integers(1, 4))] = 255
    grain = np.where(_field(chance, worn.shape, 40) > chance.uniform(0.3, 0.7), 200, 0)
    worn = np.maximum(worn, grain)
    return Spoilt(_seen(chance, _placed(chance, worn * 0.75 + 30, 340), 1.1, 6, 60), (text,))


KINDS: dict[str, Callable[[Chance], Spoilt]] = {
    "blurred": _blurred,
    "glare": _glare,
    "faint": _faint,
    "shadow": _shadow,
    "damaged": _damaged,
    "curved": _curved,
    "crumpled": _crumpled,
    "perspective": _perspective,
    "turned": _turned,
    "tiny": _tiny,
    "inverted": _inverted,
    "dense": _dense,
    "many": _many,
    "monitor": _monitor,
    "close": _close,
    "styled": _styled,
    "worn": _printed,
}
