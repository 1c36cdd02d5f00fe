"""Look at a picture once: what zxing-cpp reads in it one given way, as our own values.

This is the only module that knows the decoder. What it read is passed on letter by letter; what it saw and
could not read is passed on as a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from gui import retries
from gui.appended import Part, joined, part_of
from gui.retries import Grey, Step
from gui.rubber import Point, Quad
from ledger.events.gs1.scandata import GROUP_SEPARATOR

# A linear code or a tiny Data Matrix can be "read" out of texture; real ones are longer than this.
SHORTEST_OTHER = 6
_FORMATS = {"QR Code": "QRCode", "Data Matrix": "DataMatrix", "EAN/UPC": "EAN13", "Code 128": "Code128"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """One symbol that was read.

    Args:
        text: what it says, letter by letter; GS1 separators stay as U+001D.
        format: "QRCode", "DataMatrix", "EAN13", "Code128".
        position: its corners in the picture, top left first, in the symbol's own frame.
        attempt: the step it took ("plain", "threshold", "unbent", ...).
        gs1: whether the symbol says that it holds GS1 element strings.
        part: its place where the message is spread over several symbols.
        content: the bytes before any character set.
    """

    text: str
    format: str
    position: Quad
    attempt: str
    gs1: bool = False
    part: Part | None = None
    content: bytes = b""

    @property
    def code(self) -> str:
        """Return the text as the rest of the program takes codes: GS1 data marked by a leading separator."""
        return GROUP_SEPARATOR + self.text if self.gs1 else self.text


@dataclass(frozen=True, slots=True)
class Seen:
    """A symbol that was located and not read; `version` is its QR version where that was readable."""

    position: Quad
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a picture gave; `size` is the picture's (width, height) that positions refer to."""

    decoded: tuple[Decoded, ...] = ()
    seen: tuple[Seen, ...] = ()
    size: tuple[int, int] = (1, 1)


def read(grey: Grey, step: Step = retries.PLAIN, scale: float = 1.0) -> Sight:
    """Look once, one way; `scale` leads from this picture back to the one positions refer to."""
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat
    wanted = {
        "matrix": zxingcpp.BarcodeFormats([kinds.QRCodeModel1, kinds.QRCodeModel2]),
        "other": zxingcpp.BarcodeFormats([kinds.DataMatrix, kinds.EAN13, kinds.Code128]),
    }[step.family]
    how = {"local": zxingcpp.Binarizer.LocalAverage, "global": zxingcpp.Binarizer.GlobalHistogram}
    changed = np.ascontiguousarray(step.change(grey))
    whole = _whole(grey, scale)
    scale *= grey.shape[1] / changed.shape[1]
    results = zxingcpp.read_barcodes(
        changed,
        formats=wanted,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=how[step.binarizer],
        return_errors=step.family == "matrix",
    )
    decoded = [_decoded(found, step, scale) for found in results if found.valid and found.text]
    if not step.in_place:
        return Sight(tuple(replace(one, position=whole) for one in decoded))
    kept = (d for d in decoded if d.format == "QRCode" or len(d.text) >= SHORTEST_OTHER)
    failed = (_seen(found, scale) for found in results if not found.valid)
    return Sight(tuple(kept), tuple(one for one in failed if one.position[0] != one.position[2]))


def reads_back(grey: Grey, text: str) -> bool:
    """Say whether a symbol of our own making reads back to the letter: one plain look, nothing else."""
    import zxingcpp

    found = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2]),
        text_mode=zxingcpp.TextMode.Plain,
        try_rotate=False,
        try_invert=False,
    )
    return any(one.text == text for one in found)


def grey_of(picture: Image.Image | Grey) -> Grey:
    """Return grey levels; what is transparent counts as white paper."""
    if isinstance(picture, Image.Image):
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            clear = picture.convert("RGBA")
            paper = Image.new("RGBA", clear.size, "white")
            picture = Image.alpha_composite(paper, clear)
        if picture.mode.startswith("I") or picture.mode == "F":
            return _eight_bits(np.asarray(picture, np.float64))
        return np.asarray(picture.convert("L"))
    return picture if picture.ndim == 2 else np.asarray(Image.fromarray(picture).convert("L"))


def joined_messages(found: Iterable[Decoded]) -> tuple[Decoded, ...]:
    """Return the whole messages whose parts are all among `found` (of one picture or of several)."""
    parts = [d for d in found if d.part is not None]
    whole = joined((d.part, d.content) for d in parts if d.part is not None)
    results = []
    for (total, parity), content in whole.items():
        first = next(d for d in parts if d.part and (d.part.total, d.part.parity) == (total, parity))
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
        results.append(replace(first, text=text, part=None, content=content, attempt="joined"))
    return tuple(results)


def _whole(grey: Grey, scale: float) -> Quad:
    height, width = grey.shape[0] * scale, grey.shape[1] * scale
    return (0.0, 0.0), (width, 0.0), (width, height), (0.0, height)


def centre(quad: Quad) -> Point:
    """Return the middle of an outline."""
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def same_place(one: Quad, other: Quad) -> bool:
    """Say whether two outlines are of one symbol: their centres lie within a quarter of its width."""
    (x, y), (u, v) = centre(one), centre(other)
    width = max(abs(one[0][0] - one[2][0]), abs(one[0][1] - one[2][1]))
    return max(abs(x - u), abs(y - v)) < max(width / 4, 8)


def _decoded(found: Any, step: Step, scale: float) -> Decoded:
    return Decoded(
        text=found.text,
        format=_FORMATS.get(str(found.symbology), str(found.format)),
        position=_quad(found.position, scale),
        attempt=step.name,
        gs1=found.content_type.name == "GS1",
        part=_part(found) if step.family == "matrix" else None,
        content=found.bytes,
    )


def _part(found: Any) -> Part | None:
    extra = found.extra or {}
    version = str(extra.get("Version", ""))
    if not version.isdigit() or extra.get("ECLevel") not in ("L", "M", "Q", "H"):
        return None
    drawn = np.array(found.to_image(scale=1, add_quiet_zones=False))
    if drawn.shape != (17 + 4 * int(version),) * 2:
        return None
    return part_of(drawn < 128, int(version), extra["ECLevel"], int(extra.get("DataMask", 0)))


def _seen(found: Any, scale: float) -> Seen:
    version = str((found.extra or {}).get("Version", ""))
    return Seen(_quad(found.position, scale), int(version) if version.isdigit() else None)


def _quad(position: Any, scale: float) -> Quad:
    def point(corner: Any) -> Point:
        return corner.x * scale, corner.y * scale

    corners = position.top_left, position.top_right, position.bottom_right, position.bottom_left
    return point(corners[0]), point(corners[1]), point(corners[2]), point(corners[3])


def _eight_bits(values: npt.NDArray[np.float64]) -> Grey:
    low, high = float(values.min()), float(values.max())
    return ((values - low) * 255 / max(high - low, 1e-9)).astype(np.uint8)
